"""Files dropped from the system's page cache: what "cold" means here."""

from __future__ import annotations

import os
from pathlib import Path

from tests.benchmarks.homes import ROOT

_FOLDERS = (ROOT / ".venv/lib", ROOT / "app", Path("/usr/lib/python3.11"), Path("/usr/lib/x86_64-linux-gnu"))


def drop_programs() -> None:
    """Drop what a start reads: the interpreter, the packages and libraries."""
    os.sync()
    for folder in _FOLDERS:
        for file in folder.rglob("*"):
            if file.is_file() and (file.suffix in (".py", ".pyc", ".so") or ".so." in file.name):
                drop(file)


def drop(file: Path) -> None:
    """Drop one file; what another process has mapped stays."""
    try:
        fd = os.open(file, os.O_RDONLY)
    except OSError:
        return
    try:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(fd)
