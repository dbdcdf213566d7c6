"""The desktops' screen savers: a second opinion on the lock, where the login manager is not told."""

# PyQt6's stubs leave signals and what a message holds unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PyQt6.QtDBus import QDBusMessage

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

    def start(self) -> bool:
        """Tells whether there is a session bus to listen on."""
        return self._bus.open()

    def stop(self) -> None:
        self._bus.close()

    def _up(self) -> None:
        for name, path in NAMES.items():
            self._bus.watch(name, lambda there, name=name: self._owned(name, there))
            # From any sender: some desktops speak for the screen saver from a process of another name.
            self._bus.listen("", "", name, "ActiveChanged", lambda told, name=name: self._told(name, told))
            self._bus.ask(
                (name, path, name), "GetActive", [], lambda answer, name=name: self._answered(name, answer)
            )

    def _down(self) -> None:
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

    def _owned(self, name: str, there: bool) -> None:  # noqa: FBT001 - a callback's value
        if not there:  # one that crashed shows nothing any more
            self._on_active(name, False)
