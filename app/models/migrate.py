"""Brings the database to this program's schema: backup first, all or nothing, one process at a time."""

from __future__ import annotations

import os
import platform
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from app.errors import StorageError
from app.models import backups, lost
from app.models.beginning import begin
from app.models.database import (
    SCHEMA_VERSION,
    connect,
    connect_read_only,
    damaged,
    require_schema,
    schema_version,
    tell_os,
    translated,
)
from app.models.exclusive import exclusive
from app.models.lineage import begin_lineage
from app.models.seeds import seed
from app.models.store import THIS_DEVICE
from app.paths import Paths, resources

_BACKUPS_KEPT = 7


@dataclass(frozen=True, slots=True)
class Migration:
    """What was done: `before` is 0 for a new database; `backup` is None when nothing was there to lose."""

    before: int
    after: int
    backup: Path | None = None


def migrate(
    paths: Paths, *, resources_dir: Path | None = None, backups_kept: int = _BACKUPS_KEPT
) -> Migration:
    """Create the database, or bring it up to date, and put the default categories and rules in.

    Where one was lost (there are backups), its newest backup is kept: see `lost`.

    Raises `SchemaTooNew` and leaves the file untouched when a newer DevPulse wrote it, `DatabaseCorrupt`,
    `StorageBusy` when another process migrates for over a minute, and the other kinds of `StorageError`.
    """
    try:
        paths.create()
    except OSError as error:
        raise tell_os(error) from error
    with exclusive(paths.data / "migrate.lock"):
        before = _present_version(paths)
        made: Path | None = None
        if before < SCHEMA_VERSION:
            if before > 0:
                from app.models.steps import upgrade  # half a second that a first start does without

                made = backups.back_up(paths, keep=backups_kept).path
                upgrade(paths.database)
            else:
                lost.keep_newest(paths)
                begin(paths.database)
        _complete(paths.database, resources() if resources_dir is None else resources_dir)
    return Migration(before, SCHEMA_VERSION, made)


def _present_version(paths: Paths) -> int:
    """0 when there is none yet; raises `SchemaTooNew` without having written anything."""
    database = paths.database
    if not os.path.lexists(database):
        return 0
    if database.is_file() and database.stat().st_size == 0:
        # Emptied, where there are backups of what it held; a start that was interrupted has none.
        if backups.backups(paths):
            raise damaged()
        return 0
    connection = connect_read_only(database)
    try:
        version = schema_version(connection)
        if version > SCHEMA_VERSION:
            require_schema(connection)
        if version == 0 and _foreign(connection):
            raise StorageError(
                "The file in the database's place is not DevPulse's.",
                detail=f"{database.name} holds other tables. Nothing was changed.",
                advice="Move it away, then start DevPulse again.",
            )
        return version
    finally:
        connection.close()


def _foreign(connection: sqlite3.Connection) -> bool:
    with translated():
        return connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] > 0


def _complete(database: Path, resources_dir: Path) -> None:
    connection = connect(database)
    try:
        with translated():
            connection.execute(
                "INSERT OR IGNORE INTO devices (id, uuid, name) VALUES (?, ?, ?)",
                (THIS_DEVICE, str(uuid4()), platform.node() or "this machine"),
            )
            begin_lineage(connection)
        seed(connection, resources_dir)
    finally:
        connection.close()
