"""The side bar: the pages, and below them what the agent is doing now."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout

from app.paths import resources
from app.ui.shell.now_line import NowLine
from app.ui.shell.page import PageEntry
from app.ui.theme.icons import Icons
from app.ui.theme.stylesheet import styled
from app.ui.words import tr

WIDTH = 208
_ICON = 18


class SideBar(QFrame):
    """`chosen(key)` when the person picks a page."""

    chosen = pyqtSignal(str)

    def __init__(self, entries: Sequence[PageEntry], icons: Icons, now: NowLine) -> None:
        super().__init__()
        self.setProperty("role", "sidebar")
        self.setFixedWidth(WIDTH)
        self._icons = icons
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 16, 12, 12)
        column.setSpacing(2)
        column.addLayout(self._brand())
        column.addSpacing(12)
        for place, entry in enumerate(entries, 1):
            if not entry.below:
                column.addWidget(self._button(entry, place))
        column.addStretch(1)
        for place, entry in enumerate(entries, 1):
            if entry.below:
                column.addWidget(self._button(entry, place))
        column.addSpacing(8)
        column.addWidget(now)

    def show_chosen(self, key: str) -> None:
        """Mark the page that is shown."""
        button = self._buttons.get(key)
        if button is not None:
            button.setChecked(True)
            return
        shown = self._group.checkedButton()
        if shown is not None:
            # An exclusive group keeps one checked.
            self._group.setExclusive(False)
            shown.setChecked(False)
            self._group.setExclusive(True)

    def focus_chosen(self) -> None:
        """Put the keyboard's focus on the page that is shown."""
        button = self._group.checkedButton()
        if button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _brand(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        picture = QLabel()
        picture.setPixmap(QIcon(str(resources() / "icons" / "devpulse.svg")).pixmap(QSize(22, 22)))
        row.addWidget(picture)
        row.addWidget(styled(QLabel("DevPulse"), role="strong"))
        row.addStretch(1)
        return row

    def _button(self, entry: PageEntry, place: int) -> QToolButton:
        button = styled(QToolButton(), kind="nav")
        title = tr(entry.title)
        button.setText("  " + title)
        button.setAccessibleName(title)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIcon(self._icons.icon(entry.icon, "text_muted", on="accent"))
        button.setIconSize(QSize(_ICON, _ICON))
        button.setCheckable(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if place <= 9:
            button.setToolTip(tr("{page} (Ctrl+{number})", page=title, number=place))
        button.clicked.connect(lambda: self.chosen.emit(entry.key))
        self._group.addButton(button)
        self._buttons[entry.key] = button
        return button
