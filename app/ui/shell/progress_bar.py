"""How far a long change is, at the foot of the window, with a button to cancel it."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from app.ui.background import BackgroundCommand
from app.ui.theme.stylesheet import styled
from app.ui.words import tr

# What is through sooner needs no bar.
_SHOW_AFTER_MS = 400
_WIDTH, _ABOVE_EDGE = 440, 84


class RunningBar(QFrame):
    """Floats over `parent` while a command runs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._command: BackgroundCommand | None = None
        self._words = QLabel(tr("Working…"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        self._cancel = styled(QPushButton(tr("Cancel")), kind="ghost")
        self._cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._words)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SHOW_AFTER_MS)
        self._soon.timeout.connect(self._appear)
        parent.installEventFilter(self)
        self.hide()

    def follow(self, command: BackgroundCommand | None) -> None:
        """Show this command's progress; None: it is over."""
        self._command = command
        if command is None:
            self._soon.stop()
            self.hide()
            return
        self._bar.setRange(0, 0)
        self._words.setText(tr("Working…"))
        self._cancel.setEnabled(True)
        command.progressed.connect(self._progressed)
        self._soon.start()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _progressed(self, share: float, words: str) -> None:
        if share < 0:  # nobody knows how much there is
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(share * 1000))
        if words:
            self._words.setText(words)

    def _stop(self) -> None:
        if self._command is not None:
            self._command.cancel()
            self._cancel.setEnabled(False)
            self._words.setText(tr("Stopping…"))

    def _appear(self) -> None:
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        height = self.sizeHint().height()
        self.setGeometry(
            (parent.width() - _WIDTH) // 2, parent.height() - height - _ABOVE_EDGE, _WIDTH, height
        )
