"""Level of detail: a day's blocks as at most a few rectangles for each column of pixels, none left out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Blocks:
    """What happened in a lane, in the order of `start`; all arrays are of one length.

    `start`, `end`: ms UTC. `kind`: index into the lane's series. `id`: what a click tells. Only what came
    from several machines may overlap.
    """

    start: Ints
    end: Ints
    kind: Ints
    id: Ints
    _reach: Ints = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_reach", np.maximum.accumulate(self.end) if len(self.end) else self.end)

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def none(cls) -> Blocks:
        """No block at all."""
        empty = np.empty(0, np.int64)
        return cls(empty, empty, empty, empty)

    def within(self, start: float, end: float) -> slice:
        """Those that touch [start, end)."""
        first = int(np.searchsorted(self._reach, start, side="right"))
        return slice(first, max(first, int(np.searchsorted(self.start, end, side="left"))))

    def at(self, moment: float) -> int | None:
        """The index of the block that covers a moment, the last that began."""
        found = int(np.searchsorted(self.start, moment, side="right")) - 1
        while found >= 0 and self._reach[found] > moment:
            if self.end[found] > moment:
                return found
            found -= 1
        return None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rectangles to fill, in device pixels from the left; later ones lie over earlier ones."""

    left: Ints
    right: Ints
    kind: Ints
    wide: NDArray[np.bool_]


def drawn(blocks: Blocks, x0: float, x1: float, columns: int, kinds: int) -> Drawn:
    """The blocks between `x0` and `x1` (ms) as rectangles over `columns` device pixels.

    A block of a pixel or more is a rectangle of its own, at least a pixel wide. The shorter ones are merged:
    each column they fall into shows the kind that has most of their time there. So what lasted a second is
    seen in a day, and 50,000 blocks make no more rectangles than there are columns.
    """
    seen = blocks.within(x0, x1)
    scale = columns / (x1 - x0)
    left = (blocks.start[seen].astype(np.float64) - x0) * scale
    right = (blocks.end[seen].astype(np.float64) - x0) * scale
    kind = blocks.kind[seen]
    wide = (right - left) >= 1.0
    narrow = ~wide
    runs = _merged(left[narrow], right[narrow], kind[narrow], columns, kinds)
    edges = np.clip(np.rint(left[wide]), 0, columns).astype(np.int64)
    ends = np.clip(np.maximum(np.rint(right[wide]), edges + 1), 0, columns).astype(np.int64)
    return Drawn(
        np.concatenate((edges, runs.left)),
        np.concatenate((ends, runs.right)),
        np.concatenate((kind[wide], runs.kind)),
        np.concatenate((np.ones(len(edges), np.bool_), runs.wide)),
    )


def _merged(left: Floats, right: Floats, kind: Ints, columns: int, kinds: int) -> Drawn:
    if not len(left):
        empty = np.empty(0, np.int64)
        return Drawn(empty, empty, empty, np.empty(0, np.bool_))
    # A block shorter than a pixel lies in one column or in two.
    first = np.clip(np.floor(left), 0, columns - 1).astype(np.int64)
    second = np.minimum(first + 1, columns - 1)
    here = np.minimum(right, first + 1.0) - left
    # What lasted no time at all is shown as well.
    weights = np.concatenate((np.maximum(here, 1e-9), np.maximum(right - first - 1.0, 0.0)))
    cells = np.concatenate((first, second)) * kinds + np.concatenate((kind, kind))
    time = np.bincount(cells, weights, columns * kinds).reshape(columns, kinds)
    chosen = time.argmax(1)
    filled = np.flatnonzero(time.max(1) > 0)
    return _runs(filled, chosen[filled].astype(np.int64))


def _runs(columns: Ints, kind: Ints) -> Drawn:
    """Neighbouring columns of one kind as one rectangle."""
    breaks = np.flatnonzero((np.diff(columns) != 1) | (np.diff(kind) != 0)) + 1
    starts = np.concatenate((np.zeros(1, np.int64), breaks))
    ends = np.concatenate((breaks, np.array([len(columns)]))) - 1
    return Drawn(columns[starts], columns[ends] + 1, kind[starts], np.zeros(len(starts), np.bool_))
