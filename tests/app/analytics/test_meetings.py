"""Meeting load on days reckoned by hand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.meetings import CATEGORY_UUID, Meetings, meetings
from app.paths import resources
from tests.app.analytics.spans import MINUTE, row_of

MEETING, WORK = 7, 3


def of(*minutes):
    rows = row_of([(begin, end, 0) for begin, end, _ in minutes])
    rows["category"] = [category for *_, category in minutes]
    return meetings(rows, frozenset({MEETING, 8}))


def test_load_is_the_part_of_active_time():
    found = of((0, 30, MEETING), (30, 120, WORK))
    assert found == Meetings(30 * MINUTE, 0.25, 1, 30 * MINUTE)


def test_a_category_below_counts_and_no_other():
    assert of((0, 10, 8), (10, 40, WORK), (40, 50, 9)).active_ms == 10 * MINUTE


def test_a_break_under_five_minutes_is_the_same_meeting():
    assert of((0, 10, MEETING), (10, 14, WORK), (14, 24, MEETING)) == Meetings(
        20 * MINUTE, 20 / 24, 1, 20 * MINUTE
    )
    assert of((0, 10, MEETING), (10, 15, WORK), (15, 27, MEETING)) == Meetings(
        22 * MINUTE, 22 / 27, 2, 12 * MINUTE
    )


def test_what_is_shorter_than_five_minutes_is_time_but_no_meeting():
    assert of((0, 4, MEETING), (4, 20, WORK)) == Meetings(4 * MINUTE, 0.2, 0, 0)


def test_a_day_without_meetings_and_one_without_anything():
    assert of((0, 60, WORK)) == Meetings(0, 0.0, 0, 0)
    assert of() == Meetings(0, None, 0, 0)


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from([MEETING, WORK, 8])), max_size=20))
def test_the_parts_never_exceed_the_whole(day):
    at, spans = 0, []
    for length, category in day:
        spans.append((at, at + length, category))
        at += length
    found = of(*spans)
    assert found.active_ms <= at * MINUTE
    assert found.longest_ms <= found.active_ms
    assert found.load == pytest.approx(found.active_ms / (at * MINUTE) if at else None)


def test_the_category_is_the_one_that_comes_along():
    known = json.loads((resources() / "categories.json").read_text())
    assert {item["uuid"]: item["name"] for item in known}[CATEGORY_UUID] == "Meetings"
