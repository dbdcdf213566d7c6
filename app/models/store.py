"""One writer's hold on the database: its connection, its cipher, its transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from app.errors import KeyUnavailable, StorageError
from app.models.cipher import Cipher
from app.models.database import BROKEN, connect, require_schema, tell, translated
from app.models.interning import Interning
from app.models.keycheck import check_key

THIS_DEVICE = 1


class Store:
    """A connection that writes, shared by `Journal`, `Projects`, `Rules` and `FocusSessions` of one thread.

    Without a cipher (the key is locked) texts are stored as NULL and read as None.
    """

    def __init__(self, connection: sqlite3.Connection, cipher: Cipher | None) -> None:
        self.connection = connection
        self.cipher = cipher
        self.interning = Interning(connection, cipher)
        self._transaction = _Transaction(self)

    @classmethod
    def open(cls, path: Path, cipher: Cipher | None) -> Self:
        """Open a migrated database. Raises `StorageError`; `KeyUnavailable` when `cipher` is not its key."""
        connection = connect(path)
        try:
            require_schema(connection)
            if cipher is not None:
                check_key(connection, cipher)
            return cls(connection, cipher)
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Close; SQLite then writes what is in its log into the file."""
        with translated():
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def transaction(self) -> _Transaction:
        """`with store.transaction():` all or nothing; inside another one it simply belongs to it.

        Raises `StorageError`; then nothing of the transaction was stored.
        """
        return self._transaction

    def text(self, text_id: int | None) -> str | None:
        """A stored text, opened; None without key, and when it cannot be opened."""
        if text_id is None or self.cipher is None:
            return None
        row = self.connection.execute("SELECT sealed FROM texts WHERE id = ?", (text_id,)).fetchone()
        try:
            return None if row is None else self.cipher.open(row[0])
        except KeyUnavailable:
            return None

    @contextmanager
    def unchecked_references(self) -> Generator[None]:
        """Foreign keys unchecked, around a transaction that sees to them itself.

        Deleting one row of `texts` would otherwise read all of `activity_logs` four times.
        """
        self.connection.execute("PRAGMA foreign_keys = OFF")
        try:
            yield
        finally:
            self.connection.execute("PRAGMA foreign_keys = ON")


class _Transaction:
    """A re-entrant transaction that takes the write lock at its start.

    At the start it looks whether somebody else wrote since the last one; then cached ids are dropped.
    An error that passes an inner level dooms the whole: SQLite may have rolled back by itself already,
    and half an operation must never be committed with the rest.
    """

    __slots__ = ("_depth", "_doomed", "_seen", "_store")

    def __init__(self, store: Store) -> None:
        self._store = store
        self._depth = 0
        self._seen = -1
        self._doomed = False

    def __enter__(self) -> None:
        if self._doomed:
            raise _lost()
        if self._depth == 0:
            self._begin()
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth > 0:
            self._doomed = self._doomed or error is not None
        elif error is not None:
            self._undo()
        elif self._doomed:
            self._undo()
            raise _lost()
        else:
            self._commit()
        if isinstance(error, BROKEN):
            told = tell(error)
            if told is not None:
                raise told from error

    def _begin(self) -> None:
        with translated():
            self._store.connection.execute("BEGIN IMMEDIATE")
            seen = self._store.connection.execute("PRAGMA data_version").fetchone()[0]
        if seen != self._seen:
            self._store.interning.forget()
            self._seen = seen

    def _commit(self) -> None:
        try:
            with translated():
                self._store.connection.execute("COMMIT")
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        self._doomed = False
        self._store.interning.forget()
        # A full disk or a broken file makes SQLite roll back by itself.
        if self._store.connection.in_transaction:
            with translated():
                self._store.connection.execute("ROLLBACK")


def _lost() -> StorageError:
    return StorageError(
        "A change was not stored.", detail="A part of it failed, so none of it was kept.", advice="Try again."
    )
