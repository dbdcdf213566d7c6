"""Rules in words, and the rules that suggest themselves for an activity. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from app.analytics.activities import ActivityRow
from app.tracking.conditions import host_of
from app.ui.words import mark, name, tr

Condition = Mapping[str, Any]

FIELDS = {
    "application": mark("Application"),
    "title": mark("Title"),
    "url": mark("Address"),
    "path": mark("File"),
    "project": mark("Project"),
    "branch": mark("Branch"),
    "language": mark("Language"),
    "time": mark("Time"),
}
TESTS = {
    "equals": mark("is"),
    "one_of": mark("is one of"),
    "contains": mark("contains"),
    "glob": mark("is like"),
    "pattern": mark("fits the pattern"),
    "host": mark("is on the site"),
    "between": mark("is between"),
}
_LISTS = ("one_of",)
_LONGEST_TITLE_WORDS = 60
_MOST_VALUES, _LONG_VALUE = 4, 60


def tests_of(field: str) -> tuple[str, ...]:
    """How a field can be tested."""
    if field == "time":
        return ("between",)
    site = ("host",) if field == "url" else ()
    return (*site, "contains", "equals", "one_of", "glob", "pattern")


def value_words(condition: Condition) -> str:
    """A condition's value as it is typed."""
    value: object = condition.get("value", "")
    if isinstance(value, list):
        return ", ".join(str(one) for one in cast("list[object]", value))
    return str(value)


def typed_condition(field: str, test: str, words: str) -> Condition:
    """What was typed as a condition; a list is divided by commas."""
    if test in _LISTS or ("," in words and test in ("contains", "glob", "host")):
        values = [part.strip() for part in words.split(",") if part.strip()]
        return {"field": field, "is": test, "value": values or [""]}
    return {"field": field, "is": test, "value": words.strip()}


def condition_words(condition: Condition) -> str:
    """`Application is code`."""
    field, test = str(condition.get("field", "")), str(condition.get("is", ""))
    return tr(
        "{field} {test} {value}",
        field=tr(FIELDS.get(field, field)),
        test=tr(TESTS.get(test, test)),
        value=value_words(condition),
    )


def rule_words(conditions: Sequence[Condition]) -> str:
    """All conditions of a rule in one line."""
    return tr(", and ").join(condition_words(condition) for condition in conditions)


def short_words(conditions: Sequence[Condition]) -> str:
    """The same for a list: long lists of values are cut, and stand last."""
    ordered = sorted(conditions, key=lambda one: len(value_words(one)) > _LONG_VALUE)
    return tr(", and ").join(condition_words(_cut(condition)) for condition in ordered)


def _cut(condition: Condition) -> Condition:
    value: object = condition.get("value")
    values = cast("list[object]", value) if isinstance(value, list) else []
    if len(values) <= _MOST_VALUES:
        return condition
    more = tr("{count} more", count=len(values) - _MOST_VALUES + 1)
    return {**condition, "value": [*values[: _MOST_VALUES - 1], more]}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule that fits an activity, in words."""

    words: str
    conditions: tuple[Condition, ...]


def suggestions(row: ActivityRow) -> tuple[Suggestion, ...]:
    """Rules that an activity suggests, the most telling first."""
    found: list[tuple[Condition, ...]] = []
    application: Condition = {"field": "application", "is": "equals", "value": row.application.name}
    named = bool(row.application.name)
    if row.url and host_of(row.url):
        found.append(({"field": "url", "is": "host", "value": host_of(row.url)},))
    if named:
        found.append((application,))
    if row.title and named:
        title = row.title.strip()[:_LONGEST_TITLE_WORDS].strip()
        found.append((application, {"field": "title", "is": "contains", "value": title}))
    if row.project.name:
        found.append(({"field": "project", "is": "equals", "value": row.project.name},))
    return tuple(Suggestion(name(rule_words(one), 120), one) for one in found)
