"""The process table by psutil: macOS, Windows, and any Unix without /proc."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, cast

import psutil

from app.tracking.platform.base import Process

_MOST_FILES = 256


class PortableProcesses:
    """See `Processes`. What may not be read, or is gone by now, is None or empty."""

    def read(self, pid: int) -> Process | None:
        try:
            process = psutil.Process(pid)
            with process.oneshot():
                # psutil does not tell a terminal's foreground group.
                return Process(pid, process.ppid(), process.name(), terminal=_terminal(process))
        except (psutil.Error, OSError, ValueError):
            return None

    def children(self, pid: int) -> Sequence[int]:
        try:
            return tuple(child.pid for child in psutil.Process(pid).children())
        except (psutil.Error, OSError, ValueError):
            return ()

    def working_directory(self, pid: int) -> str | None:
        try:
            return psutil.Process(pid).cwd() or None
        except (psutil.Error, OSError, ValueError):
            return None

    def command_line(self, pid: int) -> Sequence[str]:
        try:
            return tuple(psutil.Process(pid).cmdline())
        except (psutil.Error, OSError, ValueError):
            return ()

    def open_files(self, pid: int) -> Sequence[str]:
        try:
            paths = dict.fromkeys(file.path for file in psutil.Process(pid).open_files())
        except (psutil.Error, OSError, ValueError):
            return ()
        return tuple(paths)[:_MOST_FILES]

    def environment(self, pid: int, name: str) -> str | None:
        try:
            return psutil.Process(pid).environ().get(name)
        except (psutil.Error, OSError, ValueError):
            return None


def _terminal(process: psutil.Process) -> int | None:
    """The device number of its terminal; None without one, and on Windows."""
    ask = getattr(process, "terminal", None)
    try:
        path = ask() if ask is not None else None
        if ask is not None and path is None:
            # psutil lists the terminals once and for all; this one may have been opened since.
            cast("Any", psutil)._psposix.get_terminal_map.cache_clear()  # noqa: SLF001
            path = ask()
        return os.stat(path).st_rdev if path else None  # noqa: PTH116 - a device's path
    except (psutil.Error, OSError):
        return None
