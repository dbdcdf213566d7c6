"""What interrupted a session, on spans reckoned by hand."""

from __future__ import annotations

from app.analytics.interruptions import interruptions
from app.analytics.labels import Label, Names
from tests.app.analytics.spans import MIDNIGHT, MINUTE, row_of

NAMES = Names(
    projects={n: Label(n, f"p{n}") for n in (1, 2, 3)},
    applications={n: Label(n, f"a{n}") for n in (1, 2, 3)},
    categories={1: Label(1, "good", productivity=1), 2: Label(2, "bad", productivity=-1)},
)


def found(*minutes, project=1, after=1.0, categories=()):
    rows = row_of(minutes)
    for row, category in zip(rows, categories, strict=False):
        row["category"] = category
    return [
        ((i.start_ms - MIDNIGHT) / MINUTE, (i.end_ms - MIDNIGHT) / MINUTE, i.idle, i.application.name)
        for i in interruptions(rows, NAMES, project, int(after * MINUTE))
    ]


def test_time_in_another_project_or_none_interrupts_when_it_is_long_enough():
    assert found((0, 5, 1), (5, 7, 2, 2), (7, 8, 1), (8, 10, 0, 3)) == [
        (5, 7, False, "a2"),
        (8, 10, False, "a3"),
    ]
    assert found((0, 5, 1), (5, 6, 2), (6, 8, 1)) == []


def test_what_follows_each_other_is_one_and_named_for_what_took_most():
    assert found((0, 1, 2, 1), (1, 3, 3, 2), (3, 3.5, 2, 1), (4, 5, 1)) == [(0, 3.5, False, "a2")]
    assert found((0, 1, 2, 1), (1, 3, "idle"), (3, 4, 1)) == [(0, 3, True, "")]


def test_time_of_which_nothing_is_known_ends_it():
    assert found((0, 1.5, 2, 1), (2, 3.5, 2, 2)) == [(0, 1.5, False, "a1"), (2, 3.5, False, "a2")]
    assert found((0, 0.7, 2), (1, 1.7, 2)) == []


def test_without_a_project_only_idling_and_what_distracts_interrupts():
    minutes = [(0, 2, 1, 1), (2, 4, 2, 2), (4, 6, "idle"), (6, 8, 0, 3)]
    assert found(*minutes, project=0, categories=(1, 2, 0, 0)) == [(2, 6, False, "a2")]


def test_nothing_recorded_interrupts_nothing():
    assert found() == []
