"""Another stylesheet put on: at once what is in sight, the rest a little at a time."""

# PyQt6's own stubs leave the type of every signal unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import time

from PyQt6 import sip
from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

from app.ui.painting import paint_later

# So long may the event loop wait for one slice.
_SLICE_S = 0.006


class Dressing(QObject):
    """Dresses each widget once.

    `QApplication.setStyleSheet` does it once for every widget around it: a second for a full window. So Qt is
    made to forget what it worked out for the old sheet; that leaves it nobody to dress, and it is done here.
    """

    def __init__(self, application: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application = application
        self._waiting: list[QWidget] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    @property
    def done(self) -> bool:
        """Whether every widget wears the last sheet."""
        return not self._waiting

    def put_on(self, sheet: str) -> None:
        """Wear this one: what can be seen now, the rest while nothing else is to do."""
        for window in self._application.topLevelWidgets():
            if window.isVisible():
                paint_later(window)
        style = self._application.style()
        if style is not None:
            style.unpolish(self._application)
        self._application.setStyleSheet(sheet)
        self._waiting = []
        for widget in self._application.allWidgets():
            if not sip.isdeleted(widget) and widget.isVisible():
                _dress(widget)
            else:
                self._waiting.append(widget)
        self._timer.start()

    def finish(self, root: QWidget) -> None:
        """Let `root` and all in it wear it now, for it is about to be seen."""
        if not self._waiting:
            return
        inside = {root, *root.findChildren(QWidget)}
        for widget in (widget for widget in self._waiting if widget in inside):
            _dress(widget)
        self._waiting = [widget for widget in self._waiting if widget not in inside]

    def _go_on(self) -> None:
        until = time.perf_counter() + _SLICE_S
        while self._waiting and time.perf_counter() < until:
            _dress(self._waiting.pop())
        if not self._waiting:
            self._timer.stop()


def _dress(widget: QWidget) -> None:
    if sip.isdeleted(widget):
        return
    style = widget.style()
    if style is not None:
        style.polish(widget)
    # Looks differ in colours, not in sizes: Qt's own event would have everything laid out anew.
    widget.update()
