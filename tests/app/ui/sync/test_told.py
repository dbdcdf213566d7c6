from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.sync.bodies.head_checks import AlarmKind
from app.sync.state.entities import TYPES
from app.ui.sync.facts import Alarm, Conflict, Side
from app.ui.sync.told import (
    ago,
    alarm_words,
    compared,
    decision_words,
    field_name,
    side_name,
    thing,
    told_value,
    value,
)
from app.ui.sync.waiting import waiting_words

NOW = datetime(2026, 6, 30, 17, 42, tzinfo=UTC)


def conflict(type_: str = "project", **values: Any) -> Conflict:
    sides = (
        Side("desk", 1, {"name": "a", "color": "#0072b2"}),
        Side("laptop", 2, {"name": "b", "color": "#0072b2"}),
    )
    usual: dict[str, Any] = {
        "id": "1", "type": type_, "name": "harbor", "fields": ("name",), "sides": sides, "here": 0,
        "holds": 1, "choice": "", "asks": True, "at_ms": 0,
    }  # fmt: skip
    return Conflict(**{**usual, **values})


def test_every_kind_of_thing_has_a_name() -> None:
    for type_ in (*TYPES, "setting"):
        assert thing(conflict(type_, name="")) != type_


def test_every_alarm_has_words_of_its_own() -> None:
    told = {alarm_words(Alarm(1, kind, "laptop", 0)) for kind in AlarmKind}
    assert len(told) == len(AlarmKind)
    assert all("laptop" in title for title, _ in told)
    assert alarm_words(Alarm(1, "of a newer version", "", 0))[0]


@pytest.mark.parametrize(
    ("back", "told"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=2), "today, 15:42"),
        (timedelta(hours=20), "yesterday, 21:42"),
        (timedelta(days=9), "2026-06-21"),
        (timedelta(minutes=-5), "just now"),
    ],
)
def test_how_long_ago(back: timedelta, told: str) -> None:
    assert ago(int((NOW - back).timestamp() * 1000), NOW) == told


def test_of_a_whole_thing_only_what_differs_is_compared() -> None:
    assert compared(conflict(fields=("*",))) == ("name",)
    assert compared(conflict(fields=("color", "name"))) == ("color", "name")


def test_values_are_told_as_a_person_reads_them() -> None:
    assert told_value("enabled", True, UTC) == "yes"
    assert told_value("target_ms", 5_400_000, UTC) == "1 h 30 m"
    assert told_value("started_ms", int(NOW.timestamp() * 1000), UTC) == "2026-06-30 17:42"
    assert told_value("name", None, UTC) == "—"
    assert told_value("name", "a\u202eb\nc", UTC) == "a b c"
    assert told_value("kind", "at_least", UTC) == "At least"
    conditions = '[{"field": "application", "is": "equals", "value": "code"}]'
    assert told_value("conditions", conditions, UTC) == "Application is code"
    assert told_value("conditions", "{not", UTC) == "{not"


def test_a_thing_that_a_value_names_is_told_by_its_name() -> None:
    sides = (Side("a", 1, {"project": "p1"}), Side("b", 2, None))
    made = conflict("goal", fields=("project",), sides=sides, names={"p1": "ledger"})
    assert value(made, 0, "project", UTC) == "ledger"
    assert value(made, 1, "project", UTC) == "deleted"
    assert value(conflict("goal", sides=sides), 0, "project", UTC) == "unknown here"


def test_whose_side_was_taken() -> None:
    assert side_name(conflict(), 0) == "this machine"
    assert decision_words(conflict(choice="0")) == "You took this machine's"
    assert decision_words(conflict(choice="1")) == "You took laptop's"
    assert decision_words(conflict()) == "The later change holds: laptop's"
    assert decision_words(conflict(choice="merged")) == "You merged them"


def test_a_field_of_a_newer_version_is_told_by_its_own_name() -> None:
    assert field_name("mood_index") == "mood index"
    assert field_name("roots/aabb") == "Folders"


def test_an_alarm_comes_before_conflicts() -> None:
    assert waiting_words(0, 0) == ""
    assert waiting_words(1, 0) == "1 conflict waits for your choice"
    assert waiting_words(3, 0) == "3 conflicts wait for your choice"
    assert waiting_words(3, 1) == "an alarm to read"
