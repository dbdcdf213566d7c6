"""Focus sessions as windows show them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, RowMapping, select

from app.analytics.attention import SHORTEST_FOCUS_MS
from app.analytics.labels import Label, Names
from app.analytics.moment import Moment
from app.analytics.periods import DAY_MS
from app.models.tables import focus_sessions


@dataclass(frozen=True, slots=True)
class Session:
    """One focus session. Times ms UTC; `ended_ms` and `planned_ms` may be None (runs; open end).

    `state`: running, paused, completed or stopped. `day`: the local day it began in, since 1970-01-01.
    `note_id` is opened by `Questions.texts`, 0 for none.
    """

    id: int
    uuid: str
    state: str
    project: Label
    started_ms: int
    ended_ms: int | None
    updated_ms: int
    utc_offset_s: int
    planned_ms: int | None
    focused_ms: int
    interruptions: int
    note_id: int

    @property
    def day(self) -> int:
        return (self.started_ms + self.utc_offset_s * 1000) // DAY_MS

    @property
    def open(self) -> bool:
        return self.state in ("running", "paused")


_C = focus_sessions.c
_COLUMNS = (_C.id, _C.uuid, _C.state, _C.project_id, _C.started_ms, _C.ended_ms, _C.updated_ms,
            _C.utc_offset_s, _C.planned_ms, _C.focused_ms, _C.interruptions, _C.note_id)  # fmt: skip
_LOCAL = _C.started_ms + _C.utc_offset_s * 1000


def sessions_of(moment: Moment, names: Names, days: range) -> tuple[Session, ...]:
    """The sessions that began on those local days, in their order."""
    # The index on the start finds them; half a day more on each side for the offsets.
    near = (_C.started_ms >= (days.start - 1) * DAY_MS, _C.started_ms < (days.stop + 1) * DAY_MS)
    day = _LOCAL // DAY_MS
    return _select(moment, names, *near, day >= days.start, day < days.stop)


def open_session(moment: Moment, names: Names) -> Session | None:
    """The session that runs or is paused, the newest should there be several."""
    found = _select(moment, names, _C.state.in_(("running", "paused")))
    return found[-1] if found else None


def session_with(moment: Moment, names: Names, uuid: str) -> Session | None:
    """One session; None when it is gone."""
    found = _select(moment, names, _C.uuid == uuid)
    return found[0] if found else None


def focused_days(moment: Moment) -> frozenset[int]:
    """The local days with a completed session, or at least 25 minutes focused in sessions."""
    return frozenset(row[0] for row in moment.rows(_FOCUSED_DAYS, DAY_MS, SHORTEST_FOCUS_MS))


_FOCUSED_DAYS = """
    SELECT (started_ms + utc_offset_s * 1000) / ?1 FROM focus_sessions
    GROUP BY 1 HAVING sum(focused_ms) >= ?2 OR max(state = 'completed')
"""


def _select(moment: Moment, names: Names, *conditions: ColumnElement[bool]) -> tuple[Session, ...]:
    rows = moment.connection.execute(select(*_COLUMNS).where(*conditions).order_by(_C.started_ms, _C.id))
    return tuple(_session(row, names) for row in rows.mappings())


def _session(row: RowMapping, names: Names) -> Session:
    return Session(
        id=row["id"],
        uuid=row["uuid"],
        state=row["state"],
        project=names.project(row["project_id"] or 0),
        started_ms=row["started_ms"],
        ended_ms=row["ended_ms"],
        updated_ms=row["updated_ms"],
        utc_offset_s=row["utc_offset_s"],
        planned_ms=row["planned_ms"],
        focused_ms=row["focused_ms"],
        interruptions=row["interruptions"],
        note_id=row["note_id"] or 0,
    )
