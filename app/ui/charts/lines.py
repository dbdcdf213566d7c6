"""Lines over days: points, and their moving average; a day without a value is a gap, never a zero."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF
from PyQt6.QtWidgets import QWidget

from app.ui.charts.axis import Tick
from app.ui.charts.bars import Bucket, bucket_ticks
from app.ui.charts.chart import Chart
from app.ui.charts.colors import ChartColors
from app.ui.charts.frame import Frame
from app.ui.charts.hint import Hint, Line
from app.ui.charts.inks import ink, legible
from app.ui.charts.ticks import headroom, length_label, length_step, multiples, number_label, number_step
from app.ui.charts.values import Series, Table
from app.ui.words import tr

Floats = NDArray[np.float64]
_ROOM_FOR_DOTS = 7.0


@dataclass(frozen=True, slots=True)
class Curve:
    """`values`: one for each bucket, NaN where there is none. `smooth`: its moving average, drawn strong."""

    series: Series
    values: Floats = field(repr=False)
    smooth: Floats | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Scale:
    """How values are told. `top`: where the axis ends at least; `lengths`: the values are seconds."""

    told: Callable[[float], str]
    top: float = 0.0
    lengths: bool = False
    unit: str = ""


class LinesChart(Chart):
    """`chosen` tells the `key` of the bucket."""

    def __init__(self, name: str, colors: ChartColors, scale: Scale, parent: QWidget | None = None) -> None:
        self._scale = scale
        self.buckets: tuple[Bucket, ...] = ()
        self.curves: tuple[Curve, ...] = ()
        self._hidden: frozenset[Hashable] = frozenset()
        super().__init__(name, colors, parent, left=self._value_ticks, bottom=self._bucket_ticks)

    def show_curves(self, buckets: Sequence[Bucket], curves: Sequence[Curve]) -> None:
        """Show other numbers."""
        self.buckets, self.curves = tuple(buckets), tuple(curves)
        self._scale_up()

    def hide_series(self, hidden: frozenset[Hashable]) -> None:
        """Leave out the curves with these keys."""
        self._hidden = hidden
        self._scale_up()

    @property
    def is_empty(self) -> bool:
        return not any(np.isfinite(curve.values).any() for curve in self.curves)

    def marks(self) -> int:
        return len(self.buckets)

    def mark_at(self, frame: Frame, x: float, y: float) -> int | None:
        if self.is_empty or not (0 <= x <= frame.width and 0 <= y <= frame.height):
            return None
        return max(0, min(self.marks() - 1, int(frame.value_x(x))))

    def mark_place(self, frame: Frame, mark: int) -> QPointF:
        values = [curve.values[mark] for curve in self._shown() if np.isfinite(curve.values[mark])]
        return QPointF(frame.x(mark + 0.5), frame.y(float(values[0])) if values else frame.height / 2)

    def choice(self, mark: int) -> object | None:
        there = any(np.isfinite(curve.values[mark]) for curve in self._shown())
        return self.buckets[mark].key if there else None

    def hint(self, mark: int) -> Hint | None:
        lines: list[Line] = []
        for curve in self._shown():
            value = float(curve.values[mark])
            text = self._scale.told(value) if np.isfinite(value) else tr("no value")
            lines.append(Line(curve.series.name, text, curve.series.color))
            if curve.smooth is not None and np.isfinite(curve.smooth[mark]):
                lines.append(Line(tr("Moving average"), self._scale.told(float(curve.smooth[mark]))))
        return Hint(self.buckets[mark].title, tuple(lines))

    def draw(self, painter: QPainter, frame: Frame) -> None:
        if self.mark is not None:
            x = frame.sharp(frame.x(self.mark + 0.5))
            painter.setPen(QPen(ink(self.colors.muted, 0.6), 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, frame.height))
        for curve in self._shown():
            self._draw_curve(painter, frame, curve)

    def legend(self) -> Sequence[Series]:
        return [curve.series for curve in self._shown()] if len(self.curves) > 1 else []

    def table(self) -> Table:
        columns = [tr("Day")]
        values: list[Floats] = []
        unit = tr(" (s)") if self._scale.lengths else f" ({self._scale.unit})" if self._scale.unit else ""
        for curve in self._shown():
            columns.append(curve.series.name + unit)
            values.append(curve.values)
            if curve.smooth is not None:
                columns.append(tr("{name}, moving average", name=curve.series.name) + unit)
                values.append(curve.smooth)
        rows = tuple(
            (bucket.title, *(float(v[n]) if np.isfinite(v[n]) else None for v in values))
            for n, bucket in enumerate(self.buckets)
        )
        return Table(tuple(columns), rows)

    def sentence(self) -> str:
        parts: list[str] = []
        for curve in self._shown():
            there = np.flatnonzero(np.isfinite(curve.values))
            if not len(there):
                continue
            values = curve.values[there]
            low, high = int(there[values.argmin()]), int(there[values.argmax()])
            parts.append(tr(
                "{name}: {mean} on average, from {low} ({low_at}) to {high} ({high_at}).",
                name=curve.series.name, mean=self._scale.told(float(values.mean())),
                low=self._scale.told(float(values.min())), low_at=self.buckets[low].title,
                high=self._scale.told(float(values.max())), high_at=self.buckets[high].title,
            ))  # fmt: skip
        return " ".join(parts)

    def _shown(self) -> list[Curve]:
        return [curve for curve in self.curves if curve.series.key not in self._hidden]

    def _scale_up(self) -> None:
        if not self.is_empty:
            tops = [float(np.nanmax(c.values)) for c in self._shown() if np.isfinite(c.values).any()]
            top = max([self._scale.top, *tops, 1e-9])
            if top > self._scale.top:
                step = length_step(top, 4) if self._scale.lengths else number_step(top, 4)
                top = headroom(top, step)
            self.show_range(0, max(1, len(self.buckets)), 0, top)
        self.changed()

    def _draw_curve(self, painter: QPainter, frame: Frame, curve: Curve) -> None:
        color = legible(curve.series.color, self.colors.surface)
        xs = frame.xs(np.arange(len(curve.values), dtype=np.float64) + 0.5)
        strong = curve.smooth is None
        dots = frame.width / max(1, len(xs)) >= _ROOM_FOR_DOTS
        if not (dots and not strong):
            painter.setPen(_pen(color, 2.0 if strong else 1.0, 1.0 if strong else 0.5))
            _draw_runs(painter, xs, frame.ys(curve.values))
        if dots or _alone(curve.values):
            self._draw_dots(painter, xs, frame.ys(curve.values), color, 1.0 if strong else 0.45)
        if curve.smooth is not None:
            painter.setPen(_pen(color, 2.25, 1.0))
            _draw_runs(painter, xs, frame.ys(curve.smooth))
        if self.mark is not None and np.isfinite(curve.values[self.mark]):
            painter.setPen(QPen(ink(self.colors.surface), 2))
            painter.setBrush(ink(color))
            painter.drawEllipse(QPointF(xs[self.mark], frame.y(float(curve.values[self.mark]))), 4.5, 4.5)

    def _draw_dots(self, painter: QPainter, xs: Floats, ys: Floats, color: str, alpha: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(color, alpha))
        for n in np.flatnonzero(np.isfinite(ys)):
            painter.drawEllipse(QRectF(xs[n] - 2.5, ys[n] - 2.5, 5, 5))

    def _value_ticks(self, frame: Frame, metrics: QFontMetricsF) -> list[Tick]:
        if self.is_empty:
            return []
        most = max(2, int(frame.height / (metrics.height() * 2.6)))
        if self._scale.lengths:
            return [Tick(at, length_label(at)) for at in multiples(0, frame.y1, length_step(frame.y1, most))]
        step = number_step(frame.y1, most)
        return [Tick(at, number_label(at)) for at in multiples(0, frame.y1, step)]

    def _bucket_ticks(self, frame: Frame, metrics: QFontMetricsF) -> list[Tick]:
        return bucket_ticks(self.buckets, frame, metrics)


def _pen(color: str, width: float, alpha: float) -> QPen:
    pen = QPen(ink(color, alpha), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def _alone(values: Floats) -> bool:
    """Whether some value has no neighbour: as a line it would not be seen."""
    there = np.isfinite(values)
    padded = np.concatenate(([False], there, [False]))
    return bool((padded[1:-1] & ~padded[:-2] & ~padded[2:]).any())


def _draw_runs(painter: QPainter, xs: Floats, ys: Floats) -> None:
    """A line through each run of values; gaps stay gaps."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    there = np.isfinite(ys)
    breaks = np.flatnonzero(np.diff(there.astype(np.int8))) + 1
    for run in np.split(np.arange(len(ys)), breaks):
        if len(run) > 1 and there[run[0]]:
            path = QPainterPath()
            path.addPolygon(
                QPolygonF([QPointF(x, y) for x, y in zip(xs[run].tolist(), ys[run].tolist(), strict=True)])
            )
            painter.drawPath(path)
