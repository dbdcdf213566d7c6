"""Activity as bytes: column by column, because what lies side by side is then alike and compresses.

```
{"v": 1,
 "s": [[hour, generation, rows, machine], …]       slots; machine 0 is the device that seals
 "m": [[uuid, name], …]                            machine 1, 2, …: whose history was imported
 "c": {"g": […], "d": […], "z": […], "f": […],     numbers, one for each row of all slots
       "application": […], "title": […], …},       0: none; n: the n-th text of the column
 "n": {"application": ["firefox", …], …}}          each column's texts, by first appearance
```

`g`: ms from the end of the row before (in the same slot; the first: from the hour's beginning) to the start;
mostly 0. `d`: ms from start to end. `z`: UTC offset in seconds, as the difference to the row before. `f`:
bits: 1 idle, 2 switched, 4 assigned. A column that is all zeros is left out. What this version does not
know in "c" and "n" is passed over: only the device itself writes its activity.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, islice, repeat
from typing import Annotated, Any, cast

import msgspec
from msgspec import Meta, Struct

from app.sync.bodies.values import Activity, Slot, SpanRow
from app.sync.crypto.labels import SLOT
from app.sync.crypto.refusals import BadBody, MadeByNewer
from app.sync.crypto.unpacking import unpacked

VERSION = 1
MOST_ROWS = 500_000
MOST_SLOTS = 50_000
MOST_TEXT = 65_536

_HOUR_MS = 3_600_000
_LONGEST_MS = 24 * _HOUR_MS
_LARGEST_OFFSET_S = 24 * 3600
# The bits of "f", there and back: 1 idle, 2 switched, 4 assigned.
_FLAGS = {(bool(f & 1), bool(f & 2), bool(f & 4)): f for f in range(8)}
_IS_SET = tuple(tuple(bool(f & bit) for f in range(8)) for bit in (1, 2, 4))
_TEXTS = (
    "application", "title", "url", "path", "project", "branch", "language", "category", "note", "imported",
)  # fmt: skip
_FIRST_TEXT = SpanRow._fields.index("application")

_Text = Annotated[str, Meta(max_length=MOST_TEXT)]
_Name = Annotated[str, Meta(max_length=200)]


class _SlotHead(Struct, array_like=True, frozen=True):
    hour: Annotated[int, Meta(ge=0, lt=1 << 24)]
    generation: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
    rows: Annotated[int, Meta(ge=0, le=MOST_ROWS)]
    machine: Annotated[int, Meta(ge=0, lt=1 << 16)] = 0


class _Body(Struct, frozen=True, omit_defaults=True):
    v: int
    s: Annotated[list[_SlotHead], Meta(max_length=MOST_SLOTS)]
    m: list[tuple[_Name, _Name]] = []
    c: dict[str, msgspec.Raw] = {}
    n: dict[str, msgspec.Raw] = {}


class _Version(Struct, frozen=True):
    v: int


_VERSION = msgspec.msgpack.Decoder(_Version)
_BODY = msgspec.msgpack.Decoder(_Body)
_NUMBERS = msgspec.msgpack.Decoder(list[int])
_NAMES = msgspec.msgpack.Decoder(list[_Text])
_WHAT = "A piece of activity"


def encode_activity(activity: Activity) -> bytes:
    """The body of a tail or segment; the same content gives the same bytes. ValueError for what is none."""
    machines: dict[str, tuple[int, str]] = {"": (0, "")}
    heads: list[_SlotHead] = []
    for slot in activity.slots:
        number, _ = machines.setdefault(slot.machine, (len(machines), slot.machine_name))
        heads.append(_SlotHead(slot.hour, slot.generation, len(slot.rows), number))
    rows = [row for slot in activity.slots for row in slot.rows]
    columns: dict[str, Sequence[int]] = {}
    names: dict[str, list[str]] = {}
    if rows:
        values = list(zip(*rows, strict=True))
        columns |= _numbers(activity.slots, values)
        for at, name in enumerate(_TEXTS, _FIRST_TEXT):
            columns[name], names[name] = _interned(cast("Sequence[str | None]", values[at]))
    body = {
        "v": VERSION,
        "s": heads,
        "m": [(uuid, name) for uuid, (number, name) in machines.items() if number],
        "c": {name: column for name, column in columns.items() if any(column)},
        "n": {name: texts for name, texts in names.items() if texts},
    }
    return msgspec.msgpack.encode(body)


def decode_activity(body: bytes) -> Activity:
    """The inverse. Raises `BadBody`, `MadeByNewer`."""
    version = unpacked(body, _VERSION, _WHAT).v
    if version > VERSION:
        raise MadeByNewer
    found = unpacked(body, _BODY, _WHAT)
    total = sum(head.rows for head in found.s)
    if total > MOST_ROWS or len({(head.machine, head.hour) for head in found.s}) != len(found.s):
        raise BadBody("A piece of activity has too many rows, or an hour twice.")
    machines = [("", ""), *found.m]
    if any(head.machine >= len(machines) for head in found.s) or not all(uuid for uuid, _ in found.m):
        raise BadBody("A piece of activity names a machine that it does not list.")
    rows = iter(_rows(found, total))
    try:
        return Activity(
            tuple(
                Slot(head.hour, head.generation, tuple(islice(rows, head.rows)), *machines[head.machine])
                for head in found.s
            )
        )
    except KeyError:
        raise BadBody("A column of activity names a text that it does not list.") from None


def slot_digest(slot: Slot) -> bytes:
    """SHA-256 over a slot: what its device's head commits to.

    Only over the columns of version 1, for good, so that who knows more agrees with who does not.
    """
    return hashlib.sha256(SLOT + encode_activity(Activity((slot,)))).digest()


def _numbers(slots: Iterable[Slot], values: Sequence[Sequence[Any]]) -> dict[str, Sequence[int]]:
    starts, ends, offsets, idle, switched, assigned = values[:_FIRST_TEXT]
    lengths = list(map(operator.sub, ends, starts))
    before: list[int] = []
    at = 0
    for slot in slots:
        if slot.rows:
            after = at + len(slot.rows)
            if not _in_order(slot.hour, starts[at:after], lengths[at:after]):
                raise ValueError("a slot's rows lie in its hour, in the order of time, each of a day at most")
            before.append(slot.hour * _HOUR_MS)
            before += ends[at : after - 1]
            at = after
    return {
        "g": list(map(operator.sub, starts, before)),
        "d": lengths,
        "z": list(map(operator.sub, offsets, chain((0,), offsets))),
        "f": list(map(_FLAGS.__getitem__, zip(idle, switched, assigned, strict=True))),
    }


def _in_order(hour: int, starts: Sequence[int], lengths: Sequence[int]) -> bool:
    """Whether rows of these starts and lengths (ms; at least one) may stand in this slot."""
    begin = hour * _HOUR_MS
    return (
        begin <= starts[0]
        and starts[-1] < begin + _HOUR_MS
        and all(map(operator.le, starts, islice(starts, 1, None)))
        and min(lengths) >= 0
        and max(lengths) <= _LONGEST_MS
    )


def _interned(texts: Sequence[str | None]) -> tuple[list[int], list[str]]:
    """Numbers for a column of texts, and the texts those are."""
    known: dict[str | None, int] = {None: 0}
    for text in dict.fromkeys(texts):
        known.setdefault(text, len(known))
    numbers = list(map(known.__getitem__, texts))
    return numbers, [_sendable(text) for text in islice(known, 1, None) if text is not None]


def _sendable(text: str) -> str:
    """The text, not too long, and without what UTF-8 cannot say (half a character, as in some titles)."""
    if len(text) > MOST_TEXT:
        text = text[:MOST_TEXT]
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _rows(found: _Body, total: int) -> Iterable[SpanRow]:
    if not total:
        return ()
    starts, ends = _times(found, _column(found, "g", total), _column(found, "d", total))
    offsets = list(accumulate(_column(found, "z", total)))
    if max(offsets) > _LARGEST_OFFSET_S or min(offsets) < -_LARGEST_OFFSET_S:
        raise BadBody("A piece of activity has a time zone that is none.")
    flags = [flag & 7 for flag in _column(found, "f", total)]
    values = (
        starts,
        ends,
        offsets,
        *(map(is_set.__getitem__, flags) for is_set in _IS_SET),
        *(_texts(found, name, total) for name in _TEXTS),
    )
    # What SpanRow._make does, without a call in Python for each of 300,000.
    made = map(tuple.__new__, repeat(SpanRow), zip(*values, strict=True))  # pyright: ignore[reportUnknownMemberType,reportUnknownArgumentType]
    return cast("Iterable[SpanRow]", made)


def _times(found: _Body, gaps: list[int], lengths: list[int]) -> tuple[list[int], list[int]]:
    """Starts and ends in ms."""
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for head in found.s:
        if not head.rows:
            continue
        of_slot = slice(at, at + head.rows)
        steps = map(operator.add, gaps[of_slot], lengths[of_slot])
        own_ends = list(islice(accumulate(steps, initial=head.hour * _HOUR_MS), 1, None))
        own_starts = list(map(operator.sub, own_ends, lengths[of_slot]))
        if not _in_order(head.hour, own_starts, lengths[of_slot]):
            raise BadBody("A piece of activity lies outside its hour, or is not in the order of time.")
        starts += own_starts
        ends += own_ends
        at += head.rows
    return starts, ends


def _column(found: _Body, name: str, total: int) -> list[int]:
    raw = found.c.get(name)
    if raw is None:
        return [0] * total
    column = unpacked(raw, _NUMBERS, "A column of activity")
    if len(column) != total:
        raise BadBody("A column of activity has another length than the rest.")
    return column


def _texts(found: _Body, name: str, total: int) -> Iterable[str | None]:
    """The texts of a column, while they are taken; KeyError for a number that has none."""
    raw = found.n.get(name)
    known: list[str | None] = [None]
    if raw is not None:
        known += unpacked(raw, _NAMES, "A column of activity")
    if name not in found.c:
        return repeat(None, total)
    return map(dict(enumerate(known)).__getitem__, _column(found, name, total))
