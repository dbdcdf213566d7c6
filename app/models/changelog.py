"""The change log: what a change did to each row, kept so that it can be taken back, and done again.

Temporary triggers on one store's connection write down, row by row, what was and what is, whatever code
made the change; they live in memory and end with the connection. Of a row that was altered only the
altered columns count: the end of a span may grow under the agent's hand, and its project is still given
back. The rollups are not written down at all: what goes and what comes back is counted off and on, as
everywhere, so they follow whoever else writes meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from app.errors import ChangedSince
from app.models.database import translated
from app.models.orphans import sweep_mark
from app.models.overlaps import crowded
from app.models.rebuild import count_many
from app.models.store import Store

# Parents before children. Texts and names are only ever added; what nothing refers to is swept another time.
TABLES = (
    "categories", "rules", "projects", "project_roots", "goals", "focus_sessions", "activity_logs",
)  # fmt: skip
_SPANS = "activity_logs"

# What would go along, or stay behind without its subject, when a row that a change made is taken away.
_DEPENDENTS = (
    ("rules", "category_id", "categories", ""),
    ("project_roots", "project_id", "projects", ""),
    ("goals", "subject_id", "projects", "AND d.subject = 'project'"),
    ("goals", "subject_id", "categories", "AND d.subject = 'category'"),
)


@dataclass(frozen=True, slots=True)
class Logged:
    """What is known of a change besides its rows. `crowded`: spans that shared their time with others."""

    swept: str
    crowded: frozenset[int]


class ChangeLog:
    """Writes down the changes of one store, by number."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._logged: dict[int, Logged] = {}
        # Changes in force. One that took another back is not, and neither is the one that was taken back.
        self._live: set[int] = set()
        self._last = 0
        self._columns = _install(store.connection)

    @contextmanager
    def recording(self) -> Generator[int]:
        """Write down what is changed within, under the number this gives; several transactions may be."""
        self._last += 1
        number = self._last
        self._live.add(number)
        self._store.connection.execute("UPDATE undo_now SET number = ?", (number,))
        try:
            yield number
        except BaseException:
            self._live.discard(number)
            raise
        finally:
            self._store.connection.execute("UPDATE undo_now SET number = 0")
        self._logged[number] = Logged(
            sweep_mark(self._store.connection), frozenset(crowded(self._store.connection, number))
        )

    def touched(self, number: int) -> dict[str, int]:
        """How many rows of which table a change altered, made or removed; only tables with any."""
        found: dict[str, int] = {}
        for table in TABLES:
            count = self._store.connection.execute(_COUNT[table], (number,)).fetchone()[0]
            if count:
                found[table] = count
        return found

    def made(self, number: int) -> tuple[int, ...]:
        """Ids of the spans a change made."""
        rows = self._store.connection.execute(
            "SELECT id FROM undo_activity_logs WHERE change = ? AND was = 0 AND now = 1 ORDER BY id",
            (number,),
        )
        return tuple(row[0] for row in rows)

    def knows(self, number: int) -> bool:
        """Whether a change can still be looked up."""
        return number in self._logged

    def forget(self, number: int) -> None:
        """Drop what was written down of a change."""
        self._logged.pop(number, None)
        self._live.discard(number)
        for table in TABLES:
            self._store.connection.execute(f"DELETE FROM undo_{table} WHERE change = ?", (number,))

    def revert(self, number: int) -> None:
        """Take a change back, in one transaction; record it to have what does it again.

        Raises `ChangedSince` when what it changed was changed again, erased, or is in use: then nothing is.
        The same value given twice is two changes: so what is undone from the last on always can be.
        """
        logged = self._logged.get(number)
        if logged is None:
            raise ChangedSince("This change cannot be undone any more.", detail="Nothing was changed.")
        try:
            with self._store.transaction():
                self._check(number, logged)
                self._store.connection.execute("PRAGMA defer_foreign_keys = ON")
                self._apply(number)
        except sqlite3.IntegrityError:
            raise _in_use() from None
        if number in self._live:
            self._live -= {number, self._last}

    def _check(self, number: int, logged: Logged) -> None:
        connection = self._store.connection
        if sweep_mark(connection) != logged.swept:
            raise ChangedSince(
                "This cannot be undone: data was erased for good since.", detail="Nothing was changed."
            )
        later = ", ".join(str(live) for live in self._live if number < live < self._last)
        for table in TABLES:
            if (
                connection.execute(_conflicts(table, self._columns[table]), (number,)).fetchone()
                or connection.execute(_overlaid(table, later), (number,)).fetchone()
            ):
                raise ChangedSince(
                    "This cannot be undone: the same was changed again since.",
                    detail="Nothing was changed.",
                    advice="Undo the later change first, or change it by hand.",
                )
        for dependent, column, table, only in _DEPENDENTS:
            if connection.execute(_dependents(dependent, column, table, only), (number, number)).fetchone():
                raise _in_use()
        if not frozenset(crowded(connection, number)) <= logged.crowded:
            raise ChangedSince(
                "This cannot be undone: other activity takes that time now.", detail="Nothing was changed."
            )

    def _apply(self, number: int) -> None:
        run = self._store.connection.execute
        ids = f"SELECT id FROM undo_{_SPANS} WHERE change = {number}"
        count_many(self._store.connection, ids, -1)
        for table in reversed(TABLES):
            run(_remove(table), (number,))
        for table in TABLES:
            columns = self._columns[table]
            run(_put_back(table, columns), (number,))
            altered = [n for n in range(len(columns)) if run(_altered(table, n), (number,)).fetchone()]
            if altered:
                run(_give_back(table, columns, altered), (number,))
        count_many(self._store.connection, ids, 1)


