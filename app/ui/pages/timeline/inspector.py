"""Beside the lanes: the day's sums, or what is selected, or a form for missed time."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QWidget

from app.analytics.activities import ActivityRow
from app.models.by_hand import Missed
from app.models.categories import Category
from app.ui.background import BackgroundQuery
from app.ui.charts.lanes_values import Selection
from app.ui.classify.dialog import ClassifyDialog
from app.ui.pages.timeline.actions import TimelineActions
from app.ui.pages.timeline.details import SelectionDetails
from app.ui.pages.timeline.dialogs import ask_split, ask_times
from app.ui.pages.timeline.drop_target import DropTarget
from app.ui.pages.timeline.missed import MissedTime, usual_stretch
from app.ui.pages.timeline.model import TimelineModel
from app.ui.pages.timeline.totals import DayTotals
from app.ui.services import Services
from app.ui.theme.stylesheet import styled
from app.ui.widgets.card import Card
from app.ui.widgets.page_body import scrolling
from app.ui.words import tr

_WIDTH, _NARROW, _NARROWEST = 316, 244, 200
# A rule is suggested by one activity; more than these nobody picks one by one.
_MOST_CLASSIFIED = 5_000


class Inspector(Card):
    """`project_chosen(int)`: a project in the day's sums."""

    project_chosen = pyqtSignal(int)

    def __init__(self, services: Services, model: TimelineModel, actions: TimelineActions) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(tr("Details"))
        self.theme = services.theme
        self._services = services
        self._classified = BackgroundQuery(services.background, self)
        self._model, self._actions = model, actions
        self.totals = DayTotals(services)
        self.details = SelectionDetails(services, model, actions)
        self.missed = MissedTime(services)
        self.target = DropTarget(services)
        self._adding = self._dragging = False
        self._stack = styled(QStackedWidget(), role="plain")
        for page in (self.totals, self.details, self.missed, self.target):
            self._stack.addWidget(styled(page, role="plain"))
        # On a low screen it scrolls, rather than lose what is at its end.
        self._stack.setMinimumWidth(_NARROWEST)
        column, area = scrolling(margin=0)
        column.addWidget(self._stack, 1)
        self.body.addWidget(area, 1)
        self.totals.add_wanted.connect(self.add_missed)
        self.totals.project_chosen.connect(self.project_chosen.emit)
        self.details.add_wanted.connect(self.add_missed)
        self.details.split_wanted.connect(lambda span: self.ask_split(span))
        self.details.times_wanted.connect(self.ask_times)
        self.details.cut_wanted.connect(self._cut)
        self.missed.added.connect(self._add)
        self.missed.left.connect(self._leave_missed)
        self.target.dropped.connect(self.classify)
        model.day_changed.connect(self._day_changed)
        model.selection_changed.connect(self._selection_changed)

    def narrow(self, *, narrow: bool) -> None:
        """Leave more of a small window to what is beside it."""
        self.setFixedWidth(_NARROW if narrow else _WIDTH)

    @property
    def shown(self) -> QWidget | None:
        """Which of its pages is shown."""
        return self._stack.currentWidget()

    def add_missed(self) -> None:
        """Offer to add time in the dragged stretch, or in the longest gap."""
        recorded, selection = self._model.recorded, self._model.selection
        if recorded is None:
            return
        self._adding = True
        if selection.start is not None and selection.end is not None:
            self.missed.offer(recorded, selection.start, selection.end)
        else:
            self.missed.offer(recorded, *usual_stretch(recorded))
        self._stack.setCurrentWidget(self.missed)
        self.missed.what.setFocus()

    @property
    def can_merge(self) -> bool:
        """Whether the selected activities follow each other."""
        found = self._model.chosen()
        return found is not None and found.neighbours

    def write_note(self) -> None:
        """Go to the note of what is selected."""
        self.details.note.setFocus()
        self.details.note.selectAll()

    def make_rule(self) -> None:
        """Ask which category what is selected belongs to: only this, or always like this."""
        self.classify(self._actions.ids)

    def classify(self, ids: Sequence[int], category_id: int = 0) -> None:
        """Ask the same of these activities; `category_id`: the one that is offered first."""
        services, chosen = self._services, ids[:_MOST_CLASSIFIED]
        self._classified.ask(
            lambda: (services.questions.activity_rows(chosen), services.questions.rulebook().categories),
            lambda found: self._classify(*found, category_id),
            failed=services.changes.failed.emit,
        )

    def take_drag(self, under_way: bool) -> None:
        """Activities are being dragged from the table, or no more: offer the categories meanwhile."""
        self._dragging = under_way
        if under_way:
            self.target.refresh()
            self._stack.setCurrentWidget(self.target)
        else:
            self._selection_changed()

    def _classify(
        self, rows: Sequence[ActivityRow], categories: Sequence[Category], category_id: int
    ) -> None:
        if rows:
            offered = category_id or rows[0].category.id or None
            ClassifyDialog(self._services, self, rows, categories, offered).open()

    def ask_split(self, span_id: int, at_ms: float | None = None) -> None:
        """Ask where to split a span."""
        recorded = self._model.recorded
        block = None if recorded is None else recorded.block(span_id)
        if recorded is not None and block is not None:
            ask_split(self, recorded, block, at_ms, lambda at: self._actions.split(span_id, at))

    def ask_times(self, span_id: int) -> None:
        """Ask when a span began and ended."""
        recorded = self._model.recorded
        block = None if recorded is None else recorded.block(span_id)
        if recorded is not None and block is not None:
            ask_times(self, recorded, block, lambda s, e: self._actions.set_times(span_id, s, e))

    def _cut(self) -> None:
        ids, selection = self._actions.ids, self._model.selection
        if len(ids) == 1 and selection.start is not None and selection.end is not None:
            self._actions.cut_out(ids[0], round(selection.start), round(selection.end))

    def _add(self, missed: Missed) -> None:
        self._leave_missed()
        self._model.select(Selection())
        self._actions.add(missed)

    def _leave_missed(self) -> None:
        self._adding = False
        self._selection_changed()

    def _day_changed(self, same: bool) -> None:
        if self._model.recorded is not None:
            self.totals.show_day(self._model.recorded)
        if not same:
            self._adding = False

    def _selection_changed(self) -> None:
        recorded, selection = self._model.recorded, self._model.selection
        if recorded is None or self._dragging:
            return
        found = self._model.chosen()
        dragged = selection.start is not None
        if found is not None:
            # Someone who fills in missed time is not thrown out by the day's growth.
            if not self._adding or not dragged:
                self._adding = False
                self.details.show_chosen(recorded, found)
                self._stack.setCurrentWidget(self.details)
        elif dragged and self.shown is not self.missed:
            self.missed.offer(recorded, selection.start or 0, selection.end or 0)
            self._stack.setCurrentWidget(self.missed)
        elif dragged and not self._adding:
            self.missed.offer(recorded, selection.start or 0, selection.end or 0)
        elif not self._adding:
            self._stack.setCurrentWidget(self.totals)
