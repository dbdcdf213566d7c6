"""A chart's numbers as a table: for reading aloud, for copying, for who prefers numbers."""

from __future__ import annotations

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QDialog, QTableView, QVBoxLayout, QWidget

from app.ui.charts.sheet import Sheet
from app.ui.charts.values import Cell, Table
from app.ui.words import tr

_ROOT = QModelIndex()


class NumbersModel(QAbstractTableModel):
    """A `Table` for Qt's views."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._table.rows)

    def columnCount(self, parent: QModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._table.columns)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        value = self._table.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(value)
        if role == Qt.ItemDataRole.TextAlignmentRole and not isinstance(value, str):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._table.columns[section]


class NumbersWindow(QDialog):
    """Beside the chart, not over it; closes with Escape."""

    def __init__(self, name: str, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(name)
        self._model = NumbersModel(table)
        self.view = QTableView(self)
        self.view.setModel(self._model)
        self.view.setAccessibleName(name)
        self.view.setAlternatingRowColors(True)
        self.view.setToolTip(tr("Ctrl+C copies what is selected"))
        self.view.resizeColumnsToContents()
        rows = self.view.verticalHeader()
        if rows is not None:
            rows.hide()
        layout = QVBoxLayout(self)
        layout.addWidget(self.view)
        QShortcut(QKeySequence.StandardKey.Copy, self, self._copy)
        self.resize(560, 420)

    @classmethod
    def of(cls, chart: Sheet) -> NumbersWindow:
        """The window for what a chart shows now."""
        return cls(f"{chart.name} {chart.caption}".strip(), chart.table(), chart)

    def _copy(self) -> None:
        from PyQt6.QtGui import QGuiApplication

        selection = self.view.selectionModel()
        clipboard = QGuiApplication.clipboard()
        if selection is None or clipboard is None:
            return
        cells = sorted(
            (index.row(), index.column(), str(index.data())) for index in selection.selectedIndexes()
        )
        rows: dict[int, list[str]] = {}
        for row, _, text in cells:
            rows.setdefault(row, []).append(text)
        clipboard.setText("\n".join("\t".join(texts) for texts in rows.values()))


def _text(value: Cell) -> str:
    if value is None:
        return ""
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
