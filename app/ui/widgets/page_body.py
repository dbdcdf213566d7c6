"""The frame of a page: its heading with actions, and below it content that scrolls."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.theme.stylesheet import styled
from app.ui.widgets.labels import label

_MARGIN = 24


class PageHeader(QWidget):
    """`add(widget)` puts controls to its right."""

    def __init__(self, title: str, subtitle: str = "") -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.title = label(title, "heading")
        self.subtitle = label(subtitle, "muted", wrap=True)
        if not subtitle:
            # To show it before it has a parent would open it as a window.
            self.subtitle.hide()
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        self._row.addLayout(words, 1)

    def add(self, widget: QWidget) -> None:
        """A control at the right end."""
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def say(self, subtitle: str) -> None:
        """Change what stands below the title."""
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))


def page_column(page: QWidget, header: QWidget) -> QVBoxLayout:
    """Give `page` its margins and header; returns the layout for a page that fills its height itself."""
    column = QVBoxLayout(page)
    column.setContentsMargins(_MARGIN, 20, _MARGIN, _MARGIN)
    column.setSpacing(16)
    column.addWidget(header)
    return column


def scrolling_column(page: QWidget, header: QWidget, *, widest: int = 0) -> QVBoxLayout:
    """The same for a page whose content may be taller than the window. `widest`: its content, 0: all."""
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    top = QHBoxLayout()
    top.setContentsMargins(_MARGIN, 20, _MARGIN, 16)
    top.addWidget(header)
    outer.addLayout(top)
    column, area = scrolling(widest=widest)
    outer.addWidget(area, 1)
    return column


def scrolling(*, widest: int = 0, margin: int = _MARGIN) -> tuple[QVBoxLayout, QScrollArea]:
    """A column that scrolls, and the area around it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inner = styled(QWidget(), role="plain")
    row = QHBoxLayout(inner)
    row.setContentsMargins(margin, 0, margin, margin)
    content = QWidget()
    if widest:
        content.setMaximumWidth(widest)
    row.addWidget(content, 1)
    if widest:
        row.addStretch(0)
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(16)
    area.setWidget(inner)
    return column, area
