"""A row of a form: words on the left, the control on the right."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.widgets.labels import label


class FormRow(QWidget):
    """`wide`: the control stands below the words and takes the whole width."""

    def __init__(self, title: str, prose: str, control: QWidget, *, wide: bool = False) -> None:
        super().__init__()
        self.control = control
        self.title = label(title)
        self.title.setStyleSheet("font-weight: 500;")
        self.prose = label(prose, "caption", wrap=True)
        if not prose:
            # To show it before it has a parent would open it as a window.
            self.prose.hide()
        self._buddy(self.title, control)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.prose)
        if wide:
            column = QVBoxLayout(self)
            column.setContentsMargins(0, 12, 0, 12)
            column.setSpacing(8)
            column.addLayout(words)
            column.addWidget(control)
            return
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 12, 0, 12)
        row.setSpacing(24)
        row.addLayout(words, 1)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    @staticmethod
    def _buddy(title: QLabel, control: QWidget) -> None:
        title.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(title.text())
