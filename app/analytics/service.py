"""The named questions about recorded time; windows, reports and commands all ask here."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.analytics.aggregates import Slice, active_by, clipped
from app.analytics.periods import DAY_MS, HOUR_MS, Period
from app.analytics.queries import Queries
from app.models.database import tell

# Days without anything are shown too, unless the period is longer than this.
_MOST_EMPTY_DAYS = 366


@dataclass(frozen=True, slots=True)
class Entry:
    """Active time under a name; None: under no project, no category."""

    name: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class DayEntry:
    """Active time of a local day; `day` counts from 1970-01-01."""

    day: int
    seconds: float


@dataclass(frozen=True, slots=True)
class HourEntry:
    """Active time in an hour of the day (0 to 23), over all days of the period."""

    hour: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a person did in a period. `start` and `end`: local ms. Lists: most time first, days in order."""

    start: int
    end: int
    active_seconds: float = 0.0
    idle_seconds: float = 0.0
    context_switches: int = 0
    focus_sessions: int = 0
    focus_seconds: float = 0.0
    by_project: tuple[Entry, ...] = ()
    by_category: tuple[Entry, ...] = ()
    by_application: tuple[Entry, ...] = ()
    by_day: tuple[DayEntry, ...] = ()
    by_hour: tuple[HourEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a period."""

    active_seconds: float
    idle_seconds: float
    context_switches: int


class Service:
    """Answers from one database; every answer is of one moment, whatever is written meanwhile."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def totals(self, period: Period) -> Totals:
        """Active and idle seconds and context switches of a period."""
        with self._asking() as queries:
            return _totals([*queries.daily_by_day(period.whole(DAY_MS)), *_rest(queries, period, DAY_MS)])

    def report(self, period: Period, *, today: int, by_hour: bool = False) -> Report:
        """All that `devpulse report` tells. `today`: the number of the local day, for the list of days."""
        with self._asking() as queries:
            days = period.whole(DAY_MS)
            rest = _rest(queries, period, DAY_MS)
            dated = [*queries.daily_by_day(days), *rest]
            totals = _totals(dated)

            def by(key: str, names: Mapping[int, str]) -> tuple[Entry, ...]:
                return _named([*queries.daily_by(key, days), *rest], key, names)

            focus = queries.focus(period.start, period.end)
            start = _begin(period, queries.first_day())
            return Report(
                start=start,
                end=period.end,
                active_seconds=totals.active_seconds,
                idle_seconds=totals.idle_seconds,
                context_switches=totals.context_switches,
                focus_sessions=focus.sessions,
                focus_seconds=focus.focused_ms / 1000,
                by_project=by("project", queries.project_names()),
                by_category=by("category", queries.category_names()),
                by_application=by("application", queries.application_names()),
                by_day=_days(dated, Period(start, period.end), today),
                by_hour=_hours(queries, period) if by_hour else (),
            )

    @contextmanager
    def _asking(self) -> Generator[Queries]:
        """Raises `StorageError` and its kinds, as the write path does."""
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                yield Queries(connection)
        except DBAPIError as error:
            told = tell(error.orig) if isinstance(error.orig, sqlite3.Error) else None
            raise told or error from error


def _begin(period: Period, first_day: int | None) -> int:
    if period.start is not None:
        return period.start
    return min(period.end, (period.end - 1) // DAY_MS * DAY_MS if first_day is None else first_day * DAY_MS)


def _rest(queries: Queries, period: Period, unit_ms: int) -> list[Slice]:
    return list(
        chain.from_iterable(
            clipped(queries.spans(start, end), start, end) for start, end in period.rest(unit_ms)
        )
    )


def _totals(slices: Iterable[Slice]) -> Totals:
    active = idle = switches = 0
    for item in slices:
        active += item.active_ms
        idle += item.idle_ms
        switches += item.switches
    return Totals(active / 1000, idle / 1000, switches)


def _named(slices: Iterable[Slice], key: str, names: Mapping[int, str]) -> tuple[Entry, ...]:
    sums = active_by(slices, attrgetter(key))
    return tuple(Entry(names.get(identity), ms / 1000) for identity, ms in sums.items())


def _days(slices: Iterable[Slice], period: Period, today: int) -> tuple[DayEntry, ...]:
    """Every day with something, and the empty ones between, up to today."""
    assert period.start is not None
    sums = active_by(slices, lambda s: s.day)
    first = period.start // DAY_MS
    last = min(-(-period.end // DAY_MS), max(today + 1, max(sums, default=today) + 1))
    shown = range(first, last) if last - first <= _MOST_EMPTY_DAYS else sorted(sums)
    return tuple(DayEntry(day, sums.get(day, 0) / 1000) for day in shown)


def _hours(queries: Queries, period: Period) -> tuple[HourEntry, ...]:
    slices = [*queries.hourly(period.whole(HOUR_MS)), *_rest(queries, period, HOUR_MS)]
    sums = active_by(slices, lambda s: s.hour % 24)
    return tuple(HourEntry(hour, sums.get(hour, 0) / 1000) for hour in range(24))
