"""Recovery of a damaged database: saved into a new file, completed from a backup, the old file kept aside."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import DatabaseCorrupt, StorageError
from app.models import backups
from app.models.beginning import begin
from app.models.database import (
    BROKEN,
    PAGE_SIZE,
    SCHEMA_VERSION,
    connect,
    quick_check,
    reading,
    tell_os,
    translated,
)
from app.models.exclusive import exclusive
from app.models.lineage import lineage
from app.models.rebuild import rebuild
from app.models.salvage import TABLES, Gap, fill, fill_from_leaves, mend_references, salvage
from app.models.steps import upgrade
from app.paths import Paths

_EVERYTHING = [Gap(table, -(2**62), 2**63 - 1) for table in TABLES]


@dataclass(frozen=True, slots=True)
class Recovery:
    """What came of it. `salvaged` and `from_backup`: rows by table; `aside`: the damaged file, kept.

    `complete`: every row of the damaged file could be read.
    """

    aside: Path | None
    salvaged: dict[str, int] = field(default_factory=dict[str, int])
    from_backup: dict[str, int] = field(default_factory=dict[str, int])
    backup: Path | None = None
    complete: bool = False

    @property
    def told(self) -> str:
        """The outcome for a person, in a sentence or three."""
        spans = self.salvaged.get("activity_logs", 0)
        added = self.from_backup.get("activity_logs", 0)
        parts = [f"The database was damaged and has been recovered: {spans} activities were read from it."]
        if self.complete:
            parts.append("Nothing was lost.")
        elif self.backup is not None:
            parts.append(
                f"{added} more came from the backup {self.backup.name}; what is younger may be missing."
            )
        else:
            parts.append("Some may be missing, and there was no backup that could fill the gaps.")
        if self.aside is not None:
            parts.append(f"The damaged file is kept as {self.aside.name}.")
        return " ".join(parts)


def recover(paths: Paths) -> Recovery:
    """Make a sound database of a damaged one. The damaged file is renamed, never deleted.

    The new file is whole before it takes the place, so an interruption leaves everything as it was.
    Raises `StorageError` (disk full, no permission, …); nothing is changed then.
    """
    with exclusive(paths.data / "migrate.lock"):
        fresh = paths.database.with_name("devpulse.recovering.db")
        backups.remove(fresh)
        try:
            found = _recovered(paths, fresh)
            backups.sync(fresh)
            aside = backups.swap_in(fresh, paths.database, "damaged")
        except OSError as error:
            raise tell_os(error) from error
        finally:
            backups.remove(fresh)
    return Recovery(aside, found.salvaged, found.from_backup, found.backup, found.complete)


def is_sound(paths: Paths) -> bool:
    """Whether SQLite finds nothing wrong with the database; reads all of it (some seconds for a gigabyte)."""
    try:
        with reading(paths.database) as connection:
            return not quick_check(connection)
    except DatabaseCorrupt:
        return False


def _recovered(paths: Paths, fresh: Path) -> Recovery:
    begin(fresh)
    target = connect(fresh)
    try:
        with translated():
            target.execute("PRAGMA foreign_keys = OFF")
            target.execute("BEGIN IMMEDIATE")
            with _damaged(paths.database, fresh) as source:
                found = _from_backup_first(paths, target) if source is None else _from(source, paths, target)
            mend_references(target)
            rebuild(target)
            target.execute("COMMIT")
    finally:
        target.close()
    return found


def _from(source: sqlite3.Connection, paths: Paths, target: sqlite3.Connection) -> Recovery:
    """What can be read; then what lies in lost pages; then what the backup has where nothing was read."""
    read = salvage(source, target)
    if not read.gaps:
        return Recovery(None, read.rows, complete=True)
    # Behind damaged keys rows are passed over without a word, so no page goes unseen; but what the log has
    # deleted still stands in the file.
    unseen = read.gaps if _has_log(paths.database) else _EVERYTHING
    rows = Counter(read.rows) + Counter(fill_from_leaves(unseen, paths.database, target))
    backup = _fitting_backup(paths, lineage(target))
    filled = {} if backup is None else _filled(read.gaps, backup, target)
    return Recovery(None, dict(rows), filled, backup)


def _has_log(database: Path) -> bool:
    log = database.with_name(database.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _from_backup_first(paths: Paths, target: sqlite3.Connection) -> Recovery:
    """The file does not open at all: the newest backup, and of the file what its pages hold beyond it."""
    backup = _fitting_backup(paths, None)
    filled = {} if backup is None else _filled(_EVERYTHING, backup, target)
    leaves = fill_from_leaves(_EVERYTHING, paths.database, target) if paths.database.is_file() else {}
    return Recovery(None, leaves, filled, backup)


def _filled(gaps: list[Gap], backup: Path, target: sqlite3.Connection) -> dict[str, int]:
    with reading(backup) as known:
        return fill(gaps, known, target)


def _fitting_backup(paths: Paths, line: str | None) -> Path | None:
    """The newest sound backup; with a `line` only one whose ids mean the same as the database's."""
    for backup in backups.backups(paths):
        with suppress(StorageError, *BROKEN), reading(backup.path) as connection:
            if not quick_check(connection) and (line is None or lineage(connection) == line):
                return backup.path
    return None


@contextmanager
def _damaged(database: Path, template: Path) -> Generator[sqlite3.Connection | None]:
    """The damaged file open for reading, its first page replaced in a copy where that is what is broken."""
    copy = database.with_name("devpulse.reading.db")
    older = database.with_name("devpulse.older.db")
    connection = _opened(database)
    try:
        if connection is None and database.is_file():
            connection = _opened_with_page_of(template, database, copy)
        if connection is None and database.is_file():
            connection = _opened_as_older(older, database, copy)
        yield connection
    finally:
        if connection is not None:
            connection.close()
        backups.remove(copy)
        backups.remove(older)


def _opened_as_older(older: Path, database: Path, copy: Path) -> sqlite3.Connection | None:
    """Made under an earlier schema, its tables' places were the same, and stayed so since."""
    for version in range(SCHEMA_VERSION - 1, 0, -1):
        backups.remove(older)
        upgrade(older, to=version)
        connection = _opened_with_page_of(older, database, copy)
        if connection is not None:
            return connection
    return None


def _opened_with_page_of(template: Path, database: Path, copy: Path) -> sqlite3.Connection | None:
    backups.remove(copy)
    _with_first_page_of(template, database, copy)
    return _opened(copy)


def _opened(path: Path) -> sqlite3.Connection | None:
    if not path.is_file():
        return None
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    except BROKEN:
        return None
    try:
        connection.execute("PRAGMA writable_schema = ON")
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if "activity_logs" in tables:
            return connection
    except BROKEN:
        pass
    connection.close()
    return None


def _with_first_page_of(template: Path, database: Path, copy: Path) -> None:
    """A copy of the file with a first page as every database of this schema has it.

    The tables' places are the same in each, because the same steps made them; only the size differs.
    """
    shutil.copyfile(database, copy)
    journal = database.with_name(database.name + "-wal")
    if journal.is_file():
        shutil.copyfile(journal, copy.with_name(copy.name + "-wal"))
    page = bytearray(template.read_bytes()[:PAGE_SIZE])
    pages = copy.stat().st_size // PAGE_SIZE
    page[28:32] = pages.to_bytes(4)
    page[32:40] = bytes(8)  # no free pages: they are only for writing
    with copy.open("r+b") as file:
        file.write(page)
        file.flush()
        os.fsync(file.fileno())
