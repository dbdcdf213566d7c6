"""What stands where nothing is yet: what will appear here, and how."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.theme.icons import Icons
from app.ui.theme.stylesheet import styled
from app.ui.theme.theme import Theme
from app.ui.widgets.labels import label

_ICON, _PROSE = 40, 400


class EmptyState(QWidget):
    """An icon, a short title, one sentence, and perhaps a button that leads on."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        *,
        icon: str,
        title: str,
        words: str,
        action: str = "",
        run: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._icons, self._name = icons, icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        heading = label(title, "title")
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        prose = label(words, "muted", wrap=True)
        prose.setAlignment(Qt.AlignmentFlag.AlignCenter)
        prose.setFixedWidth(_PROSE)
        self._prose = prose
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 32, 24, 32)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._picture)
        column.addSpacing(4)
        column.addWidget(heading)
        column.addWidget(prose, 0, Qt.AlignmentFlag.AlignHCenter)
        if action and run is not None:
            button = styled(QPushButton(action), kind="primary")
            button.clicked.connect(lambda: run())
            column.addSpacing(8)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        theme.changed.connect(self._draw)
        self._draw()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        # A label beside others in a column is not asked how high it is at its width, which is known
        # only now that it wears the style sheet's letters.
        self._prose.ensurePolished()
        self._prose.setMinimumHeight(self._prose.heightForWidth(_PROSE))

    def _draw(self, _: object = None) -> None:
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(self._icons.pixmap(self._name, _ICON, "text_faint", ratio))
