"""When in the week the time goes by, and the best hours of the day."""

from __future__ import annotations

from datetime import timedelta

from PyQt6.QtCore import pyqtSignal

from app.analytics.best_hours import BestHours
from app.analytics.ranges import Days
from app.analytics.trends import HeatMap
from app.durations import told_in_minutes
from app.ui.chart_colors import chart_colors, following
from app.ui.charts.cells import HourWeekdayChart
from app.ui.pages.trends.about import about
from app.ui.pages.trends.buckets import weekday_names
from app.ui.services import Services
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.words import tr

_HEIGHT = 216
_WEEK = 7


class WeekCard(Card):
    """Hours × weekdays, with a sentence about the best hours.

    `hour_chosen(date, int)`: an hour, where each weekday is one day of the range.
    """

    hour_chosen = pyqtSignal(object, int)

    def __init__(self, services: Services) -> None:
        title = tr("Hours of the week")
        super().__init__(title)
        self.head.insertWidget(1, about(services.icons, "week", title))
        colors = chart_colors(services.theme.tokens)
        self.chart = following(HourWeekdayChart(title, colors, weekday_names()), services.theme)
        self.chart.explain_emptiness(tr("No time in this range"), tr("Your usual hours will show here."))
        self.chart.setMinimumHeight(_HEIGHT)
        self.chart.chosen.connect(self._chosen)
        self._days: Days | None = None
        self.best = label("", "muted", wrap=True)
        self.body.addWidget(self.chart, 1)
        self.body.addWidget(self.best)

    def show_week(self, week: HeatMap, days: Days, caption: str) -> None:
        """Show the sums of a range."""
        self._days = days
        self.chart.leads = len(days) <= _WEEK
        self.chart.caption = caption
        self.chart.show_seconds(week.sum_ms / 1000, float(week.days.max(initial=0)))

    def _chosen(self, cell: tuple[int, int]) -> None:
        weekday, hour = cell
        if self._days is not None:
            first = self._days.first
            self.hour_chosen.emit(first + timedelta(days=(weekday - first.weekday()) % _WEEK), hour)

    def show_best(self, best: BestHours | None) -> None:
        """Tell the best hours, or from when on there are any."""
        if best is None:
            self.best.setText(
                tr("Best hours are told from five active days on, with time in productive categories.")
            )
            return
        self.best.setText(
            tr(
                "Best hours: {first}:00 – {last}:00, with {length} of productive time on an average day.",
                first=f"{best.first:02d}",
                last=f"{best.last:02d}",
                length=told_in_minutes(best.best_ms / 1000),
            )
        )
