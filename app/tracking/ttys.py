"""Terminal devices: which one a process has, and when somebody last typed there."""

from __future__ import annotations

import os

_FIRST_PTS_MAJOR = 136
_LAST_PTS_MAJOR = 143
_MINORS = 256
_STEP_NS = 8_000_000_000


def pts_path(device: int) -> str | None:
    """`/dev/pts/N` of a device number as /proc tells it; None for a console or a negative number."""
    if device <= 0:
        return None
    major, minor = os.major(device), os.minor(device)
    if not _FIRST_PTS_MAJOR <= major <= _LAST_PTS_MAJOR:
        return None
    return f"/dev/pts/{minor + (major - _FIRST_PTS_MAJOR) * _MINORS}"


def last_used(device: int | None) -> tuple[int, int]:
    """When a terminal's input was last read and its output last written, ns since the epoch; Linux keeps
    both to 8 s. (0, 0) when it is not known. Input counts first: a build writes without anybody there.
    """
    path = pts_path(device) if device else None
    if path is None:
        return 0, 0
    try:
        status = os.stat(path)  # noqa: PTH116 - a device's path, looked at often
    except OSError:
        return 0, 0
    return status.st_atime_ns, status.st_mtime_ns


def would_show_more(used: tuple[int, int], now_ns: int) -> bool:
    """Whether anything done in that terminal after `now_ns` must change what `last_used` told.

    Linux notes a new time only in a new 8 s of the clock, so that nobody can watch keys being pressed.
    """
    return used != (0, 0) and max(used) // _STEP_NS < now_ns // _STEP_NS
