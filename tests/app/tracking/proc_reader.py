"""The process table of this machine, read from /proc as plainly as possible."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from app.tracking.platform.base import Process


class ProcReader:
    """Answers as `Processes` does."""

    def read(self, pid: int) -> Process | None:
        try:
            told = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        except OSError:
            return None
        name = told[told.index("(") + 1 : told.rindex(")")]
        fields = told[told.rindex(")") + 2 :].split()
        tty, front = int(fields[4]), int(fields[5])
        return Process(
            pid,
            int(fields[1]),
            name,
            foreground=front if tty > 0 and front > 0 else None,
            terminal=tty if tty > 0 else None,
        )

    def children(self, pid: int) -> Sequence[int]:
        found: list[int] = []
        for task in Path("/proc").glob(f"{pid}/task/*/children"):
            found.extend(int(child) for child in task.read_text().split())
        return found

    def working_directory(self, pid: int) -> str | None:
        return self._link(f"/proc/{pid}/cwd")

    def command_line(self, pid: int) -> Sequence[str]:
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).rstrip("\0").split("\0")
        except OSError:
            return ()

    def open_files(self, pid: int) -> Sequence[str]:
        found: list[str] = []
        for entry in Path(f"/proc/{pid}").glob("fd/*"):
            try:
                if stat.S_ISREG(entry.stat().st_mode):
                    found.append(str(entry.readlink()))
            except OSError:
                continue
        return found

    def environment(self, pid: int, name: str) -> str | None:
        try:
            pairs = os.fsdecode(Path(f"/proc/{pid}/environ").read_bytes()).split("\0")
        except OSError:
            return None
        return next((pair.partition("=")[2] for pair in pairs if pair.partition("=")[0] == name), None)

    def _link(self, path: str) -> str | None:
        try:
            return str(Path(path).readlink())
        except OSError:
            return None
