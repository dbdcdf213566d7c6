"""What the Trends page asks, each question on its own, so that what is quick is shown at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from app.analytics.day import DayView, Hours, hours_of
from app.analytics.focus_trend import FocusTrend
from app.analytics.labels import By
from app.analytics.ranges import Days, Granularity
from app.analytics.series import NOTHING
from app.analytics.trends import Trends
from app.errors import DevPulseError
from app.ui.background import BackgroundQuery
from app.ui.dates import DateRange, Span, around
from app.ui.pages.trends.buckets import granularity_of
from app.ui.pages.trends.ranges import Asked, asked, years_of
from app.ui.reckoning import Reckoning
from app.ui.services import Services
from app.ui.shell.times import local_now

T = TypeVar("T")
# More colours than these cannot be told apart.
_MOST = 8
_AVERAGE = {Granularity.DAY: 7, Granularity.WEEK: 4, Granularity.MONTH: 3}


@dataclass(frozen=True, slots=True)
class Stack:
    """Stacked time: of the range, and of what it is compared with; of a single day its hours."""

    asked: Asked
    by: By
    trends: Trends
    before: Trends | None
    active_days: int = 0
    active_days_before: int = 0
    hours: Hours | None = None


class TrendsModel(QObject):
    """Signals carry what was answered: `stack` a `Stack`, `week` a `HeatMap`, `best` a `BestHours` or None,
    `years` a `Calendar`, `focus` a `FocusTrend`, `recorded` the `Days` there are, None for none."""

    stack = pyqtSignal(object)
    week = pyqtSignal(object)
    best = pyqtSignal(object)
    years = pyqtSignal(object)
    focus = pyqtSignal(object)
    recorded_changed = pyqtSignal(object)
    failed = pyqtSignal(object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._queries: dict[str, BackgroundQuery] = {}
        self.by = By.PROJECT
        self.range: DateRange = around(Span.WEEK, self.today())
        self.recorded: Days | None = None
        self._reckoned = 0
        self._reckoning = Reckoning(services.background, services.paths.database, self)
        self._reckoning.more.connect(self._more_reckoned)

    def today(self) -> date:
        return local_now(self._services.clock).date()

    @property
    def asked(self) -> Asked:
        """The days of the range."""
        return asked(self.range, self.today(), self.recorded)

    def show(self, chosen: DateRange) -> None:
        """Show another range."""
        self.range = chosen
        self.refresh()

    def show_by(self, by: By) -> None:
        """Tell time apart by something else."""
        self.by = by
        self._ask_stack(self.asked)

    def refresh(self) -> None:
        """Ask for everything anew; what is known is told at once."""
        questions = self._services
        self._ask("recorded", lambda: questions.questions.recorded_days(), self._take_recorded, ("recorded",))

    def forget(self) -> None:
        """Nobody looks any more."""
        for query in self._queries.values():
            query.forget()
        self._reckoning.stop()

    def _take_recorded(self, days: Days | None) -> None:
        self.recorded = days
        self.recorded_changed.emit(days)
        chosen = self.asked
        self._ask_stack(chosen)
        services, shown = self._services, chosen.days
        years = years_of(shown, days, self.today())
        self._ask("week", lambda: services.questions.heat_map(shown), self.week.emit, ("week", shown))
        self._ask("best", lambda: services.questions.best_hours(shown), self.best.emit, ("best", shown))
        self._ask("years", lambda: services.questions.calendar(years), self.years.emit, ("years", years))
        self._ask_focus(shown)

    def _take_focus(self, trend: FocusTrend) -> None:
        self.focus.emit(trend)
        if trend.missing:
            self._reckoning.start()

    def _more_reckoned(self, _: bool) -> None:
        self._reckoned += 1
        self._ask_focus(self.asked.days)

    def _ask_focus(self, shown: Days) -> None:
        services, grain = self._services, granularity_of(shown)
        self._ask(
            "focus",
            lambda: services.questions.focus_trend(shown, grain, _AVERAGE[grain]),
            self._take_focus,
            ("focus", shown, grain, self._reckoned),
        )

    def _ask_stack(self, chosen: Asked) -> None:
        by, services = self.by, self._services
        self._ask("stack", lambda: stack_of(services, chosen, by), self.stack.emit, ("stack", chosen, by))

    def _ask(
        self, name: str, question: Callable[[], T], then: Callable[[T], None], key: tuple[object, ...]
    ) -> None:
        if name not in self._queries:
            self._queries[name] = BackgroundQuery(self._services.background, self)
        self._queries[name].ask(question, then, failed=self._refused, key=("trends", *key))

    def _refused(self, error: DevPulseError) -> None:
        self.failed.emit(error)


def stack_of(services: Services, chosen: Asked, by: By) -> Stack:
    """Not for the GUI thread."""
    questions, days = services.questions, chosen.days
    grain = granularity_of(days)
    found = questions.trends(days, by, grain, most=_MOST)
    before = None if chosen.before is None else questions.trends(chosen.before, by, grain, most=_MOST)
    active = _active_days(services, days)
    earlier = 0 if chosen.before is None else _active_days(services, chosen.before)
    if len(days) > 1:
        return Stack(chosen, by, found, before, active, earlier)
    view: DayView = questions.day(days.first)
    spans = view.blocks.array[view.blocks.array["kind"] != NOTHING]
    hours = hours_of(spans, view.names, by)
    return Stack(chosen, by, found, before, active, earlier, hours)


def _active_days(services: Services, days: Days) -> int:
    """How many of the days have any active time."""
    return int(np.count_nonzero(services.questions.calendar(days).active_ms))
