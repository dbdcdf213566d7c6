"""What is known of the account and of syncing, as values: read from what the commands say. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in here. `has_secret_key`: not after a sign-in by recovery words."""

    server: str
    account_id: str
    email: str
    device_id: str
    name: str
    has_secret_key: bool = True


@dataclass(frozen=True, slots=True)
class Machine:
    """One of the account's machines. Times in ms since 1970; `heard_ms` 0: never."""

    device_id: str
    name: str
    here: bool
    listed: bool
    heard_ms: int
    revoked_ms: int = 0


@dataclass(frozen=True, slots=True)
class Machines:
    """All of them, and the list in six words: the same on every machine that sees the same list."""

    machines: tuple[Machine, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """The service, or a machine, did what it must not. `kind`: `withheld`, `regression`, `fork`, …"""

    id: int
    kind: str
    device: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Status:
    """How syncing stands. `waiting`: things that are still to be sent; `conflicts`: those that ask the
    person.

    `problem`: the last run's error (title, detail, advice), empty where it went well.
    """

    waiting: int = 0
    conflicts: int = 0
    alarms: tuple[Alarm, ...] = ()
    last_success_ms: int = 0
    last_attempt_ms: int = 0
    pushed: int = 0
    pulled: int = 0
    problem: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def asks(self) -> int:
        """How much of it waits for the person."""
        return self.conflicts + len(self.alarms)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two values of a conflict; `values` is None where the thing was deleted."""

    device: str
    at_ms: int
    values: Mapping[str, Any] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two machines changed the same. `here`: the side of this machine (None: neither); `holds`: the side that
    holds now; `choice`: what the person took (0, 1, `both`, `merged`, "" for nothing yet). `names`: by uuid,
    of the things that the values refer to."""

    id: str
    type: str
    name: str = field(repr=False)
    fields: tuple[str, ...]
    sides: tuple[Side, Side]
    here: int | None
    holds: int
    choice: str
    asks: bool
    at_ms: int
    names: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @property
    def whole(self) -> bool:
        """Whether the thing as a whole is in question, not some of its fields."""
        return self.fields == ("*",)


# As app/sync/state counts them.
_CHOICES = {2: "both", 3: "merged"}


def account_of(told: Told) -> Account | None:
    """From `account status --json`; None where nobody is signed in."""
    if not told.get("account_id"):
        return None
    return Account(
        server=_text(told, "server"),
        account_id=_text(told, "account_id"),
        email=_text(told, "email"),
        device_id=_text(told, "device_id"),
        name=_text(told, "name"),
        has_secret_key=bool(told.get("has_secret_key", True)),
    )


def machines_of(told: Told, heard: Mapping[str, int]) -> Machines:
    """From `account devices --json`. `heard`: by device, the time of the last head that reached us."""
    found = tuple(
        Machine(
            device_id=_text(one, "device_id"),
            name=_text(one, "name"),
            here=bool(one.get("here")),
            listed=bool(one.get("listed", True)),
            heard_ms=heard.get(_text(one, "device_id")) or _number(one, "seen_ms"),
            revoked_ms=_number(one, "revoked_ms"),
        )
        for one in _rows(told, "devices")
    )
    order = sorted(found, key=lambda one: (not one.here, not one.listed, one.name.casefold()))
    return Machines(tuple(order), _text(told, "fingerprint"))


def status_of(told: Told) -> Status:
    """From `sync --status --json`."""
    last, problem = told.get("last"), told.get("problem")
    tally: Told = cast("Told", last) if isinstance(last, dict) else {}
    return Status(
        waiting=_number(told, "waiting"),
        conflicts=_number(told, "conflicts"),
        alarms=tuple(
            Alarm(_number(one, "id"), _text(one, "kind"), _text(one, "device"), _number(one, "at_ms"))
            for one in _rows(told, "alarms")
        ),
        last_success_ms=_number(told, "last_success_ms"),
        last_attempt_ms=_number(told, "last_attempt_ms"),
        pushed=_number(tally, "pushed"),
        pulled=_number(tally, "pulled"),
        problem=cast("Mapping[str, str]", problem) if isinstance(problem, dict) else {},
    )


def heard_of(told: Told) -> Mapping[str, int]:
    """By device, when its last head was made (`sync --status --json`)."""
    heard = told.get("heard")
    pairs = cast("Mapping[str, Any]", heard).items() if isinstance(heard, dict) else ()
    return {name: ms for name, ms in pairs if isinstance(ms, int)}


def conflicts_of(told: Told) -> tuple[Conflict, ...]:
    """From `conflicts list --json`; one of another shape is left out."""
    names = told.get("names")
    known = cast("Mapping[str, str]", names) if isinstance(names, dict) else {}
    return tuple(made for one in _rows(told, "conflicts") if (made := _conflict(one, known)) is not None)


def _conflict(told: Told, names: Mapping[str, str]) -> Conflict | None:
    sides = [_side(one) for one in _rows(told, "sides")]
    fields = told.get("fields")
    if len(sides) != 2 or not isinstance(fields, list) or not fields:
        return None
    choice, here = told.get("choice"), told.get("here")
    return Conflict(
        id=_text(told, "id"),
        type=_text(told, "type"),
        name=_text(told, "name"),
        fields=tuple(str(one) for one in cast("list[object]", fields)),
        sides=(sides[0], sides[1]),
        here=here if here in (0, 1) else None,
        holds=1 if told.get("holds") == 1 else 0,
        choice="" if choice is None else _CHOICES.get(choice, str(choice)),
        asks=bool(told.get("asks")),
        at_ms=_number(told, "at_ms"),
        names=names,
    )


def _side(told: Told) -> Side:
    values = told.get("values")
    return Side(
        _text(told, "device"),
        _number(told, "at_ms"),
        cast("Mapping[str, Any]", values) if isinstance(values, dict) else None,
    )


def _rows(told: Told, key: str) -> Sequence[Told]:
    found = told.get(key)
    rows = cast("list[object]", found) if isinstance(found, list) else []
    return [cast("Told", row) for row in rows if isinstance(row, dict)]


def _text(told: Told, key: str) -> str:
    value = told.get(key)
    return value if isinstance(value, str) else ""


def _number(told: Told, key: str) -> int:
    value = told.get(key)
    return value if isinstance(value, int) else 0
