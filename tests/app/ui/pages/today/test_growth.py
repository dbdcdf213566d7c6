"""The day grows by what is open now, and by no more than that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.analytics.day import DayView
from app.analytics.labels import NONE, Label
from app.analytics.questions import Questions
from app.models.steps import upgrade
from app.ui.pages.today.growth import Open, grown
from tests.fakes.clock import ManualClock

ALPHA, CHAT = Label(1, "alpha", "#112233"), Label(2, "Chat", "#445566")
NOON = Open("alpha", "Chat", hour=12, since_hour_ms=20_000)


@pytest.fixture
def empty(tmp_path: Path) -> DayView:
    """A day on which nothing was recorded, with a project and a category that are known."""
    upgrade(tmp_path / "empty.db")
    questions = Questions(tmp_path / "empty.db", None, ManualClock())
    try:
        view = questions.today().view
    finally:
        questions.close()
    return replace(view, names=replace(view.names, projects={1: ALPHA}, categories={2: CHAT}))


def test_what_is_open_gets_all_of_it(empty: DayView) -> None:
    found = grown(empty, 15_000, NOON)
    assert found.active_ms == 15_000
    assert [(share.label, share.active_ms, share.part) for share in found.by_project] == [
        (ALPHA, 15_000, 1.0)
    ]
    assert found.hours.active[12] == 15_000
    assert [(label, int(row.sum())) for label, row in found.hours.stacks] == [(CHAT, 15_000)]


def test_an_hour_that_just_began_leaves_the_rest_to_the_one_before(empty: DayView) -> None:
    found = grown(empty, 50_000, NOON)
    assert (int(found.hours.active[11]), int(found.hours.active[12])) == (30_000, 20_000)


def test_it_adds_to_what_is_stored_and_keeps_the_order(empty: DayView) -> None:
    before = grown(empty, 60_000, Open("", "Chat", 12, 3_000_000))
    found = grown(before, 70_000, NOON)
    assert [(share.label, share.active_ms) for share in found.by_project] == [(ALPHA, 70_000), (NONE, 60_000)]
    assert found.active_ms == 130_000


@pytest.mark.parametrize("growth", [0, -5_000])
def test_nothing_open_is_nothing_more(empty: DayView, growth: int) -> None:
    assert grown(empty, growth, NOON) is empty


def test_another_reckoning_is_no_growth(empty: DayView) -> None:
    assert grown(empty, 10_000_000, NOON).active_ms == 90_000


def test_the_view_it_came_from_stays_as_it_was(empty: DayView) -> None:
    once = grown(empty, 10_000, NOON)
    grown(once, 10_000, NOON)
    assert np.array_equal(once.hours.active, grown(empty, 10_000, NOON).hours.active)
