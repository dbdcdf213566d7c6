"""How lanes are painted: a few rectangles for each column of pixels, however many blocks a day has."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from app.ui.charts.colors import ChartColors
from app.ui.charts.columns import Drawn, drawn
from app.ui.charts.frame import Frame
from app.ui.charts.inks import ink, legible, text_on
from app.ui.charts.lanes_values import DayLanes, Lane, Selection
from app.ui.charts.layer import fill

_TALLEST, _PAD = 46.0, 5.0
_ROOM_FOR_TEXT = 44.0
_MOST_RINGS = 400
_FLAGS = (Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft).value
_KEPT = 12


def row_of(frame: Frame, count: int, index: int) -> QRectF:
    """Where a lane lies in the plot."""
    room = frame.height / max(1, count)
    tall = min(_TALLEST, max(6.0, room - 2 * _PAD))
    top = frame.sharp(index * room + (room - tall) / 2)
    return QRectF(0, top, frame.width, tall)


class LanesPainter:
    """Remembers what it made of the blocks until the day, the range or the size changes."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, Frame], _Pieces] = OrderedDict()

    def forget(self) -> None:
        self._made.clear()

    def paint(self, painter: QPainter, frame: Frame, day: DayLanes, colors: ChartColors, font: QFont) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for index, lane in enumerate(day.lanes):
            row = row_of(frame, len(day.lanes), index)
            painter.fillRect(row, ink(colors.track))
            pieces = self._pieces(frame, lane, row)
            painter.setPen(Qt.PenStyle.NoPen)
            for kind, rects in pieces.rects:
                painter.setBrush(ink(_shade(lane, kind, colors)))
                fill(painter, rects)
            _write(painter, pieces, lane, colors, font)

    def _pieces(self, frame: Frame, lane: Lane, row: QRectF) -> _Pieces:
        key = (lane.key, frame)
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        made = self._made[key] = _Pieces(lane, frame, row)
        while len(self._made) > _KEPT:
            self._made.popitem(last=False)
        return made


class _Pieces:
    """`rects`: by kind, those of narrow blocks last, so that they are seen. `texts`: where names fit in."""

    def __init__(self, lane: Lane, frame: Frame, row: QRectF) -> None:
        columns = max(1, round(frame.width * frame.ratio))
        found = drawn(lane.blocks, frame.x0, frame.x1, columns, max(1, len(lane.series)))
        self.rects: list[tuple[int, list[QRectF]]] = []
        # A hairline of the ground parts neighbours, where they are wide enough to give it away.
        hair = np.where(found.wide & (found.right - found.left >= 4) & (not lane.joined), 1, 0)
        for wide in (True, False):
            for kind in np.unique(found.kind[found.wide == wide]):
                chosen = (found.wide == wide) & (found.kind == kind)
                lefts = found.left[chosen] / frame.ratio
                widths = (found.right[chosen] - hair[chosen] - found.left[chosen]) / frame.ratio
                top, tall = row.y(), row.height()
                rects = [
                    QRectF(x, top, w, tall) for x, w in zip(lefts.tolist(), widths.tolist(), strict=True)
                ]
                self.rects.append((int(kind), rects))
        self.texts = _runs(found, frame, row, joined=lane.joined)


def _runs(found: Drawn, frame: Frame, row: QRectF, *, joined: bool) -> list[tuple[int, QRectF]]:
    """Wide rectangles in which a name can be read; neighbours of one kind together if drawn as one."""
    made: list[tuple[int, QRectF]] = []
    at = np.flatnonzero(found.wide)
    start = end = kind = -1
    for n in [*at.tolist(), -1]:
        if joined and n >= 0 and int(found.kind[n]) == kind and int(found.left[n]) <= end:
            end = int(found.right[n])
            continue
        if kind >= 0 and (end - start) / frame.ratio >= _ROOM_FOR_TEXT:
            made.append(
                (kind, QRectF(start / frame.ratio, row.y(), (end - start) / frame.ratio, row.height()))
            )
        if n >= 0:
            start, end, kind = int(found.left[n]), int(found.right[n]), int(found.kind[n])
    return made


def _shade(lane: Lane, kind: int, colors: ChartColors) -> str:
    if kind == lane.idle:
        return colors.idle
    return legible(lane.series[kind].color, colors.track)


def _write(painter: QPainter, pieces: _Pieces, lane: Lane, colors: ChartColors, font: QFont) -> None:
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    for kind, at in pieces.texts:
        if at.height() < metrics.height() + 2 or kind == lane.idle:
            continue
        # A run that begins left of what is shown is named where it can be seen.
        inner = at.intersected(QRectF(0, at.y(), painter.window().width() * 4.0, at.height())).adjusted(
            6, 0, -6, 0
        )
        text = metrics.elidedText(lane.series[kind].name, Qt.TextElideMode.ElideRight, inner.width())
        if len(text) > 2:
            painter.setPen(ink(text_on(_shade(lane, kind, colors))))
            painter.drawText(inner, _FLAGS, text)


def paint_selection(
    painter: QPainter, frame: Frame, day: DayLanes, selection: Selection, colors: ChartColors
) -> None:
    """Rings around the selected blocks, and a band over the stretch that was dragged."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if selection.start is not None and selection.end is not None:
        left, right = frame.sharp(frame.x(selection.start)), frame.sharp(frame.x(selection.end))
        painter.fillRect(QRectF(left, 0, max(1.0, right - left), frame.height), ink(colors.accent, 0.14))
        painter.setPen(QPen(ink(colors.accent), 1))
        for x in (left, right):
            painter.drawLine(QPointF(x, 0), QPointF(x, frame.height))
        return
    wanted = np.fromiter(selection.ids, np.int64, len(selection.ids))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for index, lane in enumerate(day.lanes):
        if lane.selects and len(wanted):
            row = row_of(frame, len(day.lanes), index)
            for left, right in _selected(lane, frame, wanted):
                ring = QRectF(left, row.y(), right - left, row.height())
                painter.setPen(QPen(ink(colors.surface), 1))
                painter.drawRect(ring.adjusted(1, 1, -2, -2))
                painter.setPen(QPen(ink(colors.focus), 2))
                painter.drawRect(ring.adjusted(-1, -1, 0, 0))


def _selected(lane: Lane, frame: Frame, wanted: NDArray[np.int64]) -> list[tuple[float, float]]:
    """Left and right of each run of selected blocks that follow each other."""
    seen = lane.blocks.within(frame.x0, frame.x1)
    chosen = np.flatnonzero(np.isin(lane.blocks.id[seen], wanted)) + seen.start
    if not len(chosen):
        return []
    starts, ends = lane.blocks.start[chosen], lane.blocks.end[chosen]
    breaks = np.flatnonzero(starts[1:] > ends[:-1]) + 1
    firsts = np.concatenate((np.zeros(1, np.int64), breaks))
    lasts = np.concatenate((breaks, np.array([len(chosen)]))) - 1
    runs = [
        (frame.sharp(frame.x(float(starts[a]))), frame.sharp(frame.x(float(ends[b]))))
        for a, b in list(zip(firsts, lasts, strict=True))[:_MOST_RINGS]
    ]
    return [(left, max(left + 2, right)) for left, right in runs]


def paint_now(painter: QPainter, frame: Frame, at: float, colors: ChartColors) -> None:
    """A line where the time stands."""
    if frame.x0 <= at <= frame.x1:
        x = frame.sharp(frame.x(at))
        painter.fillRect(QRectF(x - 0.5, 0, 1.5, frame.height), ink(colors.accent))
