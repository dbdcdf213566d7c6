"""The stages a window passes on its way to an activity, in their order.

    WindowSample ─▶ privacy ─▶ FilteredSample ─▶ project ─▶ category ─▶ Activity

Nothing before the first stage leaves this room; what it hides is counted by reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol

from app.models.values import Activity, FilteredSample, Hidden, Place, WindowSample


class Filter(Protocol):
    """The privacy filter."""

    def apply(self, sample: WindowSample) -> FilteredSample | Hidden: ...


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

    `project_of` finds or makes the recorded project of a place. `by_hand` is the project the person
    chose from the tray; it goes before what was found, where projects are recorded at all.
    """

    def __init__(
        self,
        *,
        privacy: Filter,
        resolver: Resolver,
        project_of: Callable[[Place], Project],
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
            path=_path(filtered, place),
            project_id=None if project is None else project.id,
            branch=None if place is None or self.by_hand is not None else place.branch,
            language=None if place is None else place.language,
        )
        local = _local(wall_ms, utc_offset_s)
        category = self.categories.category_of(activity, None if project is None else project.name, local)
        return Seen(_with_category(activity, category), None if project is None else project.name)

    def _project(self, filtered: FilteredSample, place: Place | None) -> Project | None:
        if self.by_hand is not None and filtered.record_project:
            return self.by_hand
        return None if place is None else self.project_of(place)


def _path(filtered: FilteredSample, place: Place | None) -> str | None:
    # A file's name is a title's worth of detail: where titles are not recorded, neither is it.
    if filtered.title is None:
        return None
    return filtered.path or (None if place is None else place.path)


def _with_category(activity: Activity, category_id: int | None) -> Activity:
    return Activity(
        application=activity.application,
        title=activity.title,
        url=activity.url,
        path=activity.path,
        project_id=activity.project_id,
        branch=activity.branch,
        language=activity.language,
        category_id=category_id,
    )


def _local(wall_ms: int, utc_offset_s: int) -> datetime:
    zone = timezone(timedelta(seconds=utc_offset_s))
    return datetime.fromtimestamp(wall_ms / 1000, zone)
