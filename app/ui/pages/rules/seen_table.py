"""Recent activities, alike ones together, to be dragged on a category."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView

from app.analytics.labels import By
from app.durations import told_in_minutes
from app.ui.classify.drag import MIME, carried, drag
from app.ui.labelled import color_of, name_of
from app.ui.pages.rules.model import RulesModel, Seen
from app.ui.services import Services
from app.ui.theme.stylesheet import styled
from app.ui.widgets.table import Table
from app.ui.words import mark, name, tr

_COLUMNS = (mark("Application"), mark("Title"), mark("Time"), mark("Category"))
_APPLICATION, _TITLE, _TIME, _CATEGORY = range(4)
# Widths, and those in a small window; the title takes the rest.
_WIDE = {_APPLICATION: 140, _TIME: 84, _CATEGORY: 140}
_NARROW = {_APPLICATION: 108, _TIME: 84, _CATEGORY: 112}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SeenRows(QAbstractTableModel):
    """A row for what is alike."""

    def __init__(self, services: Services, model: RulesModel) -> None:
        super().__init__()
        self._services, self._model = services, model
        self._seen: tuple[Seen, ...] = ()
        model.seen_changed.connect(self._changed)

    def seen(self, row: int) -> Seen | None:
        return self._seen[row] if 0 <= row < len(self._seen) else None

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._seen)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section == _TIME:
            return _RIGHT
        return tr(_COLUMNS[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        seen, column = self.seen(index.row()), index.column()
        if seen is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(seen, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == _TIME:
            return _RIGHT
        if role == Qt.ItemDataRole.DecorationRole and column == _CATEGORY:
            return self._services.icons.icon("dot", color_of(seen.row.category, self._services.theme.tokens))
        if role == Qt.ItemDataRole.ToolTipRole and column == _TITLE:
            return name(seen.row.title or "", 400) or None
        return None

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        rows = sorted({index.row() for index in indexes})
        return carried(identity for row in rows if (seen := self.seen(row)) for identity in seen.ids)

    def _changed(self) -> None:
        self.beginResetModel()
        self._seen = self._model.seen
        self.endResetModel()


def _text(seen: Seen, column: int) -> str:
    if column == _APPLICATION:
        return name_of(seen.row.application, By.APPLICATION)
    if column == _TITLE:
        return name(seen.row.title or "", 200)
    if column == _TIME:
        return told_in_minutes(seen.active_ms / 1000)
    return name_of(seen.row.category, By.CATEGORY)


class SeenTable(Table):
    """Dragged on a category, or Enter asks for one. `classify_wanted(ids)`."""

    classify_wanted = pyqtSignal(object)

    def __init__(self, services: Services, model: RulesModel) -> None:
        self._theme = services.theme
        self.rows = SeenRows(services, model)
        super().__init__(self.rows, name=tr("Recent activities"), stretched=_TITLE)
        styled(self, kind="bare")
        self.setIconSize(QSize(16, 16))
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.narrow(narrow=False)
        self.doubleClicked.connect(lambda _: self.ask())
        for keys in ("Return", "Enter"):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda: self.ask())
            self.addAction(action)

    def narrow(self, *, narrow: bool) -> None:
        """Leave more of a small window to the titles."""
        for column, width in (_NARROW if narrow else _WIDE).items():
            self.setColumnWidth(column, width)

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803 - Qt's own name
        drag(self, carried(self.chosen), self._theme.tokens)

    @property
    def chosen(self) -> list[int]:
        """The ids of the selected activities."""
        selection = self.selectionModel()
        rows = [] if selection is None else sorted(index.row() for index in selection.selectedRows())
        return [identity for row in rows if (seen := self.rows.seen(row)) for identity in seen.ids]

    def ask(self) -> None:
        """Ask which category the selected ones get."""
        if self.chosen:
            self.classify_wanted.emit(tuple(self.chosen))
