"""`devpulse report` over one and five years of ten million activities: the whole command, start included.

The history is made once, in `build/`, and kept for the next run.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.history import LAST_DAY
from tests.benchmarks.homes import ROOT, home_of

YEARS = 5
RUNS = 5
PEER = "peer, a year's view: 50 s"


def run() -> list[Figure]:
    """The median of some runs; the file's pages are in the cache."""
    home = home_of(YEARS)
    size = (home / "data" / "devpulse.db").stat().st_size
    year, all_of_it = date(LAST_DAY.year - 1, LAST_DAY.month, LAST_DAY.day), date(LAST_DAY.year - YEARS, 1, 1)
    return [
        Figure("report over a day", _milliseconds(home, LAST_DAY), "ms", 500, "the whole command"),
        Figure("report over a year", _milliseconds(home, year), "ms", 500, PEER),
        Figure(f"report over {YEARS} years", _milliseconds(home, all_of_it), "ms", 1000),
        Figure(f"database of {YEARS} years", size / 1e6, "MB", None, "10 million activities"),
    ]


def _milliseconds(home: Path, first: date) -> float:
    words = ["report", "--from", first.isoformat(), "--to", LAST_DAY.isoformat(), "--format", "json"]
    took: list[float] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "app", *words],
            cwd=ROOT, env={**os.environ, "DEVPULSE_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        took.append(time.perf_counter() - start)
    return statistics.median(took) * 1000
