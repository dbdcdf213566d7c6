"""Today: right now, the day in numbers and charts, focus and goals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import ClassVar

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QHBoxLayout

from app.analytics.today import Today
from app.durations import told_in_minutes
from app.errors import DevPulseError
from app.ui.dates import long_day
from app.ui.focus.session_panel import SessionPanel
from app.ui.freshness import Topic
from app.ui.goals.goals_card import GoalsCard
from app.ui.hearing import hear
from app.ui.pages.today.charts import CategoryCard, HoursCard, ProjectsCard
from app.ui.pages.today.figures import figures
from app.ui.pages.today.model import TodayModel
from app.ui.pages.today.now_card import NowCard
from app.ui.pages.today.score_card import ScoreCard
from app.ui.said import said_error
from app.ui.services import Services
from app.ui.shell.page import Command, Page
from app.ui.shell.times import local_now
from app.ui.widgets.card import Card
from app.ui.widgets.page_body import PageHeader, scrolling_column
from app.ui.widgets.tiles import Tiles
from app.ui.words import tr

_SECOND_MS = 1000
# The charts grow with what is open now; a pixel of theirs is longer than this.
_CHARTS_EVERY_S = 5
# Below this width cards stand below each other instead of beside.
_NARROW = 860
_KEYS = ("active", "focused", "switches", "fragmentation")


def build(services: Services) -> Page:
    """The page."""
    return TodayPage(services)


class TodayPage(Page):
    topics: ClassVar[frozenset[Topic]] = frozenset(
        {Topic.ACTIVITY, Topic.PROJECTS, Topic.CATEGORIES, Topic.FOCUS, Topic.GOALS, Topic.SETTINGS}
    )

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.model = TodayModel(services, self)
        self._header = PageHeader(tr("Today"), " ")
        self._rows = (_row(), _row(), _row())
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._timer.timeout.connect(self._second)
        self._seconds = 0

    def furnish(self) -> Iterator[None]:
        services, column = self._services, scrolling_column(self, self._header)
        top, charts, below = self._rows
        self.now = NowCard(services, self.model)
        top.addWidget(self.now, 3)
        column.addLayout(top)
        yield
        self.focus = SessionPanel(services, side=116)
        focus = Card(padding=20)
        focus.setAccessibleName(tr("Focus"))
        focus.body.addWidget(self.focus)
        top.addWidget(focus, 2)
        yield
        self.tiles = Tiles(services.icons, _KEYS)
        column.addWidget(self.tiles)
        yield
        self.categories = CategoryCard(services)
        charts.addWidget(self.categories, 1)
        column.addLayout(charts)
        yield
        self.hours = HoursCard(services)
        charts.addWidget(self.hours, 1)
        yield
        self.projects, self.score = ProjectsCard(services), ScoreCard(services)
        self.goals = GoalsCard(services)
        for card in (self.projects, self.score, self.goals):
            below.addWidget(card, 1)
        column.addLayout(below)
        column.addStretch(1)
        self._connect()

    def _connect(self) -> None:
        self.model.now_changed.connect(self._now_changed)
        self.model.day_changed.connect(self._show_day)
        self.model.failed.connect(self._failed)
        hear(self._services.theme.changed, self, lambda _: self._show_charts())

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        self.model.ask()
        self._now_changed()
        if not self._timer.isActive():
            self._timer.start()

    def left(self) -> None:
        self._timer.stop()
        self.model.forget()

    def commands(self) -> Sequence[Command]:
        return (
            Command(tr("Pause for 15 minutes"), lambda: self.now.pause(seconds=900), icon="pause"),
            Command(tr("Pause for 1 hour"), lambda: self.now.pause(seconds=3600), icon="pause"),
            Command(tr("Pause until tomorrow"), lambda: self.now.pause(until="tomorrow"), icon="pause"),
            Command(tr("Private mode"), self.now.private, icon="eye-off"),
            Command(tr("Resume recording"), self.now.resume, icon="play"),
            Command(tr("Start focus"), self.focus.starter.start, icon="target", shortcut="Ctrl+Return"),
            Command(tr("Add a goal"), self.goals.add, icon="plus", shortcut="Ctrl+G"),
        )

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        for row in self._rows:
            row.setDirection(way)
        self.tiles.arrange(2 if narrow else len(_KEYS))

    def _show_day(self, today: Today) -> None:
        view = today.view
        self.tiles.tell(figures(today))
        self._show_charts()
        self.score.show_score(view.attention.score)
        self.goals.show_goals(self.model.goals)
        self._header.say(_subtitle(today))
        self.focus.starter.project.offer(
            sorted((label.name for label in view.names.projects.values()), key=str.casefold)
        )
        self._tick()

    def _show_charts(self) -> None:
        """Colours of what is none of the person's own are the look's."""
        view = self.model.view
        if view is not None:
            self.categories.show_day(view)
            self.hours.show_day(view, local_now(self._services.clock).hour)
            self.projects.show_day(view)

    def _now_changed(self) -> None:
        self.focus.show_session(self.model.session, None)
        self._tick()

    def _tick(self) -> None:
        self.now.tick()
        self.focus.tick()
        self.tiles.tile("active").tell_value(told_in_minutes(self.model.active_seconds))

    def _second(self) -> None:
        self._tick()
        self._seconds += 1
        if self._seconds % _CHARTS_EVERY_S == 0 and self.model.now.recording:
            self._show_charts()

    def _failed(self, error: DevPulseError) -> None:
        self._header.say(said_error(error))


def _row() -> QHBoxLayout:
    made = QHBoxLayout()
    made.setSpacing(16)
    return made


def _subtitle(today: Today) -> str:
    view = today.view
    day = long_day(view.date)
    if view.first_ms is None or not len(view.blocks):
        return day
    offset = int(view.blocks.array["offset"][0])
    begun = (view.first_ms // 60_000 + offset // 60) % 1440
    return tr("{day} · since {time}", day=day, time=f"{begun // 60:02}:{begun % 60:02}")
