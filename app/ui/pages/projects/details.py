"""One project in detail: its days, branches, kinds of files, applications, goals and folders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from app.analytics.labels import By
from app.analytics.places import Places
from app.analytics.projects import Named, ProjectDetails, ProjectLine
from app.analytics.ranges import Days, number_of
from app.analytics.today import GoalView
from app.durations import told_in_minutes
from app.models.goals import Subject
from app.ui.background import BackgroundQuery
from app.ui.chart_colors import chart_colors, following
from app.ui.charts.bars import Bars, BarsChart, Bucket
from app.ui.charts.ranking import RankingChart
from app.ui.charts.ring import Part
from app.ui.charts.values import Series
from app.ui.dates import Span, long_day
from app.ui.figure import Figure
from app.ui.goals.goals_card import GoalsCard
from app.ui.labelled import color_of, name_of, series_of
from app.ui.pages.projects.folders import FoldersCard
from app.ui.pages.projects.model import ProjectsModel
from app.ui.services import Services
from app.ui.shell.times import local_now
from app.ui.widgets.buttons import button, icon_button
from app.ui.widgets.card import Card
from app.ui.widgets.labels import ElidedLabel, label
from app.ui.widgets.page_body import scrolling
from app.ui.widgets.range_picker import RangePicker
from app.ui.widgets.tiles import Tiles
from app.ui.words import name, tr

if TYPE_CHECKING:
    from app.analytics.questions import Questions

_MOST = 7
_WEEKLY_FROM, _MONTHLY_FROM = 93, 800
_KEYS = ("project_time", "project_days", "project_average", "project_total")


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is shown of a project."""

    details: ProjectDetails
    places: Places
    goals: tuple[GoalView, ...]


def buckets_of(days: Days, daily: np.ndarray[tuple[int], np.dtype[np.int64]], today: date) -> Bars:
    """The days as bars; over a quarter in weeks, over two years in months. `daily`: ms; no series yet."""
    keys: dict[tuple[int, int], int] = {}
    buckets: list[Bucket] = []
    sums: list[float] = []
    for n, ms in enumerate(daily.tolist()):
        day = days.first + timedelta(days=n)
        key, bucket = _bucket(day, len(days), today)
        if key not in keys:
            keys[key] = len(sums)
            buckets.append(bucket)
            sums.append(0.0)
        sums[keys[key]] += ms / 1000
    return Bars(tuple(buckets), (), np.array([sums]))


def _bucket(day: date, count: int, today: date) -> tuple[tuple[int, int], Bucket]:
    if count >= _MONTHLY_FROM:
        return (day.year, day.month), Bucket(f"{day:%m/%y}", f"{day:%Y-%m}")
    if count >= _WEEKLY_FROM:
        monday = day - timedelta(days=day.weekday())
        week = monday.isocalendar()
        return (week.year, week.week), Bucket(f"{monday:%d.%m.}", tr("Week from {day}", day=long_day(monday)))
    return (day.year, day.toordinal()), Bucket(str(day.day), long_day(day), key=day, strong=day == today)


