"""A segmented control: a few choices side by side, one of them taken."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton

from app.ui.theme.stylesheet import styled


class Segments(QFrame):
    """`choices`: key and words of each. `chosen(key)` when the person picks another. Arrow keys move."""

    chosen = pyqtSignal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], *, name: str, current: str = "") -> None:
        super().__init__()
        styled(self, role="segments")
        self.setAccessibleName(name)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for key, words in choices:
            button = styled(QToolButton(), kind="segment")
            button.setText(words)
            button.setAccessibleName(f"{name}: {words}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        self.choose(current or choices[0][0])

    @property
    def current(self) -> str:
        """The key that is taken."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Take this one, without `chosen`. Raises KeyError for one that is not offered."""
        self._buttons[key].setChecked(True)
        for other, button in self._buttons.items():
            tab = other == key
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tab else Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key())) if event else None
        if step is None:
            super().keyPressEvent(event)
            return
        keys = list(self._buttons)
        key = keys[(keys.index(self.current) + step) % len(keys)]
        self.choose(key)
        self._buttons[key].setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(key)
