"""The database's door: connections with the right PRAGMAs, and SQLite's errors told in our words."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from app.errors import (
    DatabaseCorrupt,
    SchemaOutdated,
    SchemaTooNew,
    StorageBusy,
    StorageError,
    StorageFull,
    StorageReadOnly,
)

# A change of this number is a new migration; `PRAGMA user_version` holds it for the agent's quick look.
SCHEMA_VERSION = 3

# docs/storage.md has the figures behind the page size and the length of the write-ahead log.
PAGE_SIZE = 512
WAL_PAGES = 900
BUSY_TIMEOUT_MS = 5_000

# What sqlite3 raises over a damaged file: its message may quote the damage, and then cannot be decoded.
BROKEN = (sqlite3.Error, UnicodeDecodeError)

_WRITER_PRAGMAS = f"""
    PRAGMA busy_timeout = {BUSY_TIMEOUT_MS};
    PRAGMA page_size = {PAGE_SIZE};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA wal_autocheckpoint = {WAL_PAGES};
    PRAGMA journal_size_limit = {4 * WAL_PAGES * PAGE_SIZE};
"""

_READER_PRAGMAS = f"""
    PRAGMA busy_timeout = {BUSY_TIMEOUT_MS};
    PRAGMA query_only = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA mmap_size = {256 * 1024 * 1024};
"""


def connect(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """A connection that writes. Transactions are begun by hand (`BEGIN IMMEDIATE`).

    The connection may cross threads; that only one uses it at a time is its owner's care.
    Raises `StorageError` and its kinds.
    """
    try:
        with translated():
            return _writer(path, "rwc" if create else "rw")
    except StorageError as error:
        # On a read-only disk SQLite fails at making its log, and only says that something cannot be opened.
        if type(error) is StorageError and path.is_file() and not os.access(path.parent, os.W_OK):
            raise _read_only() from error
        raise


def connect_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write; works on a read-only disk too, when no journal is pending."""
    if path.is_dir():
        raise _no_entry()
    with translated():
        try:
            return _reader(path, "mode=ro")
        except sqlite3.OperationalError:
            journal = path.with_name(path.name + "-wal")
            if not path.is_file() or (journal.exists() and journal.stat().st_size > 0):
                raise
            return _reader(path, "mode=ro&immutable=1")


def _reader(path: Path, query: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{query}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.executescript(_READER_PRAGMAS)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _writer(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_TIMEOUT_MS / 1000,
    )
    try:
        if mode == "rwc":
            path.chmod(0o600)
        connection.executescript(_WRITER_PRAGMAS)
    except BaseException:
        connection.close()
        raise
    return connection


def schema_version(connection: sqlite3.Connection) -> int:
    """`PRAGMA user_version`: 0 for a database that was never migrated."""
    with translated():
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def require_schema(connection: sqlite3.Connection) -> None:
    """Raises `SchemaTooNew` or `SchemaOutdated` when this program cannot work with the database."""
    version = schema_version(connection)
    if version > SCHEMA_VERSION:
        raise SchemaTooNew(
            "This data was written by a newer DevPulse.",
            detail=f"Its schema is {version}, this program knows {SCHEMA_VERSION}. Nothing was changed.",
            advice="Update DevPulse, or restore an older backup with `devpulse data restore`.",
        )
    if version < SCHEMA_VERSION:
        raise SchemaOutdated(
            "The database must be brought up to date first.",
            detail="Nothing was changed.",
            advice="`devpulse data migrate` does it, and so does starting DevPulse.",
        )


def quick_check(connection: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with the file's structure; empty when it is sound."""
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(20)")]
    except BROKEN as error:
        return [str(error)]
    return [] if found == ["ok"] else found


class Translated:
    """Turns sqlite3's errors into `app.errors`; a class, because the agent enters it at every write."""

    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, BROKEN):
            told = tell(error)
            if told is not None:
                raise told from error


def translated() -> Translated:
    """`with translated():` around anything that speaks to SQLite."""
    return Translated()


@contextmanager
def reading(path: Path) -> Generator[sqlite3.Connection]:
    """A read-only connection for the length of a `with`, errors told in our words."""
    connection = connect_read_only(path)
    try:
        with translated():
            yield connection
    finally:
        connection.close()


def tell_os(error: OSError) -> StorageError:
    """The known error that a failure of the file system stands for."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _full()
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return _read_only()
    if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        return StorageError(
            "Something else lies where a file or folder of DevPulse belongs.",
            detail=f"{error.filename} is in the way." if error.filename else "",
            advice="Move it away, or choose another place by DEVPULSE_HOME.",
        )
    return _disk_error()


def tell(error: sqlite3.Error | UnicodeDecodeError) -> StorageError | None:
    """The known error that a failure of SQLite stands for; None when it is a bug of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        undecodable = isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode")
        return damaged() if undecodable else None
    told = _TOLD.get(code & 0xFF)
    return told() if told else None


def _full() -> StorageFull:
    return StorageFull(
        "The disk is full.",
        detail="What was recorded before is safe; what happens now waits in memory until it can be stored.",
        advice="Free some space; recording goes on by itself afterwards.",
    )


def _read_only() -> StorageReadOnly:
    return StorageReadOnly(
        "The data folder cannot be written.",
        detail="What was recorded before is safe; what happens now waits in memory until it can be stored.",
        advice="Check that the disk is not mounted read-only and the files belong to you.",
    )


def _busy() -> StorageBusy:
    return StorageBusy(
        "The database is in use by another process.",
        detail="Nothing was changed, and nothing is lost.",
        advice="It is free again when the other command has finished.",
    )


def _disk_error() -> StorageError:
    return StorageError(
        "The disk failed while DevPulse was reading or writing.",
        detail="What was recorded before is kept; the last moments may be missing.",
        advice="Check the disk and its free space.",
    )


def _no_entry() -> StorageError:
    return StorageError(
        "The database cannot be opened.",
        detail="Something else lies in its place, or its folder cannot be used.",
        advice="Check that the data folder exists, belongs to you and can be written.",
    )


def damaged() -> DatabaseCorrupt:
    """The error for a database whose file is broken."""
    return DatabaseCorrupt(
        "The database's file is damaged.",
        detail="Nothing was deleted; most of it can usually be recovered.",
        advice="Run `devpulse data recover`; starting DevPulse does it too.",
    )


_TOLD = {
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_READONLY: _read_only,
    sqlite3.SQLITE_BUSY: _busy,
    sqlite3.SQLITE_LOCKED: _busy,
    sqlite3.SQLITE_CORRUPT: damaged,
    sqlite3.SQLITE_NOTADB: damaged,
    sqlite3.SQLITE_IOERR: _disk_error,
    sqlite3.SQLITE_CANTOPEN: _no_entry,
    sqlite3.SQLITE_PERM: _no_entry,
}
