"""The desktops' screen savers: a second opinion on the lock, where the login manager is not told."""

# PyQt6's stubs leave signals and what a message holds unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PyQt6.QtDBus import QDBusMessage, QDBusServiceWatcher

from app.tracking.platform.bus import Bus
from app.tracking.platform.bus_addresses import session_address

# Service and interface have one name; the object's path is the name with slashes.
NAMES: Mapping[str, str] = {
    "org.freedesktop.ScreenSaver": "/org/freedesktop/ScreenSaver",
    "org.gnome.ScreenSaver": "/org/gnome/ScreenSaver",
    "org.xfce.ScreenSaver": "/org/xfce/ScreenSaver",
    "org.mate.ScreenSaver": "/org/mate/ScreenSaver",
    "org.cinnamon.ScreenSaver": "/org/cinnamon/ScreenSaver",
}


class ScreenSavers:
    """Calls `on_active(name, active)`; what is active already is told soon after `start`."""

    def __init__(
        self, on_active: Callable[[str, bool], None], environ: Mapping[str, str] = os.environ
    ) -> None:
        self._on_active = on_active
        self._bus = Bus(session_address(environ), on_up=self._up, on_down=self._down)
        self._watchers: list[QDBusServiceWatcher] = []

    def start(self) -> bool:
        """Tells whether there is a session bus to listen on."""
        return self._bus.open()

    def stop(self) -> None:
        self._drop_watchers()
        self._bus.close()

    def _up(self) -> None:
        connection = self._bus.connection
        assert connection is not None
        for name, path in NAMES.items():
            # One each, by its constructor: addWatchedService waits for Qt's D-Bus thread while it holds
            # Python's lock, which that thread may need to go on.
            watcher = QDBusServiceWatcher(name, connection)
            # One that crashed shows nothing any more.
            watcher.serviceUnregistered.connect(self._gone)
            self._watchers.append(watcher)
            # From any sender: some desktops speak for the screen saver from a process of another name.
            self._bus.listen("", "", name, "ActiveChanged", lambda told, name=name: self._told(name, told))
            self._bus.ask(
                (name, path, name), "GetActive", [], lambda answer, name=name: self._answered(name, answer)
            )

    def _down(self) -> None:
        self._drop_watchers()
        for name in NAMES:
            self._on_active(name, False)

    def _told(self, name: str, message: QDBusMessage) -> None:
        self._answered(name, message.arguments())

    def _answered(self, name: str, answer: Sequence[Any] | None) -> None:
        match answer:
            case [bool(active)]:
                self._on_active(name, active)
            case _:
                return

    def _gone(self, name: str) -> None:
        self._on_active(name, False)

    def _drop_watchers(self) -> None:
        for watcher in self._watchers:
            watcher.deleteLater()
        self._watchers.clear()