def _in_use() -> ChangedSince:
    return ChangedSince(
        "This cannot be undone: it has come into use since.",
        detail="Nothing was changed.",
        advice="Move what uses it somewhere else, then delete it.",
    )


def _install(connection: sqlite3.Connection) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    with translated():
        # What is written down must not reach the disk: it would outlive an erasure there.
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("CREATE TEMP TABLE undo_now (number INTEGER NOT NULL)")
        connection.execute("INSERT INTO undo_now VALUES (0)")
        for table in TABLES:
            described = connection.execute(f"PRAGMA table_info({table})").fetchall()
            columns[table] = [str(row[1]) for row in described if row[1] != "id"]
            for statement in _log(table, columns[table]):
                connection.execute(statement)
    return columns


# The statements are made of our own tables' and columns' names only.
# ruff: noqa: S608


def _log(table: str, columns: list[str]) -> list[str]:
    """A table that holds the changes of another, and the triggers that fill it.

    `was`, `now`: whether the row was there before and is after. `mask`: bit n for column n.
    """
    log, everything = f"undo_{table}", (1 << len(columns)) - 1
    old, new = [f"o_{c}" for c in columns], [f"n_{c}" for c in columns]
    names = ", ".join(["change", "id", "was", "now", "mask", *old, *new])
    nothing = ["NULL"] * len(columns)
    was, becomes = [f"old.{c}" for c in columns], [f"new.{c}" for c in columns]
    altered = " | ".join(f"((old.{c} IS NOT new.{c}) << {n})" for n, c in enumerate(columns))

    def insert(
        row: str, was_there: int, is_there: int, mask: str, before: list[str], after: list[str]
    ) -> str:
        number = "(SELECT number FROM undo_now)"
        values = ", ".join([number, f"{row}.id", str(was_there), str(is_there), mask, *before, *after])
        return f"INSERT INTO {log} ({names}) VALUES ({values}) ON CONFLICT (change, id) DO UPDATE SET"

    def differs(c: str, side: str) -> str:
        return f"iif(old.{c} IS new.{c}, NULL, {side}.{c})"

    seen = [f"{bit} & {log}.mask" for bit in (1 << n for n in range(len(columns)))]
    fresh = [f"{1 << n} & excluded.mask" for n in range(len(columns))]
    first = ", ".join(f"{o} = iif({s}, {o}, excluded.{o})" for o, s in zip(old, seen, strict=True))
    latest = ", ".join(f"{n} = iif({f}, excluded.{n}, {n})" for n, f in zip(new, fresh, strict=True))
    update = insert(
        "old", 1, 1, altered, [differs(c, "old") for c in columns], [differs(c, "new") for c in columns]
    )
    return [
        f"CREATE TEMP TABLE {log} ({names}, PRIMARY KEY (change, id)) WITHOUT ROWID",
        _trigger(
            log, "INSERT", table,
            f"{insert('new', 0, 1, str(everything), nothing, becomes)} now = 1, mask = {everything}, "
            + ", ".join(f"{n} = excluded.{n}" for n in new),
        ),
        _trigger(log, "UPDATE", table, f"{update} mask = mask | excluded.mask, {first}, {latest}"),
        _trigger(
            log, "DELETE", table,
            f"{insert('old', 1, 0, str(everything), was, nothing)} now = 0, mask = {everything}, {first}, "
            + ", ".join(f"{n} = NULL" for n in new),
        ),
    ]  # fmt: skip


