"""A rule's conditions tried on what was recorded: how many activities and how much time they fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Protocol

from app.analytics.bounds import BEGINNING, beginning
from app.analytics.labels import Label, Names
from app.analytics.moment import Moment
from app.analytics.opened import OpenedTexts
from app.analytics.ranges import Days

_STEP_DAYS = 28
EXAMPLES = 5
_TEXTS = ("title", "url", "path")
_ALL = ("application", "title", "url", "path", "project", "branch", "language")

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
    """Number of matching activities, their ms, those with most time. `complete`: False when cancelled."""

    activities: int
    active_ms: int
    examples: tuple[Example, ...]
    complete: bool = True


class Matching:
    """Tries one test. What is equal in all that it asks about is decided once."""

    def __init__(self, moment: Moment, names: Names, texts: OpenedTexts, test: Test) -> None:
        self._moment, self._names, self._texts, self._test = moment, names, texts, test
        asked = {condition.subject for condition in test.seen}
        self._fields = tuple(name for name in _ALL if name in asked | {"application", "title"})
        self._asked = tuple(name in asked for name in self._fields)
        self._decided: dict[tuple[Any, ...], bool] = {}
        self._by_example: Counter[tuple[int, int]] = Counter()
        self._count = self._ms = 0

    def over(self, days: Days, progress: Progress) -> Matches:
        """Go through active spans that begin on those days. `progress(done, all)` in days; False cancels."""
        complete = True
        for done, step in enumerate(_steps(days.numbers)):
            if self._test.when:
                self._one_by_one(step)
            else:
                self._grouped(step)
            if not progress(min(len(days), (done + 1) * _STEP_DAYS), len(days)):
                complete = False
                break
        return Matches(self._count, self._ms, self._examples(), complete)

    def _grouped(self, days: range) -> None:
        columns = ", ".join(f"{name}_id" for name in self._fields)
        query = f"SELECT {columns}, count(*), sum(end_ms - start_ms) {_FROM} GROUP BY {columns}"
        rows = self._moment.rows(query, *beginning(days))
        self._decide([row[:-2] for row in rows])
        for *ids, count, ms in rows:
            if self._fits(ids):
                self._add(ids, count, ms)

    def _one_by_one(self, days: range) -> None:
        columns = ", ".join(f"{name}_id" for name in self._fields)
        query = f"SELECT {columns}, start_ms, end_ms, utc_offset_s {_FROM}"
        rows = self._moment.rows(query, *beginning(days))
        self._decide([row[:-3] for row in rows])
        for *ids, start, end, offset in rows:
            if self._fits(ids) and self._test.hold_at(_local(start, offset)):
                self._add(ids, 1, end - start)

    def _decide(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Open all texts that are asked about at once, and decide what is new."""
        fresh = {self._key(row) for row in rows} - self._decided.keys()
        places = [n for n, name in enumerate(self._fields) if name in _TEXTS and self._asked[n]]
        opened = self._texts.of(self._moment, {key[n] for key in fresh for n in places if key[n]})
        for key in fresh:
            facts = {
                name: opened.get(value) if name in _TEXTS else self._named(name, value)
                for name, value, asked in zip(self._fields, key, self._asked, strict=True)
                if asked
            }
            self._decided[key] = self._test.hold(facts)

    def _key(self, ids: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(value if asked else None for value, asked in zip(ids, self._asked, strict=True))

    def _fits(self, ids: Sequence[Any]) -> bool:
        return self._decided[self._key(ids)]

    def _named(self, name: str, identity: int | None) -> str | None:
        if identity is None:
            return None
        if name in ("branch", "language"):
            return (self._names.branches if name == "branch" else self._names.languages).get(identity)
        labels = self._names.projects if name == "project" else self._names.applications
        return labels[identity].name if identity in labels else None

    def _add(self, ids: Sequence[Any], count: int, ms: int) -> None:
        self._count += count
        self._ms += ms
        application = ids[self._fields.index("application")] or 0
        self._by_example[application, ids[self._fields.index("title")] or 0] += ms

    def _examples(self) -> tuple[Example, ...]:
        found = self._by_example.most_common(EXAMPLES)
        opened = self._texts.of(self._moment, (title for (_, title), _ in found))
        return tuple(Example(self._names.application(a), opened.get(t), ms) for (a, t), ms in found)


def _steps(days: range) -> Iterator[range]:
    for start in range(days.start, days.stop, _STEP_DAYS):
        yield range(start, min(days.stop, start + _STEP_DAYS))


def _local(start_ms: int, offset_s: int) -> datetime:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=start_ms)
    return moment.astimezone(timezone(timedelta(seconds=offset_s)))


_FROM = f"FROM activity_logs WHERE {BEGINNING} AND state = 0"
