"""Bars lying down, most time first: name, bar, length, share."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter
from PyQt6.QtWidgets import QWidget

from app.durations import told
from app.ui.charts.chart import Chart
from app.ui.charts.colors import ChartColors
from app.ui.charts.frame import Frame
from app.ui.charts.hint import Hint, Line
from app.ui.charts.inks import ink, legible
from app.ui.charts.ring import Part
from app.ui.charts.values import Table
from app.ui.words import tr

_ROW, _BAR, _GAP, _NAME_SHARE = 30.0, 8.0, 12.0, 0.42


class RankingChart(Chart):
    """`chosen` tells the key of the row's series."""

    def __init__(self, name: str, colors: ChartColors, parent: QWidget | None = None) -> None:
        self.parts: tuple[Part, ...] = ()
        super().__init__(name, colors, parent)
        self.centralLayout.setContentsMargins(0, 0, 0, 0)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these, in their order."""
        self.parts = tuple(part for part in parts if part.seconds > 0)
        self.setMinimumHeight(round(max(3, len(self.parts)) * _ROW))
        self.updateGeometry()
        self.changed()

    def marks(self) -> int:
        return len(self.parts)

    def mark_at(self, frame: Frame, x: float, y: float) -> int | None:
        row = int(y // _ROW)
        return row if 0 <= row < len(self.parts) and 0 <= x <= frame.width else None

    def mark_place(self, frame: Frame, mark: int) -> QPointF:
        return QPointF(frame.width * 0.5, (mark + 0.5) * _ROW)

    def choice(self, mark: int) -> object | None:
        return self.parts[mark].series.key

    def hint(self, mark: int) -> Hint | None:
        part = self.parts[mark]
        share = part.seconds / self._whole() * 100
        return Hint(part.series.name, (Line(told(part.seconds), f"{share:.1f} %", part.series.color),))

    def sizeHint(self) -> QSize:
        return QSize(320, round(max(3, len(self.parts)) * _ROW))

    def draw(self, painter: QPainter, frame: Frame) -> None:
        metrics = QFontMetricsF(self.font())
        painter.setFont(self.font())
        names = min(
            frame.width * _NAME_SHARE,
            max(metrics.horizontalAdvance(part.series.name) for part in self.parts) + 1,
        )
        values = max(metrics.horizontalAdvance(told(part.seconds)) for part in self.parts)
        room = max(20.0, frame.width - names - values - 2 * _GAP)
        most = max(part.seconds for part in self.parts)
        for n, part in enumerate(self.parts):
            top = n * _ROW
            if n == self.mark:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ink(self.colors.track))
                painter.drawRoundedRect(QRectF(0, top + 1, frame.width, _ROW - 2), 4, 4)
            self._draw_row(painter, part, top, names, room, part.seconds / most)
            painter.setPen(ink(self.colors.text))
            right = QRectF(frame.width - values - 1, top, values + 1, _ROW)
            painter.drawText(
                right, (Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight).value, told(part.seconds)
            )
            if n == self.mark:
                self.draw_focus(painter, QRectF(1, top + 1, frame.width - 2, _ROW - 2))

    def table(self) -> Table:
        whole = self._whole() or 1.0
        rows = tuple((p.series.name, float(p.seconds), p.seconds / whole * 100) for p in self.parts)
        return Table((tr("Name"), tr("Time (s)"), tr("Share (%)")), rows)

    def sentence(self) -> str:
        told_parts = (f"{part.series.name} {told(part.seconds)}" for part in self.parts[:3])
        return tr("Most time first: {parts}.", parts=", ".join(told_parts))

    def _whole(self) -> float:
        return sum(part.seconds for part in self.parts)

    def _draw_row(
        self, painter: QPainter, part: Part, top: float, names: float, room: float, share: float
    ) -> None:
        metrics = QFontMetricsF(self.font())
        painter.setPen(ink(self.colors.text))
        text = metrics.elidedText(part.series.name, Qt.TextElideMode.ElideRight, names)
        painter.drawText(QRectF(0, top, names + 2, _ROW), Qt.AlignmentFlag.AlignVCenter.value, text)
        bar = QRectF(names + _GAP, top + (_ROW - _BAR) / 2, room, _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(self.colors.track))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        bar.setWidth(max(_BAR, room * share))
        painter.setBrush(ink(legible(part.series.color, self.colors.surface)))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
