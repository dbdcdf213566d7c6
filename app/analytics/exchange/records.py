"""The records of a DevPulse export: one JSON object a line, checked field by field. Pure.

    {"format":"devpulse-export","version":1,"records":[
    {"kind":"device","uuid":"…","name":"…"},
    …
    ]}

The whole file is one JSON document, and each record stands on a line of its own, so that a file of any
size is read and written line by line. Times are ms UTC; what is not there (no title, not switched) is
left out. docs/commands.md has the table of fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from app.errors import ImportRefused

FORMAT = "devpulse-export"
VERSION = 1
HEADER = '{"format":"devpulse-export","version":1,"records":['
FOOTER = "]}"
LONGEST_LINE = 4_000_000

# The order of the kinds in a file: what is referred to stands before what refers to it.
KINDS = ("settings", "device", "category", "rule", "project", "goal", "import", "span", "focus")

# 1970 to the end of 9999, in ms.
_LATEST_MS = 253_402_300_799_999
_DAY_MS = 86_400_000
_HEX = re.compile(r"(?:[0-9a-f]{2}){1,64}", re.ASCII)
_COLOR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)

Record = Mapping[str, Any]
Check = Callable[[object], bool]


def _sealed(value: object) -> bool:
    # A title of a broken program may hold half a surrogate pair; sealed texts take that, names do not.
    return isinstance(value, str) and len(value) <= 100_000


def _text(longest: int, shortest: int = 0) -> Check:
    def check(value: object) -> bool:
        return isinstance(value, str) and shortest <= len(value) <= longest and _encodable(value)

    return check


def _whole(low: int, high: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _one_of(*values: str) -> Check:
    return lambda value: value in values


def _true(value: object) -> bool:
    return value is True


def _object(value: object) -> bool:
    return isinstance(value, dict) and _encodable(_written(cast("object", value)))


def _objects(value: object) -> bool:
    return isinstance(value, list) and all(_object(v) for v in cast("list[object]", value))


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(_sealed(v) for v in cast("list[object]", value))


def _hex(value: object) -> bool:
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def _color(value: object) -> bool:
    return isinstance(value, str) and _COLOR.fullmatch(value) is not None


_ID = _text(100, 1)
_NAME = _text(1000, 1)
_TEXT = _text(100_000)
_MOMENT = _whole(0, _LATEST_MS)
_OFFSET = _whole(-86_400, 86_400)

# Field, its check, and whether it must be there; the order is the order in the file.
FIELDS: Mapping[str, Mapping[str, tuple[Check, bool]]] = {
    "settings": {"values": (_object, True)},
    "device": {"uuid": (_ID, True), "name": (_TEXT, True)},
    "category": {
        "uuid": (_ID, True), "name": (_NAME, True), "parent": (_ID, False), "color": (_color, True),
        "productivity": (_whole(-1, 1), False), "position": (_whole(0, 10**9), True),
    },
    "rule": {
        "uuid": (_ID, True), "position": (_whole(0, 10**9), True), "category": (_ID, True),
        "conditions": (_objects, True), "disabled": (_true, False),
        "origin": (_one_of("person", "default"), True),
    },
    "project": {
        "uuid": (_ID, True), "name": (_NAME, True), "color": (_color, True), "created": (_MOMENT, True),
        "archived": (_true, False), "root_commit": (_ID, False), "language": (_NAME, False),
        "remote": (_sealed, False), "roots": (_texts, False), "merged_into": (_ID, False),
    },
    "goal": {
        "uuid": (_ID, True), "aim": (_one_of("at_least", "at_most"), True),
        "subject": (_one_of("total", "project", "category", "productive", "focus"), True),
        "project": (_ID, False), "category": (_ID, False), "period": (_one_of("day", "week"), True),
        "target": (_whole(0, _LATEST_MS), True), "weekdays": (_whole(0, 127), True),
        "disabled": (_true, False), "created": (_MOMENT, True),
    },
    "import": {
        "uuid": (_ID, True), "source": (_NAME, True), "started": (_MOMENT, True),
        "finished": (_MOMENT, False), "digest": (_hex, True), "spans": (_whole(0, 10**12), False),
        "name": (_sealed, False),
    },
    "span": {
        "device": (_ID, True), "start": (_MOMENT, True), "end": (_MOMENT, True), "offset": (_OFFSET, True),
        "state": (_one_of("active", "idle"), True), "switched": (_true, False),
        "application": (_TEXT, False), "title": (_sealed, False), "url": (_sealed, False),
        "path": (_sealed, False), "project": (_ID, False), "branch": (_TEXT, False),
        "language": (_TEXT, False), "category": (_ID, False), "assigned": (_true, False),
        "note": (_sealed, False), "import": (_ID, False),
    },
    "focus": {
        "uuid": (_ID, True), "device": (_ID, True), "project": (_ID, False),
        "state": (_one_of("running", "paused", "completed", "stopped"), True),
        "started": (_MOMENT, True), "ended": (_MOMENT, False), "offset": (_OFFSET, True),
        "planned": (_whole(0, _LATEST_MS), False), "focused": (_whole(0, _LATEST_MS), True),
        "updated": (_MOMENT, True), "interruptions": (_whole(0, 10**9), False), "note": (_sealed, False),
    },
}  # fmt: skip


def line_of(kind: str, values: Mapping[str, Any]) -> str:
    """A record as its line, without comma and line end: fields in their order, what is empty left out."""
    given = {"kind": kind}
    given |= {name: values[name] for name in FIELDS[kind] if _worth(kind, name, values.get(name))}
    line = _written(given)
    return line if _encodable(line) else json.dumps(given, separators=(",", ":"))


def _worth(kind: str, name: str, value: object) -> bool:
    return FIELDS[kind][name][1] or not (value is None or value is False or value in (0, []))


def record_of(line: str, number: int) -> tuple[str, Record]:
    """Kind and fields of a line. Raises `ImportRefused` that names the line and the reason."""
    try:
        content: object = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise refused(number, "it is not a JSON object on one line") from None
    if not isinstance(content, dict):
        raise refused(number, "it is not a JSON object on one line")
    fields = cast("dict[str, Any]", content)
    kind = fields.pop("kind", None)
    if kind not in FIELDS:
        raise refused(number, "its kind is none that this DevPulse knows")
    _check_fields(str(kind), fields, number)
    return str(kind), fields


def _check_fields(kind: str, fields: dict[str, Any], number: int) -> None:
    known = FIELDS[kind]
    for name in fields:
        if name not in known:
            raise refused(number, f"a {kind} has no field {name[:40]!r}")
    for name, (check, required) in known.items():
        if name not in fields:
            if required:
                raise refused(number, f"the {kind} has no {name}")
        elif not check(fields[name]):
            raise refused(number, f"the {kind}'s {name} is not what it should be")
    if kind == "span":
        _check_span(fields, number)
    elif kind == "goal":
        _check_goal(fields, number)


def _check_goal(goal: Record, number: int) -> None:
    for about in ("project", "category"):
        if (goal["subject"] == about) != (about in goal):
            raise refused(number, "the goal does not tell what it is about")


def _check_span(span: Record, number: int) -> None:
    if not 0 <= span["end"] - span["start"] <= _DAY_MS:
        raise refused(number, "the span ends before it begins, or lasts over a day")
    if span["state"] == "idle":
        if any(name in span for name in ("application", "title", "url", "path", "project", "category")):
            raise refused(number, "an idle span tells of an activity")
    elif "application" not in span:
        raise refused(number, "an active span has no application")


def _no_number(_: str) -> float:
    raise ValueError


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def refused(number: int, reason: str) -> ImportRefused:
    """The error for a line; `number` counts from 1."""
    return ImportRefused(
        f"Line {number} cannot be imported: {reason}.",
        detail="Nothing was imported.",
        advice="Export again, or repair that line.",
    )
