"""What the steps have in common: a heading, a sentence, and room below."""

from __future__ import annotations

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets.labels import label


class Step(QWidget):
    """`body`: the layout for its content."""

    def __init__(self, title: str, words: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 16)
        column.setSpacing(8)
        column.addWidget(label(title, "heading", wrap=True))
        column.addWidget(label(words, "muted", wrap=True))
        column.addSpacing(12)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        column.addLayout(self.body)
        column.addStretch(1)

    def entered(self) -> None:
        """The person is here now."""
