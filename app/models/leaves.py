"""Rows straight from the pages of a database file, where the tree above them is broken.

The format: https://www.sqlite.org/fileformat2.html. Only whole rows of table leaves are read; a row
that runs over into other pages is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.models.database import PAGE_SIZE

_LEAF = 0x0D
_LARGEST_LOCAL = PAGE_SIZE - 35
_MOST_COLUMNS = 64

# Sizes in bytes of the serial types 0 to 9: NULL, integers, float, and the constants 0 and 1.
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
_FLOAT = 7


class _BadRowError(Exception):
    """These bytes are no row."""


def leaf_rows(path: Path) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(rowid, values) of every row found in any leaf page; floats come as None. Raises OSError."""
    with path.open("rb") as file:
        file.seek(PAGE_SIZE)
        while len(page := file.read(PAGE_SIZE)) == PAGE_SIZE:
            if page[0] == _LEAF:
                yield from _rows(page)


def _rows(page: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    count = int.from_bytes(page[3:5])
    for n in range(min(count, (PAGE_SIZE - 8) // 2)):
        at = int.from_bytes(page[8 + 2 * n : 10 + 2 * n])
        try:
            yield _row(page, at)
        except (_BadRowError, IndexError):
            continue


def _row(page: bytes, at: int) -> tuple[int, tuple[Any, ...]]:
    length, at = _varint(page, at)
    rowid, at = _varint(page, at)
    if not 0 < length <= _LARGEST_LOCAL or at + length > PAGE_SIZE:
        raise _BadRowError
    return rowid, _values(page[at : at + length])


def _values(record: bytes) -> tuple[Any, ...]:
    header, at = _varint(record, 0)
    body = header
    values: list[Any] = []
    while at < header and len(values) < _MOST_COLUMNS:
        kind, at = _varint(record, at)
        size = _SIZES[kind] if kind < 10 else (kind - 12) // 2
        if kind in (10, 11) or body + size > len(record):
            raise _BadRowError
        values.append(_value(kind, record[body : body + size]))
        body += size
    if at != header or body != len(record):
        raise _BadRowError
    return tuple(values)


def _value(kind: int, content: bytes) -> Any:
    if kind in (0, _FLOAT):
        return None
    if kind in (8, 9):
        return kind - 8
    if kind < _FLOAT:
        return int.from_bytes(content, signed=True)
    return content if kind % 2 == 0 else content.decode("utf-8", "replace")


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for n in range(9):
        byte = content[at + n]
        if n == 8:
            value = value << 8 | byte
            return value - (1 << 64) if value >= 1 << 63 else value, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n + 1
    raise _BadRowError
