"""How fast spans go in, and how long a report over years of them takes."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.models.cipher import KEY_BYTES, Cipher
from app.models.journal import Journal
from app.models.migrate import migrate
from app.models.values import Activity, Span, State
from app.paths import Paths
from tests.benchmarks.figures import Figure

SPANS = 5_000
APPLICATIONS, TITLES, BRANCHES = 12, 300, 9
FIRST_MS = 1_767_225_600_000
SPAN_MS = 7_000


def run() -> list[Figure]:
    """Insert as the agent does: one transaction a span, rollups included, texts sealed."""
    with _home() as paths:
        migrate(paths)
        journal = Journal.open(paths.database, Cipher(os.urandom(KEY_BYTES)))
        start = time.perf_counter()
        for number in range(SPANS):
            journal.append(_span(number))
        took = time.perf_counter() - start
        journal.close()
        size = paths.database.stat().st_size
    return [
        Figure(
            "spans stored, each on its own",
            SPANS / took,
            "a second",
            1000,
            "the agent stores about one",
            at_least=True,
        ),
        Figure("time a stored span takes", took / SPANS * 1e6, "µs", 1000),
        Figure("disk a stored span takes", size / SPANS, "bytes", 300),
    ]


def _span(number: int) -> Span:
    start = FIRST_MS + number * SPAN_MS
    activity = Activity(
        application=f"application {number % APPLICATIONS}",
        title=f"file {number * 7 % TITLES}.py - editor",
        branch=f"feature/{number % BRANCHES}",
        language="Python",
    )
    return Span(start, start + SPAN_MS, 3600, State.ACTIVE, activity, switched=number % 3 == 0)


@contextmanager
def _home() -> Iterator[Paths]:
    build = Path(__file__).resolve().parents[2] / "build"
    build.mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="bench-", dir=build))
    try:
        yield Paths.discover({"DEVPULSE_HOME": str(place)}).create()
    finally:
        shutil.rmtree(place, ignore_errors=True)
