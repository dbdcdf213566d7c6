"""How the things of a sync are called: types, fields, values, alarms, moments. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from PyQt6.QtCore import QLocale

from app.durations import told_in_minutes
from app.ui.classify.wording import rule_words
from app.ui.labelled import category_name
from app.ui.sync.facts import Alarm, Conflict
from app.ui.words import mark, name, number, tr

_TYPES: Mapping[str, str] = {
    "project": mark("Project"),
    "category": mark("Category"),
    "rule": mark("Rule"),
    "goal": mark("Goal"),
    "focus_session": mark("Focus session"),
    "setting": mark("Setting"),
}
_FIELDS: Mapping[str, str] = {
    "name": mark("Name"),
    "color": mark("Colour"),
    "parent": mark("Within"),
    "productivity": mark("Productivity"),
    "position": mark("Place in the order"),
    "conditions": mark("Conditions"),
    "enabled": mark("Switched on"),
    "category": mark("Category"),
    "project": mark("Project"),
    "archived": mark("Archived"),
    "language": mark("Language"),
    "merged_into": mark("Merged into"),
    "remote": mark("Remote repository"),
    "about": mark("About"),
    "subject": mark("What counts"),
    "kind": mark("Kind"),
    "period": mark("Period"),
    "weekdays": mark("Weekdays"),
    "target_ms": mark("Length"),
    "planned_ms": mark("Planned"),
    "focused_ms": mark("Focused"),
    "started_ms": mark("Begin"),
    "ended_ms": mark("End"),
    "note": mark("Note"),
    "state": mark("State"),
    "interruptions": mark("Interruptions"),
    "value": mark("Value"),
}
_WORDS: Mapping[tuple[str, str], str] = {
    ("kind", "at_least"): mark("At least"),
    ("kind", "at_most"): mark("At most"),
    ("period", "day"): mark("Day"),
    ("period", "week"): mark("Week"),
    ("subject", "total"): mark("Active time"),
    ("subject", "productive"): mark("Productive time"),
    ("subject", "focus"): mark("Focused time"),
    ("subject", "project"): mark("Project"),
    ("subject", "category"): mark("Category"),
    ("state", "completed"): mark("Completed"),
    ("state", "stopped"): mark("Stopped"),
    ("state", "abandoned"): mark("Stopped"),
}
# What is of no use to a person who compares two sides.
_UNSEEN = frozenset(
    {"uuid", "device", "utc_offset_s", "updated_ms", "created_ms", "remote", "origin", "root_commit"}
)
_REFERENCES = ("parent", "category", "project", "merged_into", "about")
_LONGEST = 200
_LENGTHS = ("target_ms", "planned_ms", "focused_ms")
_MOMENTS = ("started_ms", "ended_ms")


def thing(conflict: Conflict) -> str:
    """`Project harbor-api`."""
    kind = tr(_TYPES[conflict.type]) if conflict.type in _TYPES else name(conflict.type)
    return f"{kind} {name(conflict.name)}" if conflict.name else kind


def decision_words(conflict: Conflict) -> str:
    """What holds, and whether the person said so."""
    choice = conflict.choice
    if choice == "both":
        return tr("You kept both")
    if choice == "merged":
        return tr("You merged them")
    side = int(choice) if choice in ("0", "1") else conflict.holds
    if side == conflict.here:
        return tr("You took this machine's") if choice else tr("The later change holds: this machine's")
    machine = side_name(conflict, side)
    if choice:
        return tr("You took {machine}'s", machine=machine)
    return tr("The later change holds: {machine}'s", machine=machine)


def side_name(conflict: Conflict, side: int) -> str:
    """Whose side it is."""
    if side == conflict.here:
        return tr("this machine")
    return name(conflict.sides[side].device) or tr("another machine")


def field_name(field: str) -> str:
    """A field in words; one that only a newer DevPulse knows by its own name."""
    if field.startswith("roots/"):
        return tr("Folders")
    return tr(_FIELDS[field]) if field in _FIELDS else name(field.replace("_", " "))


def compared(conflict: Conflict) -> tuple[str, ...]:
    """The fields to show side by side: those that collided, or all that differ where it is the whole
    thing."""
    if not conflict.whole:
        return conflict.fields
    one, other = ((side.values or {}) for side in conflict.sides)
    names = [n for n in (*one, *(n for n in other if n not in one)) if n not in _UNSEEN]
    return tuple(n for n in names if one.get(n) != other.get(n)) or tuple(names)


def value(conflict: Conflict, side: int, field: str, zone: tzinfo | None) -> str:
    """What a side says of a field."""
    values = conflict.sides[side].values
    if values is None:
        return tr("deleted")
    found = values.get(field)
    if field in _REFERENCES and isinstance(found, str):
        known = conflict.names.get(found)
        return (
            name(category_name(known) if field in ("parent", "category") else known)
            if known
            else tr("unknown here")
        )
    return told_value(field, found, zone)


def told_value(field: str, found: Any, zone: tzinfo | None) -> str:
    """A value of a record as a person reads it."""
    if found is None or found == "":
        return "—"
    if isinstance(found, bool):
        return tr("yes") if found else tr("no")
    if isinstance(found, int):
        return _figure(field, found, zone)
    if field == "conditions" and isinstance(found, str):
        return _conditions(found)
    if isinstance(found, str):
        known = _WORDS.get((field, found))
        return tr(known) if known else name(found, _LONGEST)
    return name(json.dumps(found, ensure_ascii=False), _LONGEST)


def _figure(field: str, found: int, zone: tzinfo | None) -> str:
    if field in _LENGTHS:
        return told_in_minutes(found / 1000)
    if field in _MOMENTS:
        return f"{datetime.fromtimestamp(found / 1000, zone):%Y-%m-%d %H:%M}"
    if field == "weekdays":
        locale = QLocale()
        days = [
            locale.dayName(day, QLocale.FormatType.ShortFormat) for day in range(1, 8) if found >> day - 1 & 1
        ]
        return ", ".join(days)
    if field == "productivity":
        return {1: tr("Productive"), 0: tr("Neutral"), -1: tr("Distracting")}.get(found, number(found))
    return number(found)


def _conditions(text: str) -> str:
    try:
        found = json.loads(text)
        return name(rule_words(found), _LONGEST)
    except (ValueError, TypeError, AttributeError):
        return name(text, _LONGEST)


def ago(ms: int, now: datetime) -> str:
    """How long ago, as a person says it: `just now`, `4 minutes ago`, `yesterday, 14:02`, `2026-03-02`."""
    at = datetime.fromtimestamp(ms / 1000, now.tzinfo)
    past = now - at
    if past < timedelta(minutes=1):
        return tr("just now")
    if past < timedelta(hours=1):
        minutes = int(past.total_seconds() // 60)
        return tr("1 minute ago") if minutes == 1 else tr("{count} minutes ago", count=minutes)
    if at.date() == now.date():
        return tr("today, {time}", time=f"{at:%H:%M}")
    if at.date() == now.date() - timedelta(days=1):
        return tr("yesterday, {time}", time=f"{at:%H:%M}")
    return f"{at:%Y-%m-%d}"


def alarm_words(alarm: Alarm) -> tuple[str, str]:
    """What happened, and what it means and what to do."""
    machine = name(alarm.device) or tr("a machine")
    usual = tr("Nothing of it was taken in, and your data here is whole. Ask who runs the service.")
    title, more = _ALARMS.get(alarm.kind, (mark("The service did something it must not do."), ""))
    return tr(title, machine=machine), tr(more, machine=machine) if more else usual


_ALARMS: Mapping[str, tuple[str, str]] = {
    "withheld": (mark("The service holds back what another of your machines has already seen of "
    "{machine}."), ""),
    "withheld-activity": (
        mark("The service holds back activity of {machine}, or shows what is not its own."), ""
    ),
    "withheld-records": (mark("The service holds back changes that {machine} made or saw, or shows "
    "others."), ""),
    "regression": (mark("The service shows an older state of {machine} than it did before."), ""),
    "fork": (
        mark("The service has shown your machines different states of {machine}."),
        mark("Or a copy of {machine} is in use: a restored disk, a second virtual machine. Nothing of it was "
             "taken in."),
    ),
    "wrong-list": (
        mark("{machine} knows another list of machines than the one the service shows here."),
        mark("Compare the six words on both machines. Where they differ, do not trust the service."),
    ),
    "former-epoch": (
        mark("Something was sent in the name of {machine} under a key that it had given up."), ""
    ),
    "revoked": (mark("Something was sent in the name of {machine} after it was taken off the list."), ""),
    "restored": (
        mark("The service was restored from a backup; the latest of {machine} comes when it syncs."),
        mark("Nothing is lost: what the service lacks is sent again."),
    ),
}  # fmt: skip
