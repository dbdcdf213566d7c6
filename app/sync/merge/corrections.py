"""Corrections of another machine's activity: what was said here about its spans, and what they are with it.

A correction is one record for each machine and hour. Its fields are "<start>/<what>", `start` in ms UTC of
the span: `project` and `category` (uuid or nil), `assigned` (a person chose), `note` (text or nil), `pieces`
([[start, end], …] of what is left of it: none when it was deleted). When the owner has done what a field
says, the field's value is an empty map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from app.sync.bodies.values import SpanRow, Value

CORRECTION, ERASURE = "correction", "erasure"
PROJECT, CATEGORY, ASSIGNED, NOTE, PIECES = "project", "category", "assigned", "note", "pieces"

# The value of a field whose word was done by the owner.
DONE: Mapping[str, Value] = {}

_LONGEST_TEXT = 65_536


def field_name(start_ms: int, what: str) -> str:
    """The name of a correction's field."""
    return f"{start_ms}/{what}"


def said_in(fields: Mapping[str, Value]) -> list[str]:
    """The fields with a word that its owner has not done yet."""
    return [name for name, value in fields.items() if "/" in name and value != DONE]


def by_start(fields: Mapping[str, Value]) -> dict[int, dict[str, Value]]:
    """What is said of each span; what cannot be understood is left out."""
    found: dict[int, dict[str, Value]] = {}
    for name, value in fields.items():
        start, _, what = name.partition("/")
        if start.isdecimal() and len(start) < 16 and _fits(what, value):
            found.setdefault(int(start), {})[what] = value
    return found


def piece_starts(fields: Mapping[str, Value]) -> list[int]:
    """Where pieces begin that were cut off."""
    said = by_start(fields)
    pieces = [cast("Sequence[Sequence[int]]", what[PIECES]) for what in said.values() if PIECES in what]
    return [piece[0] for of in pieces for piece in of if 0 <= piece[0] < 1 << 48]


def corrected(rows: Iterable[SpanRow], fields: Mapping[str, Value]) -> list[SpanRow]:
    """The spans as they are with the correction, by their start."""
    said = by_start(fields)
    if not said:
        return list(rows)
    cut = [piece for row in rows for piece in _pieces(row, said)]
    return sorted((_renamed(row, said.get(row.start_ms, {})) for row in cut), key=lambda row: row.start_ms)


def erased(rows: Iterable[SpanRow], from_ms: int, to_ms: int) -> list[SpanRow]:
    """The spans without what lies in [from, to)."""
    left: list[SpanRow] = []
    for row in rows:
        if (row.end_ms <= from_ms and row.start_ms < from_ms) or row.start_ms >= to_ms:
            left.append(row)
            continue
        if row.start_ms < from_ms:
            left.append(row._replace(end_ms=from_ms))
        if row.end_ms > to_ms:
            left.append(row._replace(start_ms=to_ms, switched=False))
    return left


def _pieces(row: SpanRow, said: Mapping[int, Mapping[str, Value]]) -> Iterator[SpanRow]:
    """What is left of a span; of a piece that was cut off something may have been said, too."""
    of_it = said.get(row.start_ms, {})
    if PIECES not in of_it:
        yield row
        return
    for piece in cast("Sequence[Sequence[int]]", of_it[PIECES]):
        start, end = max(piece[0], row.start_ms), min(piece[1], row.end_ms)
        if start == row.start_ms and (start < end or end == row.end_ms):
            yield row._replace(end_ms=end)
        elif row.start_ms < start < end:
            yield from _pieces(row._replace(start_ms=start, end_ms=end, switched=False), said)


def _renamed(row: SpanRow, said: Mapping[str, Value]) -> SpanRow:
    known: dict[str, Any] = {what: said[what] for what in (PROJECT, CATEGORY, ASSIGNED, NOTE) if what in said}
    return row._replace(**known) if known and not (row.idle and not known.keys() <= {NOTE}) else row


def _fits(what: str, value: Value) -> bool:
    if what == ASSIGNED:
        return isinstance(value, bool)
    if what in (PROJECT, CATEGORY, NOTE):
        return value is None or (isinstance(value, str) and len(value) <= _LONGEST_TEXT)
    return what == PIECES and _are_pieces(value)


def _are_pieces(value: Value) -> bool:
    if not isinstance(value, (list, tuple)):
        return False
    return all(
        isinstance(piece, (list, tuple)) and len(piece) == 2 and all(type(ms) is int for ms in piece)
        for piece in cast("Sequence[Value]", value)
    )
