"""Conflicts as records: both sides, what holds, what the person chose; every device lists the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID, uuid5

from app.errors import UsageError
from app.sync.bodies.values import CONFLICT, Hlc, Record, Value
from app.sync.merge.hlc import later
from app.sync.merge.joining import FIRST, alive, latest, with_fields
from app.sync.merge.three_way import WHOLE
from app.sync.state.values import Conflict, Side

# What can be chosen besides a side: both sessions; each field for itself.
BOTH, MIXED = 2, 3
_SPACE = UUID("6f1b6a0e-3a4c-5c8e-9a56-0d4c3d1f7b21")


def conflict_of(
    ours: Record,
    theirs: Record,
    result: Record,
    fields: Sequence[str],
    *,
    asks: bool,
    device: bytes,
    now_ms: int,
) -> Record:
    """The record of a conflict between two states of one thing."""
    uuid = str(uuid5(_SPACE, f"{ours.type}/{ours.uuid}/{sorted((latest(ours), latest(theirs)))}"))
    sides = [_side(side, fields) for side in (ours, theirs)]
    holds = int(_agree(result, theirs, fields) and not _agree(result, ours, fields))
    return _record(
        uuid, ours.type, ours.uuid, fields, sides, holds=holds, asks=asks, device=device, now_ms=now_ms
    )


def conflict_of_sessions(winner: Record, loser: Record, device: bytes, now_ms: int) -> Record:
    """The record of two focus sessions at the same time; the same on whichever device finds it."""
    uuid = str(uuid5(_SPACE, f"sessions/{sorted((winner.uuid, loser.uuid))}"))
    sides = [{**_side(side, tuple(sorted(side.fields))), "uuid": side.uuid} for side in (winner, loser)]
    return _record(
        uuid, winner.type, winner.uuid, (WHOLE,), sides, holds=0, asks=True, device=device, now_ms=now_ms
    )


def read_conflict(record: Record) -> Conflict | None:
    """A conflict from its record; None for one that this version does not understand."""
    fields: Mapping[str, Any] = record.fields
    try:
        one, other = (
            Side(bytes.fromhex(side["device"]), int(side["at"]), side["values"]) for side in fields["sides"]
        )
        choice = fields.get("choice")
        return Conflict(
            record.uuid,
            str(fields["type"]),
            str(fields["of"]),
            tuple(str(name) for name in fields["fields"]),
            (one, other),
            int(fields["holds"]),
            choice if isinstance(choice, int) else None,
            bool(fields["asks"]) and choice is None,
            int(fields["at"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def session_uuids(record: Record) -> tuple[str, str] | None:
    """The two sessions of such a conflict, the one that holds for now first; None for other conflicts."""
    sides = record.fields.get("sides")
    if (
        record.fields.get("type") != "focus_session"
        or not isinstance(sides, (list, tuple))
        or len(sides) != 2
    ):
        return None
    names = [cast("Mapping[str, Any]", side).get("uuid") for side in sides if isinstance(side, Mapping)]
    if len(names) != 2 or not all(isinstance(name, str) for name in names):
        return None
    return str(names[0]), str(names[1])


def hidden_sessions(record: Record) -> frozenset[str]:
    """Which of two sessions does not count, by what was chosen or holds for now."""
    uuids = session_uuids(record)
    if uuids is None or not alive(record):
        return frozenset()
    choice = record.fields.get("choice")
    if choice == BOTH:
        return frozenset()
    return frozenset((uuids[0] if choice == 1 else uuids[1],))


def decided(record: Record, choice: int | None, before: Value, device: bytes, now_ms: int) -> Record:
    """The conflict with the person's choice (None: taken back). `before`: what held, to take it back by."""
    at = later(latest(record), now_ms, device)
    return with_fields(record, {"choice": choice, "before": before}, at)


def chosen(record: Record, choice: int | Mapping[str, int]) -> Mapping[str, Value] | None:
    """The values of a side, or of one for each field; None where it was deleted. Raises `UsageError`."""
    sides = [
        cast("Mapping[str, Value] | None", side["values"])
        for side in cast("Sequence[Mapping[str, Any]]", record.fields["sides"])
    ]
    if isinstance(choice, int):
        if choice not in (0, 1):
            raise UsageError("This conflict has no such side.")
        return sides[choice]
    values: dict[str, Value] = {}
    for name, number in choice.items():
        side = sides[number] if number in (0, 1) else None
        if side is None or name not in side:
            raise UsageError("This conflict has no such field, or no such side.")
        values[name] = side[name]
    return values


def _side(side: Record, fields: Sequence[str]) -> dict[str, Value]:
    whole = tuple(fields) == (WHOLE,)
    names = sorted(side.fields) if whole else fields
    moments = [side.changed.get(name, FIRST) for name in names] or [side.deleted or side.hlc]
    moment: Hlc = max(moments) if alive(side) else side.deleted or side.hlc
    values = {name: side.fields.get(name) for name in names} if alive(side) else None
    return {"device": moment.device.hex(), "at": moment.ms, "values": values}


def _agree(result: Record, side: Record, fields: Sequence[str]) -> bool:
    if tuple(fields) == (WHOLE,):
        return alive(result) == alive(side)
    return all(result.fields.get(name) == side.fields.get(name) for name in fields)


def _record(
    uuid: str,
    type_: str,
    of: str,
    fields: Sequence[str],
    sides: Sequence[Value],
    *,
    holds: int,
    asks: bool,
    device: bytes,
    now_ms: int,
) -> Record:
    values: dict[str, Value] = {
        "type": type_, "of": of, "fields": list(fields), "sides": list(sides), "holds": holds, "asks": asks,
        "at": now_ms, "choice": None, "before": None,
    }  # fmt: skip
    empty = Record(CONFLICT, uuid, FIRST, {}, {})
    return replace(with_fields(empty, values, later(None, now_ms, device)))
