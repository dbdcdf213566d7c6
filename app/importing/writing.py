"""The last step of an import: decided stretches of one machine become spans, or are only counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from app.analytics.exchange.observed import IDLE, Stretch
from app.importing.deciding import Decider, Decision
from app.importing.matching import Wanted
from app.importing.sums import Sums
from app.models.bulk import BulkSpan, BulkWriter
from app.models.projects import Projects
from app.models.values import Activity, Place
from app.tracking.spans import is_switch


class Making:
    """Makes the projects that an import wants and that are not there yet, each once."""

    def __init__(self, projects: Projects) -> None:
        self._projects = projects
        self._made: dict[Wanted, int] = {}

    def id_of(self, wanted: Wanted) -> int:
        """The project's id. Raises `StorageError`."""
        if wanted.id is not None:
            return wanted.id
        made = self._made.get(wanted)
        if made is None:
            if wanted.root is None:
                made = self._projects.add(wanted.name)
            else:
                made = self._projects.find_or_create(Place(wanted.name, wanted.root, remote=wanted.remote))
            self._made[wanted] = made
        return made


class Writing:
    """Writes one machine's spans. `making` and `writer` None: a dry run."""

    def __init__(
        self,
        decisions: Sequence[Decision],
        decider: Decider,
        sums: Sums,
        making: Making | None,
        writer: BulkWriter | None,
    ) -> None:
        self._decisions = decisions
        self._decider = decider
        self._sums = sums
        self._making = making
        self._writer = writer
        self._activities: dict[int, Activity] = {}
        self._last: Activity | None = None
        self._last_end = 0

    def write(self, chunk: Iterable[tuple[Stretch, int]]) -> None:
        """Some thousand stretches with their offsets, in the order of time."""
        spans = [self._span(stretch, offset) for stretch, offset in chunk]
        if self._writer is not None:
            self._writer.write(spans)

    def _span(self, stretch: Stretch, offset: int) -> BulkSpan:
        if stretch.what == IDLE:
            span = BulkSpan(stretch.start, stretch.end, offset, None)
            self._sums.add(span, None, new=False)
            return span
        activity = self._activity(stretch, offset)
        switched = is_switch(self._last, activity, stretch.start - self._last_end)
        self._last, self._last_end = activity, stretch.end
        span = BulkSpan(stretch.start, stretch.end, offset, activity, switched)
        wanted = self._decisions[stretch.what].project
        self._sums.add(
            span, None if wanted is None else wanted.name, new=wanted is not None and wanted.id is None
        )
        return span

    def _activity(self, stretch: Stretch, offset: int) -> Activity:
        known = self._activities.get(stretch.what)
        if known is None:
            known = self._made(self._decisions[stretch.what], stretch, offset)
            if self._decider.timeless:
                self._activities[stretch.what] = known
        return known

    def _made(self, decision: Decision, stretch: Stretch, offset: int) -> Activity:
        local = datetime.fromtimestamp(stretch.start / 1000, timezone(timedelta(seconds=offset)))
        project = None
        if decision.project is not None and self._making is not None:
            project = self._making.id_of(decision.project)
        return replace(
            decision.activity, project_id=project, category_id=self._decider.category(decision, local)
        )
