"""The day in charts: a ring by category, hour by hour, and the projects with most time."""

from __future__ import annotations

import numpy as np
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.analytics.day import DayView, Share
from app.analytics.labels import REST, By
from app.analytics.meetings import Meetings
from app.durations import told_in_minutes
from app.ui.chart_colors import chart_colors, following
from app.ui.charts.bars import Bars, BarsChart, Bucket
from app.ui.charts.legend import Legend
from app.ui.charts.ranking import RankingChart
from app.ui.charts.ring import Part, RingChart
from app.ui.explained import explanation
from app.ui.hearing import hear
from app.ui.labelled import series_of
from app.ui.services import Services
from app.ui.theme.tokens import Tokens
from app.ui.widgets.card import Card
from app.ui.widgets.info import InfoButton
from app.ui.widgets.labels import ElidedLabel
from app.ui.words import percent, tr

_MOST_CATEGORIES, _MOST_PROJECTS = 7, 6
_HOUR_S = 3600


def parts(shares: tuple[Share, ...], by: By, tokens: Tokens, most: int) -> list[Part]:
    """The largest shares as parts of a chart, what is left as one."""
    found = [Part(series_of(share.label, by, tokens), share.active_ms / 1000) for share in shares[:most]]
    rest = sum(share.active_ms for share in shares[most:]) / 1000
    if rest:
        found.append(Part(series_of(REST, by, tokens), rest))
    return found


def hours(view: DayView, tokens: Tokens, now_hour: int) -> Bars:
    """24 bars by category, an hour each; the hour that runs stands out."""
    buckets = tuple(
        Bucket(
            f"{hour:02}",
            tr("{from_} to {to}", from_=f"{hour:02}:00", to=f"{(hour + 1) % 24:02}:00"),
            key=hour,
            strong=hour == now_hour,
        )
        for hour in range(24)
    )
    stacks, rest = view.hours.stacks[:_MOST_CATEGORIES], view.hours.stacks[_MOST_CATEGORIES:]
    labels = [label for label, _ in stacks]
    rows = [ms for _, ms in stacks]
    if rest:
        labels.append(REST)
        rows.append(np.sum([ms for _, ms in rest], axis=0))
    seconds = np.array(rows, np.float64).reshape(len(rows), 24) / 1000
    series = tuple(series_of(label, By.CATEGORY, tokens) for label in labels)
    return Bars(buckets, series, seconds, whole=_HOUR_S)


def meeting_words(found: Meetings) -> str:
    """`Meetings 1 h 5 m · 14 % · 3, the longest 45 m`."""
    told = [tr("Meetings {time}", time=told_in_minutes(found.active_ms / 1000)), percent(found.load or 0)]
    if found.count == 1:
        told.append(tr("one"))
    elif found.count:
        longest = told_in_minutes(found.longest_ms / 1000)
        told.append(tr("{count}, the longest {longest}", count=found.count, longest=longest))
    return "  ·  ".join(told)


class CategoryCard(Card):
    """Where the time went: ring and ranking."""

    def __init__(self, services: Services) -> None:
        super().__init__(tr("By category"))
        self._services = services
        colors = chart_colors(services.theme.tokens)
        self.ring = following(RingChart(tr("Today by category"), colors, middle=tr("active")), services.theme)
        self.ring.setFixedSize(164, 164)
        self.list = following(RankingChart(tr("Categories"), colors), services.theme)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(self.ring)
        row.addWidget(_top(self.list), 1)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.meetings = MeetingsLine(services)
        self.body.addWidget(self.meetings)
        for chart in (self.ring, self.list):
            chart.chosen.connect(lambda key: services.navigator.open("timeline", category=str(key)))
            chart.trouble.connect(lambda words: services.changes.told.emit(words, False))
        self.list.explain_emptiness(
            tr("Nothing recorded yet today"), tr("Your time by category appears as you work.")
        )

    def show_day(self, view: DayView) -> None:
        """Show this day."""
        found = parts(view.by_category, By.CATEGORY, self._services.theme.tokens, _MOST_CATEGORIES)
        self.ring.setVisible(bool(found))
        self.ring.show_parts(found)
        self.list.show_parts(found)
        self.meetings.show_meetings(view.meetings)


class MeetingsLine(QWidget):
    """Meetings beside work, in one line; none on a day without."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        told = explanation("meetings")
        self._words = ElidedLabel("", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._words, 1)
        row.addWidget(InfoButton(services.icons, told.title, told.words))
        self.hide()

    def show_meetings(self, found: Meetings) -> None:
        """Show these."""
        self.setVisible(found.active_ms > 0)
        self._words.tell(meeting_words(found))


class HoursCard(Card):
    """Hour by hour; a click leads to the timeline."""

    def __init__(self, services: Services) -> None:
        super().__init__(tr("Hour by hour"))
        self._services = services
        colors = chart_colors(services.theme.tokens)
        self.chart = following(
            BarsChart(tr("Today hour by hour"), colors, bucket_word=tr("Hour")), services.theme
        )
        self.chart.setMinimumHeight(184)
        self._legend = Legend(colors)
        hear(services.theme.changed, self, lambda tokens: self._legend.recolor(chart_colors(tokens)))
        self._legend.hidden_changed.connect(self.chart.hide_series)
        self.body.addWidget(self.chart, 1)
        self.body.addWidget(self._legend)
        self.chart.chosen.connect(lambda hour: services.navigator.open("timeline", hour=str(hour)))
        self.chart.trouble.connect(lambda words: services.changes.told.emit(words, False))
        self.chart.explain_emptiness(
            tr("Nothing recorded yet today"), tr("Each hour becomes a bar, coloured by category.")
        )

    def show_day(self, view: DayView, now_hour: int) -> None:
        """Show this day; `now_hour` is the one that runs."""
        bars = hours(view, self._services.theme.tokens, now_hour)
        self.chart.show_bars(bars)
        self._legend.show_series(bars.series)
        self._legend.setVisible(bool(bars.series))


class ProjectsCard(Card):
    """The projects with most time today; a click leads to one."""

    def __init__(self, services: Services) -> None:
        super().__init__(tr("Top projects"))
        self._services = services
        colors = chart_colors(services.theme.tokens)
        self.list = following(RankingChart(tr("Projects today"), colors), services.theme)
        self.body.addWidget(_top(self.list))
        self.body.addStretch(1)
        self.list.chosen.connect(self._open)
        self.list.trouble.connect(lambda words: services.changes.told.emit(words, False))
        self.list.explain_emptiness(
            tr("No project yet today"), tr("Projects are found from terminals, editors and open files.")
        )

    def show_day(self, view: DayView) -> None:
        """Show this day."""
        self.list.show_parts(parts(view.by_project, By.PROJECT, self._services.theme.tokens, _MOST_PROJECTS))

    def _open(self, key: object) -> None:
        if isinstance(key, int) and key > 0:
            self._services.navigator.open("projects", project=str(key))


def _top(chart: RankingChart) -> QWidget:
    """A ranking at the height of its rows, at the top of its place."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    chart.setMinimumWidth(180)
    column.addWidget(chart)
    column.addStretch(1)
    return holder
