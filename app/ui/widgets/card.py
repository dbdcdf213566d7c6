"""A card: a rounded surface with a heading and what belongs under it."""

from __future__ import annotations

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme.stylesheet import styled
from app.ui.widgets.labels import label

_TITLE = 28


class Card(QFrame):
    """`body`: the layout for its content; `head`: the row of the title, for an "i" or a button."""

    def __init__(self, title: str = "", *, beside: QWidget | None = None, padding: int = 16) -> None:
        super().__init__()
        styled(self, role="card")
        column = QVBoxLayout(self)
        column.setContentsMargins(padding, padding, padding, padding)
        column.setSpacing(12)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.title = label(title, "strong")
        if title:
            # As high as a button beside it, so that cards in a row have their titles on one line.
            self.title.setMinimumHeight(_TITLE)
            self.head.addWidget(self.title)
            self.setAccessibleName(title)
        self.head.addStretch(1)
        if beside is not None:
            self.head.addWidget(beside)
        if title or beside is not None:
            column.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body, 1)
