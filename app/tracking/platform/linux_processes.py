"""The process table of Linux, read from /proc: a tenth of a millisecond where psutil takes two."""

# os and plain strings instead of pathlib: this is read every second while somebody types.
# ruff: noqa: PTH115, PTH116, PTH123, PTH208

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from app.tracking.platform.base import Process

_LONGEST_NAME = 15  # the kernel cuts names there
_LONGEST_TEXT = 256 * 1024
_MOST_DESCRIPTORS = 1024
_MOST_FILES = 256


class LinuxProcesses:
    """See `Processes`. What may not be read, or is gone by now, is None or empty."""

    def __init__(self, root: str = "/proc") -> None:
        self._root = root

    def read(self, pid: int) -> Process | None:
        content = self._content(pid, "stat")
        # The name may hold spaces and parentheses of its own (proc(5), "comm").
        head, closed, tail = content.rpartition(b")")
        fields = tail.split()
        if not closed or len(fields) < 6:
            return None
        name = head.partition(b"(")[2].decode("utf-8", "replace")
        try:
            parent, terminal, foreground = int(fields[1]), int(fields[4]), int(fields[5])
        except ValueError:
            return None
        return Process(
            pid,
            parent,
            self._whole_name(pid, name),
            foreground=foreground if terminal > 0 and foreground > 0 else None,
            terminal=terminal if terminal > 0 else None,
        )

    def children(self, pid: int) -> Sequence[int]:
        found: list[int] = []
        for task in self._names(pid, "task"):
            try:
                with open(f"{self._root}/{pid}/task/{task}/children", "rb") as file:
                    found += [int(child) for child in file.read(_LONGEST_TEXT).split()]
            except (OSError, ValueError):
                continue
        if found or os.path.exists(f"{self._root}/self/task/{os.getpid()}/children"):  # noqa: PTH110
            return tuple(found)
        return self._children_by_scan(pid)

    def working_directory(self, pid: int) -> str | None:
        return self._link(f"{self._root}/{pid}/cwd")

    def command_line(self, pid: int) -> Sequence[str]:
        # A program that renames itself leaves padding at the end.
        content = self._content(pid, "cmdline").rstrip(b"\0")
        return tuple(os.fsdecode(part) for part in content.split(b"\0")) if content else ()

    def open_files(self, pid: int) -> Sequence[str]:
        found: list[str] = []
        for descriptor in self._names(pid, "fd")[:_MOST_DESCRIPTORS]:
            path = self._regular_file(f"{self._root}/{pid}/fd/{descriptor}")
            if path is not None and path not in found:
                found.append(path)
            if len(found) >= _MOST_FILES:
                break
        return tuple(found)

    def environment(self, pid: int, name: str) -> str | None:
        wanted = os.fsencode(name) + b"="
        for entry in self._content(pid, "environ").split(b"\0"):
            if entry.startswith(wanted):
                return os.fsdecode(entry[len(wanted) :])
        return None

    def _whole_name(self, pid: int, name: str) -> str:
        if len(name) < _LONGEST_NAME:
            return name
        program = self._content(pid, "cmdline").partition(b"\0")[0].rpartition(b"/")[2]
        whole = program.decode("utf-8", "replace")
        return whole if whole.startswith(name) and " " not in whole[len(name) :] else name

    def _children_by_scan(self, pid: int) -> tuple[int, ...]:
        """For kernels without CONFIG_PROC_CHILDREN."""
        try:
            numbers = [int(name) for name in os.listdir(self._root) if name.isdecimal()]
        except OSError:
            return ()
        read = (self.read(number) for number in sorted(numbers))
        return tuple(process.pid for process in read if process is not None and process.parent == pid)

    def _regular_file(self, path: str) -> str | None:
        try:
            target = os.readlink(path)
            if not target.startswith("/") or target.startswith(("/dev/", "/proc/")):
                return None
            status = os.stat(path)
        except (OSError, ValueError):
            return None
        return target if stat.S_ISREG(status.st_mode) and status.st_nlink else None

    def _content(self, pid: int, name: str) -> bytes:
        if pid <= 0:
            return b""
        try:
            with open(f"{self._root}/{pid}/{name}", "rb") as file:
                return file.read(_LONGEST_TEXT)
        except OSError:
            return b""

    def _names(self, pid: int, folder: str) -> list[str]:
        try:
            return os.listdir(f"{self._root}/{pid}/{folder}") if pid > 0 else []
        except OSError:
            return []

    def _link(self, path: str) -> str | None:
        try:
            return os.readlink(path)
        except (OSError, ValueError):
            return None
