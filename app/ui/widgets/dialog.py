"""A dialog: for a choice that is needed before anything is done, never for news."""

from __future__ import annotations

from PyQt6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.theme.stylesheet import styled
from app.ui.widgets.labels import label
from app.ui.words import tr


class Dialog(QDialog):
    """`body`: the layout for its content; `accept_button` is enabled by whoever checks what was typed.

    `open()` it and connect to `accepted`; nothing waits for it.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        *,
        accept: str,
        words: str = "",
        danger: bool = False,
        width: int = 460,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(width)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addWidget(label(title, "title"))
        if words:
            column.addWidget(label(words, "muted", wrap=True))
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        column.addLayout(self.body, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.extra = QHBoxLayout()
        row.addLayout(self.extra)
        row.addStretch(1)
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self.accept_button = styled(QPushButton(accept), kind="danger" if danger else "primary")
        self.accept_button.clicked.connect(self.accept)
        self.cancel_button.setAutoDefault(False)
        # What destroys data is never one Enter away.
        self.accept_button.setDefault(not danger)
        self.accept_button.setAutoDefault(not danger)
        row.addWidget(self.cancel_button)
        row.addWidget(self.accept_button)
        column.addLayout(row)
