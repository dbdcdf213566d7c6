from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.paths import resources
from app.ui.tray.view import FOCUS_STEPS, focus_line, focus_step, look

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ICONS = resources() / "icons" / "tray"
CURRENT = {"application": "code", "title": "a secret", "project": "alpha", "branch": "main"}
TRACKING: dict[str, Any] = {"state": "tracking", "current": CURRENT, "today": {"active_seconds": 12299}}
FOCUS = {"state": "running", "planned_seconds": 1500, "remaining_seconds": 1000, "focused_seconds": 500}
SINCE = "2026-03-02T14:32:00+00:00"


def lines(status: dict[str, Any]) -> list[str]:
    return look(status, NOW).tooltip.splitlines()


@pytest.mark.parametrize(
    ("status", "icon", "headline"),
    [
        ({}, "starting", "Starting…"),
        ({"state": "starting"}, "starting", "Starting…"),
        (TRACKING, "tracking", "alpha · main"),
        ({**TRACKING, "current": {**CURRENT, "branch": None}}, "tracking", "alpha"),
        ({**TRACKING, "current": {**CURRENT, "project": None}}, "tracking", "No project · code"),
        ({**TRACKING, "current": None}, "tracking", "Tracking"),
        ({"state": "idle", "since": SINCE}, "idle", "Idle since 14:32"),
        ({"state": "idle"}, "idle", "Idle"),
        ({"state": "locked", "since": SINCE}, "idle", "Screen locked since 14:32"),
        ({"state": "locked"}, "idle", "Screen locked"),
        ({"state": "asleep", "since": SINCE}, "idle", "Asleep since 14:32"),
        ({"state": "away", "since": "nonsense"}, "idle", "Away"),
        ({"state": "paused", "paused_until": SINCE}, "paused", "Paused until 14:32"),
        ({"state": "paused", "paused_until": None}, "paused", "Paused until you resume"),
        ({"state": "private"}, "private", "Private mode: nothing is recorded"),
        ({**TRACKING, "private": True}, "private", "Private mode: nothing is recorded"),
        ({"state": "paused", "private": True}, "private", "Private mode: nothing is recorded"),
        ({"state": "degraded"}, "attention", "Not everything is recorded"),
        ({"state": "degraded", "problems": [{"title": "Disk full"}]}, "attention", "Disk full"),
        ({**TRACKING, "focus": FOCUS}, "focus-07", "alpha · main"),
        ({"state": "idle", "focus": FOCUS}, "focus-07", "Idle"),
        ({"state": "paused", "focus": FOCUS}, "paused", "Paused until you resume"),
        ({**TRACKING, "focus": {**FOCUS, "state": "ended"}}, "tracking", "alpha · main"),
        ({"state": "something new"}, "starting", "Starting…"),
    ],
)
def test_each_state_has_its_look(status: dict[str, Any], icon: str, headline: str) -> None:
    assert look(status, NOW).icon == icon
    assert lines(status)[1] == headline
    for size in (16, 22, 24, 32, 48, 64):
        assert Path(ICONS, f"{icon}-{size}.png").is_file()


def test_the_tooltip_tells_the_focus_and_the_day_but_never_a_title() -> None:
    status = {**TRACKING, "focus": FOCUS}
    assert lines(status) == ["DevPulse", "alpha · main", "Focus: 17 m left", "Today: 3 h 24 m"]
    assert "secret" not in look(status, NOW).tooltip


def test_where_nothing_is_recorded_nothing_current_is_shown() -> None:
    for state in ("paused", "private", "locked", "idle"):
        assert "alpha" not in look({**TRACKING, "state": state}, NOW).tooltip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Focus: 17 m left"),
        ({"remaining_seconds": 1}, "Focus: 1 m left"),
        ({"remaining_seconds": -5}, "Focus: 0 m left"),
        ({"state": "paused"}, "Focus paused: 17 m left"),
        ({"planned_seconds": None}, "Focus: 8 m"),
        ({"planned_seconds": None, "state": "paused"}, "Focus paused: 8 m"),
    ],
)
def test_what_is_left_of_a_focus_session(changes: dict[str, Any], words: str) -> None:
    assert focus_line({**FOCUS, **changes}) == words


@given(st.floats(), st.floats())
def test_the_ring_has_a_picture_for_any_rest(planned: float, left: float) -> None:
    step = focus_step({"planned_seconds": planned, "remaining_seconds": left})
    assert 0 <= step < FOCUS_STEPS


def test_the_ring_empties_evenly() -> None:
    steps = [focus_step({"planned_seconds": 1200, "remaining_seconds": left}) for left in range(1200, 0, -1)]
    assert steps == sorted(steps, reverse=True)
    assert {step: steps.count(step) for step in range(FOCUS_STEPS)} == dict.fromkeys(range(FOCUS_STEPS), 100)


def test_what_waits_of_the_account_is_told_and_the_icon_stays() -> None:
    waiting = {**TRACKING, "account": {"conflicts": 2, "alarms": 0}}
    assert lines(waiting)[-1] == "2 conflicts wait for your choice"
    assert look(waiting, NOW).icon == look(TRACKING, NOW).icon
    assert lines({**TRACKING, "account": {"conflicts": 2, "alarms": 1}})[-1] == "An alarm to read"
    for quiet in (None, {}, {"conflicts": 0, "alarms": 0}, "nonsense", {"conflicts": "x"}):
        assert lines({**TRACKING, "account": quiet}) == lines(TRACKING)
