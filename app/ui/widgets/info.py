"""The "i" beside a number: what it is, how it is counted, in which unit."""

from __future__ import annotations

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QToolButton

from app.ui.theme.icons import Icons
from app.ui.theme.stylesheet import styled
from app.ui.widgets.labels import label
from app.ui.widgets.popover import Popover
from app.ui.words import tr


class InfoButton(QToolButton):
    """`about`: the number's name; `words`: its definition, paragraphs divided by an empty line."""

    def __init__(self, icons: Icons, about: str, words: str) -> None:
        super().__init__()
        self._about, self._words = about, words
        styled(self, kind="icon")
        self.setIcon(icons.icon("info", "text_faint"))
        self.setIconSize(QSize(14, 14))
        self.setAccessibleName(tr("About {what}", what=about))
        self.setToolTip(tr("About {what}", what=about))
        self.clicked.connect(self._open)

    def _open(self) -> None:
        popover = Popover(self)
        popover.setFixedWidth(320)
        popover.body.addWidget(label(self._about, "strong"))
        for paragraph in self._words.split("\n\n"):
            popover.body.addWidget(label(paragraph, "muted", wrap=True))
        popover.open_below(self)
