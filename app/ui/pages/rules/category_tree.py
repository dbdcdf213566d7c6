"""The categories as a tree; activities are dropped on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from app.models.categories import Category
from app.ui.classify.category_box import in_order
from app.ui.classify.drag import MIME, brought
from app.ui.labelled import category_name
from app.ui.services import Services
from app.ui.theme.stylesheet import styled
from app.ui.words import mark, tr

PRODUCTIVITY = {1: mark("productive"), 0: mark("neutral"), -1: mark("distracting")}
_ICONS = {1: ("trending-up", "success"), -1: ("trending-down", "danger")}
_ID = Qt.ItemDataRole.UserRole


class CategoryTree(QTreeWidget):
    """`dropped(ids, category_id)`; by keyboard or menu a category is changed, removed, moved by a place."""

    dropped = pyqtSignal(object, int)
    edit_wanted = pyqtSignal(int)
    remove_wanted = pyqtSignal(int)
    move_wanted = pyqtSignal(int, int)
    menu_wanted = pyqtSignal(QPoint)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        styled(self, kind="bare")
        self.setAccessibleName(tr("Categories"))
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setIndentation(16)
        self.setIconSize(QSize(16, 16))
        self.setUniformRowHeights(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, 36)
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

    @property
    def chosen(self) -> int:
        """The id of the category the keyboard is on, 0 for none."""
        item = self.currentItem()
        return 0 if item is None else int(item.data(0, _ID))

    def show_categories(self, categories: Sequence[Category]) -> None:
        """Show these; what is chosen stays."""
        before = self.chosen
        self.clear()
        items: dict[int, QTreeWidgetItem] = {}
        for category, _ in in_order(categories):
            parent = items.get(category.parent_id or 0)
            item = QTreeWidgetItem(self) if parent is None else QTreeWidgetItem(parent)
            self._dress(item, category)
            items[category.id] = item
        self.expandAll()
        if before in items:
            self.setCurrentItem(items[before])

    def item_of(self, category_id: int) -> QTreeWidgetItem | None:
        """The item of a category."""
        found = self.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
        return next((item for item in found if item.data(0, _ID) == category_id), None)

    def dragEnterEvent(self, e: QDragEnterEvent | None) -> None:
        mime = None if e is None else e.mimeData()
        if e is not None and mime is not None and mime.hasFormat(MIME):
            e.acceptProposedAction()

    def dragMoveEvent(self, e: QDragMoveEvent | None) -> None:
        if e is None:
            return
        item = self.itemAt(e.position().toPoint())
        if item is None or not brought(e.mimeData()):
            e.ignore()
            return
        self.setCurrentItem(item)
        e.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        if event is None:
            return
        item, ids = self.itemAt(event.position().toPoint()), brought(event.mimeData())
        if item is not None and ids:
            event.acceptProposedAction()
            self.dropped.emit(ids, int(item.data(0, _ID)))

    def _key(self, keys: str, run: Callable[[], None]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: run())
        self.addAction(action)

    def _dress(self, item: QTreeWidgetItem, category: Category) -> None:
        words = tr(PRODUCTIVITY[category.productivity])
        item.setText(0, category_name(category.name, 80))
        item.setIcon(0, self._services.icons.icon("dot", category.color))
        item.setData(0, _ID, category.id)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{category_name(category.name)}, {words}")
        item.setToolTip(0, f"{category_name(category.name, 200)}\n{words}")
        if category.productivity in _ICONS:
            item.setIcon(1, self._services.icons.icon(*_ICONS[category.productivity]))
        item.setToolTip(1, words)
        item.setSizeHint(0, QSize(0, 32))

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
