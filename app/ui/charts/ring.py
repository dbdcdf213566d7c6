"""A ring: a whole and its parts, the whole's length written in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath
from PyQt6.QtWidgets import QWidget

from app.durations import told, told_in_minutes
from app.ui.charts.chart import Chart
from app.ui.charts.colors import ChartColors
from app.ui.charts.frame import Frame
from app.ui.charts.hint import Hint, Line
from app.ui.charts.inks import ink, legible
from app.ui.charts.values import Series, Table
from app.ui.words import tr

_THICK, _GAP = 0.26, 1.5
# A part narrower than this would not be seen, or not be hit.
_LEAST_ANGLE = 0.035


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole, in seconds."""

    series: Series
    seconds: float


class RingChart(Chart):
    """`chosen` tells the key of the part's series. `middle`: what stands under the sum."""

    def __init__(
        self, name: str, colors: ChartColors, parent: QWidget | None = None, *, middle: str = ""
    ) -> None:
        self.parts: tuple[Part, ...] = ()
        self._middle = middle
        super().__init__(name, colors, parent)
        self.centralLayout.setContentsMargins(2, 2, 2, 2)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these, in their order, clockwise from the top."""
        self.parts = tuple(part for part in parts if part.seconds > 0)
        self.changed()

    def marks(self) -> int:
        return len(self.parts)

    def mark_at(self, frame: Frame, x: float, y: float) -> int | None:
        center, radius = self._circle(frame)
        away = hypot(x - center.x(), y - center.y())
        if not radius * (1 - _THICK) - 2 <= away <= radius + 2:
            return None
        angle = atan2(x - center.x(), center.y() - y) % (2 * pi)
        return next((n for n, (start, end) in enumerate(self._angles()) if start <= angle < end), None)

    def mark_place(self, frame: Frame, mark: int) -> QPointF:
        center, radius = self._circle(frame)
        start, end = self._angles()[mark]
        middle, away = (start + end) / 2, radius * (1 - _THICK / 2)
        return QPointF(center.x() + away * sin(middle), center.y() - away * cos(middle))

    def choice(self, mark: int) -> object | None:
        return self.parts[mark].series.key

    def hint(self, mark: int) -> Hint | None:
        part = self.parts[mark]
        share = part.seconds / self._whole() * 100
        return Hint(part.series.name, (Line(told(part.seconds), f"{share:.1f} %", part.series.color),))

    def sizeHint(self) -> QSize:
        return QSize(200, 200)

    def draw(self, painter: QPainter, frame: Frame) -> None:
        center, radius = self._circle(frame)
        painter.setPen(Qt.PenStyle.NoPen)
        for n, (part, (start, end)) in enumerate(zip(self.parts, self._angles(), strict=True)):
            grown = radius + (3 if n == self.mark else 0)
            painter.setBrush(ink(legible(part.series.color, self.colors.surface)))
            painter.drawPath(_arc(center, grown, radius * (1 - _THICK), start, end))
        self._write_middle(painter, center, radius)

    def legend(self) -> Sequence[Series]:
        return [part.series for part in self.parts]

    def table(self) -> Table:
        whole = self._whole() or 1.0
        rows = tuple((p.series.name, float(p.seconds), p.seconds / whole * 100) for p in self.parts)
        return Table((tr("Name"), tr("Time (s)"), tr("Share (%)")), rows)

    def sentence(self) -> str:
        largest = max(self.parts, key=lambda part: part.seconds)
        return tr(
            "{total} in {count} parts; the largest is {name} with {share} %.",
            total=told(self._whole()), count=len(self.parts), name=largest.series.name,
            share=round(largest.seconds / self._whole() * 100),
        )  # fmt: skip

    def _whole(self) -> float:
        return sum(part.seconds for part in self.parts)

    def _angles(self) -> list[tuple[float, float]]:
        """Start and end of each part, radians clockwise from the top; small ones are widened to be seen."""
        whole = self._whole()
        wide = [max(_LEAST_ANGLE, part.seconds / whole * 2 * pi) for part in self.parts]
        scale = 2 * pi / sum(wide) if wide else 1.0
        angles: list[tuple[float, float]] = []
        at = 0.0
        for one in wide:
            angles.append((at, at + one * scale))
            at += one * scale
        return angles

    def _circle(self, frame: Frame) -> tuple[QPointF, float]:
        return QPointF(frame.width / 2, frame.height / 2), max(8.0, min(frame.width, frame.height) / 2 - 4)

    def _write_middle(self, painter: QPainter, center: QPointF, radius: float) -> None:
        text = told_in_minutes(self._whole())
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        room = radius * (1 - _THICK) * 1.6
        pixels = radius * 0.3
        font.setPixelSize(max(9, round(pixels)))
        while font.pixelSize() > 9 and QFontMetricsF(font).horizontalAdvance(text) > room:
            font.setPixelSize(font.pixelSize() - 1)
        metrics = QFontMetricsF(font)
        small = self._small()
        below = QFontMetricsF(small).height() if self._middle else 0.0
        painter.setFont(font)
        painter.setPen(ink(self.colors.text))
        top = center.y() - (metrics.height() + below) / 2
        across = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(QRectF(center.x() - room, top, room * 2, metrics.height()), across, text)
        painter.setFont(small)
        painter.setPen(ink(self.colors.muted))
        painter.drawText(
            QRectF(center.x() - room, top + metrics.height(), room * 2, below + 2), across, self._middle
        )


def _arc(center: QPointF, outer: float, inner: float, start: float, end: float) -> QPainterPath:
    """A piece of a ring, with a hairline between it and its neighbours."""
    path = QPainterPath()
    whole = end - start >= 2 * pi - 1e-6
    gap_out, gap_in = (0.0, 0.0) if whole else (_GAP / outer / 2, _GAP / inner / 2)

    def degrees(angle: float) -> float:
        return 90 - angle * 180 / pi

    def around(radius: float) -> QRectF:
        return QRectF(center.x() - radius, center.y() - radius, radius * 2, radius * 2)

    a, b = start + gap_out, max(start + gap_out, end - gap_out)
    path.arcMoveTo(around(outer), degrees(a))
    path.arcTo(around(outer), degrees(a), -(b - a) * 180 / pi)
    a, b = start + gap_in, max(start + gap_in, end - gap_in)
    path.arcTo(around(inner), degrees(b), (b - a) * 180 / pi)
    path.closeSubpath()
    return path
