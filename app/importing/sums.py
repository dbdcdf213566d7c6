"""Sums up what an import brings, span by span."""

from __future__ import annotations

from collections import Counter

from app.importing.gaps import DAY_MS
from app.importing.outcome import MachineShare, ProjectShare
from app.models.bulk import BulkSpan


class Sums:
    """Counts the spans of one machine after another."""

    def __init__(self) -> None:
        self._projects: Counter[str] = Counter()
        self._new: set[str] = set()
        self._applications: Counter[str] = Counter()
        self._days: set[int] = set()
        self._machines: list[MachineShare] = []
        self._begin()

    def _begin(self) -> None:
        self._spans = self._active = self._idle = self._first = self._last = 0

    def add(self, span: BulkSpan, project: str | None, *, new: bool) -> None:
        """One more span of the present machine."""
        length = span.end_ms - span.start_ms
        self._first = min(self._first or span.start_ms, span.start_ms)
        self._last = max(self._last, span.end_ms)
        self._spans += 1
        self._days.add((span.start_ms + span.utc_offset_s * 1000) // DAY_MS)
        if span.activity is None:
            self._idle += length
            return
        self._active += length
        self._applications[span.activity.application] += length
        if project is not None:
            self._projects[project] += length
            if new:
                self._new.add(project)

    def end_machine(self, name: str | None) -> None:
        """The present machine is complete."""
        self._machines.append(
            MachineShare(name, self._spans, self._active / 1000, self._idle / 1000, self._first, self._last)
        )
        self._begin()

    @property
    def machines(self) -> tuple[MachineShare, ...]:
        return tuple(self._machines)

    @property
    def projects(self) -> tuple[ProjectShare, ...]:
        """Most time first."""
        return tuple(
            ProjectShare(name, ms / 1000, name in self._new) for name, ms in self._projects.most_common()
        )

    @property
    def applications(self) -> dict[str, float]:
        """Seconds by application, most first."""
        return {name: ms / 1000 for name, ms in self._applications.most_common()}

    @property
    def days(self) -> int:
        return len(self._days)
