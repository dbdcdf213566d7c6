"""Backups of the database: made while it is in use, checked, kept in number, put back."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from app.errors import DatabaseCorrupt, StorageError
from app.models.database import connect, quick_check, reading, tell_os, translated
from app.models.exclusive import exclusive
from app.paths import Paths

_NAME = re.compile(r"devpulse-(\d{8}-\d{6})(?:-(\d+))?\.db")
_PAGES_A_STEP = 4_096


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup file; `made` is local time as YYYYMMDD-HHMMSS, as in its name."""

    path: Path
    made: str
    size: int


def backups(paths: Paths) -> list[Backup]:
    """What is there, newest first."""
    found: list[Backup] = []
    try:
        for entry in paths.backups.iterdir():
            match = _NAME.fullmatch(entry.name)
            if match and entry.is_file():
                made = match[1] + (f"-{int(match[2]):04}" if match[2] else "")
                found.append(Backup(entry, made, entry.stat().st_size))
    except OSError:
        return []
    return sorted(found, key=lambda backup: backup.made, reverse=True)


def back_up(paths: Paths, *, keep: int) -> Backup:
    """Copy the database as it is now, check the copy, and remove all but the newest `keep`.

    A copy that is not sound is removed and `DatabaseCorrupt` raised: then the database itself is not
    sound, and older backups are left alone.
    """
    try:
        paths.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = _free_name(paths.backups)
        fresh = target.with_suffix(".new")
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    except OSError as error:
        raise tell_os(error) from error
    try:
        _copy(paths.database, fresh)
        _require_sound(fresh)
        fresh.replace(target)
    except OSError as error:
        raise tell_os(error) from error
    finally:
        _remove(fresh)
    _rotate(paths, keep)
    return Backup(target, target.stem.removeprefix("devpulse-"), target.stat().st_size)


def due(paths: Paths, now_s: float | None = None) -> bool:
    """Whether the newest backup is from another day than today (local time)."""
    newest = next(iter(backups(paths)), None)
    return newest is None or newest.made[:8] != time.strftime("%Y%m%d", time.localtime(now_s))


def restore(paths: Paths, backup: Path) -> Path | None:
    """Put a backup in the database's place; the database as it was is kept aside, and its path returned.

    No agent may run. Raises `DatabaseCorrupt` when the backup is not sound; nothing is changed then.
    """
    _require_sound(backup)
    with exclusive(paths.data / "migrate.lock"):
        fresh = paths.database.with_name(f"devpulse.restoring-{os.getpid()}.db")
        try:
            _copy(backup, fresh)
            aside = set_aside(paths.database, "before-restore")
            fresh.replace(paths.database)
        except OSError as error:
            raise tell_os(error) from error
        finally:
            _remove(fresh)
    return aside


def set_aside(database: Path, why: str) -> Path | None:
    """Rename a database with its log out of the way, never deleting anything; None when there was none."""
    if not os.path.lexists(database):
        _move_companions(database, database.with_name(f"{database.stem}.{why}-{_stamp()}.db"))
        return None
    aside = _unused(database.with_name(f"{database.stem}.{why}-{_stamp()}.db"))
    # The log first: were the file moved alone, a new one would find a log that is not its own.
    _move_companions(database, aside)
    database.replace(aside)
    return aside


def discard(paths: Paths) -> int:
    """Delete every backup and every file set aside, after an erasure that must be complete."""
    gone = 0
    places = [*(backup.path for backup in backups(paths)), *paths.data.glob("devpulse.*-*.db*")]
    for path in places:
        try:
            path.unlink()
            gone += 1
        except OSError as error:
            raise tell_os(error) from error
    return gone


def _copy(source: Path, target: Path) -> None:
    with reading(source) as original:
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            target.chmod(0o600)
            original.backup(copy, pages=_PAGES_A_STEP)
            # One file, without a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()


def _require_sound(path: Path) -> None:
    try:
        with reading(path) as connection:
            found = quick_check(connection)
    except StorageError as error:
        raise _unsound(error.title) from error
    if found:
        raise _unsound(found[0])


def _unsound(reason: str) -> DatabaseCorrupt:
    return DatabaseCorrupt(
        "The copy of the database is not sound.",
        detail=f"SQLite says: {reason}. Nothing was changed.",
        advice="Use an older backup, or run `devpulse data recover`.",
    )


def _rotate(paths: Paths, keep: int) -> None:
    for old in backups(paths)[max(1, keep) :]:
        # One that cannot be removed now is tried again tomorrow.
        with contextlib.suppress(OSError):
            old.path.unlink()


def _free_name(folder: Path) -> Path:
    return _unused(folder / f"devpulse-{_stamp()}.db")


def _unused(path: Path) -> Path:
    candidate, number = path, 1
    while os.path.lexists(candidate):
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return candidate


def _stamp() -> str:
    return time.strftime("%Y%m%d-%H%M%S")


def _move_companions(database: Path, aside: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        companion = database.with_name(database.name + suffix)
        if os.path.lexists(companion):
            companion.replace(aside.with_name(aside.name + suffix))


def _remove(path: Path) -> None:
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)


def checkpoint(path: Path) -> None:
    """Bring the log into the file and cut it. Raises `StorageError`."""
    connection = connect(path)
    try:
        with translated():
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
