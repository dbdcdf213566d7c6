"""A day's lanes and what is selected in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from app.ui.charts.columns import Blocks
from app.ui.charts.values import Series


@dataclass(frozen=True, slots=True)
class Lane:
    """One row. `selects`: its blocks are what a selection is made of; a click on another lane's block tells
    its id by `chosen`. `joined`: neighbours of one kind are drawn as one. `idle`: the kind drawn faint."""

    key: str
    title: str
    series: tuple[Series, ...]
    blocks: Blocks = field(repr=False)
    selects: bool = True
    joined: bool = False
    idle: int | None = None


@dataclass(frozen=True, slots=True)
class DayLanes:
    """A day from `start` to `end` (ms UTC). `wall`: the time on the wall clock at a moment of it."""

    start: float
    end: float
    lanes: tuple[Lane, ...]
    wall: Callable[[float], datetime]

    @property
    def empty(self) -> bool:
        return not any(len(lane.blocks) for lane in self.lanes)


@dataclass(frozen=True, slots=True)
class Selection:
    """Blocks by their ids, and a stretch of time that was dragged over (ms UTC). `cursor`: the one that Shift
    extends from."""

    ids: frozenset[int] = frozenset()
    start: float | None = None
    end: float | None = None
    cursor: int | None = None

    @property
    def empty(self) -> bool:
        return not self.ids and self.start is None

    def only(self, block: int) -> Selection:
        """Just this one."""
        return Selection(frozenset({block}), cursor=block)

    def toggled(self, block: int) -> Selection:
        """With it, or without it if it was in."""
        return Selection(self.ids ^ {block}, cursor=block)

    def up_to(self, blocks: Blocks, block: int) -> Selection:
        """From the cursor to this one, with all between them."""
        places = {int(one): n for n, one in enumerate(blocks.id)}
        if self.cursor not in places or block not in places:
            return self.only(block)
        low, high = sorted((places[self.cursor], places[block]))
        return replace(
            self, ids=frozenset(int(one) for one in blocks.id[low : high + 1]), start=None, end=None
        )

    def kept(self, there: Iterable[int]) -> Selection:
        """Without what exists no more."""
        ids = self.ids & frozenset(there)
        return replace(self, ids=ids, cursor=self.cursor if self.cursor in ids else None)


def stretch(lanes: Iterable[Lane], start: float, end: float) -> Selection:
    """The stretch of time and every selectable block that touches it."""
    low, high = sorted((start, end))
    ids: set[int] = set()
    for lane in lanes:
        if lane.selects:
            seen = lane.blocks.within(low, high)
            inside = lane.blocks.end[seen] > np.float64(low)
            ids.update(int(one) for one in lane.blocks.id[seen][inside])
    return Selection(frozenset(ids), low, high)
