"""The years as calendars."""

from __future__ import annotations

from datetime import date

from PyQt6.QtCore import pyqtSignal

from app.analytics.trends import Calendar
from app.ui.chart_colors import chart_colors, following
from app.ui.charts.calendar import CalendarChart
from app.ui.pages.trends.about import about
from app.ui.pages.trends.buckets import month_names, weekday_names
from app.ui.services import Services
from app.ui.widgets.card import Card
from app.ui.words import tr

_YEAR, _FOOT = 154, 28


class YearsCard(Card):
    """`day_chosen(date)`."""

    day_chosen = pyqtSignal(object)

    def __init__(self, services: Services) -> None:
        title = tr("Days of the year")
        super().__init__(title)
        self.head.insertWidget(1, about(services.icons, "years", title))
        colors = chart_colors(services.theme.tokens)
        self.chart = following(CalendarChart(title, colors, month_names(), weekday_names()), services.theme)
        self.chart.explain_emptiness(tr("No time yet"), tr("Each day you work gets its colour here."))
        self.chart.chosen.connect(self._chosen)
        self.body.addWidget(self.chart)

    def show_years(self, found: Calendar, today: date) -> None:
        """Show whole years, up to today."""
        first, last = found.days.first, min(found.days.last, today)
        years = last.year - first.year + 1
        self.chart.caption = str(first.year) if years == 1 else f"{first.year} – {last.year}"
        self.chart.show_days(first, found.active_ms[: (last - first).days + 1] / 1000)
        self.chart.setFixedHeight(_YEAR * years + _FOOT if not self.chart.is_empty else _YEAR)

    def _chosen(self, day: object) -> None:
        self.day_chosen.emit(day)
