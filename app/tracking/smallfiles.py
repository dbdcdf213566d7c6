"""Reading small files and following links without ever being made to wait by what lies there."""
# Paths are texts here: at every look pathlib would take longer than the disk.
# ruff: noqa: PTH115, PTH116, PTH123

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)
_MOST_LINKS = 40
_LOOK_AGAIN_S = 10.0

# A server that does not answer would stop the tracker; "autofs" asks one as soon as it is looked at.
_REMOTE_KINDS = frozenset(
    {
        "afs", "autofs", "ceph", "cifs", "coda", "davfs", "fuse.davfs", "fuse.davfs2", "fuse.glusterfs",
        "fuse.gvfsd-fuse", "fuse.kio-fuse", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "glusterfs", "lustre",
        "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs",
    }
)  # fmt: skip


def read_small(path: str, limit: int) -> bytes | None:
    """The first `limit` bytes of a regular file; None for everything else, and when it cannot be read."""
    try:
        # Looked at before it is opened: opening a device can do something.
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return os.read(descriptor, limit)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def is_folder(path: str) -> bool:
    """Whether a folder is there; False where it cannot be told."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def real_path(path: str, remote: Callable[[str], bool]) -> str | None:
    """The absolute path with all links followed; parts that do not exist are kept. None where it leads to
    a remote disk or in a circle.
    """
    if sys.platform == "win32":
        return None if path.startswith(("\\\\", "//")) else os.path.realpath(path)
    if not path.startswith("/") or "\0" in path:
        return None
    done, links = "", 0
    rest = [part for part in reversed(path.split("/")) if part]
    while rest:
        part = rest.pop()
        if part in {".", ".."}:
            done = done if part == "." else done.rpartition("/")[0]
            continue
        here = f"{done}/{part}"
        if remote(here):
            return None
        try:
            target = os.readlink(here)
        except (OSError, ValueError):
            done = here  # no link, or nothing there
            continue
        links += 1
        if links > _MOST_LINKS:
            return None
        done = "" if target.startswith("/") else done
        rest.extend(part for part in reversed(target.split("/")) if part)
    return done or "/"


class RemoteMounts:
    """Tells which paths lie on the disk of another machine. The one that holds `home` is not told:
    who works there has everything there, DevPulse's own files too.
    """

    def __init__(
        self,
        home: str,
        *,
        table: str = "/proc/self/mountinfo",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home = home
        self._table = table
        self._monotonic = monotonic
        self._points: frozenset[str] = frozenset()
        self._read_at = float("-inf")

    def __call__(self, path: str) -> bool:
        """Whether `path` itself, an absolute path, is where a remote disk begins."""
        now = self._monotonic()
        if now - self._read_at >= _LOOK_AGAIN_S:
            self._read_at = now
            self._points = self._read()
        return path in self._points

    def _read(self) -> frozenset[str]:
        try:
            with open(self._table, "rb") as table:
                lines = table.read().splitlines()
        except OSError:
            return frozenset()
        points = (_remote_point(line) for line in lines)
        return frozenset(point for point in points if point and not _inside(self._home, point))


def _remote_point(line: bytes) -> str | None:
    # proc(5): "36 35 98:0 /root /mount/point options … - kind source options"; a space is \040.
    before, _, after = line.partition(b" - ")
    fields = before.split(b" ")
    kind = after.split(b" ", 1)[0].decode("ascii", "replace")
    if kind not in _REMOTE_KINDS or len(fields) < 5:
        return None
    point = fields[4]
    for code in (b"\\040", b"\\011", b"\\012", b"\\134"):
        point = point.replace(code, bytes([int(code[1:], 8)]))
    return os.fsdecode(point)


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
