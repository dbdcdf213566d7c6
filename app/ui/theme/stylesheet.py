"""The one stylesheet, made from tokens. Widgets say what they are by the properties `role` and `kind`.

role (QFrame): card, sunken, bar, sidebar, separator, popover
role (QLabel): display, heading, title, strong, muted, caption, overline, danger, pill
kind (QPushButton, QToolButton): primary, ghost, danger, link; the default is a quiet bordered button
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import TypeVar

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

from app.paths import resources
from app.ui.theme.tokens import Tokens

W = TypeVar("W", bound=QWidget)


def stylesheet(tokens: Tokens) -> str:
    """The whole stylesheet of a look."""
    values = {
        **asdict(tokens.colors),
        **{f"radius_{name}": value for name, value in asdict(tokens.radius).items()},
        **{f"text_{name}_px": value for name, value in asdict(tokens.letters).items()},
        "icons": (resources() / "icons" / "style" / tokens.name).as_posix(),
    }
    sheet = (resources() / "stylesheet.qss").read_text(encoding="utf-8")
    return Template(sheet).substitute(values)


def styled(widget: W, **properties: str) -> W:
    """`widget` with style properties set, its look brought up to date if it wears one already."""
    changed = {name: value for name, value in properties.items() if widget.property(name) != value}
    for name, value in changed.items():
        widget.setProperty(name, value)
    style = widget.style()
    if changed and style is not None and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        style.unpolish(widget)
        style.polish(widget)
    return widget
