"""The process's own memory: how much it holds, and handing start-up code back (Linux)."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_MADV_DONTNEED = 4
_ROLLUP = Path("/proc/self/smaps_rollup")
_SMAPS = Path("/proc/self/smaps")


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes in memory: `rss` all that is mapped in, `pss` shared pages by their share, `uss` ours alone."""

    rss: int
    pss: int
    uss: int


def resident() -> Footprint | None:
    """What this process holds now; None where the system does not tell (not Linux)."""
    try:
        return parsed(_ROLLUP.read_text(encoding="ascii"))
    except (OSError, ValueError, KeyError):
        return None


def parsed(rollup: str) -> Footprint:
    """The footprint in a `smaps_rollup` text. Raises KeyError or ValueError for another text."""
    sizes: dict[str, int] = {}
    for line in rollup.splitlines()[1:]:
        name, _, rest = line.partition(":")
        sizes[name] = int(rest.removesuffix("kB")) * 1024
    return Footprint(sizes["Rss"], sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"])


def hand_back() -> int:
    """Give code pages that were only needed to start back to the system; they are read again when used.

    Returns the bytes by which resident memory fell (0 where nothing can be done). Only mappings of a
    file's code and constants are touched, whose pages are all the file's own: the kernel brings each back.
    """
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None)
    madvise = libc.madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    before = resident()
    try:
        smaps = _SMAPS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    for start, end in code_mappings(smaps.splitlines()):
        # A mapping that went away meanwhile makes this fail, which is as good.
        madvise(start, end - start, _MADV_DONTNEED)
    trim = getattr(libc, "malloc_trim", None)  # glibc only
    if trim is not None:
        trim(ctypes.c_size_t(0))
    after = resident()
    return max(0, before.rss - after.rss) if before and after else 0


def code_mappings(smaps: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The address ranges in `/proc/self/smaps` lines that hold a file's code or constants, and nothing else.

    Private, readable, not writable, on disk, and without a page of the process's own: tables that the
    linker has relocated, text relocations and breakpoints are such pages, and they cannot come back.
    """
    found: tuple[int, int] | None = None
    for line in smaps:
        words = line.split(None, 5)
        if words and "-" in words[0] and not words[0].endswith(":"):
            found = _code_range(words)
        elif found and line.startswith("Anonymous:"):
            if words[1] == "0":
                yield found
            found = None


def _code_range(words: list[str]) -> tuple[int, int] | None:
    # address perms offset device inode path; the path may hold blanks.
    if len(words) < 6 or words[1] not in ("r-xp", "r--p") or words[4] == "0" or not words[5].startswith("/"):
        return None
    start, _, end = words[0].partition("-")
    return int(start, 16), int(end, 16)
