"""The lanes of a day as they are seen: painted, zoomed to the second, panned, told in hints."""

# PyQt6's own stubs leave the type of every slot unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetricsF, QPainter
from PyQt6.QtWidgets import QWidget

from app.ui.charts.axis import Side, Tick
from app.ui.charts.chart import Chart
from app.ui.charts.clock_axis import clock_ticks, exact
from app.ui.charts.colors import ChartColors
from app.ui.charts.columns import Blocks
from app.ui.charts.frame import Frame
from app.ui.charts.hint import Hint, Line
from app.ui.charts.inks import ink
from app.ui.charts.lanes_paint import LanesPainter, paint_now, paint_selection, row_of
from app.ui.charts.lanes_values import DayLanes, Lane, Selection
from app.ui.charts.layer import Layer
from app.ui.charts.values import Table
from app.ui.words import tr

CLOSEST_MS = 10_000.0

Describe = Callable[[Lane, int], tuple[Line, ...]]
_NOBODY = DayLanes(0, 86_400_000, (), lambda ms: datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None))


class LanesView(Chart):
    """`view_changed` tells the stretch shown. `describe` adds lines to a block's hint."""

    guided = (Side.BOTTOM,)

    view_changed = pyqtSignal(float, float)

    def __init__(
        self, name: str, colors: ChartColors, parent: QWidget | None = None, describe: Describe | None = None
    ) -> None:
        self.day = _NOBODY
        self.selection = Selection()
        self.lane = 0
        self._describe = describe
        self._painter = LanesPainter()
        self._now: float | None = None
        super().__init__(name, colors, parent, left=self._lane_ticks, bottom=self._clock_ticks)
        self._over = Layer(self.box, self._paint_over, 2)
        self.add_layer(self._over)
        self.box.sigXRangeChanged.connect(self._tell_view)

    def put_day(self, day: DayLanes, view: tuple[float, float]) -> None:
        """Show a day, and of it this stretch."""
        self.day = day
        self._painter.forget()
        self.box.setLimits(xMin=day.start, xMax=day.end, minXRange=CLOSEST_MS, maxXRange=day.end - day.start)
        self.show_range(*view, 0, max(1, len(day.lanes)))
        self.changed()

    def show_now(self, ms: float | None) -> None:
        """Mark where the time stands; None on another day than today."""
        self._now = ms
        self._over.fit()

    @property
    def view(self) -> tuple[float, float]:
        """The stretch shown, ms UTC."""
        (x0, x1), _ = self.box.viewRange()
        return x0, x1

    def show_view(self, start: float, end: float) -> None:
        """Show this stretch, as far as it lies in the day."""
        span = max(CLOSEST_MS, min(end - start, self.day.end - self.day.start))
        start = max(self.day.start, min(start, self.day.end - span))
        self.box.setXRange(start, start + span, padding=0)

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Show `factor` as much time, `at` (ms) staying where it is."""
        x0, x1 = self.view
        center = (x0 + x1) / 2 if at is None else at
        span = max(CLOSEST_MS, min((x1 - x0) * factor, self.day.end - self.day.start))
        scale = span / (x1 - x0)
        self.show_view(center - (center - x0) * scale, center + (x1 - center) * scale)

    def pan(self, share: float) -> None:
        """Move by a share of what is shown."""
        x0, x1 = self.view
        self.show_view(x0 + (x1 - x0) * share, x1 + (x1 - x0) * share)

    @property
    def is_empty(self) -> bool:
        return self.day.empty

    def restyle(self) -> None:
        self._painter.forget()

    def sizeHint(self) -> QSize:
        return QSize(800, 60 + 54 * max(1, len(self.day.lanes)))

    def draw(self, painter: QPainter, frame: Frame) -> None:
        self._painter.paint(painter, frame, self.day, self.colors, self._small())

    def table(self) -> Table:
        rows = tuple(
            (lane.title, lane.series[int(k)].name, self._stamp(s), self._stamp(e), (int(e) - int(s)) / 1000)
            for lane in self.day.lanes
            for s, e, k in zip(lane.blocks.start, lane.blocks.end, lane.blocks.kind, strict=True)
        )
        return Table((tr("Lane"), tr("Name"), tr("From"), tr("To"), tr("Time (s)")), rows)

    def sentence(self) -> str:
        parts: list[str] = []
        for lane in self.day.lanes:
            if len(lane.blocks):
                first, last = (
                    self.clock(float(lane.blocks.start[0])),
                    self.clock(float(lane.blocks.end.max())),
                )
                parts.append(tr(
                    "{lane}: {count} blocks from {first} to {last}.",
                    lane=lane.title, count=len(lane.blocks), first=first, last=last,
                ))  # fmt: skip
        return " ".join(parts)

    def block_at(self, frame: Frame, x: float, y: float) -> tuple[int, int] | None:
        """Lane and index of the block under a pixel; of several in one pixel the longest."""
        for index, lane in enumerate(self.day.lanes):
            if row_of(frame, len(self.day.lanes), index).contains(QPointF(x, y)):
                found = self._longest(lane.blocks, frame, x)
                return None if found is None else (index, found)
        return None

    def hint_of(self, frame: Frame, x: float, lane_index: int, block: int) -> Hint:
        """Exact values of a block, and how many others share its pixel."""
        lane = self.day.lanes[lane_index]
        blocks, kind = lane.blocks, int(lane.blocks.kind[block])
        start, end = float(blocks.start[block]), float(blocks.end[block])
        lines = [
            Line(f"{self.clock(start)} – {self.clock(end)}", exact((end - start) / 1000)),
            *(self._describe(lane, int(blocks.id[block])) if self._describe else ()),
        ]
        crowd = self._crowd(blocks, frame, x)
        if crowd > 1:
            lines.append(Line(tr("{count} more here; zoom in to see them", count=crowd - 1)))
        return Hint(lane.series[kind].name, tuple(lines))

    def _longest(self, blocks: Blocks, frame: Frame, x: float) -> int | None:
        """As it is painted: what is narrower than a pixel lies over what is wide."""
        pixel = (frame.x1 - frame.x0) / frame.width
        seen = blocks.within(frame.value_x(x - 0.75), frame.value_x(x + 0.75))
        lengths = blocks.end[seen] - blocks.start[seen]
        narrow = np.where(lengths < pixel, lengths, -1)
        if narrow.max(initial=-1) >= 0:
            return seen.start + int(narrow.argmax())
        covering = blocks.at(frame.value_x(x))
        if covering is not None:
            return covering
        return seen.start + int(lengths.argmax()) if len(lengths) else None

    def _crowd(self, blocks: Blocks, frame: Frame, x: float) -> int:
        seen = blocks.within(frame.value_x(x - 0.5), frame.value_x(x + 0.5))
        return max(0, seen.stop - seen.start)

    def clock(self, ms: float) -> str:
        """The time of day at a moment (ms UTC), to the second."""
        return f"{self.day.wall(ms):%H:%M:%S}"

    def _stamp(self, ms: float) -> str:
        return self.day.wall(float(ms)).isoformat(sep=" ", timespec="milliseconds")

    def _lane_ticks(self, frame: Frame, metrics: QFontMetricsF) -> list[Tick]:
        count = len(self.day.lanes)
        return [Tick(count - n - 0.5, lane.title) for n, lane in enumerate(self.day.lanes)]

    def _clock_ticks(self, frame: Frame, metrics: QFontMetricsF) -> list[Tick]:
        if self.is_empty:
            return []
        most = max(1, int(frame.width / (metrics.horizontalAdvance("00:00:00") + 26)))
        return clock_ticks(frame.x0, frame.x1, self.day.wall, most)

    def _paint_over(self, painter: QPainter, frame: Frame) -> None:
        if self.is_empty:
            return
        paint_selection(painter, frame, self.day, self.selection, self.colors)
        if self._now is not None:
            paint_now(painter, frame, self._now, self.colors)
        if self._by_keyboard and self.hasFocus() and self.day.lanes:
            row = row_of(frame, len(self.day.lanes), min(self.lane, len(self.day.lanes) - 1))
            painter.setPen(ink(self.colors.focus, 0.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(0.5, row.y() - 2.5, frame.width - 1.5, row.height() + 4))

    def _tell_view(self) -> None:
        x0, x1 = self.view
        self.view_changed.emit(x0, x1)
