"""Corrections of what was recorded: re-assign, split, cut, merge; the rollups follow each of them.

Used through `Journal`. All within a transaction of the caller's `Store`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice

from app.models.day_marks import mark_days_under
from app.models.rollups import Tally
from app.models.spans_table import Row, fetch, fetch_many, free_id
from app.models.store import Store

_CHUNK = 500


class Keep(Enum):
    """Stands for "leave it as it is", where None stands for "none"."""

    KEEP = "keep"


def reassign(
    store: Store,
    span_ids: Iterable[int],
    *,
    project_id: int | Keep | None,
    category_id: int | Keep | None,
    by_hand: bool,
) -> int:
    """See `Journal.reassign`."""
    changed = 0
    rest = iter(span_ids)
    with store.transaction():
        while chunk := list(islice(rest, _CHUNK)):
            tally = Tally()
            updates: list[tuple[int | None, int | None, int, int]] = []
            for row in fetch_many(store.connection, chunk):
                after = _assigned(row, project_id, category_id, by_hand=by_hand)
                if after is not row:
                    row.count(tally, -1)
                    after.count(tally)
                    updates.append((after.project_id, after.category_id, after.assigned, row.id))
            store.connection.executemany(
                "UPDATE activity_logs SET project_id = ?, category_id = ?, assigned = ? WHERE id = ?", updates
            )
            tally.write(store.connection)
            changed += len(updates)
    return changed


def _assigned(
    row: Row, project_id: int | Keep | None, category_id: int | Keep | None, *, by_hand: bool
) -> Row:
    if row.idle or (row.assigned and not by_hand):
        return row
    project = row.project_id if project_id is Keep.KEEP else project_id
    category = row.category_id if category_id is Keep.KEEP else category_id
    assigned = 1 if by_hand else row.assigned
    if (project, category, assigned) == (row.project_id, row.category_id, row.assigned):
        return row
    return replace(row, project_id=project, category_id=category, assigned=assigned)


def split(store: Store, span_id: int, at_ms: int) -> int:
    """See `Journal.split`. The rollups stay as they are: the same time under the same keys."""
    with store.transaction():
        row = fetch(store.connection, span_id)
        if row is None or not row.start_ms < at_ms < row.end_ms:
            raise ValueError("a span is split at a moment inside it")
        new_id = _copy(store, row, at_ms)
        store.connection.execute("UPDATE activity_logs SET end_ms = ? WHERE id = ?", (at_ms, span_id))
    return new_id


def _copy(store: Store, row: Row, start_ms: int) -> int:
    """Store what of `row` lies after `start_ms` as a span of its own; returns its id."""
    new_id = free_id(store.connection, start_ms)
    store.connection.execute(_COPY, (new_id, start_ms, row.id))
    return new_id


_COPY = """
    INSERT INTO activity_logs
        (id, device_id, start_ms, end_ms, utc_offset_s, state, switched, application_id, title_id,
         url_id, path_id, project_id, branch_id, language_id, category_id, assigned, note_id, import_id)
    SELECT ?, device_id, ?, end_ms, utc_offset_s, state, 0, application_id, title_id,
         url_id, path_id, project_id, branch_id, language_id, category_id, assigned, note_id, import_id
    FROM activity_logs WHERE id = ?
"""


def cut_out(store: Store, found: list[Row], from_ms: int | None, to_ms: int | None) -> int:
    """Take [from, to) out of the spans `found`; those that reach out are cut. Part of a transaction."""
    tally = Tally()
    gone: list[tuple[int]] = []
    for row in found:
        row.count(tally, -1)
        if to_ms is not None and row.end_ms > to_ms:
            replace(row, start_ms=to_ms, switched=0).count(tally)
            _copy(store, row, to_ms)
        if from_ms is not None and row.start_ms < from_ms:
            replace(row, end_ms=from_ms).count(tally)
            store.connection.execute("UPDATE activity_logs SET end_ms = ? WHERE id = ?", (from_ms, row.id))
        else:
            gone.append((row.id,))
    store.connection.executemany("DELETE FROM activity_logs WHERE id = ?", gone)
    tally.write(store.connection)
    return len(found)


def move_all(store: Store, column: str, source_id: int, target_id: int | None) -> int:
    """Move all time under one project or category (`column`) to another; see `Journal.merge_projects`."""
    if source_id == target_id:
        return 0
    move = _MOVES[column]
    with store.transaction():
        mark_days_under(store.connection, column, source_id)
        moved = store.connection.execute(move.raw, (target_id, source_id)).rowcount
        for add, drop in move.rollups:
            store.connection.execute(add, (target_id or 0, source_id))
            store.connection.execute(drop, (source_id,))
    return moved


@dataclass(frozen=True, slots=True)
class _Move:
    raw: str
    rollups: tuple[tuple[str, str], ...]


_DAILY_BY_PROJECT = (
    """
    INSERT INTO rollup_daily
    SELECT day, device_id, ?, category_id, application_id, active_ms, idle_ms, switches
    FROM rollup_daily WHERE project_id = ?
    ON CONFLICT DO UPDATE SET active_ms = active_ms + excluded.active_ms,
        idle_ms = idle_ms + excluded.idle_ms, switches = switches + excluded.switches
    """,
    "DELETE FROM rollup_daily WHERE project_id = ?",
)
_DAILY_BY_CATEGORY = (
    """
    INSERT INTO rollup_daily
    SELECT day, device_id, project_id, ?, application_id, active_ms, idle_ms, switches
    FROM rollup_daily WHERE category_id = ?
    ON CONFLICT DO UPDATE SET active_ms = active_ms + excluded.active_ms,
        idle_ms = idle_ms + excluded.idle_ms, switches = switches + excluded.switches
    """,
    "DELETE FROM rollup_daily WHERE category_id = ?",
)
_HOURLY_BY_CATEGORY = (
    """
    INSERT INTO rollup_hourly
    SELECT hour, device_id, ?, active_ms, idle_ms, switches
    FROM rollup_hourly WHERE category_id = ?
    ON CONFLICT DO UPDATE SET active_ms = active_ms + excluded.active_ms,
        idle_ms = idle_ms + excluded.idle_ms, switches = switches + excluded.switches
    """,
    "DELETE FROM rollup_hourly WHERE category_id = ?",
)
_MOVES = {
    "project_id": _Move("UPDATE activity_logs SET project_id = ? WHERE project_id = ?", (_DAILY_BY_PROJECT,)),
    "category_id": _Move(
        "UPDATE activity_logs SET category_id = ? WHERE category_id = ?",
        (_DAILY_BY_CATEGORY, _HOURLY_BY_CATEGORY),
    ),
}
