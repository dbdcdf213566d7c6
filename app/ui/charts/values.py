"""What charts are made of: named series, and the table of the numbers drawn."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Series:
    """One name in a chart. `key` is what clicks and the legend tell; `color` is '#rrggbb'."""

    key: Hashable
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart: what CSV holds, and what is read instead of looking at it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)
