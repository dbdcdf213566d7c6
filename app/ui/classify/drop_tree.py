"""The categories as a tree on which recorded activities are dropped."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
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


class DropTree(QTreeWidget):
    """`dropped(ids, category_id)`: these activities were let go over a category."""

    dropped = pyqtSignal(object, int)

    def __init__(self, services: Services, *, row: int = 32) -> None:
        super().__init__()
        self._services, self._row = services, row
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
            self._show(item, category)
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

    def _show(self, item: QTreeWidgetItem, category: Category) -> None:
        words = tr(PRODUCTIVITY[category.productivity])
        item.setText(0, category_name(category.name, 80))
        item.setIcon(0, self._services.icons.icon("dot", category.color))
        item.setData(0, _ID, category.id)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{category_name(category.name)}, {words}")
        item.setToolTip(0, f"{category_name(category.name, 200)}\n{words}")
        if category.productivity in _ICONS:
            item.setIcon(1, self._services.icons.icon(*_ICONS[category.productivity]))
        item.setToolTip(1, words)
        item.setSizeHint(0, QSize(0, self._row))
