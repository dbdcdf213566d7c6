"""The categories as a tree; activities are dropped on them, and they are changed."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence

from app.ui.classify.drop_tree import DropTree
from app.ui.services import Services


class CategoryTree(DropTree):
    """By keyboard or menu a category is changed, removed, moved by a place."""

    edit_wanted = pyqtSignal(int)
    remove_wanted = pyqtSignal(int)
    move_wanted = pyqtSignal(int, int)
    menu_wanted = pyqtSignal(QPoint)

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.itemDoubleClicked.connect(lambda _item, _column: self._edit())
        for keys, run in (
            ("F2", self._edit),
            ("Return", self._edit),
            ("Del", self._remove),
            ("Alt+Up", lambda: self._move(-1)),
            ("Alt+Down", lambda: self._move(1)),
        ):
            self._key(keys, run)

    def _key(self, keys: str, run: Callable[[], None]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: run())
        self.addAction(action)

    def _edit(self) -> None:
        if self.chosen:
            self.edit_wanted.emit(self.chosen)

    def _remove(self) -> None:
        if self.chosen:
            self.remove_wanted.emit(self.chosen)

    def _move(self, by: int) -> None:
        if self.chosen:
            self.move_wanted.emit(self.chosen, by)

    def _menu(self, at: QPoint) -> None:
        viewport = self.viewport()
        if self.itemAt(at) is not None and viewport is not None:
            self.menu_wanted.emit(viewport.mapToGlobal(at))
