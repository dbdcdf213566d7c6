"""The command palette (Ctrl+K): everything the window can do, found by typing."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QObject, QSize, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.shell.matching import score
from app.ui.shell.page import Command
from app.ui.theme.icons import Icons
from app.ui.theme.stylesheet import styled
from app.ui.words import tr

_WIDTH, _HEIGHT, _FROM_TOP = 560, 400, 96
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class CommandPalette(QFrame):
    """Floats over `parent`; Enter runs, Escape leaves, and the focus goes back to where it was."""

    def __init__(self, parent: QWidget, icons: Icons) -> None:
        super().__init__(parent)
        self.setProperty("role", "popover")
        self._icons = icons
        self._commands: Sequence[Command] = ()
        self._before: QWidget | None = None
        self._field = styled(QLineEdit(), kind="bare")
        self._field.setPlaceholderText(tr("Go to a page, or do something…"))
        self._field.setAccessibleName(tr("Search commands"))
        self._field.textChanged.connect(self._filter)
        self._field.installEventFilter(self)
        self._list = styled(QListWidget(), kind="bare")
        self._list.setAccessibleName(tr("Commands"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setIconSize(QSize(18, 18))
        self._list.setUniformItemSizes(True)
        self._list.itemClicked.connect(lambda _: self._run())
        self._none = styled(QLabel(tr("Nothing here is called that.")), role="muted")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(4)
        search = QHBoxLayout()
        search.setContentsMargins(8, 4, 8, 0)
        search.setSpacing(10)
        self._glass = QLabel()
        search.addWidget(self._glass)
        search.addWidget(self._field)
        line = styled(QFrame(), role="separator")
        column.addLayout(search)
        column.addWidget(line)
        column.addWidget(self._list, 1)
        column.addWidget(self._none, 1)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 8)
        self.setGraphicsEffect(shadow)
        self.hide()

    def open(self, commands: Sequence[Command]) -> None:
        """Offer these."""
        parent = self.parentWidget()
        assert parent is not None
        self._commands = commands
        self._glass.setPixmap(self._icons.pixmap("search", 18, "text_muted", self.devicePixelRatioF()))
        window = parent.window()
        self._before = window.focusWidget() if window is not None else None
        width = min(_WIDTH, parent.width() - 48)
        height = min(_HEIGHT, parent.height() - _FROM_TOP - 24)
        self.setGeometry((parent.width() - width) // 2, _FROM_TOP, width, height)
        self._field.clear()
        self._filter("")
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Close without doing anything."""
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
            self._before = None

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._pressed(event):
            return True
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key in _MOVES:
            last = self._list.count() - 1
            self._list.setCurrentRow(max(0, min(last, self._list.currentRow() + _MOVES[key])))
        else:
            return False
        return True

    def _filter(self, typed: str) -> None:
        rated = [(score(typed, f"{c.title} {c.hint}"), place, c) for place, c in enumerate(self._commands)]
        fitting = sorted(
            ((s, place, c) for s, place, c in rated if s is not None), key=lambda found: (-found[0], found[1])
        )
        self._list.clear()
        for _, _, command in fitting:
            beside = " · ".join(part for part in (command.hint, command.shortcut) if part)
            item = QListWidgetItem(self._icons.icon(command.icon), f"{command.title}   {beside}".rstrip())
            item.setData(Qt.ItemDataRole.UserRole, command)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.setVisible(bool(fitting))
        self._none.setVisible(not fitting)

    def _run(self) -> None:
        item = self._list.currentItem()
        if item is None:
            return
        command = item.data(Qt.ItemDataRole.UserRole)
        assert isinstance(command, Command)
        self.leave()
        command.run()
