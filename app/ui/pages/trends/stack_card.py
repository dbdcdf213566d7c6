"""Stacked time: bars by project, category or application, with what each takes beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from PyQt6.QtCore import QRectF, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from app.analytics.labels import By, Label
from app.analytics.ranges import Days
from app.analytics.series import Floats, Ints
from app.analytics.trends import Series as TrendSeries
from app.ui.chart_colors import chart_colors, following
from app.ui.charts.bars import Bars, BarsChart, Bucket
from app.ui.charts.inks import ink, mixed
from app.ui.charts.legend import Legend
from app.ui.charts.ranking import RankingChart
from app.ui.charts.ring import Part
from app.ui.charts.values import Series
from app.ui.hearing import hear
from app.ui.labelled import series_of
from app.ui.pages.trends.about import about
from app.ui.pages.trends.buckets import hours_of_day, named
from app.ui.pages.trends.model import Stack
from app.ui.services import Services
from app.ui.theme.theme import Theme
from app.ui.theme.tokens import Tokens
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.widgets.segments import Segments
from app.ui.words import tr

T = TypeVar("T")

_HEIGHT, _RANKING, _MOST = 250, 270, 8


class StackCard(Card):
    """`by_chosen(By)`; `days_chosen(Days)`: a bar."""

    by_chosen = pyqtSignal(object)
    days_chosen = pyqtSignal(object)

    def __init__(self, services: Services) -> None:
        title = tr("Time")
        super().__init__(title)
        self._theme = services.theme
        choices = (
            (By.PROJECT, tr("Projects")),
            (By.CATEGORY, tr("Categories")),
            (By.APPLICATION, tr("Applications")),
        )
        self.by = Segments([(by.value, words) for by, words in choices], name=tr("Told apart by"))
        self.by.chosen.connect(lambda key: self.by_chosen.emit(By(key)))
        self.head.insertWidget(1, about(services.icons, "stack", title))
        self._before = label("", "caption")
        self._mark = BeforeMark(services.theme)
        self.head.addWidget(self._mark)
        self.head.addWidget(self._before)
        self.head.addSpacing(8)
        self.head.addWidget(self.by)
        colors = chart_colors(services.theme.tokens)
        self.chart = following(BarsChart(tr("Time by project"), colors), services.theme)
        self.chart.setMinimumHeight(_HEIGHT)
        self.ranking = following(RankingChart(tr("Most time"), colors), services.theme)
        self.ranking.setFixedWidth(_RANKING)
        self.legend = Legend(colors)
        services.theme.changed.connect(self._recolor)
        self.legend.hidden_changed.connect(self.chart.hide_series)
        self.chart.chosen.connect(self._chosen)
        for chart in (self.chart, self.ranking):
            chart.explain_emptiness(tr("No time in this range"), tr("What you work on is added up here."))
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.chart, 1)
        row.addWidget(self.ranking)
        self.body.addLayout(row)
        self.body.addWidget(self.legend)

    def show_stack(self, stack: Stack, caption: str, before: str) -> None:
        """Show a range; `before`: what the marks in the bars stand for, in words."""
        tokens = self._theme.tokens
        names = {By.PROJECT: tr("Time by project"), By.CATEGORY: tr("Time by category"),
                 By.APPLICATION: tr("Time by application")}  # fmt: skip
        for chart in (self.chart, self.ranking):
            chart.name = names[stack.by]
            chart.setAccessibleName(names[stack.by])
            chart.caption = caption
        self.by.choose(stack.by.value)
        bars = bars_of(stack, tokens)
        self._before.setText(before)
        for widget in (self._before, self._mark):
            widget.setVisible(bool(before) and bars.before is not None)
        self.legend.show_series(bars.series)
        self.legend.setVisible(len(bars.series) > 1)
        self.chart.show_bars(bars)
        parts = [Part(one, float(bars.seconds[n].sum())) for n, one in enumerate(bars.series)]
        self.ranking.setVisible(not self.chart.is_empty)
        self.ranking.show_parts(sorted(parts, key=lambda part: -part.seconds)[:_MOST])

    def _chosen(self, days: object) -> None:
        self.days_chosen.emit(days)

    def _recolor(self, tokens: Tokens) -> None:
        self.legend.recolor(chart_colors(tokens))


class BeforeMark(QWidget):
    """The mark that stands in the bars for the period before."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(18, 12)
        hear(theme.changed, self, lambda _: self.update())

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 5, 18, 2), ink(self._theme.tokens.colors.text))
        painter.end()


def bars_of(stack: Stack, tokens: Tokens) -> Bars:
    """The bars of a range: its days, weeks or months, or the hours of its only day.

    What has no name, and the rest, lies on top of what has one.
    """
    trends = stack.trends
    if stack.hours is not None:
        hours = _named_first(stack.hours.stacks, _label_of_hours)
        series = tuple(_series(one, stack.by, tokens) for one, _ in hours)
        return Bars(_one_day(stack), series, _matrix([values for _, values in hours], 24), whole=3600.0)
    ordered = _named_first(trends.series, _label_of_series)
    series = tuple(_series(one.label, stack.by, tokens) for one in ordered)
    count = len(trends.buckets)
    before = None
    if stack.before is not None and stack.before.total.any():
        before = _fitted(stack.before.total / 1000, count)
    rows = _matrix([one.values for one in ordered], count)
    return Bars(named(trends.buckets, trends.granularity), series, rows, before)


def _series(label: Label, by: By, tokens: Tokens) -> Series:
    """The rest is another grey than what has no name."""
    found = series_of(label, by, tokens)
    if label.id >= 0:
        return found
    return replace(found, color=mixed(tokens.categories[-1], tokens.colors.text, 0.3))


def _named_first(found: Iterable[T], label_of: Callable[[T], Label]) -> list[T]:
    """In their order, but the rest after those with a name, and those under none last."""
    return sorted(found, key=lambda one: {-1: 1, 0: 2}.get(label_of(one).id, 0))


def _label_of_series(one: TrendSeries) -> Label:
    return one.label


def _label_of_hours(one: tuple[Label, Ints]) -> Label:
    return one[0]


def _one_day(stack: Stack) -> tuple[Bucket, ...]:
    day = stack.asked.days.first
    return tuple(replace(bucket, key=Days(day, day)) for bucket in hours_of_day(day))


def _matrix(rows: list[Ints], width: int) -> Floats:
    return np.array(rows, np.float64).reshape(len(rows), width) / 1000


def _fitted(values: Floats, count: int) -> Floats:
    """As many as there are bars: months differ in length, and a running period has fewer."""
    return np.pad(values[:count], (0, max(0, count - len(values))))
