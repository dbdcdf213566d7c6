"""Search over a year: 300,000 activities and 60,000 different titles, first time and while typing on.

Times are processor time, for the machine may be shared; what the clock said stands beside it. The history is
made once, in `build/`, and kept for the next run.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from app.analytics.search import Search
from app.analytics.search_words import parse
from app.models.cipher import Cipher
from app.models.database import SCHEMA_VERSION, connect
from tests.benchmarks.figures import Figure
from tests.benchmarks.history import KEY, make_history

ROOT = Path(__file__).resolve().parents[2]
PER_DAY, TITLES = 821, 60_000
RUNS, BUDGET = 5, 300
FILTERED = "module package_7 app:application-3"
RARE, COMMON = "module_41", "editor"


def run() -> list[Figure]:
    """Medians; all hits are read up to the 500 that a window shows."""
    database = _history()
    return [
        _figure("first time, all texts sealed", _cold(database, RARE)),
        _figure("to the first hits", _cold(database, COMMON, first=True)),
        _figure("typing on", _warm(database, RARE)),
        _figure("a word in every title", _warm(database, COMMON)),
        _figure("words and filters", _warm(database, FILTERED)),
        _figure("nothing found", _warm(database, "no such words anywhere")),
    ]


def _figure(what: str, took: tuple[float, float]) -> Figure:
    return Figure(f"search a year, {what}", took[0], "ms", BUDGET, f"by the clock {took[1]:.0f}")


def _history() -> Path:
    folder = ROOT / "build" / f"search-schema-{SCHEMA_VERSION}"
    database = folder / "devpulse.db"
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make_history(database, 1, PER_DAY, cipher=Cipher(KEY))
        _more_titles(database)
        (folder / "made").touch()
    return database


def _more_titles(database: Path) -> None:
    """As many different titles as a year brings, each where a span has it."""
    cipher = Cipher(KEY)
    connection = connect(database)
    connection.execute("BEGIN IMMEDIATE")
    have = connection.execute("SELECT max(id) FROM texts").fetchone()[0]
    for n in range(have + 1, TITLES + 1):
        text = f"module_{n}.py — package_{n % 97} — an editor of some kind"
        connection.execute("INSERT INTO texts VALUES (?, ?, ?)", (n, cipher.digest(text), cipher.seal(text)))
    connection.execute(
        "UPDATE activity_logs SET title_id = 1 + (id / 1024 / 7919) % ? WHERE state = 0", (TITLES,)
    )
    connection.execute("COMMIT")
    connection.close()


def _cold(database: Path, words: str, *, first: bool = False) -> tuple[float, float]:
    def once() -> None:
        search = Search(database, Cipher(KEY))
        found = search.run(parse(words))
        if first:
            next(found)
            found.close()
        else:
            list(found)
        search.close()

    return _median(once)


def _warm(database: Path, words: str) -> tuple[float, float]:
    search = Search(database, Cipher(KEY))
    search.prepare()
    took = _median(lambda: list(search.run(parse(words))))
    search.close()
    return took


def _median(work: Callable[[], object]) -> tuple[float, float]:
    """ms of the processor, and by the clock."""
    processor: list[float] = []
    clock: list[float] = []
    for _ in range(RUNS):
        start, used = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return statistics.median(processor) * 1000, statistics.median(clock) * 1000
