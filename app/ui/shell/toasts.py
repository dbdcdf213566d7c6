"""One sentence at the foot of the window about what was done, with its undo; it leaves by itself."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.errors import DevPulseError
from app.ui.said import said_error
from app.ui.theme.icons import Icons
from app.ui.theme.stylesheet import styled
from app.ui.words import tr

_STAYS_MS = 8_000
_ABOVE_EDGE = 24
_WIDEST = 560


class Toast(QFrame):
    """Floats over `parent`. `undo`: what its button does."""

    def __init__(self, parent: QWidget, icons: Icons, undo: Callable[[], None]) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._icons = icons
        self._icon = QLabel()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._undo = styled(QPushButton(tr("Undo")), kind="link")
        self._undo.setToolTip(tr("Undo (Ctrl+Z)"))
        self._undo.clicked.connect(lambda: (self.hide(), undo()))
        close = styled(QToolButton(), kind="icon")
        close.setIcon(icons.icon("x"))
        close.setIconSize(QSize(16, 16))
        close.setAccessibleName(tr("Dismiss"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._undo)
        row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_STAYS_MS)
        self._timer.timeout.connect(self._leave)
        parent.installEventFilter(self)
        self.hide()

    def tell(self, words: str, undoable: bool = False) -> None:
        """Show this sentence in place of what was shown."""
        self._show(words, "circle-check", "success", undoable=undoable)

    def refuse(self, error: DevPulseError) -> None:
        """Show why something could not be done."""
        self._show(said_error(error), "circle-alert", "danger", undoable=False)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _show(self, words: str, icon: str, color: str, *, undoable: bool) -> None:
        self._icon.setPixmap(self._icons.pixmap(icon, 18, color, self.devicePixelRatioF()))
        self._words.setText(words)
        self._undo.setVisible(undoable)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        self.setAccessibleName(words)

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        width = min(_WIDEST, parent.width() - 2 * _ABOVE_EDGE, self.sizeHint().width() + 24)
        height = max(44, self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height())
        self.setGeometry((parent.width() - width) // 2, parent.height() - height - _ABOVE_EDGE, width, height)

    def _leave(self) -> None:
        # Whoever is about to press "Undo" keeps it.
        if self.underMouse() or self.isAncestorOf(self.focusWidget() or self):
            self._timer.start()
        else:
            self.hide()
