"""Tells when a file is removed, moved or replaced (Linux's inotify); costs nothing in between."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path

from app.loop import Loop, Timer

# Of <sys/inotify.h>. A removed file that is still open has only lost its name: its attributes change.
_ATTRIB, _DELETE_SELF, _MOVE_SELF = 0x4, 0x400, 0x800
_WANTED = _ATTRIB | _DELETE_SELF | _MOVE_SELF
# Who replaces a file may remove the old one first.
SETTLES_S = 0.5


class FileWatch:
    """Calls `on_change` in the loop's thread, soon after something happened to a file's name.

    Where the system cannot tell, nothing is ever called.
    """

    def __init__(self, loop: Loop, on_change: Callable[[], None]) -> None:
        self._loop = loop
        self._on_change = on_change
        self._fd = -1
        self._watched = -1
        self._timer: Timer | None = None

    def watch(self, file: Path) -> bool:
        """From now on watch what lies at this path now; tells whether that is possible."""
        if sys.platform != "linux":
            return False
        libc = ctypes.CDLL(None, use_errno=True)
        if self._fd < 0:
            self._fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            if self._fd < 0:
                return False
            self._loop.watch(self._fd, self._heard)
        if self._watched >= 0:
            libc.inotify_rm_watch(self._fd, self._watched)
        self._watched = libc.inotify_add_watch(self._fd, os.fsencode(file), ctypes.c_uint32(_WANTED))
        return self._watched >= 0

    def stop(self) -> None:
        """Watch no more; stopping twice is fine."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._fd >= 0:
            self._loop.unwatch(self._fd)
            os.close(self._fd)
            self._fd = self._watched = -1

    def _heard(self) -> None:
        try:
            os.read(self._fd, 4096)  # what happened is looked at, not read
        except BlockingIOError:
            return
        if self._timer is None:
            self._timer = self._loop.call_later(SETTLES_S, self._settled)

    def _settled(self) -> None:
        self._timer = None
        self._on_change()
