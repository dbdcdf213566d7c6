"""The settings file as the windows hold it: read once, written by changes, told to whoever shows it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QFileSystemWatcher, QObject, QTimer, pyqtSignal

from app import config
from app.config import Settings
from app.declarations import SETTINGS, declared
from app.ui.background import Done, Progress
from app.ui.changes import Changes
from app.ui.freshness import Freshness, Topic

_UNSET = object()
_SETTLED_MS = 300


class SettingsStore(QObject):
    """`changed(frozenset of keys)` whenever values in force have changed, also by another process."""

    changed = pyqtSignal(object)

    def __init__(self, path: Path, freshness: Freshness, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._lock = threading.Lock()
        self._settings = config.load(path)
        self._stamp = _stamp(path)
        freshness.changed.connect(self._look)
        # The file is replaced, never written into, so it is its folder that changes.
        self._watcher = QFileSystemWatcher([str(path.parent)], self)
        # A change of our own is told by then.
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self.reload)
        self._watcher.directoryChanged.connect(lambda _: self._settled.start())

    @property
    def now(self) -> Settings:
        """The settings in force."""
        return self._settings

    def get(self, key: str) -> Any:
        """The value in force. Raises `InvalidSetting` for a key that is not declared."""
        return self._settings.get(key)

    def text(self, key: str) -> str:
        """The same for a setting that is a text or a choice."""
        return self._settings.text(key)

    def reload(self) -> None:
        """Read the file anew if somebody else has written it."""
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        before, self._settings = self._settings, config.load(self._path)
        keys = frozenset(k for k in SETTINGS if before.get(k) != self._settings.get(k))
        if keys:
            self.changed.emit(keys)

    def change(self, changes: Changes, values: Mapping[str, Any], told: str = "") -> None:
        """Set these values, undoable. Raises `InvalidSetting` at once for one that does not fit."""
        for key, value in values.items():
            declared(key).checked(value)
        changes.run(self.writing(values, told), without_agent=True)

    def reset(self, changes: Changes, keys: frozenset[str], told: str = "") -> None:
        """Put these back at their defaults, undoable."""
        changes.run(self.writing(dict.fromkeys(keys, _UNSET), told), without_agent=True)

    def writing(self, values: Mapping[str, Any], told: str = "") -> Callable[[Progress], Done]:
        """The work for `Changes.run` that sets these values."""
        return lambda _: self._write(values, told)

    def _write(self, values: Mapping[str, Any], told: str) -> Done:
        with self._lock:
            settings = config.load(self._path)
            before = {key: settings.given.get(key, _UNSET) for key in values}
            for key, value in values.items():
                settings = settings.without(key) if value is _UNSET else settings.with_value(key, value)
            config.save(self._path, settings)
        return Done(frozenset({Topic.SETTINGS}), told, undo=lambda: self._write(before, told))

    def _look(self, topics: frozenset[Topic]) -> None:
        if Topic.SETTINGS in topics:
            self.reload()


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)
