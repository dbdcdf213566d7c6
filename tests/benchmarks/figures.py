"""A measured figure beside its budget, and the table of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement.

    `budget` is the most that `value` may be, in the same unit; with `at_least` it is the least. None:
    the figure is told, not judged.
    """

    name: str
    value: float
    unit: str
    budget: float | None = None
    note: str = ""
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """`ok`, `over` or `under`; empty without a budget."""
        if self.budget is None:
            return ""
        if self.at_least:
            return "ok" if self.value >= self.budget else "under"
        return "ok" if self.value <= self.budget else "over"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict}


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text, in columns."""
    head = ("what", "measured", "unit", "budget", "", "")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(_line(row, widths) for row in rows)


def markdown(figures: Sequence[Figure]) -> str:
    """The figures as a table for a page of the documentation."""
    lines = ["| what | measured | budget | |", "| --- | ---: | ---: | --- |"]
    for figure in figures:
        name, value, unit, budget, verdict, note = _row(figure)
        mark = f"**{verdict}** " if verdict not in ("", "ok") else ""
        lines.append(f"| {name} | {value} {unit} | {budget} | {mark}{note} |")
    return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, str, str, str, str, str]:
    budget = "" if figure.budget is None else f"{'≥' if figure.at_least else '≤'} {number(figure.budget)}"
    return figure.name, number(figure.value), figure.unit, budget, figure.verdict, figure.note


def number(value: float) -> str:
    """Three figures that count, with thousands apart: 0.0123, 48.2, 1,234."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    name, value, unit, budget, verdict, note = (
        text.rjust(width) if column in (1, 3) else text.ljust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"{name}  {value} {unit}  {budget}  {verdict}  {note}".rstrip()
