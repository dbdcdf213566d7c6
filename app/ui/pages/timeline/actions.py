"""What can be done to recorded time on the Timeline page; each of it can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from app.models.by_hand import Missed
from app.ui.charts.lanes_values import Selection
from app.ui.pages.timeline.model import TimelineModel
from app.ui.services import Services

if TYPE_CHECKING:
    from app.changes.editing import Editing
    from app.changes.workbench import Undo


class TimelineActions(QObject):
    """On the selection of `model`, unless spans are named. Without any, they do nothing."""

    def __init__(self, services: Services, model: TimelineModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits = services.edits
        self._model = model

    @property
    def ids(self) -> tuple[int, ...]:
        """The selected spans, in the order of time."""
        found = self._model.chosen()
        return () if found is None else found.ids

    def assign_project(self, project_id: int | None, ids: Iterable[int] | None = None) -> None:
        """Give spans a project; None takes them out of theirs."""
        chosen = self._chosen(ids)
        self._run(chosen, lambda editing: editing.spans.reassign(chosen, project_id=project_id))

    def assign_category(self, category_id: int | None, ids: Iterable[int] | None = None) -> None:
        """Give spans a category; None takes them out of theirs."""
        chosen = self._chosen(ids)
        self._run(chosen, lambda editing: editing.spans.reassign(chosen, category_id=category_id))

    def annotate(self, note: str) -> None:
        """Give the selected spans a note; an empty one takes it away."""
        chosen = self.ids
        self._run(chosen, lambda editing: editing.spans.annotate(chosen, note.strip() or None))

    def split(self, span_id: int, at_ms: int) -> None:
        """Cut a span in two; the first half stays selected."""
        self._run((span_id,), lambda editing: editing.spans.split(span_id, at_ms))

    def cut_out(self, span_id: int, start_ms: int, end_ms: int) -> None:
        """Cut a stretch out of the middle of a span, so that it can be given to something else."""
        recorded = self._model.recorded
        block = None if recorded is None else recorded.block(span_id)
        if block is None:
            return

        def change(editing: Editing) -> Undo:
            undo = None
            if block.start_ms < end_ms < block.end_ms:
                undo = editing.spans.split(span_id, end_ms)
            if block.start_ms < start_ms < block.end_ms:
                undo = editing.spans.split(span_id, start_ms)
            assert undo is not None
            return undo

        if block.start_ms < end_ms < block.end_ms or block.start_ms < start_ms < block.end_ms:
            self._run((span_id,), change)

    def set_times(self, span_id: int, start_ms: int, end_ms: int) -> None:
        """Let a span begin and end at other moments; it stays selected."""
        made: list[int] = []

        def change(editing: Editing) -> Undo:
            undo = editing.spans.set_bounds(span_id, start_ms, end_ms)
            made.extend(undo.made or (span_id,))
            return undo

        def select() -> None:
            self._model.select(Selection(frozenset(made), cursor=made[0]))

        self._edits.run(change, then=select)

    def merge(self) -> None:
        """Make the selected neighbours one."""
        chosen = self.ids
        if len(chosen) > 1:
            self._run(chosen, lambda editing: editing.spans.merge(chosen))

    def delete(self) -> None:
        """Take the selected spans away."""
        chosen = self.ids
        self._run(chosen, lambda editing: editing.spans.delete(chosen))

    def add(self, missed: Missed, then: Callable[[], None] | None = None) -> None:
        """Record time that was missed, in what is free of its stretch."""
        self._edits.run(lambda editing: editing.spans.add(missed, fill_gaps=True), then=then)

    def _chosen(self, ids: Iterable[int] | None) -> tuple[int, ...]:
        return self.ids if ids is None else tuple(ids)

    def _run(self, ids: tuple[int, ...], change: Callable[[Editing], Undo]) -> None:
        if ids:
            self._edits.run(change)
