"""The charts over ten million activities: each one's question and picture, and a day of 50,000 blocks.

Everything is drawn for real, into memory (Qt's offscreen platform). A question's figure is that of the first
time it is asked; the rollups are read by then, as they are in a window that is open (told apart). In the
application five years are drawn by months: bars and points by days are more than any page draws.

Times are processor time of the thread that asks and paints, for the machine may be shared; what is read lies
in the system's cache, so nothing else is waited for.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from tests.benchmarks.figures import Figure
from tests.benchmarks.history import LAST_DAY
from tests.benchmarks.homes import home_of

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PyQt6.QtWidgets import QApplication

from app.analytics.labels import By
from app.analytics.questions import Questions
from app.analytics.ranges import Days, Granularity
from app.analytics.trends import Trends
from app.clock import SystemClock
from app.models.keys import load_key
from app.paths import Paths
from app.ui.chart_colors import chart_colors
from app.ui.charts.bars import BarsChart
from app.ui.charts.calendar import CalendarChart
from app.ui.charts.cells import HourWeekdayChart
from app.ui.charts.chart import Chart
from app.ui.charts.columns import Blocks
from app.ui.charts.lanes import LanesChart
from app.ui.charts.lanes_values import DayLanes, Lane, Selection
from app.ui.charts.lines import Curve, LinesChart, Scale
from app.ui.charts.values import Series
from app.ui.pages.timeline.lanes import day_lanes
from app.ui.pages.timeline.recorded import Recorded
from app.ui.pages.trends.buckets import month_names, named, weekday_names
from app.ui.pages.trends.model import Stack
from app.ui.pages.trends.ranges import Asked
from app.ui.pages.trends.stack_card import bars_of
from app.ui.theme.tokens import LIGHT

T = TypeVar("T")
C = TypeVar("C", bound=Chart)
ROUNDS = 7
YEARS = 5
BUDGET, REPAINT, ACTION = 100, 16, 50
BLOCKS = 50_000
COLORS = chart_colors(LIGHT)


def run() -> list[Figure]:
    """Medians of several rounds, each with a window's questions and a chart of its own."""
    application = QApplication.instance() or QApplication(["bench"])
    assert application is not None
    return [*_over_years(), *_a_day(), *_many_blocks()]


def _over_years() -> list[Figure]:
    days = Days(LAST_DAY - timedelta(days=round(365.25 * YEARS) - 1), LAST_DAY)
    figures = [Figure("rollups of five years, read once by a window", _first(), "ms", None)]
    for by in By:
        asked, found = _asked(lambda q, by=by: q.trends(days, by, Granularity.MONTH, most=8))
        figures.append(_both(f"stacked months by {by.value}", asked, _bars(days, found)))
    asked, daily = _asked(lambda q: q.trends(days, By.PROJECT, Granularity.DAY, most=8))
    figures.append(_both("stacked days by project, 1,826 bars", asked, _bars(days, daily)))
    asked, heat = _asked(lambda q: q.heat_map(days))
    drawn = _shown(
        lambda: HourWeekdayChart("Week", COLORS, weekday_names()),
        lambda chart: chart.show_seconds(heat.sum_ms / 1000, 260),
    )
    figures.append(_both("hour × weekday", asked, drawn))
    asked, calendar = _asked(lambda q: q.calendar(days))
    drawn = _shown(
        lambda: CalendarChart("Years", COLORS, month_names(), weekday_names()),
        lambda chart: chart.show_days(days.first, calendar.active_ms / 1000),
        800,
    )
    figures.append(_both("calendars of five years, 1,826 cells", asked, drawn))
    hours = daily.total / 3_600_000
    curve = Curve(Series(1, "Hours", "#4477aa"), hours, np.convolve(hours, np.ones(7) / 7, "same"))
    buckets = named(daily.buckets, Granularity.DAY)
    drawn = _shown(
        lambda: LinesChart("Line", COLORS, Scale(str)), lambda chart: chart.show_curves(buckets, [curve])
    )
    return [*figures, _both("line with moving average, 1,826 points", 0, drawn)]


def _first() -> float:
    paths = Paths.discover({"DEVPULSE_HOME": str(home_of(YEARS))})
    took: list[float] = []
    for _ in range(ROUNDS):
        questions = Questions(paths.database, load_key(paths).cipher(), SystemClock())
        ms, _answer = _timed(
            lambda questions=questions: questions.trends(Days(LAST_DAY, LAST_DAY), By.PROJECT)
        )
        took.append(ms)
        questions.close()
    return statistics.median(took)


def _bars(days: Days, found: Trends) -> float:
    bars = bars_of(Stack(Asked(days, None, running=True), found.by, found, None), LIGHT)
    return _shown(lambda: BarsChart("Time", COLORS), lambda chart: chart.show_bars(bars))


def _a_day() -> list[Figure]:
    asked, view = _asked(lambda q: q.day(LAST_DAY))
    drawn = _shown(
        lambda: LanesChart("Day", COLORS), lambda chart: chart.show_day(day_lanes(Recorded(view), LIGHT))
    )
    return [_both(f"a day's lanes, {len(view.blocks):,} blocks", asked, drawn)]


