"""What the kernel tells of a process: memory, processor time, wakeups, bytes written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident, proportional and unique set size, in MiB."""

    rss: float
    pss: float
    uss: float


def memory(pid: int) -> Memory:
    """From smaps_rollup: USS is what nobody else has mapped."""
    kib: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value, *_ = line.split()
        kib[name.rstrip(":")] = int(value)
    unique = kib["Private_Clean"] + kib["Private_Dirty"]
    return Memory(kib["Rss"] / 1024, kib["Pss"] / 1024, unique / 1024)


def cpu_seconds(pid: int) -> float:
    """Processor time of the process and of the children it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS


def wakeups(pid: int) -> int:
    """Context switches of all threads, voluntary or not."""
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        for line in status.read_text().splitlines():
            if "ctxt_switches" in line:
                total += int(line.split()[1])
    return total


def bytes_written(pid: int) -> int:
    """Bytes the process caused to be sent to a disk (not to a tmpfs)."""
    for line in Path(f"/proc/{pid}/io").read_text().splitlines():
        if line.startswith("write_bytes"):
            return int(line.split()[1])
    raise ValueError(f"/proc/{pid}/io tells no write_bytes")
