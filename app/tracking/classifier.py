"""Which category an activity belongs to: the first rule whose conditions all hold decides. Pure.

A rule that cannot be used is left out and told of; the others go on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.errors import DevPulseError
from app.models.values import Activity
from app.tracking.conditions import FIELDS, Conditions, read_conditions

MOST_REMEMBERED = 4096


class StoredRule(Protocol):
    """A rule as `app.models.rules` reads it."""

    @property
    def position(self) -> int: ...
    @property
    def category_id(self) -> int: ...
    @property
    def conditions(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def enabled(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Rule:
    category_id: int
    conditions: Conditions


class Classifier:
    """Decides by `rules`, in their order. `categories`: the ids that exist.

    `problems`: the rules left out and why, in words. Decisions that no time of day could change are
    remembered, the latest 4096 of them.
    """

    def __init__(self, rules: Iterable[StoredRule], categories: Collection[int]) -> None:
        self.problems: tuple[str, ...] = ()
        self._rules: list[_Rule] = []
        for rule in rules:
            if rule.enabled:
                self._take(rule, categories)
        self._by_application: dict[str, list[int]] = {}
        self._for_any: list[int] = []
        for number, rule in enumerate(self._rules):
            applications = rule.conditions.applications
            if applications is None:
                self._for_any.append(number)
            else:
                for application in applications:
                    self._by_application.setdefault(application, []).append(number)
        self._remembered: dict[tuple[str | None, ...], int | None] = {}

    def category_of(self, activity: Activity, project: str | None, local: datetime) -> int | None:
        """The category of an activity in the project of that name, at that time on the wall."""
        key = (
            activity.application,
            activity.title,
            activity.url,
            activity.path,
            project,
            activity.branch,
            activity.language,
        )
        if key in self._remembered:
            found = self._remembered[key] = self._remembered.pop(key)
            return found
        category, timeless = self._decide(key, local)
        if timeless:
            self._remembered[key] = category
            if len(self._remembered) > MOST_REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
        return category

    def _decide(self, key: tuple[str | None, ...], local: datetime) -> tuple[int | None, bool]:
        facts = dict(zip(FIELDS, key, strict=True))
        timeless = True
        for number in self._candidates(str(key[0])):
            rule = self._rules[number]
            if not rule.conditions.hold(facts):
                continue
            timeless = timeless and not rule.conditions.when
            if rule.conditions.hold_at(local):
                return rule.category_id, timeless
        return None, timeless

    def _candidates(self, application: str) -> list[int]:
        named = self._by_application.get(application.casefold())
        return sorted((*named, *self._for_any)) if named else self._for_any

    def _take(self, rule: StoredRule, categories: Collection[int]) -> None:
        try:
            if rule.category_id not in categories:
                raise DevPulseError("Its category does not exist.")
            self._rules.append(_Rule(rule.category_id, read_conditions(rule.conditions)))
        except DevPulseError as error:
            why = error.detail or error.title
            self.problems += (f"Rule {rule.position + 1} is left out. {why}",)