class Details(QWidget):
    """`back()`: the list again. `show_project` asks for one, `refresh` asks anew."""

    back = pyqtSignal()
    rename = pyqtSignal()
    recolor = pyqtSignal()
    merge = pyqtSignal()

    def __init__(self, services: Services, model: ProjectsModel) -> None:
        super().__init__()
        self._services, self._model = services, model
        self._query = BackgroundQuery(services.background, self)
        self._id = 0
        colors = chart_colors(services.theme.tokens)
        theme = services.theme
        self.range = RangePicker(services.icons, lambda: local_now(services.clock).date(), Span.MONTH)
        self.range.picked.connect(lambda _: self.refresh())
        self._dot = QLabel()
        self.title = ElidedLabel("", "heading")
        self._pill = label(tr("Archived"), "pill")
        self.tiles = Tiles(services.icons, _KEYS)
        self.chart = following(BarsChart(tr("Time of the project"), colors), theme)
        self.chart.setMinimumHeight(190)
        self.chart.chosen.connect(lambda day: services.navigator.open("timeline", day=f"{day:%Y-%m-%d}"))
        self.branches = following(RankingChart(tr("Time by branch"), colors), theme)
        self.languages = following(RankingChart(tr("Time by kind of file"), colors), theme)
        self.applications = following(RankingChart(tr("Time by application"), colors), theme)
        self.goals: GoalsCard | None = None
        self.folders = FoldersCard(services, model)
        self._lay_out()
        model.changed.connect(self._show_line)

    @property
    def project_id(self) -> int:
        return self._id

    def show_project(self, project_id: int) -> None:
        """Show this one."""
        if project_id != self._id:
            self._id = project_id
            self._new_goals()
        self._show_line()
        self.refresh()

    def refresh(self) -> None:
        """Ask anew."""
        if not self._id:
            return
        library, project = self._services.library, self._id
        chosen, kind = self.range.range, self.range.range.kind

        def work() -> Answer:
            questions = library.questions
            days = Days(chosen.first, chosen.last)
            if kind is Span.ALL:
                days = questions.recorded_days() or days
            return _answer(questions, project, days)

        self._query.ask(work, self._show, failed=self._model.failed.emit)

    def forget(self) -> None:
        self._query.forget()

    def _lay_out(self) -> None:
        services = self._services
        icons = services.icons
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(icon_button(icons, "arrow-left", tr("Back to all projects"), self.back.emit))
        head.addWidget(self._dot)
        head.addWidget(self.title, 1)
        head.addWidget(self._pill)
        self._pill.hide()
        head.addWidget(self._actions())
        column, area = scrolling(margin=0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addLayout(head)
        dates = QHBoxLayout()
        dates.addWidget(self.range)
        dates.addStretch(1)
        whole.addLayout(dates)
        whole.addWidget(area, 1)
        days = Card(tr("Day by day"))
        days.body.addWidget(self.chart)
        self.chart.explain_emptiness(tr("No time in these days"), tr("Choose a longer range above."))
        column.addWidget(self.tiles)
        column.addWidget(days)
        row = QHBoxLayout()
        row.setSpacing(16)
        for words, chart in (
            (tr("Branches"), self.branches),
            (tr("Kinds of files"), self.languages),
            (tr("Applications"), self.applications),
        ):
            card = Card(words)
            card.body.addWidget(chart)
            card.body.addStretch(1)
            chart.explain_emptiness(tr("Nothing in these days"))
            row.addWidget(card, 1)
        column.addLayout(row)
        self._below = QHBoxLayout()
        self._below.setSpacing(16)
        self._below.addWidget(self.folders, 1)
        column.addLayout(self._below)
        column.addStretch(1)

    def _actions(self) -> QWidget:
        icons = self._services.icons
        made = button(icons, tr("Change"), lambda: None, icon="pencil")
        menu = QMenu(made)
        menu.addAction(icons.icon("pencil"), tr("Rename…"), self.rename.emit)
        menu.addAction(icons.icon("palette"), tr("Colour…"), self.recolor.emit)
        menu.addAction(icons.icon("merge"), tr("Merge into…"), self.merge.emit)
        self._archive = menu.addAction(icons.icon("archive"), tr("Archive"), self._turn_archived)
        made.setMenu(menu)
        return made

    def _turn_archived(self) -> None:
        line = self._model.line(self._id)
        if line is not None:
            self._model.archive(self._id, archived=not line.archived)

    def _new_goals(self) -> None:
        if self.goals is not None:
            self._below.removeWidget(self.goals)
            self.goals.deleteLater()
        self.goals = GoalsCard(
            self._services,
            about=self._id,
            empty=tr("Set how much time this project should get, or at most take."),
        )
        self._below.insertWidget(0, self.goals, 1)

    def _show_line(self) -> None:
        line = self._model.line(self._id)
        if line is None:
            return
        tokens = self._services.theme.tokens
        self.title.tell(name(line.label.name, 120))
        ratio = self.devicePixelRatioF()
        dot = self._services.icons.pixmap("dot", 18, color_of(line.label, tokens), ratio)
        self._dot.setPixmap(dot)
        self._pill.setVisible(line.archived)
        if self._archive is not None:
            self._archive.setText(tr("Take out of the archive") if line.archived else tr("Archive"))

    def _show(self, answer: Answer) -> None:
        details = answer.details
        line = self._model.line(self._id)
        self.tiles.tell(_figures(details, line, local_now(self._services.clock).date()))
        tokens = self._services.theme.tokens
        self._show_chart(details)
        self.branches.show_parts(_named(details.by_branch, tr("No branch"), details.label.color))
        self.languages.show_parts(_named(details.by_language, tr("Other files"), details.label.color))
        self.applications.show_parts(
            [
                Part(series_of(one, By.APPLICATION, tokens), ms / 1000)
                for one, ms in details.by_application[:_MOST]
            ]
        )
        if self.goals is not None:
            mine = [v for v in answer.goals if v.progress.goal.subject is Subject.PROJECT
                    and v.progress.goal.subject_id == self._id]  # fmt: skip
            self.goals.show_goals(mine)
        self.folders.show_places(self._id, answer.places)

    def _show_chart(self, details: ProjectDetails) -> None:
        if not details.active_ms:
            self.chart.show_bars(Bars.none())
            return
        bars = buckets_of(details.days, details.daily, local_now(self._services.clock).date())
        color = color_of(details.label, self._services.theme.tokens)
        series = Series(details.label.id, name_of(details.label, By.PROJECT), color)
        self.chart.show_bars(Bars(bars.buckets, (series,), bars.seconds))


def _answer(questions: Questions, project: int, days: Days) -> Answer:
    goals = questions.goals()
    return Answer(questions.project(project, days), questions.project_places(project), goals)


def _named(found: tuple[Named, ...], none: str, color: str) -> list[Part]:
    parts = [
        Part(Series(None, name(one.name) if one.name else none, color or "#8a8a94"), one.active_ms / 1000)
        for one in found[:_MOST]
    ]
    rest = sum(one.active_ms for one in found[_MOST:]) / 1000
    if rest:
        parts.append(Part(Series(None, tr("Everything else"), "#8a8a94"), rest))
    return parts


def _figures(details: ProjectDetails, line: ProjectLine | None, today: date) -> tuple[Figure, ...]:
    worked = int(np.count_nonzero(details.daily))
    average = details.active_ms / worked / 1000 if worked else 0
    total = 0 if line is None else line.total_ms
    return (
        Figure("project_time", told_in_minutes(details.active_ms / 1000), tr("in these days")),
        Figure("project_days", str(worked), tr("of {count}", count=_until(details.days, today))),
        Figure("project_average", told_in_minutes(average), tr("on a day with any")),
        Figure("project_total", told_in_minutes(total / 1000), _since(line)),
    )


def _until(days: Days, today: date) -> int:
    """The days of the range that are not in the future."""
    return max(1, min(number_of(days.last), number_of(today)) - number_of(days.first) + 1)


def _since(line: ProjectLine | None) -> str:
    if line is None or line.first_day is None:
        return tr("no time yet")
    return tr("since {day}", day=long_day(line.first_day))
