"""The pictures of a report: stacked columns over time, bars by name. Pure, from numbers to shapes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.analytics.layout import columns_of, cut
from app.analytics.reports.drawing import INK, QUIET, TRACK, Box, Drawing, Line, Shape, Words
from app.analytics.reports.facts import Share
from app.durations import told

_TOP, _BOTTOM, _LEFT = 14.0, 26.0, 34.0
_BAR, _GAP = 12.0, 12.0
_NAME_COLUMNS = 34
_STEPS_H = (0.25, 0.5, 1, 2, 4, 6, 8, 12, 24, 48, 100, 250, 500, 1000, 2500, 5000)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of time; `label` stands below it where there is room, `name` in its title."""

    label: str
    name: str
    parts: tuple[Share, ...]

    @property
    def seconds(self) -> float:
        return sum(part.seconds for part in self.parts)


def columns(given: Sequence[Column], *, title: str, width: float = 680.0, height: float = 210.0) -> Drawing:
    """Columns of stacked parts under a scale of hours."""
    highest_h = max((column.seconds for column in given), default=0.0) / 3600
    step = next((s for s in _STEPS_H if highest_h / s <= 4), _STEPS_H[-1])
    top_h = max(step, math.ceil(highest_h / step) * step)
    room = height - _TOP - _BOTTOM
    shapes: list[Shape] = [*_scale(step, top_h, width, room)]
    slot = (width - _LEFT) / max(1, len(given))
    every = max(1, math.ceil(len(given) / ((width - _LEFT) / 42)))
    for place, column in enumerate(given):
        x = _LEFT + place * slot
        shapes += _stack(column, x + slot * 0.16, slot * 0.68, room, top_h)
        if place % every == 0:
            shapes.append(Words(x + slot / 2, height - 8, column.label, 10.5, QUIET, "middle"))
    longest = max(given, key=lambda c: c.seconds, default=None)
    most = "" if longest is None else f"The most: {longest.name}, {told(longest.seconds)}."
    return Drawing(width, height, tuple(shapes), title, f"{len(given)} columns of hours. {most}")


def _scale(step: float, top_h: float, width: float, room: float) -> Iterator[Shape]:
    for n in range(round(top_h / step) + 1):
        y = _TOP + room - n * step / top_h * room
        yield Line(_LEFT, y, width, y)
        yield Words(_LEFT - 6, y + 3.5, f"{n * step:g} h", 10.5, QUIET, "end")


def _stack(column: Column, x: float, width: float, room: float, top_h: float) -> Iterator[Shape]:
    bottom = _TOP + room
    for part in column.parts:
        height = part.seconds / 3600 / top_h * room
        if height > 0:
            title = f"{column.name}: {part.name}, {told(part.seconds)}"
            yield Box(x, bottom - height, width, max(0.5, height - 0.6), part.color, title)
            bottom -= height


def bars(shares: Sequence[Share], *, title: str, width: float = 330.0) -> Drawing:
    """A bar for each share, its name and time above it; as long as its part of the longest."""
    longest = max((share.seconds for share in shares), default=0.0)
    total = sum(share.seconds for share in shares)
    shapes: list[Shape] = []
    y = 0.0
    for share in shares:
        part = share.seconds / total if total else 0.0
        tip = f"{share.name}: {told(share.seconds)}"
        length = width * share.seconds / longest if longest else 0.0
        shapes += [
            Words(0, y + 11, cut(share.name, _NAME_COLUMNS), 11.5, INK),
            Words(width, y + 11, f"{told(share.seconds)} · {part:.0%}", 11, QUIET, "end"),
            Box(0, y + 17, width, _BAR - 4, TRACK, radius=3),
            Box(0, y + 17, max(2.0, length), _BAR - 4, share.color, tip, 3),
        ]
        y += 17 + _BAR + _GAP
    return Drawing(width, max(1.0, y - _GAP), tuple(shapes), title, f"{len(shares)} bars.")


def legend(shares: Sequence[Share], *, width: float = 680.0) -> Drawing:
    """Which colour is which name, in a row or several."""
    shapes: list[Shape] = []
    x, y = 0.0, 0.0
    for share in shares:
        name = cut(share.name, 28)
        needs = 16 + 6.4 * columns_of(name) + 18
        if x and x + needs > width:
            x, y = 0.0, y + 18
        shapes += [Box(x, y + 2, 10, 10, share.color, radius=2), Words(x + 15, y + 11, name, 11, QUIET)]
        x += needs
    return Drawing(width, y + 16, tuple(shapes), "Colours", ", ".join(cut(s.name, 28) for s in shares))
