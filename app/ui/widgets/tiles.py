"""Tiles: one number each, with what is beside it and an "i" that says what it is."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.explained import explanation
from app.ui.figure import Figure
from app.ui.theme.icons import Icons
from app.ui.theme.palette import tabular
from app.ui.theme.stylesheet import styled
from app.ui.widgets.card import Card
from app.ui.widgets.info import InfoButton
from app.ui.widgets.labels import ElidedLabel, label


class Tile(Card):
    """One number. `key` names its explanation."""

    def __init__(self, icons: Icons, key: str) -> None:
        super().__init__(padding=16)
        told = explanation(key)
        self.setAccessibleName(told.title)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(label(told.title, "muted"))
        head.addWidget(InfoButton(icons, told.title, told.words))
        head.addStretch(1)
        self._value = styled(QLabel(), role="figure")
        self._value.setFont(tabular(self._value.font()))
        self._beside = ElidedLabel("", "caption")
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._value)
        column.addWidget(self._beside)
        self.body.addLayout(column)

    def tell(self, figure: Figure) -> None:
        """Show this number."""
        self._value.setText(figure.value)
        self._beside.tell(figure.beside)
        role = {True: "good", False: "", None: ""}[figure.better]
        styled(self._beside, role="caption", kind=role)
        self.setAccessibleDescription(" ".join(part for part in (figure.value, figure.beside) if part))

    def tell_value(self, value: str) -> None:
        """Show another number, the words beside it stay."""
        self._value.setText(value)


class Tiles(QWidget):
    """Rows of them, of one width; `columns` 0: all in one row."""

    def __init__(self, icons: Icons, keys: Sequence[str], *, columns: int = 0) -> None:
        super().__init__()
        self._tiles = {key: Tile(icons, key) for key in keys}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(16)
        self._columns = 0
        self.arrange(columns or len(keys))

    def arrange(self, columns: int) -> None:
        """Put them in rows of so many."""
        if columns == self._columns:
            return
        self._columns = columns
        for place, tile in enumerate(self._tiles.values()):
            self._grid.addWidget(tile, place // columns, place % columns)
        for column in range(len(self._tiles)):
            self._grid.setColumnStretch(column, int(column < columns))

    def tile(self, key: str) -> Tile:
        return self._tiles[key]

    def tell(self, figures: Sequence[Figure]) -> None:
        """Show these numbers."""
        for figure in figures:
            self._tiles[figure.key].tell(figure)
