"""Round places for an axis, as many as there is room for: lengths of time, times of day, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, inf, log10

_SECOND, _MINUTE, _HOUR, _DAY = 1, 60, 3_600, 86_400

_LENGTHS = (
    1, 2, 5, 10, 15, 30, *(m * _MINUTE for m in (1, 2, 5, 10, 15, 30)),
    *(h * _HOUR for h in (1, 2, 3, 4, 6, 8, 12, 24, 50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000)),
)  # fmt: skip
_CLOCK = (
    1, 2, 5, 10, 15, 30, *(m * _MINUTE for m in (1, 2, 5, 10, 15, 30)),
    *(h * _HOUR for h in (1, 2, 3, 4, 6, 12, 24)),
)  # fmt: skip


def length_step(top: float, most: int) -> int:
    """The step, in seconds, that divides 0 … `top` seconds into at most `most` parts."""
    return _step(_LENGTHS, top / max(1, most))


def clock_step(span: float, most: int) -> int:
    """The step, in seconds, between the labelled times of an axis that shows `span` seconds."""
    return _step(_CLOCK, span / max(1, most))


def _step(steps: Sequence[int], least: float) -> int:
    return next((step for step in steps if step >= least), steps[-1])


def number_step(span: float, most: int) -> float:
    """1, 2 or 5 times a power of ten: at most `most` steps in `span`."""
    if span <= 0:
        return 1.0
    least = span / max(1, most)
    power = 10.0 ** floor(log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * 0.999999)


def multiples(start: float, end: float, step: float) -> list[float]:
    """The multiples of `step` in [start, end]."""
    first, last = ceil(start / step - 1e-9), floor(end / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def headroom(top: float, step: float) -> float:
    """The first multiple of `step` that is not below `top`, and above 0: where an axis ends."""
    return max(step, ceil(top / step - 1e-9) * step)


def length_label(seconds: float) -> str:
    """A tick of an axis of lengths: `0`, `30 s`, `15 m`, `2 h`, `1 h 30 m`."""
    whole = round(seconds)
    if not whole:
        return "0"
    hours, rest = divmod(whole, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = [f"{n} {unit}" for n, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if n]
    return " ".join(parts)


def number_label(value: float) -> str:
    """A tick of an axis of numbers: `2.5`, `40`, `1,200`."""
    return f"{value:,.6g}"


def apart(places: Sequence[float], widths: Sequence[float], gap: float) -> list[int]:
    """The indices of the labels, centred at `places`, that can stand side by side `gap` apart.

    Every n-th is kept, with the smallest n that fits, so that what is left out is even.
    """
    for every in range(1, len(places) + 1):
        kept = list(range(0, len(places), every))
        if _fit(kept, places, widths, gap):
            return kept
    return []


def _fit(kept: Sequence[int], places: Sequence[float], widths: Sequence[float], gap: float) -> bool:
    end = -inf
    for index in kept:
        if places[index] - widths[index] / 2 < end:
            return False
        end = places[index] + widths[index] / 2 + gap
    return True
