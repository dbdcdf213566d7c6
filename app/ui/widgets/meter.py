"""A thin bar that shows a part of a whole."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.ui.hearing import hear
from app.ui.theme.theme import Theme

_HEIGHT = 6


class Meter(QWidget):
    """`tell` a share from 0 to 1; more than the whole fills it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share, self._color = 0.0, "accent"
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        hear(theme.changed, self, lambda _: self.update())

    def tell(self, share: float, *, name: str, words: str, color: str = "accent") -> None:
        """Show this share, in a colour of the tokens or `#rrggbb`; `name` and `words` for who cannot see."""
        self._share, self._color = min(1.0, max(0.0, share)), color
        self.setAccessibleName(name)
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, _HEIGHT)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        c = self._theme.tokens.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        painter.setBrush(QColor(c.border))
        painter.drawRoundedRect(whole, _HEIGHT / 2, _HEIGHT / 2)
        if self._share <= 0:
            return
        filled = max(float(_HEIGHT), whole.width() * self._share)
        left = whole.right() - filled if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 0.0
        painter.setBrush(QColor(self._color if self._color.startswith("#") else getattr(c, self._color)))
        painter.drawRoundedRect(QRectF(left, 0, filled, _HEIGHT), _HEIGHT / 2, _HEIGHT / 2)
