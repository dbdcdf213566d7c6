"""Cleans up after a virtual desktop, however the program that made it ends.

Started with a pipe as standard input that closes when its maker ends (also by `kill -9`). Then every
process that carries the desktop's mark in its environment is ended, and its folder removed.
Runs with `python -I -S`: the standard library only.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

MARK = "DEVPULSE_VIRTUAL_DESKTOP"
_PATIENCE_S = 1.5


def marked(mark: str, known: Iterable[int] = ()) -> list[int]:
    """The ids of the processes that carry `mark`, and of all that descend from them; this one left out.

    `known`: more to begin from. Chromium overwrites its environment, and the mark with it.
    """
    found = {*_carriers(mark), *_alive(known)}
    parents = _parents()
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def _parents() -> dict[int, int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text(errors="replace").rsplit(")", 1)[1].split()
                parents[int(entry.name)] = int(fields[1])
    return parents


def _carriers(mark: str) -> list[int]:
    wanted = f"{MARK}={mark}".encode()
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


def end_all(mark: str, known: Iterable[int] = ()) -> int:
    """Ask every marked process to end, insist with those that don't; returns how many were left."""
    first = marked(mark, known)
    for pid in first:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + _PATIENCE_S
    everyone = set(first)
    while (left := _alive(everyone)) and time.monotonic() < until:
        time.sleep(0.05)
        everyone.update(marked(mark))
    while left := _alive({*left, *marked(mark)}):
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    return len(first)


def _alive(pids: Iterable[int]) -> list[int]:
    """Those that are not zombies waiting for a parent."""
    alive: list[int] = []
    for pid in pids:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                alive.append(pid)
    return alive


def main() -> None:
    """`reaper.py MARK FOLDER`: wait for the end of standard input, then clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end_all(sys.argv[1])
    shutil.rmtree(sys.argv[2], ignore_errors=True)


if __name__ == "__main__":
    main()
