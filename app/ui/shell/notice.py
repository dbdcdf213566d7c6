"""A strip above the page for what stays true until it changes: the agent is away, titles are locked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from app.ui.theme.stylesheet import styled


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said, and what a button offers to do about it. `kind`: warning, danger or info."""

    words: str
    action: str = ""
    run: Callable[[], None] | None = None
    kind: str = "warning"


class NoticeBar(QFrame):
    """Shows one notice or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QPushButton()
        self._button.clicked.connect(self._run)
        self._notice: Notice | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 16, 8)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        self.hide()

    def show_notice(self, notice: Notice | None) -> None:
        """Show this one, or none."""
        self._notice = notice
        self.setVisible(notice is not None)
        if notice is None:
            return
        styled(self, kind=notice.kind)
        self._words.setText(notice.words)
        self._button.setText(notice.action)
        self._button.setVisible(bool(notice.action))

    def _run(self) -> None:
        if self._notice is not None and self._notice.run is not None:
            self._notice.run()
