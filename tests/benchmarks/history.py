"""Years of made-up work in a real database: python -m tests.benchmarks.history --years 5 --out FILE.

The same seed gives the same activities. They go in by bulk, and the rollups are then made from them as
after a recovery, so that they equal the raw sums. Titles are sealed, from a bounded pool.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from app.models.beginning import begin
from app.models.cipher import KEY_BYTES, Cipher
from app.models.database import connect
from app.models.keyfile import Way
from app.models.keys import create_key, load_key
from app.models.migrate import migrate
from app.models.projects import color_for
from app.models.rebuild import rebuild
from app.models.seeds import seed as seed_defaults
from app.models.spans_table import first_id
from app.models.store import Store
from app.paths import Paths, resources

PER_DAY = 5_476  # ten million in five years
LAST_DAY = date(2026, 6, 30)
KEY = bytes(range(KEY_BYTES))

APPLICATIONS, PROJECTS, BRANCHES, TITLES = 40, 30, 120, 20_000
LANGUAGES = ("Python", "Rust", "TypeScript", "C++", "Go", "SQL", "Markdown", "Shell")
_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)
_AT_ONCE = 100_000
# What a day is made of: so many different windows, some of them in each hour, taken up again and again.
_WINDOWS_A_DAY, _WINDOWS_AN_HOUR = 60, 12
_WEEKDAY, _WEEKEND = 1.2, 0.5

Row = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: number of spans, and the time from the first start to the last end, ms UTC."""

    spans: int
    first_ms: int
    last_ms: int


def make_history(
    path: Path,
    years: float,
    per_day: int = PER_DAY,
    seed: int = 1,
    *,
    cipher: Cipher | None = None,
    last_day: date = LAST_DAY,
) -> Made:
    """Fill a database, made where there is none, with `years` of work up to `last_day`.

    It must not hold activity yet. `cipher` seals the titles; without one it is that of `KEY`.
    """
    if not path.exists():
        begin(path)
    connection = connect(path)
    try:
        connection.execute(
            "INSERT OR IGNORE INTO devices (id, uuid, name) VALUES (1, ?, 'bench')", (str(UUID(int=seed)),)
        )
        seed_defaults(connection, resources())
        connection.executescript(_IN_BULK)
        connection.execute("BEGIN IMMEDIATE")
        days = round(years * 365.25)
        made = _fill(connection, Random(seed), cipher or Cipher(KEY), days, per_day, last_day)
        rebuild(connection)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
    with Store.open(path, cipher or Cipher(KEY)):
        return made


def _fill(
    connection: sqlite3.Connection, random: Random, cipher: Cipher, days: int, per_day: int, last_day: date
) -> Made:
    windows = list(_windows(connection, random, cipher))
    count, first, last = 0, 0, 0
    rows: list[Row] = []
    for back in range(days - 1, -1, -1):
        rows += _day(random, windows, last_day - timedelta(back), per_day)
        first = first or int(rows[0][2] or 0)
        if len(rows) >= _AT_ONCE or not back:
            connection.executemany(_INSERT, rows)
            count += len(rows)
            last = int(rows[-1][3] or 0)
            rows.clear()
        if not back % 30:
            _focus(connection, random, last_day - timedelta(back))
    return Made(count, first, last)


