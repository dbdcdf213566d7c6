"""Days whose attention is not reckoned yet are reckoned while the page is looked at, a second at a time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from app.errors import DevPulseError
from app.ui.background import Background, BackgroundQuery

_AT_ONCE_S = 1.0


class Reckoning(QObject):
    """`more`: further days are reckoned. It goes on by `start` after each, until `stop`."""

    more = pyqtSignal()

    def __init__(self, background: Background, database: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database = database
        self._stopped = threading.Event()
        self._query = BackgroundQuery(background, self)

    def start(self) -> None:
        """Reckon for a second, unless it is being done."""
        if not self._query.busy:
            self._stopped.clear()
            self._query.ask(lambda: _reckon(self._database, self._stopped), self._done, failed=self._failed)

    def stop(self) -> None:
        """Nobody looks any more."""
        self._stopped.set()
        self._query.forget()

    def _done(self, _: bool) -> None:
        self.more.emit()

    def _failed(self, error: DevPulseError) -> None:
        """The page tells what fails in its own questions; what is missing stays missing."""


def _reckon(database: Path, stopped: threading.Event) -> bool:
    from app.analytics.inquiries import Inquiries

    until = time.monotonic() + _AT_ONCE_S
    # No text is opened, so no key is needed.
    inquiries = Inquiries(database, None)
    try:
        return inquiries.reckon(lambda *_: time.monotonic() < until and not stopped.is_set())
    finally:
        inquiries.close()
