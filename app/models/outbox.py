"""The outbox: what changed here and others do not know yet, written down in the change's own transaction.

Triggers do it, so no writer can forget: the journal, an import, an erasure, an undo, a program of tomorrow.
They do nothing but look at one row while no account is signed in (`sync_switch`), and nothing while what
another machine changed is stored.

Own activity is noted by machine and UTC hour; of another machine's activity each corrected span, with what
was corrected; of everything else each field with the moment of its change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum, IntFlag

HOUR_MS = 3_600_000
# Stand for a whole record that came, and one that went.
CREATED, DELETED = "*", "-"


class Noting(IntEnum):
    """What is noted: nothing (no account), everything, or only what concerns this home's own things."""

    NOTHING = 0
    ALL = 1
    OWN = 2


class Corrected(IntFlag):
    """What of another machine's span was corrected here."""

    PROJECT = 1
    CATEGORY = 2
    ASSIGNED = 4
    NOTE = 8
    GONE = 16
    BOUNDS = 32


@dataclass(frozen=True, slots=True)
class Shared:
    """A table whose rows are records: `type` of the record, its columns by field, when a row counts."""

    type: str
    table: str
    columns: tuple[str, ...]
    condition: str = "1"


SHARED = (
    Shared("category", "categories", ("name", "parent_id", "color", "productivity", "position")),
    Shared("rule", "rules", ("position", "category_id", "conditions", "enabled", "origin")),
    Shared(
        "project",
        "projects",
        (
            "name", "color", "root_commit", "remote_digest", "language", "archived", "created_ms",
            "merged_into_id",
        ),
    ),
    Shared(
        "goal",
        "goals",
        (
            "kind", "subject", "subject_id", "period", "target_ms", "weekdays", "enabled", "created_ms",
        ),
    ),
    Shared(
        "focus_session",
        "focus_sessions",
        (
            "device_id", "project_id", "state", "started_ms", "ended_ms", "utc_offset_s", "planned_ms",
            "focused_ms", "updated_ms", "interruptions", "note_id",
        ),
        # One that runs is stored every few seconds, and its end is told then.
        "{row}.state NOT IN ('running', 'paused')",
    ),
)  # fmt: skip

ROOTS = "roots"


def noting(connection: sqlite3.Connection) -> Noting:
    """What is noted at present."""
    row = connection.execute("SELECT noting FROM sync_switch").fetchone()
    return Noting.NOTHING if row is None else Noting(row[0])


def set_noting(connection: sqlite3.Connection, what: Noting) -> None:
    """Note this from now on, whoever writes."""
    connection.execute("INSERT OR REPLACE INTO sync_switch (id, noting) VALUES (1, ?)", (int(what),))


@contextmanager
def noting_only(connection: sqlite3.Connection, what: Noting) -> Generator[None]:
    """Note only this within, where an account is signed in. Nobody else writes within a transaction."""
    before = noting(connection)
    if before is Noting.NOTHING:
        yield
        return
    set_noting(connection, what)
    try:
        yield
    finally:
        if not connection.in_transaction and what is Noting.NOTHING:
            raise AssertionError("others' changes are left out only within a transaction")
        set_noting(connection, before)


def note_everything(connection: sqlite3.Connection) -> None:
    """Write down all there is, for an account that has none of it. Reads all spans (0.2 s for a million)."""
    connection.execute(_ALL_SLOTS)
    for shared in SHARED:
        condition = shared.condition.format(row=shared.table)
        connection.execute(
            f"INSERT OR IGNORE INTO outbox_fields SELECT ?, uuid, '{CREATED}', {_NOW} "
            f"FROM {shared.table} WHERE {condition}",
            (shared.type,),
        )


def note_erasure(connection: sqlite3.Connection, from_ms: int | None, to_ms: int | None) -> None:
    """Write down that all recorded in [from, to) was erased, on every machine (None: no bound)."""
    if noting(connection) is Noting.ALL:
        connection.execute(
            f"INSERT INTO outbox_erasures (from_ms, to_ms, at_ms) VALUES (?, ?, {_NOW})",
            (from_ms, to_ms),
        )


def note_heir(connection: sqlite3.Connection, type_: str, uuid: str, heir: str | None) -> None:
    """Write down to what the time of a deleted category went, so that the same is done elsewhere."""
    if noting(connection) is not Noting.NOTHING:
        connection.execute("INSERT OR REPLACE INTO outbox_heirs VALUES (?, ?, ?)", (type_, uuid, heir))


# The statements are made of our own tables' and columns' names only.
# ruff: noqa: S608