def _many_blocks() -> list[Figure]:
    lanes = LanesChart("Day", COLORS)
    day = busy_day(LAST_DAY)
    opened = _shown(lambda: LanesChart("Day", COLORS), lambda chart: chart.show_day(day))
    _on_screen(lanes)
    lanes.show_day(day)
    QApplication.processEvents()
    viewport = lanes.viewport()
    assert viewport is not None
    again = _median(viewport.repaint, 40)

    def zoom() -> None:
        lanes.zoom(0.9)
        viewport.repaint()

    zoomed = _median(zoom, 40)
    lanes.show_view(day.start, day.end)
    lanes.zoom(0.25)

    def pan() -> None:
        lanes.pan(0.02)
        viewport.repaint()

    panned = _median(pan, 40)

    def grow() -> None:
        lanes.show_day(busy_day(LAST_DAY, day))
        viewport.repaint()

    grown = _median(grow, 9)
    ids = day.lanes[0].blocks.id

    def select() -> None:
        lanes.select(Selection(frozenset(ids[n[0] :: 25].tolist())))
        n[0] += 1
        viewport.repaint()

    n = [0]
    selected = _median(select, 9)
    name = f"a day of {BLOCKS:,} blocks in two lanes"
    return [
        Figure(f"{name}: shown and painted", opened, "ms", BUDGET, "pyqtgraph, an item per block: 16,700"),
        Figure(f"{name}: repaint", again, "ms", REPAINT),
        Figure(f"{name}: a step of zooming", zoomed, "ms", REPAINT),
        Figure(f"{name}: a step of panning", panned, "ms", REPAINT),
        Figure(f"{name}: the day grows", grown, "ms", ACTION),
        Figure(f"{name}: select 2,000", selected, "ms", ACTION),
    ]


def busy_day(day: date, like: DayLanes | None = None) -> DayLanes:
    """50,000 blocks without gaps, of 30 applications and 12 projects; always the same."""
    start = round(datetime.combine(day, datetime.min.time(), UTC).timestamp() * 1000)
    if like is not None:
        return DayLanes(like.start, like.end, like.lanes, like.wall)
    random = np.random.default_rng(1)
    edges = start + np.sort(random.choice(86_400_000, BLOCKS + 1, replace=False)).astype(np.int64)
    ids = np.arange(1, BLOCKS + 1, dtype=np.int64)
    applications, projects = (
        random.integers(0, 30, BLOCKS),
        np.repeat(random.integers(0, 12, 500), BLOCKS // 500),
    )
    colors = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")
    lanes = tuple(
        Lane(key, key, tuple(Series(n, f"name {n}", colors[n % 6]) for n in range(count)),
             Blocks(edges[:-1], edges[1:], kinds.astype(np.int64), ids), joined=key == "projects")
        for key, kinds, count in (("applications", applications, 30), ("projects", projects, 12))
    )  # fmt: skip
    return DayLanes(
        start,
        start + 86_400_000,
        lanes,
        lambda ms: datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None),
    )


def _both(name: str, asked: float, drawn: float) -> Figure:
    note = f"question {asked:.1f}, picture {drawn:.1f}" if asked else ""
    return Figure(name, asked + drawn, "ms", BUDGET, note)


def _asked(ask: Callable[[Questions], T]) -> tuple[float, T]:
    """The median of what a window waits for its first answer, its rollups read."""
    took: list[float] = []
    answers: list[T] = []
    for _ in range(ROUNDS):
        with _questions() as questions:
            ms, answer = _timed(lambda questions=questions: ask(questions))
        took.append(ms)
        answers.append(answer)
    return statistics.median(took), answers[-1]


@contextmanager
def _questions() -> Generator[Questions]:
    paths = Paths.discover({"DEVPULSE_HOME": str(home_of(YEARS))})
    questions = Questions(paths.database, load_key(paths).cipher(), SystemClock())
    try:
        questions.trends(Days(LAST_DAY, LAST_DAY), By.PROJECT)
        questions.heat_map(Days(LAST_DAY, LAST_DAY))
        yield questions
    finally:
        questions.close()


def _timed(ask: Callable[[], T]) -> tuple[float, T]:
    start = time.thread_time()
    answer = ask()
    return (time.thread_time() - start) * 1000, answer


def _shown(make: Callable[[], C], put: Callable[[C], None], height: int = 320) -> float:
    """ms from handing over the numbers to the painted picture, in a window that is there; the median."""
    took: list[float] = []
    for _ in range(ROUNDS):
        chart = make()
        _on_screen(chart, height)
        start = time.thread_time()
        put(chart)
        QApplication.processEvents()
        took.append((time.thread_time() - start) * 1000)
        chart.hide()
    return statistics.median(took)


def _on_screen(chart: Chart, height: int = 320) -> None:
    chart.resize(1_100, height)
    chart.show()
    QApplication.processEvents()


def _median(do: Callable[[], object], times: int) -> float:
    return statistics.median([_timed(do)[0] for _ in range(times)])