def _windows(connection: sqlite3.Connection, random: Random, cipher: Cipher) -> Iterator[Row]:
    """Application, title, address, file, project, branch, language and category of what is worked in."""
    for n in range(1, APPLICATIONS + 1):
        connection.execute("INSERT INTO applications VALUES (?, ?)", (n, f"application-{n}"))
    for n in range(1, BRANCHES + 1):
        connection.execute("INSERT INTO branches VALUES (?, ?)", (n, f"feature/branch-{n}"))
    for n, language in enumerate(LANGUAGES, 1):
        connection.execute("INSERT INTO languages VALUES (?, ?)", (n, language))
    for n in range(1, PROJECTS + 1):
        connection.execute(
            "INSERT INTO projects (id, uuid, name, color, created_ms) VALUES (?, ?, ?, ?, 0)",
            (n, str(UUID(int=n)), f"project-{n}", color_for(f"project-{n}")),
        )
    for n in range(1, TITLES + 1):
        text = f"module_{n}.py — package_{n % 97} — an editor of some kind"
        connection.execute("INSERT INTO texts VALUES (?, ?, ?)", (n, cipher.digest(text), cipher.seal(text)))
    categories = [row[0] for row in connection.execute("SELECT id FROM categories")] or [None]
    for title in range(1, TITLES + 1):
        # A few projects take most of the time, as they do.
        project = 1 + int(PROJECTS * random.random() ** 2)
        application = 1 + int(APPLICATIONS * random.random() ** 3)
        coding = random.random() < 0.7
        yield (
            application,
            title,
            None,
            title if coding and title % 3 == 0 else None,
            project if coding else None,
            1 + (project * 4 + random.randrange(4)) % BRANCHES if coding else None,
            1 + project % len(LANGUAGES) if coding else None,
            categories[application % len(categories)],
        )


def _day(random: Random, windows: list[Row], day: date, per_day: int) -> Iterator[Row]:
    offset = 7_200 if 4 <= day.month <= 10 else 3_600
    count = max(1, round(per_day * (_WEEKEND if day.weekday() > 4 else _WEEKDAY)))
    at = (day - _EPOCH).days * _DAY_MS + 8 * 3_600_000 - offset * 1000 + random.randrange(3_600_000)
    usual = max(1, 11 * 3_600_000 // count)
    today = random.choices(windows, k=_WINDOWS_A_DAY)
    before = None
    for _ in range(count):
        chosen = random.random()
        end = at + 1 + int(usual * (0.2 + 1.6 * random.random()))
        if chosen < 0.01:
            yield (first_id(at), 1, at, end, offset, 1, 0, *_NONE, 0, None)
        else:
            nearby = int(_WINDOWS_AN_HOUR * chosen * chosen)
            window = today[(at // 3_600_000 * 7 + nearby) % _WINDOWS_A_DAY]
            yield (first_id(at), 1, at, end, offset, 0, int(window is not before), *window, 0, None)
            before = window
        at = end


def _focus(connection: sqlite3.Connection, random: Random, until: date) -> None:
    """A month of sessions, two a day."""
    for back in range(30):
        start = ((until - _EPOCH).days - back) * _DAY_MS + 9 * 3_600_000
        for n in range(2):
            begun = start + n * 3 * 3_600_000
            ended = begun + random.choice((25, 50)) * 60_000
            focused, number = ended - begun, 1 + random.randrange(PROJECTS)
            connection.execute(
                "INSERT INTO focus_sessions (uuid, device_id, project_id, state, started_ms, ended_ms, "
                "utc_offset_s, planned_ms, focused_ms, updated_ms, interruptions) "
                "VALUES (?, 1, ?, 'completed', ?, ?, 3600, ?, ?, ?, ?)",
                (str(UUID(int=begun)), number, begun, ended, focused, focused, ended, random.randrange(4)),
            )


_IN_BULK = "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA journal_mode = MEMORY;"
_NONE: Row = (None,) * 8
_INSERT = f"INSERT INTO activity_logs VALUES ({', '.join('?' * 17)}, NULL)"


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.history", description=__doc__)
    parser.add_argument("--years", type=float, default=5)
    parser.add_argument("--per-day", type=int, default=PER_DAY)
    parser.add_argument("--seed", type=int, default=1)
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--out", type=Path, metavar="FILE", help="a database file of its own")
    place.add_argument("--home", type=Path, metavar="FOLDER", help="a whole DEVPULSE_HOME, its key in a file")
    given = parser.parse_args(words)
    started = time.monotonic()
    cipher = None
    path = given.out
    if given.home:
        paths = Paths.discover({"DEVPULSE_HOME": str(given.home)}).create()
        create_key(paths, Way.FILE)
        cipher = load_key(paths).cipher()
        migrate(paths)
        path = paths.database
    made = make_history(path, given.years, given.per_day, given.seed, cipher=cipher)
    size = path.stat().st_size / 1e6
    print(f"{made.spans} activities, {size:.0f} MB, {time.monotonic() - started:.0f} s: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
