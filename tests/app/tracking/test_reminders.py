import sqlite3
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.models.focus_sessions import StoredSession
from app.tracking.focus import Work
from app.tracking.presence import Presence
from app.tracking.reminders import Reminders
from tests.fakes.clock import ManualClock

SESSION = StoredSession("running", 0, 0, 0)
DISTRACTED = Work(Presence.ACTIVE, productivity=-1)


@pytest.fixture
def told() -> list[Any]:
    return []


def test_a_break_is_told_when_the_person_wants_it(told: list[Any]) -> None:
    clock, reminders = ManualClock(), Reminders(told.append)
    reminders.saw(clock.now(), Work(Presence.ACTIVE), None)
    clock.advance(3600)
    reminders.beat(clock.now(), Settings())
    assert told == []
    reminders.beat(clock.now(), Settings({"notifications.break_due_min": 60}))
    assert told == [{"kind": "break", "minutes": 60}]


def test_distraction_is_told_in_a_running_session_when_wanted(told: list[Any]) -> None:
    clock, reminders = ManualClock(), Reminders(told.append)
    wanted = Settings({"notifications.distracted_in_focus": True})
    reminders.saw(clock.now(), DISTRACTED, StoredSession("paused", 0, 0, 0))
    clock.advance(90)
    reminders.beat(clock.now(), wanted)
    reminders.saw(clock.now(), DISTRACTED, SESSION)
    clock.advance(90)
    reminders.beat(clock.now(), Settings())
    assert told == []
    reminders.beat(clock.now(), wanted)
    assert told == [{"kind": "distracted"}]


def test_goals_that_cannot_be_read_stop_nothing(told: list[Any], tmp_path: Path) -> None:
    (tmp_path / "damaged").write_bytes(b"no database " * 100)
    reminders, damaged = Reminders(told.append), sqlite3.connect(tmp_path / "damaged")
    reminders.look_at_goals(damaged, 1, Settings())
    reminders.look_at_goals(damaged, 1, Settings({"notifications.goal_reached": False}))
    assert told == []
