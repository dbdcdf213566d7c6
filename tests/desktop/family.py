"""The processes of one virtual desktop: started with its environment, logged, and ended together."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.desktop import reaper
from tests.desktop.waiting import wait_until


class Family:
    """Starts processes that carry one mark, and ends all who carry it, grandchildren included."""

    def __init__(self) -> None:
        # Short, because sockets lie in it and a socket's path holds 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="dpd-", dir="/tmp"))
        self.logs = self.folder / "process-logs"
        self.logs.mkdir()
        self._mark = uuid.uuid4().hex
        self._children: list[subprocess.Popen[bytes]] = []
        self._reaper = subprocess.Popen(
            [sys.executable, "-I", "-S", reaper.__file__, self._mark, str(self.folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def mark(self) -> Mapping[str, str]:
        """The environment variable by which the family is found again."""
        return {reaper.MARK: self._mark}

    def start(
        self, name: str, argv: Sequence[str | Path], environ: Mapping[str, str], **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start a process in a session of its own; what it says goes to the log `name`."""
        with (self.logs / f"{name}.log").open("ab") as log:
            options = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, **options}
            child = subprocess.Popen(
                [str(part) for part in argv], env={**environ, **self.mark}, start_new_session=True, **options
            )
        self._children.append(child)
        return child

    def end(self, child: subprocess.Popen[bytes], *, patience_s: float = 5.0) -> None:
        """Ask `child` to end, and insist after `patience_s`."""
        child.terminate()
        try:
            child.wait(patience_s)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def members(self) -> list[int]:
        """The ids of all processes of this desktop that live."""
        return reaper.marked(self._mark)

    def said(self, lines: int = 5) -> str:
        """The last lines of every log that is not empty, for a failed test."""
        parts: list[str] = []
        for log in sorted(self.logs.glob("*.log")):
            text = log.read_text(errors="replace").strip().splitlines()[-lines:]
            if text:
                parts.append(f"--- {log.name}\n" + "\n".join(text))
        return "\n".join(parts)

    def close(self) -> None:
        """End everything and remove the folder."""
        reaper.end_all(self._mark, [child.pid for child in self._children if child.poll() is None])
        for child in self._children:
            child.wait()
        assert self._reaper.stdin is not None
        self._reaper.stdin.close()
        self._reaper.wait()
        wait_until(lambda: not self.members(), "the desktop's processes to end")
        shutil.rmtree(self.folder, ignore_errors=True)
