"""The Timeline page: the day's lanes, the table of its activities, and what is selected beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import ClassVar

from PyQt6.QtCore import QPoint, QTimer
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout

from app.analytics.labels import By
from app.durations import told_in_minutes
from app.errors import DevPulseError
from app.ui.chart_colors import chart_colors, following
from app.ui.charts.counted import activities
from app.ui.charts.hint import Line
from app.ui.charts.lanes import LanesChart
from app.ui.charts.lanes_values import Lane, Selection
from app.ui.dates import long_day
from app.ui.freshness import Topic
from app.ui.hearing import hear
from app.ui.labelled import name_of
from app.ui.pages.timeline.actions import TimelineActions
from app.ui.pages.timeline.context_menu import open_context_menu
from app.ui.pages.timeline.inspector import Inspector
from app.ui.pages.timeline.lanes import SESSIONS, day_lanes, fitting
from app.ui.pages.timeline.model import TimelineModel
from app.ui.pages.timeline.search import TitleSearch
from app.ui.pages.timeline.table import ActivityTable
from app.ui.pages.timeline.wanted import Wanted
from app.ui.services import Services
from app.ui.shell.page import Command, Page
from app.ui.widgets.buttons import icon_button
from app.ui.widgets.card import Card
from app.ui.widgets.day_picker import DayPicker
from app.ui.widgets.labels import label
from app.ui.widgets.page_body import PageHeader, page_column
from app.ui.words import tr

_CLOCK_MS = 15_000
_LANE, _LOW_LANE, _AXIS = 52, 36, 36
# Smaller pages leave more to the table.
_WIDE, _HIGH = 900, 640


def build(services: Services) -> Page:
    """The page."""
    return TimelinePage(services)


class TimelinePage(Page):
    topics: ClassVar[frozenset[Topic]] = frozenset(
        {Topic.ACTIVITY, Topic.PROJECTS, Topic.CATEGORIES, Topic.FOCUS}
    )

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.model = TimelineModel(services, self)
        self.actions_ = TimelineActions(services, self.model, self)
        self._reach: float | None = None
        self._wanted: Wanted | None = None
        self.header = PageHeader(tr("Timeline"), " ")
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self._show_now)

    def furnish(self) -> Iterator[None]:
        services, column = self._services, page_column(self, self.header)
        self.search = TitleSearch(services.background, services.theme, self.model.find, self.model.today)
        self.days = DayPicker(services.icons, self.model.today)
        self.header.add(self.search)
        self.header.add(self.days)
        yield
        colors = chart_colors(services.theme.tokens)
        self.lanes = following(LanesChart(tr("Timeline"), colors, describe=self._describe), services.theme)
        column.addWidget(self._top_card())
        yield
        self.table = ActivityTable(self.model, services.theme)
        card = Card(padding=6)
        card.body.addWidget(self.table)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(card, 1)
        column.addLayout(below, 1)
        yield
        self.inspector = Inspector(services, self.model, self.actions_)
        below.addWidget(self.inspector)
        self._connect()

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        self.model.refresh()
        self._clock.start()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        super().resizeEvent(a0)
        self.inspector.narrow(narrow=self.width() < _WIDE)
        self._measure_lanes()

    def left(self) -> None:
        self._clock.stop()
        self.lanes.hide_hint()
        self.model.forget()

    def go(self, where: Mapping[str, str]) -> None:
        wanted = Wanted.of(where, self.model.today())
        if wanted is not None:
            self._wanted = wanted
            self.show_day(wanted.day)

    def commands(self) -> Sequence[Command]:
        lanes, inspector = self.lanes, self.inspector
        return (
            Command(tr("Previous day"), lambda: self.days.step(-1), "chevron-left", "Alt+Left"),
            Command(tr("Next day"), lambda: self.days.step(1), "chevron-right", "Alt+Right"),
            Command(tr("Go to today"), lambda: self.show_day(self.model.today()), "calendar", "Alt+Home"),
            Command(tr("Search titles"), self.search.setFocus, "search", "Ctrl+F"),
            Command(tr("Add missed time"), inspector.add_missed, "plus", "Ctrl+M"),
            Command(tr("Split the activity"), self._split, "scissors", "Ctrl+Shift+X"),
            Command(tr("Merge the activities"), self.actions_.merge, "merge", "Ctrl+J"),
            Command(tr("Delete the activities"), self._delete, "trash-2", "Delete"),
            Command(tr("Show the whole day"), self._whole_day, "maximize-2", "Ctrl+0"),
            Command(tr("Zoom in"), lambda: lanes.zoom(1 / 1.5), "zoom-in", "Ctrl++"),
            Command(tr("Zoom out"), lambda: lanes.zoom(1.5), "zoom-out", "Ctrl+-"),
        )

    def show_day(self, day: date) -> None:
        """Show another day."""
        self.days.show_day(day)
        if day != self.model.day:
            self.model.show(day)
        elif self.model.recorded is not None:
            self._reveal_wanted()

    def _top_card(self) -> Card:
        icons = self._services.icons
        self._view_words = label("", "muted")
        top = self._top = Card(" ", beside=self._view_words, padding=12)
        top.body.setContentsMargins(0, 0, 0, 0)
        for icon, words, do in (
            ("zoom-out", tr("Zoom out"), lambda: self.lanes.zoom(1.5)),
            ("zoom-in", tr("Zoom in"), lambda: self.lanes.zoom(1 / 1.5)),
            ("maximize-2", tr("Show the whole day"), self._whole_day),
        ):
            top.head.addWidget(icon_button(icons, icon, words, do))
        top.body.addWidget(self.lanes)
        return top

    def _connect(self) -> None:
        model = self.model
        self.days.picked.connect(self.show_day)
        model.day_changed.connect(self._day_changed)
        model.selection_changed.connect(self._selection_changed)
        model.failed.connect(self._failed)
        self.lanes.selection_changed.connect(model.select)
        self.lanes.chosen.connect(self._chosen)
        self.lanes.view_changed.connect(lambda *_: self._tell_view())
        self.lanes.menu_wanted.connect(self._menu_in_lanes)
        self.lanes.gap_chosen.connect(self._take_gap)
        self.lanes.trouble.connect(self._trouble)
        self.table.menu_wanted.connect(lambda place: self._menu(place, None))
        self.table.dragging.connect(self.inspector.take_drag)
        self.table.doubleClicked.connect(lambda _: self.lanes.reveal())
        self.search.found.connect(self._found)
        self.inspector.project_chosen.connect(self._select_project)
        hear(self._services.theme.changed, self, lambda _: self._show_lanes())

    def _day_changed(self, same: bool) -> None:
        recorded = self.model.recorded
        assert recorded is not None
        view = recorded.view
        self.header.say(
            tr(
                "{active} active  ·  {idle} idle  ·  {activities}",
                active=told_in_minutes(view.active_ms / 1000),
                idle=told_in_minutes(view.idle_ms / 1000),
                activities=activities(len(recorded)),
            )
        )
        heads = self.table.horizontalHeader()
        assert heads is not None
        heads.setVisible(len(recorded) > 0)
        self.lanes.caption = long_day(view.date)
        self._top.title.setText(self.lanes.caption)
        self._explain()
        self._show_lanes()
        now = self._now()
        if not same:
            self.lanes.show_view(*fitting(recorded, now))
            self._reveal_wanted()
        elif self._reach is not None and view.last_ms is not None:
            # The recording grew out of what is shown: go with it, if it was in sight until now.
            low, high = self.lanes.view
            if self._reach <= high < view.last_ms:
                self.lanes.show_view(low, fitting(recorded, now)[1])
        self._reach = view.last_ms
        self._show_now()

    def _show_lanes(self) -> None:
        if self.model.recorded is not None:
            self.lanes.show_day(day_lanes(self.model.recorded, self._services.theme.tokens))
            self._measure_lanes()
            self._tell_view()

    def _measure_lanes(self) -> None:
        lane = _LANE if self.height() >= _HIGH else _LOW_LANE
        if self.model.recorded is not None:
            self.lanes.setFixedHeight(lane * max(2, len(self.lanes.day.lanes)) + _AXIS)

    def _explain(self) -> None:
        if self.model.day == self.model.today():
            self.lanes.explain_emptiness(
                tr("Nothing has been recorded today"), tr("What you work on appears here as you do it.")
            )
        else:
            self.lanes.explain_emptiness(
                tr("Nothing was recorded on this day"), tr("Missed time can be added at the right.")
            )

    def _selection_changed(self) -> None:
        self.lanes.select(self.model.selection)
        if self.model.selection.cursor is not None and not self.lanes.hasFocus():
            self.lanes.reveal()

    def _tell_view(self) -> None:
        recorded = self.model.recorded
        if recorded is None or self.lanes.is_empty:
            self._view_words.setText("")
            return
        low, high = self.lanes.view
        form = "%H:%M:%S" if high - low < 600_000 else "%H:%M"
        end = "24:00" if high >= recorded.view.end_ms else f"{recorded.wall(high):{form}}"
        self._view_words.setText(f"{recorded.wall(low):{form}} – {end}")

    def _describe(self, lane: Lane, block_id: int) -> tuple[Line, ...]:
        recorded = self.model.recorded
        block = None if recorded is None or lane.key == SESSIONS else recorded.block(block_id)
        if block is None or recorded is None:
            return ()
        lines: list[Line] = []
        if title := self.model.text(block.title_id):
            lines.append(Line(title))
        names = recorded.view.names
        both = (
            (names.project(block.project_id), By.PROJECT),
            (names.category(block.category_id), By.CATEGORY),
        )
        lines += [Line(name_of(found, by), color=found.color) for found, by in both if found.id]
        if note := self.model.text(block.note_id):
            lines.append(Line(f"✎ {note}"))
        return tuple(lines)

    def _chosen(self, chosen: tuple[str, int]) -> None:
        lane, block = chosen
        recorded = self.model.recorded
        if lane == SESSIONS and recorded is not None:
            session = recorded.view.sessions[block]
            end = session.updated_ms if session.ended_ms is None else session.ended_ms
            self.lanes.show_view(session.started_ms - 300_000, end + 300_000)
        else:
            self.lanes.reveal()

    def _take_gap(self, ms: float) -> None:
        """A double click in a gap offers to fill it."""
        recorded = self.model.recorded
        gap = None if recorded is None else recorded.gap_at(ms)
        if gap is not None:
            self.model.select(Selection(start=float(gap[0]), end=float(min(gap[1], self.model.now_ms()))))
            self.inspector.add_missed()

    def _found(self, day: date, span_id: int) -> None:
        self._wanted = Wanted(day, span=span_id)
        self.show_day(day)

    def _reveal_wanted(self) -> None:
        recorded, wanted = self.model.recorded, self._wanted
        if wanted is None or recorded is None or recorded.view.date != self.model.day:
            return
        self._wanted = None
        if wanted.hour is not None:
            self.lanes.show_view(*wanted.stretch(recorded.view.start_ms))
        if wanted.category is not None:
            self._select("category", wanted.category)
        if wanted.span is not None and recorded.row_of(wanted.span) is not None:
            self.model.select(Selection().only(wanted.span))
            self.lanes.reveal()
            self.table.scroll_to(wanted.span)

    def _select_project(self, project_id: int) -> None:
        self._select("project", project_id)

    def _select(self, field: str, identity: int) -> None:
        """All activity of a project or a category."""
        recorded = self.model.recorded
        if recorded is not None and identity >= 0:
            array = recorded.array[(recorded.array[field] == identity) & (recorded.array["kind"] == 0)]
            self.model.select(Selection(frozenset(int(one) for one in array["id"])))

    def _split(self) -> None:
        ids = self.actions_.ids
        if len(ids) == 1:
            self.inspector.ask_split(ids[0])

    def _delete(self) -> None:
        self.actions_.delete()

    def _whole_day(self) -> None:
        self.lanes.show_view(self.lanes.day.start, self.lanes.day.end)

    def _menu_in_lanes(self, place: QPoint, at_ms: float) -> None:
        self._menu(place, at_ms)

    def _menu(self, place: QPoint, at_ms: float | None) -> None:
        recorded = self.model.recorded
        if recorded is not None:
            open_context_menu(self.lanes, recorded, self.actions_, self.inspector, at_ms, place)

    def _now(self) -> int | None:
        return self.model.now_ms() if self.model.day == self.model.today() else None

    def _show_now(self) -> None:
        self.lanes.show_now(self._now())

    def _failed(self, error: DevPulseError) -> None:
        self._services.changes.failed.emit(error)

    def _trouble(self, words: str) -> None:
        self._services.changes.failed.emit(DevPulseError(words))
