"""A small surface that opens beside what was pressed, and closes with Escape or a press elsewhere."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.theme.stylesheet import styled


class Popover(QFrame):
    """`body`: the layout for its content."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        surface = styled(QFrame(), role="popover")
        outer.addWidget(surface)
        self.body = QVBoxLayout(surface)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)

    def open_below(self, anchor: QWidget) -> None:
        """Show it below `anchor`, within its screen."""
        self.adjustSize()
        at = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
        screen = anchor.screen()
        if screen is not None:
            room = screen.availableGeometry()
            at.setX(max(room.left() + 8, min(at.x(), room.right() - self.width() - 8)))
            if at.y() + self.height() > room.bottom():
                at.setY(anchor.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4)
        self.move(at)
        self.show()
