"""A rule's conditions tried on what was recorded: how many activities and how much time they fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from app.analytics.bounds import BEGINNING, beginning
from app.analytics.labels import Label, Names
from app.analytics.moment import Moment
from app.analytics.opened import OpenedTexts
from app.analytics.ranges import Days

_STEP_DAYS = 28
EXAMPLES = 5
_TEXTS = ("title", "url", "path")
_SHORT_LIST = 200
_WEEK_MIN = 7 * 24 * 60
_MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 - a time on the wall, wherever
_ALL = ("application", "title", "url", "path", "project", "branch", "language")

Ids = tuple[Any, ...]
Progress = Callable[[int, int], bool]


class Subject(Protocol):
    """One condition: what it asks about."""

    @property
    def subject(self) -> str: ...


class Test(Protocol):
    """A rule's conditions, as `app.tracking.conditions` reads them."""

    @property
    def seen(self) -> Sequence[Subject]: ...
    @property
    def when(self) -> Sequence[object]: ...
    def hold(self, facts: Mapping[str, str | None]) -> bool: ...
    def hold_at(self, local: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class Example:
    """What matches, by application and title, with its ms."""

    application: Label
    title: str | None = field(repr=False)
    active_ms: int


@dataclass(frozen=True, slots=True)
class Matches:
    """Number of matching activities and their ms. `complete`: False when cancelled.

    `examples`: those with most time in the latest weeks in which any match.
    """

    activities: int
    active_ms: int
    examples: tuple[Example, ...]
    complete: bool = True


class Matching:
    """Tries one test. What is equal in all that it asks about is decided once."""

    def __init__(self, moment: Moment, names: Names, texts: OpenedTexts, test: Test) -> None:
        self._moment, self._names, self._texts, self._test = moment, names, texts, test
        asked = {condition.subject for condition in test.seen}
        self._asked = tuple(name for name in _ALL if name in asked)
        self._decided: dict[Ids, bool] = {}
        self._by_example: Counter[tuple[int, int]] = Counter()
        self._week = _week_of(test) if test.when else None
        self._count = self._ms = 0

    def over(self, days: Days, progress: Progress) -> Matches:
        """Go through active spans that begin on those days, the latest first.

        `progress(done, all)` in days; False cancels.
        """
        done = 0
        for step in _steps(days.numbers):
            fitting = self._fitting(step)
            if fitting and self._week is not None:
                self._at_those_times(step, fitting)
            elif fitting:
                self._count += sum(count for count, _ in fitting.values())
                self._ms += sum(ms for _, ms in fitting.values())
                self._find_examples(step, fitting)
            done += len(step)
            if not progress(done, len(days)):
                return Matches(self._count, self._ms, self._examples(), complete=False)
        return Matches(self._count, self._ms, self._examples())

    def _fitting(self, days: range) -> dict[Ids, tuple[int, int]]:
        """What fits by all but the time: number and ms of the spans under each combination of ids."""
        columns = ", ".join(f"{name}_id" for name in self._asked) or "NULL"
        query = f"SELECT {columns}, count(*), sum(end_ms - start_ms) {_FROM} GROUP BY {columns}"
        found = {row[:-2]: row[-2:] for row in self._moment.rows(query, *beginning(days))}
        self._decide(found.keys() - self._decided.keys())
        return {ids: sums for ids, sums in found.items() if self._decided[ids]}

    def _decide(self, fresh: Collection[Ids]) -> None:
        """All texts that are asked about are opened together."""
        places = [n for n, name in enumerate(self._asked) if name in _TEXTS]
        opened = self._texts.of(self._moment, {ids[n] for ids in fresh for n in places if ids[n]})
        for ids in fresh:
            facts = {
                name: opened.get(value) if name in _TEXTS else self._named(name, value)
                for name, value in zip(self._asked, ids, strict=False)
            }
            self._decided[ids] = self._test.hold(facts)

    def _at_those_times(self, days: range, fitting: Collection[Ids]) -> None:
        """Span by span, those that fit by all but the time."""
        assert self._week is not None
        columns = ", ".join([*(f"{name}_id" for name in self._asked)] or ["NULL"])
        where, values = self._narrowed(fitting)
        query = f"SELECT {columns}, {_EXAMPLE}, {_MINUTE}, end_ms - start_ms {_FROM} {where}"
        for *ids, application, title, minute, ms in self._moment.rows(query, *beginning(days), *values):
            if self._week[minute] and tuple(ids) in fitting:
                self._count += 1
                self._ms += ms
                self._by_example[application, title] += ms

    def _find_examples(self, days: range, fitting: Collection[Ids]) -> None:
        if len(self._by_example) >= EXAMPLES:
            return
        columns = ", ".join([*(f"{name}_id" for name in self._asked)] or ["NULL"])
        where, values = self._narrowed(fitting)
        query = (
            f"SELECT {columns}, {_EXAMPLE}, sum(end_ms - start_ms) {_FROM} {where} "
            f"GROUP BY {columns}, {_EXAMPLE}"
        )
        for *ids, application, title, ms in self._moment.rows(query, *beginning(days), *values):
            if tuple(ids) in fitting:
                self._by_example[application, title] += ms

    def _narrowed(self, fitting: Collection[Ids]) -> tuple[str, list[int]]:
        """Only the applications, projects … that fit at all are read, where that is a short list."""
        for n, name in enumerate(self._asked):
            wanted = {ids[n] for ids in fitting}
            if None not in wanted and len(wanted) <= _SHORT_LIST:
                return f"AND {name}_id IN ({','.join('?' * len(wanted))})", sorted(wanted)
        return "", []

    def _named(self, name: str, identity: int | None) -> str | None:
        if identity is None:
            return None
        if name in ("branch", "language"):
            return (self._names.branches if name == "branch" else self._names.languages).get(identity)
        labels = self._names.projects if name == "project" else self._names.applications
        return labels[identity].name if identity in labels else None

    def _examples(self) -> tuple[Example, ...]:
        found = self._by_example.most_common(EXAMPLES)
        opened = self._texts.of(self._moment, (title for (_, title), _ in found))
        return tuple(Example(self._names.application(a), opened.get(t), ms) for (a, t), ms in found)


def _steps(days: range) -> Iterator[range]:
    for stop in range(days.stop, days.start, -_STEP_DAYS):
        yield range(max(days.start, stop - _STEP_DAYS), stop)


def _week_of(test: Test) -> tuple[bool, ...]:
    """Whether the test holds in each minute of a week, Monday first."""
    return tuple(test.hold_at(_MONDAY + timedelta(minutes=minute)) for minute in range(_WEEK_MIN))


_FROM = f"FROM activity_logs WHERE {BEGINNING} AND state = 0"
_EXAMPLE = "ifnull(application_id, 0), ifnull(title_id, 0)"
# 1970-01-01 was a Thursday, three days after a Monday.
_MINUTE = f"((start_ms + utc_offset_s * 1000) / 60000 + 3 * 24 * 60) % {_WEEK_MIN}"
