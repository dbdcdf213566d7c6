"""The end of the process: soon, and by force where a library keeps it from ending.

A thread that waits inside Qt or a system library may hold Python's lock, and then no Python code can run
that would end the process. The watch of `faulthandler` is a thread in C and needs no such lock.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import sys
from pathlib import Path
from typing import NoReturn


class Deadline:
    """Ends the process with code 1 when a time is over, and writes to a log where each thread stood.

    That names files, lines and functions of the program, and no values. Without a log that can be
    written to it ends all the same.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._fd = -1

    def set(self, seconds: float) -> None:
        """The process has so long from now; an earlier time does not count any more."""
        faulthandler.dump_traceback_later(seconds, exit=True, file=self._descriptor())

    def lift(self) -> None:
        """There is no hurry any more."""
        faulthandler.cancel_dump_traceback_later()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _descriptor(self) -> int:
        if self._fd < 0:
            try:
                self._fd = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            except OSError:
                self._fd = os.open(os.devnull, os.O_WRONLY)
        return self._fd


def end(code: int) -> NoReturn:
    """End the process at once: nothing of Python or of a library is taken down.

    For a process with threads of libraries: taking down the interpreter ends any thread that asks for its
    lock then, and Qt's D-Bus thread does; what waits for that thread would wait for ever.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
