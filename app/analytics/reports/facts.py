"""The numbers of a report for others: by day, project, category, application; of all projects or some."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from operator import attrgetter

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.analytics.aggregates import Slice, active_by, clipped
from app.analytics.periods import DAY_MS, Period
from app.analytics.queries import Queries
from app.models.database import tell

# Grey stands for none, a lighter one for all the rest.
NOTHING, REST = "#8a8f98", "#c3c8d1"


@dataclass(frozen=True, slots=True)
class Share:
    """Active time under a name; `color` is '#rrggbb'."""

    name: str
    color: str
    seconds: float


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A local day with anything recorded; `day` counts from 1970-01-01. `projects`: most time first."""

    day: int
    seconds: float
    projects: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report tells. `start` and `end` in local ms; `days` in their order, empty ones left out."""

    start: int
    end: int
    days: tuple[DayFacts, ...] = ()
    projects: tuple[Share, ...] = ()
    categories: tuple[Share, ...] = ()
    applications: tuple[Share, ...] = ()

    @property
    def seconds(self) -> float:
        return sum(day.seconds for day in self.days)


def facts(engine: Engine, period: Period, projects: Collection[int] = ()) -> Facts:
    """The facts of a period, of all projects or only of these. Raises `StorageError` and its kinds."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            return _asked(Queries(connection), period, projects)
    except DBAPIError as error:
        told = tell(error.orig) if isinstance(error.orig, sqlite3.Error) else None
        raise told or error from error


def _asked(queries: Queries, period: Period, projects: Collection[int]) -> Facts:
    rest = chain.from_iterable(
        clipped(queries.spans(start, end), start, end) for start, end in period.rest(DAY_MS)
    )
    slices = [
        *queries.daily_cells(period.whole(DAY_MS), projects),
        *(item for item in rest if not projects or item.project in projects),
    ]
    first = min((item.day for item in slices if item.active_ms), default=period.end // DAY_MS - 1)
    labels = {**queries.colored("project"), 0: ("No project", NOTHING)}
    categories = {**queries.colored("category"), 0: ("No category", NOTHING)}
    names = {identity: (name, NOTHING) for identity, name in queries.application_names().items()}
    return Facts(
        start=first * DAY_MS if period.start is None else period.start,
        end=period.end,
        days=tuple(_days(slices, labels)),
        projects=_shares(slices, "project", labels),
        categories=_shares(slices, "category", categories),
        applications=_shares(slices, "application", names),
    )


def _days(slices: Iterable[Slice], labels: Mapping[int, tuple[str, str]]) -> Iterable[DayFacts]:
    by_day: defaultdict[int, list[Slice]] = defaultdict(list)
    for item in slices:
        if item.active_ms:
            by_day[item.day].append(item)
    for day in sorted(by_day):
        shares = _shares(by_day[day], "project", labels)
        yield DayFacts(day, sum(share.seconds for share in shares), shares)


def _shares(slices: Iterable[Slice], key: str, labels: Mapping[int, tuple[str, str]]) -> tuple[Share, ...]:
    sums = active_by(slices, attrgetter(key))
    unknown = ("Unknown", NOTHING)
    return tuple(Share(*labels.get(identity, unknown), ms / 1000) for identity, ms in sums.items())


def in_few(shares: Iterable[Share], most: int) -> tuple[Share, ...]:
    """At most `most` shares: the smallest are put together under "Other"."""
    listed = tuple(shares)
    if len(listed) <= most:
        return listed
    rest = listed[most - 1 :]
    other = replace(rest[0], name=f"{len(rest)} others", color=REST, seconds=sum(s.seconds for s in rest))
    return (*listed[: most - 1], other)
