"""What a made-up person's account says: the answers of the commands, for each state a picture may show."""

from __future__ import annotations

from typing import Any

from tests.fakes.program import FakeProgram
from tests.pictures.data import NOW

STATES = ("out", "in", "first", "away", "alarm", "conflicts")
_NOW = int(NOW.timestamp() * 1000)
_MINUTE, _HOUR = 60_000, 3_600_000
_DESK, _LAPTOP, _OFFICE = "aa" * 16, "bb" * 16, "cc" * 16


def program(state: str) -> FakeProgram:
    """A program that answers as in this state."""
    return FakeProgram(
        {
            "sync --live": _status(state),
            "account devices": _devices(),
            "account kit": {"secret_key": "D1-7Q4M-0ZKD-W2XA-93HC-5TRE-8GKP-1VYN"},
            "conflicts list": {"conflicts": _conflicts() if state == "conflicts" else [], "names": _NAMES},
        }
    )


def _status(state: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "event": "status",
        "account": {
            "server": "https://pulse.example.org",
            "account_id": "0b6f0b6f-0b6f-4b6f-8b6f-0b6f0b6f0b6f",
            "email": "ada@example.org",
            "device_id": _DESK,
            "name": "desk",
            "has_secret_key": True,
        },
        "waiting": 0,
        "conflicts": 2 if state == "conflicts" else 0,
        "alarms": _alarms() if state == "alarm" else [],
        "heard": {_DESK: _NOW - 20_000, _LAPTOP: _NOW - 4 * _MINUTE, _OFFICE: _NOW - 26 * _HOUR},
        "last_success_ms": _NOW - 2 * _MINUTE,
        "last": {"pushed": 3, "pulled": 12},
    }
    if state == "first":
        told |= {"last_success_ms": None, "waiting": 1_840}
    if state == "away":
        told |= {
            "waiting": 14,
            "last_success_ms": _NOW - 3 * _HOUR,
            "problem": {
                "kind": "ServiceAway",
                "title": "The service cannot be reached.",
                "detail": "Nothing is lost; what is to be synced waits here.",
                "advice": "It is tried again.",
            },
        }
    return told


def _devices() -> dict[str, Any]:
    rows = (
        (_DESK, "desk", True, _NOW - 20_000),
        (_LAPTOP, "laptop", False, _NOW - 4 * _MINUTE),
        (_OFFICE, "office-workstation", False, _NOW - 26 * _HOUR),
    )
    devices = [
        {"device_id": id_, "name": name, "here": here, "listed": True, "added_ms": 1, "seen_ms": seen}
        for id_, name, here, seen in rows
    ]
    return {"devices": devices, "fingerprint": "orbit velvet maple canyon thunder glide"}


def _alarms() -> list[dict[str, Any]]:
    return [
        {"id": 1, "kind": "withheld", "device": "laptop", "at_ms": _NOW - 9 * _MINUTE},
        {"id": 2, "kind": "fork", "device": "office-workstation", "at_ms": _NOW - 8 * _MINUTE},
    ]


_NAMES = {"c1": "Coding", "c2": "Reading", "p1": "harbor-api", "p2": "ledger"}


def _conflicts() -> list[dict[str, Any]]:
    return [
        _conflict("k1", "project", "harbor-api", ["name", "color", "language"], (
            {"name": "harbor-api", "color": "#0072b2", "language": "Python"},
            {"name": "Harbour API", "color": "#d55e00", "language": "Go"}), asks=True),
        _conflict("k2", "focus_session", "", ["*"], (
            {"started_ms": _NOW - 5 * _HOUR, "ended_ms": _NOW - 4 * _HOUR, "focused_ms": 50 * _MINUTE,
             "project": "p1", "state": "completed"},
            {"started_ms": _NOW - 5 * _HOUR + 20 * _MINUTE, "ended_ms": _NOW - 4 * _HOUR + 10 * _MINUTE,
             "focused_ms": 45 * _MINUTE, "project": "p2", "state": "stopped"}), asks=True),
        _conflict("k3", "rule", "", ["category", "conditions"], (
            {"category": "c1", "conditions": '[{"field": "application", "is": "equals", "value": "code"}]'},
            {"category": "c2", "conditions": '[{"field": "application", "is": "glob", "value": "code*"}]'}),
            choice=0),
        _conflict("k4", "category", "Reading", ["productivity"], ({"productivity": 0}, {"productivity": 1})),
        _conflict("k5", "goal", "", ["*"], (None, {"kind": "at_least", "target_ms": 4 * _HOUR}), choice=3),
    ]  # fmt: skip


def _conflict(
    id_: str,
    type_: str,
    name: str,
    fields: list[str],
    sides: tuple[Any, Any],
    *,
    asks: bool = False,
    choice: Any = None,
) -> dict[str, Any]:
    when = _NOW - int(id_[1:]) * 47 * _MINUTE
    return {
        "id": id_, "type": type_, "of": id_, "name": name, "fields": fields, "here": 0, "holds": 1,
        "choice": choice, "asks": asks, "at_ms": when,
        "sides": [
            {"device_id": _DESK, "device": "this machine", "at_ms": when - 12 * _MINUTE, "values": sides[0]},
            {"device_id": _LAPTOP, "device": "laptop", "at_ms": when - 3 * _MINUTE, "values": sides[1]},
        ],
    }  # fmt: skip
