"""A QMenu that follows a tree of entries, changing in place as little as it can.

An open menu must not jump under the pointer, and a panel is told of every change over D-Bus.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtGui import QAction, QColor, QPalette
from PyQt6.QtWidgets import QMenu

from app.ui.tray.content import Entry

Escape = Callable[[str], str]


class Menu:
    """`escape` makes a text safe from being read as a keyboard mnemonic by whoever draws the menu."""

    def __init__(self, widget: QMenu, escape: Escape) -> None:
        self.widget = widget
        _make_legible(widget)
        self._escape = escape
        self._keys: tuple[str, ...] = ()
        self._shown: dict[str, Entry] = {}
        self._actions: dict[str, QAction] = {}
        self._submenus: dict[str, Menu] = {}

    def show(self, entries: Sequence[Entry]) -> None:
        """Bring the menu to `entries`; lines come and go only while it is not open."""
        keys = tuple(entry.key for entry in entries)
        if keys != self._keys and not self.widget.isVisible():
            self._build(entries, keys)
        for entry in entries:
            if entry.key in self._actions:
                self._update(entry)

    def escape_with(self, escape: Escape) -> None:
        """Another drawer takes over: escape for it from the next `show` on."""
        self._escape = escape
        for submenu in self._submenus.values():
            submenu.escape_with(escape)

    def _build(self, entries: Sequence[Entry], keys: tuple[str, ...]) -> None:
        self.widget.clear()
        for submenu in self._submenus.values():
            submenu.widget.deleteLater()
        self._keys = keys
        self._shown.clear()
        self._actions.clear()
        self._submenus.clear()
        for entry in entries:
            self._actions[entry.key] = self._added(entry)

    def _added(self, entry: Entry) -> QAction:
        if entry.children:
            submenu = QMenu(self.widget)
            self._submenus[entry.key] = Menu(submenu, self._escape)
            action = submenu.menuAction()
            assert action is not None
            self.widget.addAction(action)
            return action
        action = QAction(self.widget)
        action.setSeparator(entry.separator)
        action.setEnabled(entry.do is not None)
        action.setCheckable(entry.checked is not None)
        action.triggered.connect(lambda: self._triggered(entry.key))
        self.widget.addAction(action)
        return action

    def _update(self, entry: Entry) -> None:
        self._shown[entry.key] = entry
        action = self._actions[entry.key]
        text = self._escape(entry.text)
        # Qt tells the panel of every call, whether it changes anything or not.
        if action.text() != text:
            action.setText(text)
        if action.isVisible() != entry.visible:
            action.setVisible(entry.visible)
        if entry.checked is not None and action.isChecked() != entry.checked:
            action.setChecked(entry.checked)
        if entry.key in self._submenus:
            self._submenus[entry.key].show(entry.children)

    def _triggered(self, key: str) -> None:
        entry = self._shown[key]
        if entry.checked is not None:
            # The click has turned the mark already; what is shown is what the agent says.
            self._actions[key].setChecked(entry.checked)
        if entry.do is not None:
            entry.do()


def _make_legible(widget: QMenu) -> None:
    """Lines that only tell something are disabled; Qt's grey for these is too pale to be read."""
    palette = widget.palette()
    text, ground = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Window)
    mixed = QColor(*(round(0.7 * a + 0.3 * b) for a, b in zip(_rgb(text), _rgb(ground), strict=True)))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, mixed)
    widget.setPalette(palette)


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def escaped_for_qt(text: str) -> str:
    """For a menu that Qt draws: `&` would underline the next letter."""
    return text.replace("&", "&&")


def escaped_for_panel(text: str) -> str:
    """For a menu that a panel draws: there `_` underlines, and Qt turns the first `&` into one.

    `__` should show one `_`, and does in KDE and GNOME; the library that Xfce and MATE use swallows it.
    So a project's name gets U+02CD instead, which looks the same everywhere.
    """
    return text.replace("_", "\u02cd").replace("&", "&&", 1)
