"""A table view in the house's look, for a `QAbstractTableModel` that may be long."""

from __future__ import annotations

from PyQt6.QtCore import QAbstractItemModel, Qt
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.ui.theme.palette import tabular

_ROW = 36


class Table(QTableView):
    """Whole rows, no grid, rows of one height; `stretched`: the column that takes the room left over."""

    def __init__(self, model: QAbstractItemModel, *, name: str, stretched: int = 0) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        assert rows is not None
        assert columns is not None
        rows.hide()
        rows.setDefaultSectionSize(_ROW)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        if model.columnCount():
            columns.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
