"""Small, read-only or strange file systems for one process alone: nothing of the machine is touched."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path


def _unshare() -> tuple[str, ...]:
    return ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--mount")


def check() -> None:
    """Raise with the reason where the system does not allow mount namespaces."""
    done = subprocess.run([*_unshare(), "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True)
    if done.returncode:
        raise RuntimeError(f"This test needs mount namespaces (unshare): {done.stderr.decode().strip()}")


def small_disk(folder: Path, size: str) -> tuple[str, ...]:
    """Words before a command that let it see an empty disk of `size` (as "2m") in `folder`."""
    return _before(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)])


def read_only(folder: Path) -> tuple[str, ...]:
    """Words before a command that let it see `folder` read-only."""
    place = str(folder)
    return _before(["mount", "--bind", place, place], ["mount", "-o", "remount,bind,ro", place])


def instead(original: Path, other: Path) -> tuple[str, ...]:
    """Words before a command that let it see the file `other` in the place of `original`."""
    return _before(["mount", "--bind", str(other), str(original)])


def _before(*steps: Sequence[str]) -> tuple[str, ...]:
    script = " && ".join([*(shlex.join(step) for step in steps), 'exec "$@"'])
    return (*_unshare(), "sh", "-c", script, "sh")


def seen_by(pid: int, path: Path) -> Path:
    """`path` as the process `pid` sees it."""
    return Path(f"/proc/{pid}/root") / path.relative_to("/")
