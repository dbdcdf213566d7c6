"""The table of all applications that were recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt

from app.analytics.labels import By
from app.analytics.recorded import RecordedApplication
from app.durations import told
from app.ui.dates import told_day
from app.ui.labelled import name_of
from app.ui.words import tr

_Role = Qt.ItemDataRole
SORT = _Role.UserRole
_NOWHERE = QModelIndex()


class Applications(QAbstractTableModel):
    """Name, time, first and last day. `today` tells how days are named."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self._rows: Sequence[RecordedApplication] = ()
        self._told: dict[int, tuple[str, ...]] = {}

    def show(self, rows: Sequence[RecordedApplication]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = rows
        self._told.clear()
        self.endResetModel()

    def application(self, row: int) -> RecordedApplication:
        """What a row is about."""
        return self._rows[row]

    def rowCount(self, parent: QModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return (tr("Application"), tr("Time"), tr("First"), tr("Last"))[section]
        return None

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == _Role.DisplayRole:
            if index.row() not in self._told:
                self._told[index.row()] = self._shown(row)
            return self._told[index.row()][index.column()]
        if role == SORT:
            keys = (name_of(row.label, By.APPLICATION).casefold(), row.active_ms, row.first_day.toordinal(),
                    row.last_day.toordinal())  # fmt: skip
            return keys[index.column()]
        if role == _Role.TextAlignmentRole and index.column() == 1:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _shown(self, row: RecordedApplication) -> tuple[str, str, str, str]:
        return (
            name_of(row.label, By.APPLICATION),
            told(row.active_ms / 1000),
            told_day(row.first_day, self._today),
            told_day(row.last_day, self._today),
        )


def sorted_applications(model: Applications) -> QSortFilterProxyModel:
    """The same, sorted by any column, and filtered by name."""
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(model)
    proxy.setSortRole(SORT)
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    proxy.sort(1, Qt.SortOrder.DescendingOrder)
    return proxy
