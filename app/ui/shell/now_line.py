"""One line at the foot of the side bar: what the agent is doing now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from app.ui.live import Agent, Status
from app.ui.theme.palette import sized, tabular
from app.ui.theme.theme import Theme
from app.ui.tray.view import headline, running_focus, today
from app.ui.words import tr

_COLORS = {
    "tracking": "success",
    "idle": "warning",
    "paused": "warning",
    "private": "accent",
    "degraded": "danger",
}

# In less room only the dot is drawn; the tool tip has the words.
_WORDS = 100


class NowLine(QWidget):
    """A dot in the state's colour, what is worked on, and today's total. `clicked()` leads to Today."""

    clicked = pyqtSignal()

    def __init__(self, theme: Theme, agent: Agent, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._theme, self._agent, self._now = theme, agent, now
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(52)
        agent.status_changed.connect(self._show)
        agent.present_changed.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(180, 52)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def _show(self, _: object = None) -> None:
        self._first, self._second, self._color = _lines(self._agent.status, self._now())
        self.setAccessibleName(f"{self._first}. {self._second}")
        self.setToolTip(f"{self._first}\n{self._second}")
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.colors.accent), 2))
        else:
            painter.setPen(QColor(tokens.colors.border))
        painter.setBrush(QColor(tokens.colors.surface))
        painter.drawRoundedRect(frame, tokens.radius.l, tokens.radius.l)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(tokens.colors, self._color)))
        if self.width() < _WORDS:
            painter.drawEllipse(QRectF((self.width() - 8) / 2, (self.height() - 8) / 2, 8, 8))
            return
        painter.drawEllipse(QRectF(12, 14, 8, 8))
        self._text(painter, self._first, 9, tokens.letters.body, tokens.colors.text)
        self._text(painter, self._second, 27, tokens.letters.caption, tokens.colors.text_muted)

    def _text(self, painter: QPainter, text: str, top: int, size: int, color: str) -> None:
        painter.setFont(tabular(sized(self.font(), size)))
        painter.setPen(QColor(color))
        width = self.width() - 28 - 8
        line = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(28, top, width, 18), Qt.AlignmentFlag.AlignVCenter, line)


def _lines(status: Status | None, now: datetime) -> tuple[str, str, str]:
    """First line, second line, and the colour of the dot."""
    if status is None:
        return tr("Not recording"), tr("The agent does not run"), "text_faint"
    focus = running_focus(status)
    state = str(status.get("state"))
    color = "accent" if focus is not None else _COLORS.get(state, "text_faint")
    return headline(status, now), today(status), color
