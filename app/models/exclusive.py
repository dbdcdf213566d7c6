"""A lock file that one process holds at a time; the system lets go of it when the process dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from app.errors import StorageBusy
from app.models.database import tell_os

_RETRY_S = 0.05


@contextmanager
def exclusive(path: Path, wait_s: float = 60.0) -> Generator[None]:
    """Hold the lock for the length of a `with`; others wait.

    Raises `StorageBusy` when another process still holds it after `wait_s` seconds.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise tell_os(error) from error
    try:
        _wait(fd, time.monotonic() + wait_s)
        yield
    finally:
        os.close(fd)


def _wait(fd: int, until: float) -> None:
    while not _try(fd):
        if time.monotonic() > until:
            raise StorageBusy(
                "Another DevPulse is preparing the database.",
                detail="Nothing was changed.",
                advice="Try again when it has finished.",
            )
        time.sleep(_RETRY_S)


if sys.platform == "win32":
    import msvcrt

    def _try(fd: int) -> bool:
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
