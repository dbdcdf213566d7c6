"""A sparkline: the course of a number in the height of a line of text, as a widget or in a table's cell."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QWidget

from app.ui.charts.colors import ChartColors
from app.ui.charts.inks import ink, legible


def paint_sparkline(
    painter: QPainter, at: QRectF, values: Sequence[float], color: str, colors: ChartColors
) -> None:
    """The values from left to right in `at`, on a ground line; the last one carries a dot."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = at.adjusted(3, 3, -4, -2)
    painter.setPen(QPen(ink(colors.grid), 1))
    painter.drawLine(inner.bottomLeft(), inner.bottomRight())
    top = max(values, default=0.0)
    if top > 0:
        shade = legible(color, colors.surface)
        step = inner.width() / max(1, len(values) - 1)
        points = [
            QPointF(inner.left() + n * step, inner.bottom() - value / top * inner.height())
            for n, value in enumerate(values)
        ]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(shade, 0.15))
        painter.drawPolygon(QPolygonF([inner.bottomLeft(), *points, QPointF(points[-1].x(), inner.bottom())]))
        pen = QPen(ink(shade), 1.5)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(shade))
        painter.drawEllipse(points[-1], 2.5, 2.5)
    painter.restore()


class Sparkline(QWidget):
    """The widget. `spoken`: what it says, for who cannot see it."""

    def __init__(self, color: str, colors: ChartColors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[float, ...] = ()
        self._color = color
        self._colors = colors

    def show_values(self, values: Sequence[float], spoken: str = "") -> None:
        self._values = tuple(values)
        self.setAccessibleDescription(spoken)
        self.update()

    def recolor(self, colors: ChartColors) -> None:
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 28)

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        paint_sparkline(painter, QRectF(self.rect()), self._values, self._color, self._colors)
        painter.end()
