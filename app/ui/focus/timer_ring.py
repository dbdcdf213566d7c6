"""A ring that closes as time goes on, with the time left in its middle."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from app.ui.hearing import hear
from app.ui.theme.palette import sized, tabular
from app.ui.theme.theme import Theme
from app.ui.words import tr

_TOP, _WHOLE = 90 * 16, 360 * 16


class TimerRing(QWidget):
    """`part`: what is over, 0 to 1; None draws a whole ring (an open end)."""

    def __init__(self, theme: Theme, side: int) -> None:
        super().__init__()
        self._theme, self._side = theme, side
        self._part: float | None = 0.0
        self._time, self._words, self._color = "", "", "accent"
        self.setFixedSize(side, side)
        self.setAccessibleName(tr("Focus timer"))
        hear(theme.changed, self, lambda _: self.update())

    def tell(self, part: float | None, time: str, words: str, color: str = "accent") -> None:
        """Show this; `time` stands in the middle, `words` below it, `color` names a token."""
        shown = (part, time, words, color)
        if shown == (self._part, self._time, self._words, self._color):
            return
        self._part, self._time, self._words, self._color = shown
        self.setAccessibleDescription(f"{time} {words}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        c = self._theme.tokens.colors
        thick = max(6.0, self._side * 0.055)
        ring = QRectF(self.rect()).adjusted(thick, thick, -thick, -thick)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.border), thick))
        painter.drawEllipse(ring)
        pen = QPen(QColor(getattr(c, self._color)), thick)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        if self._part is None:
            painter.drawEllipse(ring)
        elif self._part > 0:
            painter.drawArc(ring, _TOP, -round(self._part * _WHOLE))
        room = ring.width() - 2 * thick
        big = tabular(sized(self.font(), round(self._side * 0.2), QFont.Weight.DemiBold))
        while big.pixelSize() > 12 and QFontMetricsF(big).horizontalAdvance(self._time) > room:
            big.setPixelSize(big.pixelSize() - 1)
        small = sized(self.font(), self._theme.tokens.letters.caption)
        high, low = QFontMetricsF(big).height(), QFontMetricsF(small).height()
        top = self.height() / 2 - (high + low * bool(self._words)) / 2
        center = Qt.AlignmentFlag.AlignCenter
        painter.setFont(big)
        painter.setPen(QColor(c.text))
        painter.drawText(QRectF(0, top, self.width(), high), center, self._time)
        painter.setFont(small)
        painter.setPen(QColor(c.text_muted))
        words = QFontMetricsF(small).elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(0, top + high, self.width(), low), center, words)
