"""The join of two records: of each field the latest change, and nothing that a later deletion covers.

In whatever order and how often states are joined, the same comes out; so machines converge by this alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.sync.bodies.values import Hlc, Record, Value

FIRST = Hlc(0, 0, bytes(16))


def join(one: Record, other: Record) -> Record:
    """Both in one. They are of one thing: `type` and `uuid` are the same."""
    deleted = _latest(one.deleted, other.deleted)
    fields: dict[str, Value] = {}
    changed: dict[str, Hlc] = {}
    for name in one.changed.keys() | other.changed.keys():
        moment, value = max(
            ((side.changed[name], side.fields.get(name)) for side in (one, other) if name in side.changed),
            key=_weight,
        )
        if deleted is None or moment > deleted:
            fields[name], changed[name] = value, moment
    newer = max(one, other, key=lambda side: (side.hlc, side.schema))
    older = other if newer is one else one
    return Record(
        one.type,
        one.uuid,
        newer.hlc,
        fields,
        changed,
        deleted,
        max(one.schema, other.schema),
        newer.extra or older.extra,
    )


def alive(record: Record) -> bool:
    """Whether it is there: something was set since it was last deleted, or it never was."""
    return record.deleted is None or any(moment > record.deleted for moment in record.changed.values())


def with_fields(record: Record, values: Mapping[str, Value], at: Hlc) -> Record:
    """The record after those fields were set at that moment."""
    return replace(
        record,
        hlc=max(record.hlc, at),
        fields={**record.fields, **values},
        changed={**record.changed, **dict.fromkeys(values, at)},
    )


def without(record: Record, at: Hlc) -> Record:
    """The record after it was deleted: nothing stays but that it was."""
    return replace(record, hlc=max(record.hlc, at), fields={}, changed={}, deleted=at)


def latest(record: Record) -> Hlc:
    """The latest moment it knows."""
    return max((record.hlc, record.deleted or FIRST, *record.changed.values()))


def canonical(value: Value) -> str:
    """The same words for the same value, whatever the order in maps."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key!r}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    return repr(value)


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal; a list and a tuple of the same are."""
    return canonical(one) == canonical(other)


def _latest(one: Hlc | None, other: Hlc | None) -> Hlc | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def _weight(change: tuple[Hlc, Value]) -> tuple[Hlc, str]:
    # One moment has one value, but for a machine that was copied as a whole.
    return change[0], canonical(change[1])
