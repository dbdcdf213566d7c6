"""The side bar: the pages, and below them what the agent is doing now."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QPainter, QPaintEvent
from PyQt6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout

from app.paths import resources
from app.ui.shell.now_line import NowLine
from app.ui.shell.page import PageEntry
from app.ui.theme.icons import Icons
from app.ui.theme.stylesheet import styled
from app.ui.theme.theme import Theme
from app.ui.words import tr

WIDTH, NARROW = 208, 64
_ICON = 18
_DOT, _DOT_INSET = 4, 16
# Beside the icon, where it stands alone.
_CORNER = 8


class NavButton(QToolButton):
    """A page's line, with a dot at its end where something there waits for the person."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self._theme = theme
        self._title = title
        self._waits = ""
        self.setAccessibleName(title)

    def show_waiting(self, waits: str) -> None:
        """Say what waits there; "" for nothing."""
        if waits != self._waits:
            self._waits = waits
            self.setAccessibleName(f"{self._title}: {waits}" if waits else self._title)
            self.update()

    @property
    def waits(self) -> str:
        """What waits there."""
        return self._waits

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if self._waits:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.tokens.colors.warning))
            painter.drawEllipse(self._dot(), _DOT, _DOT)

    def _dot(self) -> QPointF:
        if self.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly:
            return QPointF(self.width() - _CORNER, _CORNER)
        return QPointF(self.width() - _DOT_INSET, self.height() / 2)


class SideBar(QFrame):
    """`chosen(key)` when the person picks a page."""

    chosen = pyqtSignal(str)

    def __init__(self, entries: Sequence[PageEntry], theme: Theme, icons: Icons, now: NowLine) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "sidebar")
        self.setFixedWidth(WIDTH)
        self._icons = icons
        self._buttons: dict[str, NavButton] = {}
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

    def fold(self, *, narrow: bool) -> None:
        """Icons only, or with their words."""
        style = Qt.ToolButtonStyle
        self.setFixedWidth(NARROW if narrow else WIDTH)
        self._name.setVisible(not narrow)
        for button in self._buttons.values():
            button.setToolButtonStyle(style.ToolButtonIconOnly if narrow else style.ToolButtonTextBesideIcon)

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

    def show_waiting(self, key: str, waits: str) -> None:
        """Put a mark at a page where something waits for the person; "" takes it away."""
        button = self._buttons.get(key)
        if button is not None:
            button.show_waiting(waits)

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
        self._name = styled(QLabel("DevPulse"), role="strong")
        row.addWidget(self._name)
        row.addStretch(1)
        return row

    def _button(self, entry: PageEntry, place: int) -> NavButton:
        title = tr(entry.title)
        button = styled(NavButton(self._theme, title), kind="nav")
        button.setText("  " + title)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIcon(self._icons.icon(entry.icon, "text_muted", on="accent"))
        button.setIconSize(QSize(_ICON, _ICON))
        button.setCheckable(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        keyed = place <= 9
        button.setToolTip(tr("{page} (Ctrl+{number})", page=title, number=place) if keyed else title)
        button.clicked.connect(lambda: self.chosen.emit(entry.key))
        self._group.addButton(button)
        self._buttons[entry.key] = button
        return button
