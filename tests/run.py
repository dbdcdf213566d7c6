"""Runs pytest and answers for its processes: whatever a test left running is named, ended, and fails the run.

`python -m tests.run [--within=MINUTES] WORDS…`: what takes longer than that is ended, and fails too. On
Linux this process becomes the reaper of all it starts, so an orphaned agent, display or bus is found by
descent, never by name.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_GRACE_S = 5.0


@dataclass(frozen=True)
class Process:
    """A process that is still there, and how it was started."""

    pid: int
    command: str


def main(words: list[str]) -> int:
    """Run pytest with these words; its exit code, or 1 when it passed but left processes."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--within", type=float, metavar="MINUTES")
    ours, words = parser.parse_known_args(words)
    adopt_orphans()
    code = _pytest(words, None if ours.within is None else ours.within * 60)
    left = wait_for_none(descendants, _GRACE_S)
    for process in left:
        sys.stderr.write(f"left running by a test: {process.pid} {process.command}\n")
    end(left)
    return code or bool(left)


def _pytest(words: list[str], within_s: float | None) -> int:
    try:
        return subprocess.call([sys.executable, "-m", "pytest", *words], timeout=within_s)
    except KeyboardInterrupt:
        return 130
    except subprocess.TimeoutExpired:
        sys.stderr.write(f"the tests did not end within {within_s:.0f} s; what still ran:\n")
        return 124


def adopt_orphans() -> None:
    """Make this process the parent of every orphan below it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants() -> list[Process]:
    """All that descends from this process and still runs; what has ended is reaped."""
    _reap()
    parents = {pid: parent for pid, parent in map(_parent_of, _pids()) if parent}
    found = [pid for pid in parents if _descends(pid, parents)]
    return [Process(pid, _command(pid)) for pid in sorted(found)]


def wait_for_none(look: Callable[[], list[Process]], grace_s: float) -> list[Process]:
    """What still runs after so many seconds; a process may need a moment to end."""
    until = time.monotonic() + grace_s
    while (left := look()) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def end(processes: list[Process]) -> None:
    """Kill them, and reap them."""
    for process in processes:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    wait_for_none(descendants, _GRACE_S)
    _reap()


def _reap() -> None:
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def _parent_of(pid: int) -> tuple[int, int]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return pid, 0
    # The name in brackets may hold anything, brackets too.
    state, parent = stat.rpartition(")")[2].split()[:2]
    return pid, 0 if state == "Z" else int(parent)


def _descends(pid: int, parents: dict[int, int]) -> bool:
    seen: set[int] = set()
    while pid in parents and pid not in seen:
        seen.add(pid)
        pid = parents[pid]
        if pid == os.getpid():
            return True
    return False


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return "(ended)"
    return words.decode(errors="replace").strip()[:200]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
