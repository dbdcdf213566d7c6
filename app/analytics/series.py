"""Recorded time as numpy arrays: what charts draw and the metrics reckon with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Structured = NDArray[np.void]

ACTIVE, IDLE, NOTHING = 0, 1, 2

# One stretch of a day. `start`, `end`: ms UTC; `offset`: seconds east of UTC. `kind`: ACTIVE, IDLE, or
# NOTHING (no data: id 0). Ids are 0 for none; texts (title, url, path, note) are opened by `Questions.texts`.
BLOCK = np.dtype(
    [
        ("id", np.int64), ("start", np.int64), ("end", np.int64), ("offset", np.int32), ("kind", np.int8),
        ("switched", np.bool_), ("assigned", np.bool_), ("device", np.int32), ("application", np.int32),
        ("project", np.int32), ("category", np.int32), ("branch", np.int32), ("language", np.int32),
        ("title", np.int32), ("url", np.int32), ("path", np.int32), ("note", np.int32),
    ]
)  # fmt: skip


def columns(rows: Sequence[tuple[Any, ...]], width: int) -> tuple[Ints, ...]:
    """Rows of whole numbers as `width` columns."""
    if not rows:
        return tuple(np.empty(0, np.int64) for _ in range(width))
    return tuple(np.ascontiguousarray(column) for column in np.array(rows, np.int64).T)


def structured(rows: Iterable[tuple[Any, ...]], kind: np.dtype[np.void], count: int) -> Structured:
    """Rows as one structured array, without a list of objects in between."""
    return np.fromiter(rows, kind, count)


def summed(keys: Ints, values: Ints, size: int) -> Ints:
    """The sum of `values` under each key from 0 to `size` - 1, exact in whole numbers."""
    # bincount adds in float64, which is exact below 2**53 ms: 285,000 years.
    return np.bincount(keys, weights=values, minlength=size)[:size].astype(np.int64)
