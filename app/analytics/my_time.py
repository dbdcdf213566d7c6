"""My time: of several machines at one moment one counts, that which was turned to last (docs/metrics.md).

At each moment the machine counts whose active span began latest; where none is active, of the idle ones that
whose span began latest. Of equal beginnings the machine with the lower number. Within one machine nothing
changes: its spans count as they are recorded.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from app.analytics.series import ACTIVE, Flags, Ints, Structured


def my_time(spans: Structured) -> Structured:
    """The spans cut to what counts, in the order of their starts. Each switch stays, at its moment.

    `spans` have the fields `start`, `end` (ms UTC), `kind`, `device` and `switched`, and whatever else.
    """
    if len(spans) == 0 or (spans["device"] == spans["device"][0]).all():
        return spans
    active = spans["kind"] == ACTIVE
    winning = _latest(spans, np.flatnonzero(active))
    covered = spans[active & (spans["end"] > spans["start"])]
    idle = np.flatnonzero(~active)
    resting = _less_others(spans, _latest(spans, idle), covered)
    return _cut(spans, [*winning, *resting])


# A piece: row of the span, [start, end).
_Piece = tuple[int, int, int]


def _latest(spans: Structured, rows: Ints) -> list[_Piece]:
    """Of the spans in `rows` what lies where their machine is the one that began latest."""
    chosen = spans[rows]
    contested = _contested(chosen)
    pieces: list[_Piece] = [
        (int(row), int(span["start"]), int(span["end"]))
        for row, span in zip(rows[~contested], chosen[~contested], strict=True)
    ]
    pieces += _swept(spans, rows[contested])
    return pieces


def _contested(spans: Structured) -> Flags:
    """Which spans share time with one of another machine."""
    found = np.zeros(len(spans), np.bool_)
    for device in np.unique(spans["device"]):
        own = spans["device"] == device
        others = spans[~own & (spans["end"] > spans["start"])]
        if not len(others):
            continue
        others = others[np.argsort(others["start"], kind="stable")]
        latest = np.maximum.accumulate(others["end"])
        before = np.searchsorted(others["start"], spans["end"][own], "left")
        shares = (before > 0) & (latest[np.maximum(before - 1, 0)] > spans["start"][own])
        found[own] = shares
    return found


def _swept(spans: Structured, rows: Ints) -> list[_Piece]:
    """From one border to the next: whose machine is it, and what of it lies there."""
    starts, ends = spans["start"][rows].tolist(), spans["end"][rows].tolist()
    devices, names = spans["device"][rows].tolist(), rows.tolist()
    order = sorted(range(len(names)), key=lambda n: starts[n])
    borders = sorted({*starts, *ends})
    there: list[tuple[int, int, int]] = []  # (-start, device, n): the one that counts first
    found: dict[int, list[list[int]]] = {}
    at = 0
    for low, high in pairwise(borders):
        while at < len(order) and starts[order[at]] <= low:
            n = order[at]
            heapq.heappush(there, (-starts[n], devices[n], n))
            at += 1
        while there and ends[there[0][2]] <= low:
            heapq.heappop(there)
        if there:
            winner = there[0][1]
            for _, device, n in there:
                if device == winner and ends[n] > low:
                    _extend(found.setdefault(n, []), low, high)
    return [(names[n], low, high) for n, pieces in found.items() for low, high in pieces]


def _extend(pieces: list[list[int]], low: int, high: int) -> None:
    if pieces and pieces[-1][1] == low:
        pieces[-1][1] = high
    else:
        pieces.append([low, high])


def _less_others(spans: Structured, pieces: Iterable[_Piece], covered: Structured) -> list[_Piece]:
    """Idle pieces without what other machines were active in."""
    by_device: dict[int, tuple[Ints, Ints]] = {}
    left: list[_Piece] = []
    for row, start, end in pieces:
        device = int(spans["device"][row])
        if device not in by_device:
            by_device[device] = _union(covered[covered["device"] != device])
        lows, highs = by_device[device]
        at = start
        first = int(np.searchsorted(highs, start, "right"))
        for low, high in zip(lows[first:].tolist(), highs[first:].tolist(), strict=True):
            if low >= end:
                break
            if low > at:
                left.append((row, at, low))
            at = max(at, high)
        if at < end:
            left.append((row, at, end))
    return left


def _union(spans: Structured) -> tuple[Ints, Ints]:
    """Where any of the spans lies: beginnings and ends of stretches apart from each other."""
    if not len(spans):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    spans = spans[np.argsort(spans["start"], kind="stable")]
    reach = np.maximum.accumulate(spans["end"])
    fresh = np.concatenate(([True], spans["start"][1:] > reach[:-1]))
    last = np.concatenate((np.flatnonzero(fresh)[1:] - 1, [len(spans) - 1]))
    return spans["start"][fresh], reach[last]


def _cut(spans: Structured, pieces: list[_Piece]) -> Structured:
    """The pieces as spans; a switch goes with the piece at its moment, or stands alone."""
    table = np.array(pieces, np.int64).reshape(-1, 3)
    begins = table[:, 1] == spans["start"][table[:, 0]]
    lonely = np.setdiff1d(np.flatnonzero(spans["switched"]), table[begins, 0])
    instant = np.stack([lonely, spans["start"][lonely], spans["start"][lonely]], axis=1)
    whole = np.concatenate([table, instant.astype(np.int64)])
    made = spans[whole[:, 0]].copy()
    made["switched"] &= whole[:, 1] == made["start"]
    made["start"], made["end"] = whole[:, 1], whole[:, 2]
    return made[np.argsort(made["start"], kind="stable")]
