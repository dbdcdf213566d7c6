"""A segmented control: a few choices side by side, one of them taken; in little room a box that opens."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QToolButton

from app.ui.theme.stylesheet import styled

# The frame and the room within it, at one side.
_EDGE = 3


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
        self._box = QComboBox()
        self._box.setAccessibleName(name)
        for key, words in choices:
            self._box.addItem(words, key)
        self._box.activated.connect(self._take)
        self._box.hide()
        row.addWidget(self._box)
        self.choose(current or choices[0][0])

    @property
    def current(self) -> str:
        """The key that is taken."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    @property
    def unfolded_width(self) -> int:
        """What they need side by side, in logical pixels."""
        between = 2 * (len(self._buttons) - 1)
        return sum(button.sizeHint().width() for button in self._buttons.values()) + between + 2 * _EDGE

    @property
    def folded(self) -> bool:
        """Whether they are in a box that opens."""
        return self._box.isVisibleTo(self)

    def fold(self, *, folded: bool) -> None:
        """Put them in a box that opens, or side by side."""
        if folded == self.folded:
            return
        edge = 0 if folded else 2
        row = self.layout()
        assert row is not None
        row.setContentsMargins(edge, edge, edge, edge)
        styled(self, role="plain" if folded else "segments")
        for button in self._buttons.values():
            button.setVisible(not folded)
        self._box.setVisible(folded)

    def choose(self, key: str) -> None:
        """Take this one, without `chosen`. Raises KeyError for one that is not offered."""
        self._buttons[key].setChecked(True)
        self._box.setCurrentIndex(self._box.findData(key))
        for other, button in self._buttons.items():
            tab = other == key
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tab else Qt.FocusPolicy.ClickFocus)

    def _take(self, index: int) -> None:
        key = str(self._box.itemData(index))
        self.choose(key)
        self.chosen.emit(key)

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
