"""Buttons with an icon."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QPushButton, QToolButton

from app.ui.theme.icons import Icons
from app.ui.theme.stylesheet import styled

# Wider than high: the icon is painted in the middle, and keeps its distance from the words.
WIDE_ICON = QSize(22, 16)


def button(
    icons: Icons, words: str, run: Callable[[], object], *, icon: str = "", kind: str = ""
) -> QPushButton:
    """A button; `kind` as in app/ui/theme/stylesheet.py."""
    made = styled(QPushButton(words), kind=kind)
    if icon:
        color = {"primary": "on_accent", "danger": "danger", "link": "accent"}.get(kind, "text_muted")
        made.setIcon(icons.icon(icon, color))
        made.setIconSize(WIDE_ICON)
    made.clicked.connect(lambda: run())
    return made


def icon_button(icons: Icons, icon: str, name: str, run: Callable[[], object]) -> QToolButton:
    """A button that is only an icon; `name` says what it does, as tool tip and to screen readers."""
    made = styled(QToolButton(), kind="icon")
    made.setIcon(icons.icon(icon))
    made.setIconSize(QSize(18, 18))
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.clicked.connect(lambda: run())
    return made
