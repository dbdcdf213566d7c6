"""Finished days whose attention is not reckoned yet are reckoned in the background, a little at a time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.errors import DevPulseError
from app.ui.background import Background, BackgroundQuery
from app.ui.freshness import Freshness, Topic

# Looked at, the curves grow once a second; unseen, questions are never kept waiting for long.
_LOOKED_AT_S, _UNSEEN_S = 1.0, 0.25
# The pages' first questions come first.
_AFTER_OPENING_MS, _PAUSE_MS = 5_000, 250
# An import, an erasure and their undo tell of more than activity; a correction of a day or two does not.
_MANY_DAYS = frozenset({Topic.ACTIVITY, Topic.PROJECTS})


class Reckoning(QObject):
    """`more(bool)`: further days are reckoned, and whether all are. `start` goes on, `stop` ends it."""

    more = pyqtSignal(bool)

    def __init__(
        self,
        background: Background,
        database: Path,
        parent: QObject | None = None,
        *,
        at_once_s: float = _LOOKED_AT_S,
    ) -> None:
        super().__init__(parent)
        self._database, self._at_once_s = database, at_once_s
        self._stopped = threading.Event()
        self._query = BackgroundQuery(background, self)

    def start(self) -> None:
        """Reckon for a second, unless it is being done."""
        if not self._query.busy:
            self._stopped.clear()
            until = time.monotonic() + self._at_once_s
            self._query.ask(lambda: self._reckon(until), self.more.emit, failed=self._failed)

    def stop(self) -> None:
        """Nobody looks any more."""
        self._stopped.set()
        self._query.forget()

    def _reckon(self, until: float) -> bool:
        from app.analytics.inquiries import Inquiries

        # No text is opened, so no key is needed.
        inquiries = Inquiries(self._database, None)
        try:
            # At least one step each time, however busy the machine is.
            return inquiries.reckon(
                lambda done, _: (not done or time.monotonic() < until) and not self._stopped.is_set()
            )
        finally:
            inquiries.close()

    def _failed(self, error: DevPulseError) -> None:
        """A page tells what fails in its own questions; what is missing stays missing."""


class Catching(QObject):
    """Catches up once the window is open, and after whatever changed many days, until no day is missing."""

    def __init__(
        self, background: Background, database: Path, freshness: Freshness, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reckoning = Reckoning(background, database, self, at_once_s=_UNSEEN_S)
        self._reckoning.more.connect(self._go_on)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._reckoning.start)
        freshness.changed.connect(self._changed)

    def begin(self) -> None:
        """Catch up, after the pages' first questions."""
        self._timer.start(_AFTER_OPENING_MS)

    def end(self) -> None:
        """Leave the rest to the next time."""
        self._timer.stop()
        self._reckoning.stop()

    def _go_on(self, all_done: bool) -> None:
        if not all_done:
            self._timer.start(_PAUSE_MS)

    def _changed(self, topics: frozenset[Topic]) -> None:
        if topics >= _MANY_DAYS:
            self._timer.start(_PAUSE_MS)
