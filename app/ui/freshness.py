"""What has changed, told once to all views: only those that show it ask anew."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from enum import StrEnum

from PyQt6.QtCore import QObject, QTimer, pyqtSignal


class Topic(StrEnum):
    """Kinds of stored data."""

    ACTIVITY = "activity"
    PROJECTS = "projects"
    RULES = "rules"
    CATEGORIES = "categories"
    FOCUS = "focus"
    GOALS = "goals"
    SETTINGS = "settings"


# Which file it is that lies there, and what others committed to it; None where none can be read.
Version = tuple[int, int] | None
EVERYTHING: frozenset[Topic] = frozenset(Topic)

_LOOK_EVERY_MS = 1_000
# The agent stores the open span every few seconds; nobody wants a chart that flickers as often.
_SETTLE_MS = 4_000


class Freshness(QObject):
    """`changed` carries a frozenset of topics; `revision` grows with each and names a cached answer's age.

    `version`: what `PRAGMA data_version` tells of a connection that stays open; called in the GUI thread
    every second while a window is visible (some microseconds), None when the database cannot be read.
    """

    changed = pyqtSignal(object)

    def __init__(self, version: Callable[[], Version], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._version = version
        self._seen = version()
        self._revision = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLE_MS)
        self._settling.timeout.connect(lambda: self._emit(frozenset({Topic.ACTIVITY})))

    @property
    def revision(self) -> int:
        return self._revision

    def watch(self, *, on: bool) -> None:
        """Look for others' commits from now on, or no more (nothing is visible)."""
        if on:
            self.look()
            self._timer.start()
        else:
            self._timer.stop()

    def look(self) -> None:
        """Whether somebody else has committed since."""
        version = self._version()
        if version == self._seen:
            return
        another = version is not None and (self._seen is None or version[0] != self._seen[0])
        self._seen = version
        if another:
            self._emit(EVERYTHING)
            return
        self._revision += 1
        if not self._settling.isActive():
            self._settling.start()

    def tell(self, topics: AbstractSet[Topic]) -> None:
        """A change of our own: told at once, and not a second time when it is seen in the database."""
        self._seen = self._version()
        self._emit(frozenset(topics))

    def _emit(self, topics: frozenset[Topic]) -> None:
        self._revision += 1
        self.changed.emit(topics)
