"""The list of projects as a table: name, time with its course, last seen, branch, language."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QPoint, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QIcon, QKeySequence, QPainter, QResizeEvent
from PyQt6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem

from app.analytics.projects import ProjectLine
from app.durations import told_in_minutes
from app.ui.chart_colors import chart_colors
from app.ui.charts.sparkline import paint_sparkline
from app.ui.pages.projects.listing import Column, seen_words, spoken
from app.ui.pages.projects.model import RECENT_DAYS, ProjectsModel
from app.ui.services import Services
from app.ui.shell.times import local_now
from app.ui.widgets.table import Table
from app.ui.words import mark, name, tr

_COLUMNS = tuple(Column)
_HEADS = {
    Column.NAME: mark("Project"),
    Column.RANGE: mark("30 days"),
    Column.SPARKLINE: mark("Course"),
    Column.TOTAL: mark("Total"),
    Column.SEEN: mark("Last seen"),
    Column.BRANCH: mark("Branch"),
    Column.LANGUAGE: mark("Language"),
}
_WIDTHS = {
    Column.RANGE: 96, Column.SPARKLINE: 132, Column.TOTAL: 104, Column.SEEN: 116, Column.BRANCH: 164,
    Column.LANGUAGE: 108,
}  # fmt: skip
_LEAST_WIDTHS = {Column.LANGUAGE: 960, Column.BRANCH: 800}
_RIGHT = (Column.RANGE, Column.TOTAL)
_ROW = 44


class Lines(QAbstractTableModel):
    """A row a project."""

    def __init__(self, services: Services, model: ProjectsModel) -> None:
        super().__init__()
        self._services, self._model = services, model
        self._lines: list[ProjectLine] = []
        model.changed.connect(self._changed)

    def line(self, row: int) -> ProjectLine | None:
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, project_id: int) -> int:
        """The row of a project, -1 for none."""
        return next((n for n, line in enumerate(self._lines) if line.label.id == project_id), -1)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(_HEADS[_COLUMNS[section]])
        return _alignment(_COLUMNS[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self.line(index.row()), _COLUMNS[index.column()]
        if line is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.DecorationRole and column is Column.NAME:
            return self._dot(line)
        if role == Qt.ItemDataRole.UserRole and column is Column.SPARKLINE:
            return line
        if role == Qt.ItemDataRole.AccessibleTextRole and column is Column.NAME:
            return spoken(line)
        if role == Qt.ItemDataRole.ToolTipRole and column in (Column.NAME, Column.BRANCH):
            return self._text(line, column) or None
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._model.sort(_COLUMNS[column], descending=order is Qt.SortOrder.DescendingOrder)

    def _changed(self) -> None:
        self.beginResetModel()
        self._lines = self._model.lines
        self.endResetModel()

    def _text(self, line: ProjectLine, column: Column) -> str:
        if column is Column.NAME:
            return name(line.label.name, 120) + (f"  ({tr('archived')})" if line.archived else "")
        if column is Column.SEEN:
            return seen_words(line.last_seen_ms, local_now(self._services.clock))
        return {
            Column.RANGE: told_in_minutes(line.range_ms / 1000) if line.range_ms else "–",
            Column.TOTAL: told_in_minutes(line.total_ms / 1000) if line.total_ms else "–",
            Column.BRANCH: name(line.last_branch or "", 80),
            Column.LANGUAGE: line.language or "",
        }.get(column, "")

    def _dot(self, line: ProjectLine) -> QIcon:
        return self._services.icons.icon("dot", line.label.color or "text_faint")


class _Course(QStyledItemDelegate):
    """Draws the sparkline of a line."""

    def __init__(self, services: Services, parent: Table) -> None:
        super().__init__(parent)
        self._services = services

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        super().paint(painter, option, index)
        line: ProjectLine | None = index.data(Qt.ItemDataRole.UserRole)
        if painter is None or line is None:
            return
        tokens = self._services.theme.tokens
        at = QRectF(option.rect).adjusted(8, 9, -8, -9)
        values = [float(value) for value in line.sparkline]
        paint_sparkline(
            painter, at, values, line.label.color or tokens.colors.text_faint, chart_colors(tokens)
        )


class ProjectTable(Table):
    """`opened(int)`: the person wants to see a project. `menu_wanted(QPoint)` on the selected ones."""

    opened = pyqtSignal(int)
    menu_wanted = pyqtSignal(QPoint)

    def __init__(self, services: Services, model: ProjectsModel) -> None:
        self.lines = Lines(services, model)
        super().__init__(self.lines, name=tr("Projects"))
        self._shown = -1
        self.setIconSize(QSize(16, 16))
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        assert rows is not None
        assert columns is not None
        rows.setDefaultSectionSize(_ROW)
        for column, width in _WIDTHS.items():
            columns.resizeSection(_COLUMNS.index(column), width)
        columns.setSectionResizeMode(_COLUMNS.index(Column.SPARKLINE), QHeaderView.ResizeMode.Fixed)
        columns.setMinimumSectionSize(64)
        columns.setToolTip(tr("The course is that of the last {count} days.", count=RECENT_DAYS))
        self.setItemDelegateForColumn(_COLUMNS.index(Column.SPARKLINE), _Course(services, self))
        columns.setSortIndicatorShown(True)
        columns.setSortIndicator(_COLUMNS.index(Column.RANGE), Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        for keys in ("Return", "Enter"):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda: self._open(self.currentIndex().row()))
            self.addAction(action)

    def resizeEvent(self, e: QResizeEvent | None) -> None:
        super().resizeEvent(e)
        # Where there is little room the name keeps it.
        for column, least in _LEAST_WIDTHS.items():
            self.setColumnHidden(_COLUMNS.index(column), self.width() < least)

    @property
    def chosen(self) -> list[ProjectLine]:
        """The selected projects."""
        selection = self.selectionModel()
        rows = [] if selection is None else sorted(index.row() for index in selection.selectedRows())
        return [line for row in rows if (line := self.lines.line(row)) is not None]

    def _open(self, row: int) -> None:
        line = self.lines.line(row)
        if line is not None:
            self.opened.emit(line.label.id)

    def _menu(self, at: QPoint) -> None:
        viewport = self.viewport()
        if self.chosen and viewport is not None:
            self.menu_wanted.emit(viewport.mapToGlobal(at))


def _alignment(column: Column) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter
