"""What of another tracker's observations may be recorded, and as which activity. The filter comes first.

Content ─▶ WindowSample ─▶ privacy ─▶ FilteredSample ─▶ project, category ─▶ Decision
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.analytics.exchange.observed import Content
from app.importing.matching import Matcher, Wanted
from app.importing.programs import Programs
from app.models.rules import Rule
from app.models.values import Activity, FilteredSample, Hidden, Place, WindowSample
from app.tracking.classifier import Classifier
from app.tracking.privacy import PrivacyFilter
from app.tracking.projects import ProjectResolver

_MOST_PLACES = 50_000


@dataclass(frozen=True, slots=True)
class Decision:
    """An activity to record; its project may still have to be made. Equal ones merge."""

    activity: Activity
    project: Wanted | None = None


class Decider:
    """Decides on contents, one after another. `here`: they were seen on this machine."""

    def __init__(
        self,
        *,
        privacy: PrivacyFilter,
        resolver: ProjectResolver,
        matcher: Matcher,
        programs: Programs,
        rules: Sequence[Rule],
        categories: Sequence[int],
    ) -> None:
        self._privacy = privacy
        self._resolver = resolver
        self._matcher = matcher
        self._programs = programs
        self._classifier = Classifier(rules, categories)
        self._places: dict[str | tuple[str, str | None], Place | None] = {}
        self.timeless = not any(
            condition.get("field") == "time"
            for rule in rules
            if rule.enabled
            for condition in rule.conditions
        )

    def decide(self, content: Content, *, here: bool) -> Decision | Hidden:
        """The activity without its category, or why nothing of it may be recorded."""
        filtered = self._privacy.apply(
            WindowSample(
                content.application,
                content.title,
                url=content.url,
                path=content.path,
                private=content.private is True,
                public=content.private is False,
            )
        )
        if isinstance(filtered, Hidden):
            return filtered
        told = _may_be_told(content, filtered)
        place = self._place(filtered) if here else None
        project = self._project(content, filtered, place, told=told, here=here)
        path = filtered.path or (None if place is None else self._privacy.passed_path(filtered, place.path))
        return Decision(
            Activity(
                filtered.application,
                filtered.title,
                filtered.url,
                path,
                # Where a repository stands today tells nothing of then: only what the tracker noted counts.
                branch=content.branch if told and project is not None else None,
                language=self._language(content, path) if told else None,
            ),
            project,
        )

    def category(self, decision: Decision, local: datetime) -> int | None:
        """The category by the rules, at that time on the wall."""
        name = None if decision.project is None else decision.project.name
        return self._classifier.category_of(decision.activity, name, local)

    def classified(self, decision: Decision, local: datetime) -> Decision:
        """The decision with its category."""
        category = self.category(decision, local)
        return replace(decision, activity=replace(decision.activity, category_id=category))

    def _place(self, filtered: FilteredSample) -> Place | None:
        """Looks at the disk, for each file and title once."""
        key = filtered.path or (filtered.window_class, filtered.title or filtered.clue)
        if key not in self._places:
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            self._places[key] = self._resolver.resolve(filtered)
        return self._places[key]

    def _project(
        self, content: Content, filtered: FilteredSample, place: Place | None, *, told: bool, here: bool
    ) -> Wanted | None:
        """By the file where it lies on this machine, by what the tracker says, by the title."""
        if place is not None and (filtered.path or not (told and content.project)):
            return self._matcher.at(place)
        if told and content.project:
            return self._matcher.told(content.project, here=here)
        return None

    def _language(self, content: Content, path: str | None) -> str | None:
        name = path or content.path or ""
        return self._programs.tables.languages.of(name) or content.language


def _may_be_told(content: Content, filtered: FilteredSample) -> bool:
    """Whether what the tracker says of the work may be used: not where a rule dropped what it was seen in."""
    passed = filtered.title or filtered.clue or filtered.path or filtered.url
    seen = content.title or content.path or content.url
    return filtered.record_project and bool(passed or not seen)
