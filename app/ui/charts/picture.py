"""A chart as a picture to hand on: its name and period above, its colours explained below."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter

from app.ui.charts.inks import ink, legible
from app.ui.charts.saving import Format, csv_text, png, svg
from app.ui.charts.sheet import Sheet
from app.ui.charts.values import Series

_EDGE, _GAP, _DOT = 20.0, 16.0, 10.0


def saved(chart: Sheet, form: Format) -> bytes:
    """The chart as it is shown now, in a file's bytes."""
    if form is Format.CSV:
        # The mark tells spreadsheets that it is UTF-8.
        return csv_text(chart.table()).encode("utf-8-sig")
    sheet = _Page(chart)
    background = ink(chart.colors.surface)
    if form is Format.SVG:
        return svg(sheet.size, background, chart.name, sheet.paint)
    return png(sheet.size, background, sheet.paint)


class _Page:
    def __init__(self, chart: Sheet) -> None:
        self._chart = chart
        self._font = QFont(chart.font())
        self._bold = QFont(self._font)
        self._bold.setBold(True)
        self._measure = QFontMetricsF(self._font)
        self._lines = self._wrapped(chart.width())
        self._head = self._measure.height() * (2.4 if chart.caption else 1.2) + 8
        foot = len(self._lines) * (self._measure.height() + 6) + (10 if self._lines else 0)
        self.size = QSize(
            round(chart.width() + 2 * _EDGE), round(chart.height() + self._head + foot + 2 * _EDGE)
        )

    def paint(self, painter: QPainter) -> None:
        chart, line = self._chart, self._measure.height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._bold)
        painter.setPen(ink(chart.colors.text))
        painter.drawText(QPointF(_EDGE, _EDGE + self._measure.ascent()), chart.name)
        painter.setFont(self._font)
        painter.setPen(ink(chart.colors.muted))
        painter.drawText(QPointF(_EDGE, _EDGE + line * 1.2 + self._measure.ascent()), chart.caption)
        top = _EDGE + self._head
        chart.paint_picture(painter, QRectF(_EDGE, top, chart.width(), chart.height()))
        top += chart.height() + 10
        for entries in self._lines:
            self._paint_line(painter, entries, top)
            top += line + 6

    def _paint_line(self, painter: QPainter, entries: list[Series], top: float) -> None:
        left, line = _EDGE, self._measure.height()
        painter.setFont(self._font)
        for series in entries:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink(legible(series.color, self._chart.colors.surface)))
            painter.drawRoundedRect(QRectF(left, top + (line - _DOT) / 2, _DOT, _DOT), 2.5, 2.5)
            painter.setPen(ink(self._chart.colors.text))
            painter.drawText(QPointF(left + _DOT + 6, top + self._measure.ascent()), series.name)
            left += self._taken(series)

    def _taken(self, series: Series) -> float:
        return _DOT + 6 + self._measure.horizontalAdvance(series.name) + _GAP

    def _wrapped(self, width: float) -> list[list[Series]]:
        lines: list[list[Series]] = []
        left = width
        for one in self._chart.legend():
            taken = self._taken(one)
            if left + taken > width + _GAP:
                lines.append([])
                left = 0.0
            lines[-1].append(one)
            left += taken
        return lines
