"""Focus: a session with its ring, the numbers, what interrupted, and the history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import ClassVar

import numpy as np
from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout

from app.analytics.ranges import number_of
from app.analytics.sessions import Session
from app.errors import DevPulseError
from app.ui.chart_colors import chart_colors, following
from app.ui.charts.bars import Bars, BarsChart, Bucket
from app.ui.charts.values import Series
from app.ui.dates import long_day
from app.ui.focus.session_panel import SessionPanel
from app.ui.freshness import Topic
from app.ui.hearing import hear
from app.ui.pages.focus.choices import ChoicesCard
from app.ui.pages.focus.figures import daily_seconds, figures
from app.ui.pages.focus.history import History
from app.ui.pages.focus.interruptions import InterruptionsCard
from app.ui.pages.focus.model import FocusAnswer, FocusModel
from app.ui.pages.focus.session_dialog import SessionDialog
from app.ui.said import said_error
from app.ui.services import Services
from app.ui.shell.page import Command, Page
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.widgets.page_body import PageHeader, scrolling_column
from app.ui.widgets.tiles import Tiles
from app.ui.words import tr

_SECOND_MS = 1000
_CHART_DAYS = 28
_NARROW, _SESSION, _ANY_WIDTH = 860, 380, 16_777_215
_KEYS = ("today", "week", "streak", "interruptions")
_ROWS_SHOWN = 10
_ROW, _HEAD = 36, 34


def build(services: Services) -> Page:
    """The page."""
    return FocusPage(services)


class FocusPage(Page):
    topics: ClassVar[frozenset[Topic]] = frozenset(
        {Topic.FOCUS, Topic.ACTIVITY, Topic.PROJECTS, Topic.SETTINGS, Topic.CATEGORIES}
    )

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.model = FocusModel(services, self)
        self._header = PageHeader(tr("Focus"), tr("Time you set aside for one thing."))
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)

    def furnish(self) -> Iterator[None]:
        services, column = self._services, scrolling_column(self, self._header)
        top = self._top = _row()
        middle = _row()
        column.addLayout(top)
        self.panel = SessionPanel(services, side=252, below=True)
        self._timer.timeout.connect(self.panel.tick)
        top.addWidget(self._session_card())
        yield
        self.tiles = Tiles(services.icons, _KEYS, columns=2)
        self.chart = following(
            BarsChart(tr("Focus of the last four weeks"), chart_colors(services.theme.tokens)), services.theme
        )
        top.addLayout(self._numbers(), 1)
        yield
        self.interruptions = InterruptionsCard(services)
        middle.addWidget(self.interruptions, 1)
        column.addLayout(middle)
        self.choices = ChoicesCard(services)
        middle.addWidget(self.choices, 1)
        yield
        self.history = History(services)
        column.addWidget(self._history_card())
        column.addStretch(1)
        self._connect()

    def _connect(self) -> None:
        self.model.changed.connect(self._session_changed)
        self.model.answered.connect(self._show)
        self.model.failed.connect(self._failed)
        hear(self._services.theme.changed, self, lambda _: self._show_chart())
        self.history.edit_wanted.connect(self._edit)
        self.history.delete_wanted.connect(self.model.delete)

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        self.model.ask()
        self._session_changed()
        if not self._timer.isActive():
            self._timer.start()

    def left(self) -> None:
        self._timer.stop()
        self.model.forget()

    def commands(self) -> Sequence[Command]:
        control = self.panel.control
        return (
            Command(tr("Start focus"), self.panel.starter.start, icon="target", shortcut="Ctrl+Return"),
            Command(tr("Pause focus"), control.pause, icon="pause"),
            Command(tr("Resume focus"), control.resume, icon="play"),
            Command(tr("Stop focus"), control.stop, icon="square"),
        )

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self._top.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        self._session.setMinimumWidth(0 if narrow else _SESSION)
        self._session.setMaximumWidth(_ANY_WIDTH if narrow else _SESSION)

    def _session_card(self) -> Card:
        session = self._session = Card(padding=20)
        session.setAccessibleName(tr("Focus session"))
        session.setFixedWidth(_SESSION)
        session.body.addWidget(self.panel)
        return session

    def _numbers(self) -> QVBoxLayout:
        chart = Card(tr("The last four weeks"))
        self.chart.setMinimumHeight(132)
        self.chart.explain_emptiness(tr("No sessions yet"), tr("Each day becomes a bar of its focused time."))
        chart.body.addWidget(self.chart, 1)
        numbers = QVBoxLayout()
        numbers.setSpacing(16)
        numbers.addWidget(self.tiles)
        numbers.addWidget(chart, 1)
        return numbers

    def _history_card(self) -> Card:
        table = Card(tr("History"))
        self._nothing = label(
            tr("Your sessions stand here, with what came of them. The last twelve weeks are shown."),
            "muted",
            wrap=True,
        )
        table.body.addWidget(self._nothing)
        table.body.addWidget(self.history)
        return table

    def _show(self, answer: FocusAnswer) -> None:
        today = number_of(answer.today)
        self.tiles.tell(figures(answer.sessions, answer.streaks, today, answer.today.weekday()))
        self.interruptions.show_session(answer.latest, answer.interruptions)
        self.panel.starter.project.offer(
            sorted((one.name for one in answer.names.projects.values()), key=str.casefold)
        )
        self._show_history(answer)
        self._show_chart()
        self._session_changed()

    def _show_chart(self) -> None:
        answer = self.model.answer
        if answer is not None:
            self.chart.show_bars(self._bars(answer, number_of(answer.today)))

    def _show_history(self, answer: FocusAnswer) -> None:
        self.history.sessions.show_answer(answer, answer.today)
        rows = len(answer.sessions)
        self.history.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self.history.setFixedHeight(_HEAD + _ROW * min(rows, _ROWS_SHOWN))

    def _bars(self, answer: FocusAnswer, today: int) -> Bars:
        days = range(today - _CHART_DAYS + 1, today + 1)
        seconds = daily_seconds(answer.sessions, days)
        if not seconds.any():
            return Bars.none()
        dates = [answer.today - timedelta(days=today - day) for day in days]
        buckets = tuple(Bucket(str(day.day), long_day(day), strong=day == answer.today) for day in dates)
        series = Series("focus", tr("Focused"), self._services.theme.tokens.colors.accent)
        return Bars(buckets, (series,), np.array([seconds]))

    def _session_changed(self) -> None:
        self.panel.show_session(self.model.session, self.model.rest)

    def _edit(self, session: Session) -> None:
        assert self.model.answer is not None
        note = self.model.answer.notes.get(session.uuid, "")
        dialog = SessionDialog(self, session, note, self.model.answer.names)
        dialog.accepted.connect(lambda: self.model.change(session, dialog.project_id, dialog.note))
        dialog.open()

    def _failed(self, error: DevPulseError) -> None:
        self._header.say(said_error(error))


def _row() -> QHBoxLayout:
    made = QHBoxLayout()
    made.setSpacing(16)
    return made
