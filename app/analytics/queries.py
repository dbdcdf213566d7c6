"""Read-only questions to the database, as SQL: rollups for whole days and hours, raw spans for the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Column, ColumnElement, Connection, Table, func, select

from app.analytics.aggregates import RawSpan, Slice
from app.analytics.periods import DAY_MS, HOUR_MS
from app.models.spans_table import first_id
from app.models.tables import (
    activity_logs,
    applications,
    categories,
    focus_sessions,
    projects,
    rollup_daily,
    rollup_hourly,
)

# No clock on Earth is further from UTC; a span is at most a day long.
_FARTHEST_MS = 15 * HOUR_MS
_LONGEST_MS = DAY_MS


@dataclass(frozen=True, slots=True)
class FocusTotals:
    """Sessions that began in a period, and their focused ms."""

    sessions: int
    focused_ms: int


class Queries:
    """Asks one connection; it sees one state of the database while a transaction is open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first_day(self) -> int | None:
        """The first day with anything recorded."""
        return self._connection.execute(select(func.min(rollup_daily.c.day))).scalar()

    def daily_by(self, key: str, days: range) -> list[Slice]:
        """Active time of whole days, summed under each "project", "category" or "application"."""
        t = rollup_daily.c
        column = t[f"{key}_id"]
        # One key at a time: few groups are summed in a fraction of the time of their combinations.
        rows = self._connection.execute(
            select(column, func.sum(t.active_ms)).where(*_within(t.day, days)).group_by(column)
        )
        return [replace(_NOTHING, **{key: identity}, active_ms=ms) for identity, ms in rows]

    def daily_by_day(self, days: range) -> list[Slice]:
        """Whole days, each summed."""
        t = rollup_daily.c
        rows = self._connection.execute(
            select(t.day, *_sums(rollup_daily)).where(*_within(t.day, days)).group_by(t.day)
        )
        return [Slice(0, 0, 0, active, idle, switches, day=day) for day, active, idle, switches in rows]

    def daily_cells(self, days: range, projects: Collection[int] = ()) -> list[Slice]:
        """Whole days by day, project, category and application; only of these projects, if any are named."""
        t = rollup_daily.c
        keys = (t.day, t.project_id, t.category_id, t.application_id)
        only = (t.project_id.in_(projects),) if projects else ()
        rows = self._connection.execute(
            select(*keys, *_sums(rollup_daily)).where(*_within(t.day, days), *only).group_by(*keys)
        )
        return [Slice(p, c, a, active, idle, n, day=day) for day, p, c, a, active, idle, n in rows]

    def colored(self, key: str) -> dict[int, tuple[str, str]]:
        """Name and colour ('#rrggbb') of every "project" or "category"."""
        table = projects if key == "project" else categories
        found = self._connection.execute(select(table.c.id, table.c.name, table.c.color))
        return {identity: (name, color) for identity, name, color in found}

    def hourly(self, hours: range) -> list[Slice]:
        """Whole hours, summed by hour of the day (0 to 23)."""
        t = rollup_hourly.c
        hour = t.hour % 24
        rows = self._connection.execute(
            select(hour, *_sums(rollup_hourly)).where(*_within(t.hour, hours)).group_by(hour)
        )
        return [Slice(0, 0, 0, active, idle, switches, hour=hour) for hour, active, idle, switches in rows]

    def spans(self, start: int, end: int) -> list[RawSpan]:
        """The spans that touch [start, end), local ms; meant for less than a day."""
        t = activity_logs.c
        shift = t.utc_offset_s * 1000
        rows = self._connection.execute(
            select(
                t.start_ms + shift,
                t.end_ms + shift,
                t.state,
                t.switched,
                func.coalesce(t.project_id, 0),
                func.coalesce(t.category_id, 0),
                func.coalesce(t.application_id, 0),
            ).where(
                t.id >= first_id(start - _FARTHEST_MS - _LONGEST_MS),
                t.id < first_id(end + _FARTHEST_MS),
                t.start_ms + shift < end,
                t.end_ms + shift >= start,
            )
        )
        return [RawSpan(s, e, bool(i), bool(w), p, c, a) for s, e, i, w, p, c, a in rows]

    def focus(self, start: int | None, end: int) -> FocusTotals:
        """Focus sessions that began in [start, end), local ms."""
        t = focus_sessions.c
        local = t.started_ms + t.utc_offset_s * 1000
        low = () if start is None else (local >= start,)
        found = self._connection.execute(
            select(func.count(), func.coalesce(func.sum(t.focused_ms), 0)).where(local < end, *low)
        ).one()
        return FocusTotals(found[0], found[1])

    def project_names(self) -> dict[int, str]:
        return self._names(projects)

    def category_names(self) -> dict[int, str]:
        return self._names(categories)

    def application_names(self) -> dict[int, str]:
        return self._names(applications)

    def _names(self, table: Table) -> dict[int, str]:
        return {row[0]: row[1] for row in self._connection.execute(select(table.c.id, table.c.name))}


_NOTHING = Slice(0, 0, 0, 0, 0, 0)


def _sums(table: Table) -> Sequence[Column[int]]:
    return [func.sum(table.c[name]) for name in ("active_ms", "idle_ms", "switches")]  # pyright: ignore[reportReturnType]


def _within(column: Column[int], units: range) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= units.start, column < units.stop
