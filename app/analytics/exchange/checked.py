"""Fields of foreign records, checked: a wrong type is refused, what is missing has a plain default. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn, Protocol, cast

LONGEST_TEXT = 100_000
LONGEST_EVENT_MS = 31 * 86_400_000
_LATEST_MS = 253_402_300_799_999  # the end of 9999


class Refuses(Protocol):
    """Refuses a file at the place read last."""

    def refuse(self, reason: str) -> NoReturn: ...


def record(value: object, what: str, at: Refuses) -> Mapping[str, Any]:
    """`value` as an object. Raises `ImportRefused`, as all here do."""
    if not isinstance(value, dict):
        at.refuse(f"{what} is not an object")
    return cast("dict[str, Any]", value)


def text(fields: Mapping[str, Any], name: str, at: Refuses) -> str:
    """A text; empty where there is none."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        at.refuse(f"{name} is not a text")
    return value[:LONGEST_TEXT]


def number(fields: Mapping[str, Any], name: str, at: Refuses) -> float:
    """A number; 0 where there is none."""
    value = fields.get(name)
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(_float(value)):
        at.refuse(f"{name} is not a number")
    return _float(value)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def moment_of_text(fields: Mapping[str, Any], name: str, at: Refuses) -> int:
    """ms UTC of a time in ISO 8601; without an offset it is UTC."""
    value = fields.get(name)
    if not isinstance(value, str):
        at.refuse(f"the {name} is missing, or not a text")
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return _in_range(round(moment.timestamp() * 1000), name, at)
    except (ValueError, OverflowError):
        at.refuse(f"the {name} is not a date")


def moment_of_seconds(fields: Mapping[str, Any], name: str, at: Refuses) -> int:
    """ms UTC of seconds since 1970."""
    if fields.get(name) is None:
        at.refuse(f"the {name} is missing")
    seconds = number(fields, name, at)
    return _in_range(round(min(max(seconds, -1.0), 1e12) * 1000), name, at)


def _in_range(ms: int, name: str, at: Refuses) -> int:
    if not 0 <= ms <= _LATEST_MS:
        at.refuse(f"the {name} is out of range")
    return ms


def length_ms(fields: Mapping[str, Any], name: str, at: Refuses) -> int:
    """ms of a length in seconds. It may be below zero: watchers have written that."""
    seconds = number(fields, name, at)
    if seconds * 1000 > LONGEST_EVENT_MS:
        at.refuse(f"the {name} is out of range")
    return round(max(seconds, -1.0) * 1000)
