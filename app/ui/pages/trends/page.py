"""The Trends page: a range of days, what it was spent on, when, and how focused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import ClassVar

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout

from app.analytics.best_hours import BestHours
from app.analytics.focus_trend import FocusTrend
from app.analytics.labels import By
from app.analytics.ranges import Days
from app.analytics.trends import Calendar, HeatMap
from app.errors import DevPulseError
from app.ui.charts.chart import Chart
from app.ui.dates import DateRange, Span, around, long_day, told_range
from app.ui.freshness import Topic
from app.ui.hearing import hear
from app.ui.pages.trends.figures import Figures
from app.ui.pages.trends.focus_cards import FocusCard, FragmentationCard
from app.ui.pages.trends.model import Stack, TrendsModel
from app.ui.pages.trends.stack_card import StackCard
from app.ui.pages.trends.week_card import WeekCard
from app.ui.pages.trends.years_card import YearsCard
from app.ui.services import Services
from app.ui.shell.page import Command, Page
from app.ui.widgets.page_body import PageHeader, scrolling_column
from app.ui.widgets.range_picker import RangePicker
from app.ui.words import tr

# The title with the dates below it, and the page's margins.
_HEADING = 220


def build(services: Services) -> Page:
    """The page."""
    return TrendsPage(services)


class TrendsPage(Page):
    topics: ClassVar[frozenset[Topic]] = frozenset({Topic.ACTIVITY, Topic.PROJECTS, Topic.CATEGORIES})

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.model = TrendsModel(services, self)
        self.header = PageHeader(tr("Trends"), " ")
        self.ranges = RangePicker(services.icons, self.model.today, Span.WEEK)
        self.header.add(self.ranges)

    def furnish(self) -> Iterator[None]:
        services, column = self._services, scrolling_column(self, self.header)
        self.figures, self.stack = Figures(), StackCard(services)
        column.addWidget(self.figures)
        column.addWidget(self.stack)
        yield
        self.week = WeekCard(services)
        column.addWidget(self.week)
        yield
        self.focus, self.fragmentation = FocusCard(services), FragmentationCard(services)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.focus, 1)
        both.addWidget(self.fragmentation, 1)
        column.addLayout(both)
        yield
        self.years = YearsCard(services)
        column.addWidget(self.years)
        column.addStretch(1)
        self._connect()

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        self.model.refresh()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        super().resizeEvent(a0)
        self.ranges.fit(self.width() - _HEADING)

    def left(self) -> None:
        self.model.forget()
        for chart in self.charts:
            chart.hide_hint()

    def go(self, where: Mapping[str, str]) -> None:
        try:
            first, last = (date.fromisoformat(where.get(end, "")) for end in ("from", "to"))
        except ValueError:
            return
        self.show_range(range_of(Days(min(first, last), max(first, last))))

    def commands(self) -> Sequence[Command]:
        return (
            Command(tr("Earlier"), lambda: self.ranges.step(-1), "chevron-left", "Alt+Left", tr("Trends")),
            Command(tr("Later"), lambda: self.ranges.step(1), "chevron-right", "Alt+Right", tr("Trends")),
            *(
                Command(words, lambda by=by: self._show_by(by), "layers", hint=tr("Trends"))
                for by, words in (
                    (By.PROJECT, tr("Time by project")),
                    (By.CATEGORY, tr("Time by category")),
                    (By.APPLICATION, tr("Time by application")),
                )
            ),
        )

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All charts of the page."""
        cards = (self.stack, self.week, self.years, self.focus, self.fragmentation)
        return (*(card.chart for card in cards), self.stack.ranking)

    def show_range(self, found: DateRange) -> None:
        """Show another range."""
        self.ranges.show_range(found)
        self.model.show(found)

    def _connect(self) -> None:
        model = self.model
        self.ranges.picked.connect(model.show)
        model.recorded_changed.connect(self._recorded)
        model.stack.connect(self._show_stack)
        model.week.connect(self._show_week)
        model.best.connect(self._show_best)
        model.years.connect(self._show_years)
        model.focus.connect(self._show_focus)
        model.failed.connect(self._failed)
        self.stack.by_chosen.connect(self._show_by)
        for card in (self.stack, self.focus, self.fragmentation):
            card.days_chosen.connect(self._drill_down)
        self.years.day_chosen.connect(self._open_day)
        self.week.hour_chosen.connect(self._open_hour)
        for chart in self.charts:
            chart.trouble.connect(lambda words: self._failed(DevPulseError(words)))
        hear(self._services.theme.changed, self, lambda _: model.refresh())

    @property
    def _caption(self) -> str:
        return told_range(self.model.range, self.model.today())

    def _show_by(self, by: By) -> None:
        self.stack.by.choose(by.value)
        self.model.show_by(by)

    def _recorded(self, days: Days | None) -> None:
        self.ranges.first_recorded = None if days is None else days.first

    def _show_stack(self, stack: Stack) -> None:
        self.header.say(_dates(stack.asked.days))
        self.figures.show_stack(stack)
        self.stack.show_stack(stack, self._caption, self._told_before(stack))

    def _told_before(self, stack: Stack) -> str:
        """The dates a range is compared with, in words."""
        before = stack.asked.before
        if before is None or stack.before is None or not stack.before.total.any():
            return ""
        return tr("Before: {range}", range=_dates(before))

    def _show_week(self, week: HeatMap) -> None:
        self.week.show_week(week, self.model.asked.days, self._caption)

    def _show_best(self, best: BestHours | None) -> None:
        self.week.show_best(best)

    def _show_years(self, years: Calendar) -> None:
        self.years.show_years(years, self.model.today())

    def _show_focus(self, trend: FocusTrend) -> None:
        tokens = self._services.theme.tokens
        self.focus.show_trend(trend, tokens, self._caption)
        self.fragmentation.show_trend(trend, tokens, self._caption)

    def _drill_down(self, days: Days) -> None:
        """A day leads to its timeline, a week or month into itself."""
        if len(days) == 1:
            self._open_day(days.first)
        else:
            self.show_range(range_of(days))

    def _open_day(self, day: date) -> None:
        self._services.navigator.open("timeline", day=day.isoformat())

    def _open_hour(self, day: date, hour: int) -> None:
        self._services.navigator.open("timeline", day=day.isoformat(), hour=str(hour))

    def _failed(self, error: DevPulseError) -> None:
        self._services.changes.failed.emit(error)


def _dates(days: Days) -> str:
    """From when to when, in words."""
    if len(days) == 1:
        return long_day(days.first)
    return told_range(DateRange(Span.CUSTOM, days.first, days.last), days.last)


def range_of(days: Days) -> DateRange:
    """The named range these days are, or a custom one."""
    for kind in (Span.DAY, Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR):
        found = around(kind, days.first)
        if (found.first, found.last) == (days.first, days.last):
            return found
    return DateRange(Span.CUSTOM, days.first, days.last)