def _trigger(log: str, kind: str, table: str, body: str) -> str:
    when = "WHEN (SELECT number FROM undo_now) > 0"
    return f"CREATE TEMP TRIGGER {log}_{kind} AFTER {kind} ON main.{table} {when} BEGIN {body}; END"


def _conflicts(table: str, columns: list[str]) -> str:
    """A row when something that a change left is not any more as it was left."""
    differs = " OR ".join(
        f"(u.mask & {1 << n} AND c.{name} IS NOT u.n_{name})" for n, name in _numbered(columns)
    )
    return f"""
        SELECT 1 FROM undo_{table} u LEFT JOIN {table} c ON c.id = u.id
        WHERE u.change = ? AND ((u.now AND u.mask AND (c.id IS NULL OR {differs}))
            OR (u.was AND NOT u.now AND c.id IS NOT NULL)) LIMIT 1
    """


def _overlaid(table: str, later: str) -> str:
    """A row when one of the changes in `later`, a list of numbers, altered the same."""
    return f"""
        SELECT 1 FROM undo_{table} u JOIN undo_{table} l ON l.id = u.id AND l.mask & u.mask
        WHERE u.change = ? AND l.change IN ({later}) LIMIT 1
    """


def _dependents(dependent: str, column: str, table: str, only: str) -> str:
    return f"""
        SELECT 1 FROM undo_{table} u JOIN {dependent} d ON d.{column} = u.id {only}
        WHERE u.change = ? AND u.now AND NOT u.was
            AND d.id NOT IN (SELECT id FROM undo_{dependent} WHERE change = ? AND now AND NOT was) LIMIT 1
    """


def _remove(table: str) -> str:
    made = f"SELECT id FROM undo_{table} WHERE change = ? AND now AND NOT was"
    return f"DELETE FROM {table} WHERE id IN ({made})"


def _put_back(table: str, columns: list[str]) -> str:
    old = ", ".join(f"o_{name}" for name in columns)
    return f"""
        INSERT INTO {table} (id, {", ".join(columns)})
        SELECT id, {old} FROM undo_{table} WHERE change = ? AND was AND NOT now
    """


def _altered(table: str, column: int) -> str:
    return f"SELECT 1 FROM undo_{table} WHERE change = ? AND was AND now AND mask & {1 << column} LIMIT 1"


def _give_back(table: str, columns: list[str], altered: list[int]) -> str:
    given = ", ".join(
        f"{columns[n]} = iif(u.mask & {1 << n}, u.o_{columns[n]}, {table}.{columns[n]})" for n in altered
    )
    return f"""
        UPDATE {table} SET {given} FROM undo_{table} u
        WHERE u.change = ? AND u.id = {table}.id AND u.was AND u.now AND u.mask
    """


def _numbered(columns: list[str]) -> list[tuple[int, str]]:
    return list(enumerate(columns))


_COUNT = {
    table: f"SELECT count(*) FROM undo_{table} WHERE change = ? AND (was OR now) AND mask" for table in TABLES
}
