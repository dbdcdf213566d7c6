"""The stages a window passes on its way to an activity, in their order.

    WindowSample ─▶ privacy ─▶ FilteredSample ─▶ project ─▶ category ─▶ Activity

Nothing before the first stage leaves this room; what it hides is counted by reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Protocol

from app.models.values import Activity, FilteredSample, Hidden, Place, WindowSample


class Filter(Protocol):
    """The privacy filter."""

    def apply(self, sample: WindowSample) -> FilteredSample | Hidden: ...

    def passed_path(self, filtered: FilteredSample, path: str | None) -> str | None:
        """What of a file's path found for `filtered` may be stored."""
        ...


class Resolver(Protocol):
    """Finds where in the person's work a sample belongs."""

    def resolve(self, sample: FilteredSample) -> Place | None: ...


class Categories(Protocol):
    """Decides the category of an activity that has none yet."""

    def category_of(self, activity: Activity, project: str | None, local: datetime) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Project:
    """A recorded project, as the pipeline needs it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sample became: the activity to record and its project's name, for showing."""

    activity: Activity
    project: str | None


class Pipeline:
    """Filter, resolver, projects and categories in a row.

    `project_of` finds or makes the recorded project of a place (None: it cannot be stored now).
    `by_hand` is the project the person chose from the tray; it goes before what was found, where
    projects are recorded at all.
    """

    def __init__(
        self,
        *,
        privacy: Filter,
        resolver: Resolver,
        project_of: Callable[[Place], Project | None],
        categories: Categories,
    ) -> None:
        self.privacy = privacy
        self.resolver = resolver
        self.project_of = project_of
        self.categories = categories
        self.by_hand: Project | None = None
        self.hidden: Counter[Hidden] = Counter()

    def seen(self, sample: WindowSample, wall_ms: int, utc_offset_s: int) -> Seen | Hidden:
        """The activity of a sample, or why nothing of it is recorded."""
        filtered = self.privacy.apply(sample)
        if isinstance(filtered, Hidden):
            return filtered
        place = self.resolver.resolve(filtered) if filtered.record_project else None
        project = self._project(filtered, place)
        activity = Activity(
            application=filtered.application,
            title=filtered.title,
            url=filtered.url,
            path=filtered.path or self._path(filtered, place),
            project_id=None if project is None else project.id,
            branch=None if place is None or self.by_hand is not None else place.branch,
            language=None if place is None else place.language,
        )
        local = _local(wall_ms, utc_offset_s)
        category = self.categories.category_of(activity, None if project is None else project.name, local)
        return Seen(replace(activity, category_id=category), None if project is None else project.name)

    def _project(self, filtered: FilteredSample, place: Place | None) -> Project | None:
        if self.by_hand is not None and filtered.record_project:
            return self.by_hand
        return None if place is None else self.project_of(place)

    def _path(self, filtered: FilteredSample, place: Place | None) -> str | None:
        return None if place is None else self.privacy.passed_path(filtered, place.path)


def _local(wall_ms: int, utc_offset_s: int) -> datetime:
    zone = timezone(timedelta(seconds=utc_offset_s))
    return datetime.fromtimestamp(wall_ms / 1000, zone)
