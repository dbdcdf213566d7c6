"""The activity table beside the lanes: a row for each span, read where it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PyQt6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QIcon, QResizeEvent
from PyQt6.QtWidgets import QHeaderView, QWidget

from app.analytics.labels import NONE, By
from app.analytics.timeline import Block
from app.ui.charts.clock_axis import exact
from app.ui.charts.lanes_values import Selection
from app.ui.classify.drag import MIME, carried, drag
from app.ui.labelled import name_of
from app.ui.pages.timeline.model import TimelineModel
from app.ui.pages.timeline.name_picker import dot
from app.ui.pages.timeline.recorded import Recorded
from app.ui.theme.stylesheet import styled
from app.ui.theme.theme import Theme
from app.ui.widgets.table import Table
from app.ui.words import mark, tr

_ROOT = QModelIndex()
TIME, TITLE, PROJECT, CATEGORY, LENGTH = range(5)
_HEADS = (mark("Time"), mark("Activity"), mark("Project"), mark("Category"), mark("Length"))
_WIDTHS = {TIME: 88, PROJECT: 132, CATEGORY: 140, LENGTH: 80}
_ROW = 30
# The activity keeps this width; for it the category gives way first, then the project.
_ACTIVITY, _SHORT_PROJECT = 150, 108


class ActivityTableModel(QAbstractTableModel):
    """The rows of `TimelineModel.recorded`; titles come when they are opened."""

    def __init__(self, model: TimelineModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        model.texts_changed.connect(self._retell)
        theme.changed.connect(self._retheme)
        self._dots: dict[str, QIcon] = {}
        self._last: tuple[Recorded, int, Block] | None = None

    def reset(self) -> None:
        """Another day."""
        self.beginResetModel()
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() or self._model.recorded is None else len(self._model.recorded)

    def columnCount(self, parent: QModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_HEADS[section])
        if section == LENGTH and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        block = self.block(index.row())
        if block is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(block, index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == TITLE:
            return self._told(block)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._mark(block, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == LENGTH:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        block = self.block(index.row())
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual if block is None or block.idle else usual | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        rows = sorted({index.row() for index in indexes})
        blocks = (block for row in rows if (block := self.block(row)) is not None)
        return carried(block.span_id for block in blocks if not block.idle)

    def block(self, row: int) -> Block | None:
        """The span of a row."""
        recorded, last = self._model.recorded, self._last
        if recorded is None or not 0 <= row < len(recorded):
            return None
        # Qt asks for each role of each cell, one row after the other.
        if last is not None and last[0] is recorded and last[1] == row:
            return last[2]
        found = recorded.block(int(recorded.array["id"][row]))
        self._last = None if found is None else (recorded, row, found)
        return found

    def _shown(self, block: Block, column: int) -> str:
        recorded = self._model.recorded
        assert recorded is not None
        names = recorded.view.names
        if column == TIME:
            return f"{recorded.wall(block.start_ms):%H:%M:%S}"
        if column == LENGTH:
            return exact(block.duration_ms / 1000)
        if block.idle:
            return tr("Idle") if column == TITLE else ""
        if column == PROJECT:
            return name_of(names.project(block.project_id), By.PROJECT) if block.project_id else "–"
        if column == CATEGORY:
            return name_of(names.category(block.category_id), By.CATEGORY) if block.category_id else "–"
        return self._activity(block)

    def _activity(self, block: Block) -> str:
        recorded = self._model.recorded
        assert recorded is not None
        application = name_of(recorded.view.names.application(block.application_id), By.APPLICATION)
        title = self._model.text(block.title_id)
        text = f"{application}  ·  {title}" if title else application
        note = self._model.text(block.note_id)
        return f"{text}  ✎ {note}" if note else text

    def _told(self, block: Block) -> str:
        return "" if block.idle else self._activity(block)

    def _mark(self, block: Block, column: int) -> QIcon | None:
        """A dot in the colour that the lanes and charts have for it."""
        recorded = self._model.recorded
        assert recorded is not None
        names = recorded.view.names
        found = {
            TITLE: names.application(block.application_id),
            PROJECT: names.project(block.project_id),
            CATEGORY: names.category(block.category_id),
        }.get(column, NONE)
        if block.idle or not found.id:
            return None
        if found.color not in self._dots:
            self._dots[found.color] = dot(found.color, self._theme)
        return self._dots[found.color]

    def _retheme(self, _: object = None) -> None:
        self._dots.clear()
        self._retell()

    def _retell(self, _: object = None) -> None:
        count = self.rowCount()
        if count:
            self.dataChanged.emit(self.index(0, 0), self.index(count - 1, len(_HEADS) - 1))


class ActivityTable(Table):
    """`menu_wanted(QPoint)`: the context menu of the selection, at a place of the screen. `dragging(bool)`:
    what is selected is being dragged, or no more."""

    menu_wanted = pyqtSignal(QPoint)
    dragging = pyqtSignal(bool)
    opened = pyqtSignal(int)

    def __init__(self, model: TimelineModel, theme: Theme) -> None:
        self._theme = theme
        self._rows = ActivityTableModel(model, theme)
        super().__init__(self._rows, name=tr("Activities"), stretched=TITLE)
        styled(self, kind="bare")
        self.setIconSize(QSize(10, 10))
        rows = self.verticalHeader()
        assert rows is not None
        rows.setDefaultSectionSize(_ROW)
        self._rows.setParent(self)
        self._model = model
        self._quiet = False
        columns = self.horizontalHeader()
        assert columns is not None
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
            columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self.setSelectionMode(Table.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(Table.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        model.day_changed.connect(self._show_day)
        model.selection_changed.connect(self._show_selection)
        self._listen()

    def scroll_to(self, span_id: int) -> None:
        """Bring a span's row into sight."""
        row = None if self._model.recorded is None else self._model.recorded.row_of(span_id)
        if row is not None:
            self.scrollTo(self._rows.index(row, 0), Table.ScrollHint.EnsureVisible)

    def resizeEvent(self, e: QResizeEvent | None) -> None:
        super().resizeEvent(e)
        needed = sum(_WIDTHS.values()) + _ACTIVITY
        for column in (CATEGORY, PROJECT):
            self.setColumnHidden(column, self.width() < needed)
            needed -= _WIDTHS[column]
        short = self.isColumnHidden(CATEGORY)
        self.setColumnWidth(PROJECT, _SHORT_PROJECT if short else _WIDTHS[PROJECT])

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803 - Qt's own name
        self.dragging.emit(True)
        drag(self, self._rows.mimeData(self.selectedIndexes()), self._theme.tokens)
        self.dragging.emit(False)

    def _listen(self) -> None:
        selection = self.selectionModel()
        assert selection is not None
        selection.selectionChanged.connect(self._select)

    def _show_day(self, same: bool) -> None:
        bar = self.verticalScrollBar()
        place = bar.value() if same and bar is not None else 0
        self._quiet = True
        self._rows.reset()
        self._quiet = False
        if bar is not None:
            bar.setValue(place)

    def _show_selection(self) -> None:
        """What was selected elsewhere is selected here."""
        recorded, selection = self._model.recorded, self.selectionModel()
        if recorded is None or selection is None or self._quiet:
            return
        rows = recorded.rows_of(self._model.selection.ids).tolist()
        if rows == self._selected_rows():
            return
        self._quiet = True
        chosen = QItemSelection()
        for first, last in _runs(rows):
            chosen.select(self._rows.index(first, 0), self._rows.index(last, len(_HEADS) - 1))
        selection.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            self.scrollTo(self._rows.index(rows[0], 0), Table.ScrollHint.EnsureVisible)
        self._quiet = False

    def _select(self) -> None:
        recorded, selection = self._model.recorded, self.selectionModel()
        if self._quiet or recorded is None or selection is None:
            return
        ids = frozenset(recorded.ids[self._selected_rows()].tolist())
        current = selection.currentIndex().row()
        cursor = int(recorded.array["id"][current]) if 0 <= current < len(recorded) else None
        self._quiet = True
        self._model.select(Selection(ids, cursor=cursor if cursor in ids else None))
        self._quiet = False

    def _selected_rows(self) -> list[int]:
        """By the ranges Qt keeps: asking for each row takes it long."""
        selection = self.selectionModel()
        if selection is None:
            return []
        chosen = selection.selection()
        ranges = [chosen[n] for n in range(len(chosen))]
        return sorted({row for one in ranges for row in range(one.top(), one.bottom() + 1)})

    def _ask_menu(self, place: QPoint) -> None:
        viewport = self.viewport()
        if viewport is not None:
            self.menu_wanted.emit(viewport.mapToGlobal(place))


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of numbers that follow each other."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
