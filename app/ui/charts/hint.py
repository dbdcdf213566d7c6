"""The hint beside the pointer: exact values, in the house's look."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from app.ui.charts.colors import ChartColors
from app.ui.charts.inks import ink, legible

_PAD, _GAP, _DOT, _AWAY, _WIDEST = 10.0, 16.0, 8.0, 14, 380.0


@dataclass(frozen=True, slots=True)
class Line:
    """`name` stands left, `value` right; `color` gives it the dot of its series."""

    name: str
    value: str = ""
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """A title and the lines under it."""

    title: str
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """All of it, for reading aloud."""
        return "; ".join([self.title, *(f"{line.name} {line.value}".strip() for line in self.lines)])


class HintBox(QWidget):
    """Lies over the chart's window, lets the pointer through, and stays inside the window."""

    def __init__(self, window: QWidget, colors: ChartColors) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.colors = colors
        self.hint = Hint("")
        self.hide()

    def show_at(self, hint: Hint, place: QPoint) -> None:
        """Show beside `place`, in the window's coordinates."""
        self.hint = hint
        size = self._needed()
        self.resize(size)
        window = self.parentWidget()
        assert window is not None
        x, y = place.x() + _AWAY, place.y() + _AWAY
        if x + size.width() > window.width() - 4:
            x = place.x() - _AWAY - size.width()
        if y + size.height() > window.height() - 4:
            y = place.y() - _AWAY - size.height()
        self.move(max(4, x), max(4, y))
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(ink(self.colors.border))
        painter.setBrush(ink(self.colors.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        text = ink(self.colors.raised_text)
        soft = ink(self.colors.raised_text, 0.75)
        metrics = self._metrics(bold=True)
        y = _PAD
        width = self.width() - 2 * _PAD
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(text)
        painter.drawText(QPointF(_PAD, y + metrics.ascent()), _elided(metrics, self.hint.title, width))
        font.setBold(False)
        painter.setFont(font)
        metrics = self._metrics()
        y += metrics.height() + 4
        for line in self.hint.lines:
            left = _PAD
            if line.color is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ink(legible(line.color, self.colors.raised)))
                painter.drawRoundedRect(QRectF(left, y + (metrics.height() - _DOT) / 2, _DOT, _DOT), 2, 2)
                left += _DOT + 6
            taken = metrics.horizontalAdvance(line.value)
            painter.setPen(soft)
            room = self.width() - _PAD - left - (taken + _GAP if line.value else 0)
            painter.drawText(QPointF(left, y + metrics.ascent()), _elided(metrics, line.name, room))
            painter.setPen(text)
            painter.drawText(QPointF(self.width() - _PAD - taken, y + metrics.ascent()), line.value)
            y += metrics.height() + 2
        painter.end()

    def _needed(self) -> QSize:
        metrics = self._metrics()
        widest = self._metrics(bold=True).horizontalAdvance(self.hint.title)
        for line in self.hint.lines:
            dot = _DOT + 6 if line.color is not None else 0
            value = metrics.horizontalAdvance(line.value) + _GAP if line.value else 0
            widest = max(widest, dot + metrics.horizontalAdvance(line.name) + value)
        height = metrics.height() + (
            4 + len(self.hint.lines) * (metrics.height() + 2) if self.hint.lines else 0
        )
        return QSize(round(min(widest + 1, _WIDEST) + 2 * _PAD), round(height + 2 * _PAD))

    def _metrics(self, *, bold: bool = False) -> QFontMetricsF:
        font = self.font()
        font.setBold(bold)
        return QFontMetricsF(font)


def _elided(metrics: QFontMetricsF, text: str, room: float) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
