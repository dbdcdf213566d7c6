"""What the windows ask, over one day, one and five years of ten million activities.

Each question is asked of a `Questions` that was just opened (cold: the file's pages are in the cache, nothing
in memory) and again after somebody else wrote (live). The processor's time is told, for on a shared machine
the clock on the wall measures the neighbours.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from app.analytics.inquiries import Inquiries
from app.analytics.labels import By
from app.analytics.questions import Questions
from app.analytics.ranges import Days, Granularity
from app.clock import Instant
from app.models.database import connect
from app.models.keys import load_key
from app.models.side_file import side_file
from app.paths import Paths
from app.tracking.conditions import read_conditions
from tests.benchmarks.bench_report import YEARS
from tests.benchmarks.figures import Figure
from tests.benchmarks.history import LAST_DAY, make_history
from tests.benchmarks.homes import home_of

RUNS = 5
CHART_MS = 100.0
BLOCKS = 50_000
_LAST = Days(LAST_DAY, LAST_DAY)
_MONTH = Days(LAST_DAY - timedelta(days=29), LAST_DAY)
_YEAR = Days(LAST_DAY - timedelta(days=364), LAST_DAY)
_ALL = Days(LAST_DAY - timedelta(days=365 * YEARS), LAST_DAY)

Question = Callable[[Questions], object]
CHARTS: tuple[tuple[str, Question], ...] = (
    ("projects by week", lambda q: q.trends(_ALL, By.PROJECT, Granularity.WEEK)),
    ("applications by day", lambda q: q.trends(_ALL, By.APPLICATION, Granularity.DAY)),
    ("hour × weekday", lambda q: q.heat_map(_ALL)),
    ("calendar", lambda q: q.calendar(_ALL)),
    ("focus by day", lambda q: q.focus_trend(_ALL)),
    ("best hours", lambda q: q.best_hours(_ALL)),
    ("list of projects", lambda q: q.projects(_ALL)),
    ("a project's branches", lambda q: q.project(1, _ALL)),
)


class _Evening:
    """The clock of the last evening of the history."""

    def now(self) -> Instant:
        return Instant((LAST_DAY - date(1970, 1, 1)).days * 86_400_000 + 17 * 3_600_000, 0, 0)

    def utc_offset_s(self, wall_ms: int) -> int:
        return 7_200 if wall_ms else 0


class _Home:
    """A history and ways to ask about it."""

    def __init__(self, path: Path, paths: Paths | None = None) -> None:
        self.path = path
        self._cipher = load_key(paths).cipher() if paths else None

    def questions(self) -> Questions:
        return Questions(self.path, self._cipher, _Evening())

    def inquiries(self) -> Inquiries:
        return Inquiries(self.path, self._cipher)

    def touch(self) -> None:
        """Commit something from elsewhere, as the agent does at each switch."""
        connection = connect(self.path)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('bench', hex(randomblob(8)))")
        connection.close()

    def cold(self, ask: Question) -> float:
        took: list[float] = []
        for _ in range(RUNS):
            opened = self.questions()
            took.append(_milliseconds(lambda q=opened: ask(q)))
            opened.close()
        return statistics.median(took)

    def live(self, ask: Question) -> float:
        opened, took = self.questions(), list[float]()
        ask(opened)
        for _ in range(RUNS):
            self.touch()
            took.append(_milliseconds(lambda: ask(opened)))
        opened.close()
        return statistics.median(took)


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def run() -> list[Figure]:
    """Every chart over five years, cold and live; a day, today; what takes seconds."""
    paths = Paths.discover({"DEVPULSE_HOME": str(home_of(YEARS))})
    home = _Home(paths.database, paths)
    return [*_first_time(home), *_charts(home), *_days(home), *_long(home), *_dense_day()]


def _first_time(home: _Home) -> list[Figure]:
    """What happens once: without the side file."""
    side_file(home.path).unlink(missing_ok=True)
    opened = home.questions()
    rollups = _milliseconds(lambda: (opened.calendar(_ALL), opened.heat_map(_ALL)))
    opened.close()
    inquiries = home.inquiries()
    reckoned = _milliseconds(inquiries.reckon) / 1000
    inquiries.close()
    size = side_file(home.path).stat().st_size / 1e6
    return [
        Figure("once: rollups of 5 years read", rollups, "ms", None, "both; then from the side file"),
        Figure("once: 5 years reckoned", reckoned, "s", 60, "in the background; a day takes milliseconds"),
        Figure("side file of 5 years", size, "MB", None, "may be thrown away"),
    ]


def _charts(home: _Home) -> list[Figure]:
    found: list[Figure] = []
    for name, ask in CHARTS:
        found.append(Figure(f"5 years, {name}: cold", home.cold(ask), "ms", CHART_MS))
        found.append(Figure(f"5 years, {name}: after a switch", home.live(ask), "ms", CHART_MS))
    return found


def _days(home: _Home) -> list[Figure]:
    return [
        Figure("a day of 6,571 blocks", home.cold(lambda q: q.day(LAST_DAY)), "ms", CHART_MS),
        Figure("today: cold", home.cold(lambda q: q.today()), "ms", CHART_MS),
        Figure("today: after a switch", home.live(lambda q: q.today()), "ms", 50),
        Figure("a month's focus: cold", home.cold(lambda q: q.focus_trend(_MONTH)), "ms", CHART_MS),
    ]


def _long(home: _Home) -> list[Figure]:
    inquiries = home.inquiries()
    ms = _milliseconds
    title = read_conditions([{"field": "title", "is": "contains", "value": "module_77"}])
    name = read_conditions([{"field": "application", "is": "equals", "value": "application-3"}])
    found = [
        Figure("rule by title over a month", ms(lambda: inquiries.matches(title, _MONTH)), "ms", 500),
        Figure("rule by title over a year", ms(lambda: inquiries.matches(title, _YEAR)), "ms"),
        Figure("rule by application over a year", ms(lambda: inquiries.matches(name, _YEAR)), "ms"),
        Figure("ids of a year's activities", ms(lambda: inquiries.activities(_YEAR)), "ms"),
        Figure("all stored of an application", ms(lambda: inquiries.stored(1)), "ms", None, "5 years"),
    ]
    inquiries.close()
    return found


def _dense_day() -> list[Figure]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "devpulse.db"
        # A weekday holds a fifth more than the average.
        made = make_history(path, 1 / 365, per_day=round(BLOCKS / 1.2))
        home = _Home(path)
        return [
            Figure(f"a day of {made.spans:,} blocks", home.cold(lambda q: q.day(LAST_DAY)), "ms", 500),
            Figure("today of as many: after a switch", home.live(lambda q: q.today()), "ms", 500),
        ]
