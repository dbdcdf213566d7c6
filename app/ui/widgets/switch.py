"""A switch: on or off, at once."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton

from app.ui.theme.theme import Theme

_WIDTH, _HEIGHT = 40, 24


class Switch(QAbstractButton):
    """`toggled(bool)` as with every checkable button; Space turns it."""

    def __init__(self, theme: Theme, name: str, *, on: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(_WIDTH, _HEIGHT)
        # A method of its own: it is let go with the switch.
        theme.changed.connect(self._recolor)

    def _recolor(self, _: object) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        c = self._theme.tokens.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(c.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(1, 1, _WIDTH - 2, _HEIGHT - 2), 11, 11)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.accent if self.isChecked() else c.text_faint))
        painter.drawRoundedRect(QRectF(3, 3, _WIDTH - 6, _HEIGHT - 6), 9, 9)
        painter.setBrush(QColor(c.on_accent if self.isChecked() else c.surface))
        painter.drawEllipse(QRectF(_WIDTH - 19 if self.isChecked() else 5, 5, 14, 14))