_NOW = "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"
_OWN = "(SELECT noting FROM sync_switch)"
_ALL = "(SELECT noting FROM sync_switch) = 1"
_ALL_SLOTS = f"""
    INSERT OR IGNORE INTO outbox_slots
    SELECT DISTINCT device_id, start_ms / {HOUR_MS}, 0 FROM activity_logs
    WHERE start_ms >= 0 AND device_id IN (SELECT id FROM devices WHERE owner IS NULL)
"""
_TEXTS = ("title_id", "url_id", "path_id", "note_id")


def _is_own(row: str) -> str:
    return f"({row}.device_id = 1 OR (SELECT owner FROM devices WHERE id = {row}.device_id) IS NULL)"


def _slot(row: str, erased: str) -> str:
    return f"""
        INSERT INTO outbox_slots SELECT {row}.device_id, {row}.start_ms / {HOUR_MS}, {erased}
        WHERE {row}.start_ms >= 0 AND {_is_own(row)}
        ON CONFLICT DO UPDATE SET erased = 1 WHERE excluded.erased > erased
    """


def _row(row: str, old: str, mask: str) -> str:
    return f"""
        INSERT INTO outbox_rows
        SELECT {row}.device_id, {row}.start_ms, {mask}, {old}.end_ms, {old}.project_id, {old}.category_id,
            {_NOW}
        WHERE {_ALL} AND {row}.start_ms >= 0 AND {mask} AND NOT {_is_own(row)}
        ON CONFLICT DO UPDATE SET mask = mask | excluded.mask, at_ms = excluded.at_ms
    """


def _spans() -> dict[str, str]:
    gone = " OR ".join(
        f"(old.{column} IS NOT NULL AND old.{column} IS NOT new.{column})" for column in _TEXTS
    )
    altered = " | ".join(
        f"((old.{column} IS NOT new.{column}) * {int(bit)})"
        for column, bit in (
            ("project_id", Corrected.PROJECT),
            ("category_id", Corrected.CATEGORY),
            ("assigned", Corrected.ASSIGNED),
            ("note_id", Corrected.NOTE),
            ("end_ms", Corrected.BOUNDS),
        )
    )
    bounds = int(Corrected.BOUNDS)
    return {
        "outbox_span_insert": f"AFTER INSERT ON activity_logs WHEN {_OWN} BEGIN "
        f"{_slot('new', '0')}; {_row('new', 'new', str(bounds))}; END",
        "outbox_span_update": f"AFTER UPDATE ON activity_logs WHEN {_OWN} BEGIN "
        f"{_slot('new', f'({gone})')}; {_row('new', 'old', f'({altered})')}; END",
        "outbox_span_delete": f"AFTER DELETE ON activity_logs WHEN {_OWN} BEGIN "
        f"{_slot('old', '1')}; {_row('old', 'old', str(int(Corrected.GONE)))}; END",
    }


_LATEST = "ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms"


def _record(shared: Shared) -> dict[str, str]:
    def whole(row: str, field: str) -> str:
        return f"INSERT INTO outbox_fields VALUES ('{shared.type}', {row}.uuid, '{field}', {_NOW}) {_LATEST}"

    columns = ", ".join(f"('{column}', old.{column} IS NOT new.{column})" for column in shared.columns)
    new, old = shared.condition.format(row="new"), shared.condition.format(row="old")
    name = f"outbox_{shared.type}"
    return {
        f"{name}_insert": f"AFTER INSERT ON {shared.table} WHEN {_OWN} AND {new} BEGIN "
        f"{whole('new', CREATED)}; END",
        f"{name}_update": f"AFTER UPDATE ON {shared.table} WHEN {_OWN} AND {new} BEGIN "
        f"INSERT INTO outbox_fields SELECT '{shared.type}', new.uuid, column1, {_NOW} "
        f"FROM (VALUES {columns}) WHERE column2 {_LATEST}; END",
        f"{name}_delete": f"AFTER DELETE ON {shared.table} WHEN {_OWN} AND {old} BEGIN "
        f"{whole('old', DELETED)}; END",
    }


def _roots() -> dict[str, str]:
    def mark(row: str) -> str:
        return (
            f"INSERT INTO outbox_fields SELECT 'project', uuid, '{ROOTS}', {_NOW} FROM projects "
            f"WHERE id = {row}.project_id {_LATEST}"
        )

    return {
        "outbox_root_insert": f"AFTER INSERT ON project_roots WHEN {_OWN} BEGIN {mark('new')}; END",
        "outbox_root_update": f"AFTER UPDATE ON project_roots WHEN {_OWN} BEGIN "
        f"{mark('old')}; {mark('new')}; END",
        "outbox_root_delete": f"AFTER DELETE ON project_roots WHEN {_OWN} BEGIN {mark('old')}; END",
    }


def triggers() -> dict[str, str]:
    """The statements that make the triggers, by their names."""
    found = _spans() | _roots()
    for shared in SHARED:
        found |= _record(shared)
    return {name: f"CREATE TRIGGER {name} {body}" for name, body in found.items()}
