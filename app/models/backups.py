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
from app.models.database import quick_check, reading, tell_os, translated
from app.models.exclusive import exclusive
from app.models.lineage import begin_lineage
from app.paths import Paths

_NAME = re.compile(r"devpulse-(\d{8}-\d{6})(?:-(\d+))?\.db")


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup file; `made` is local time as YYYYMMDD-HHMMSS, as in its name."""

    path: Path
    made: str
    size: int


def backups(paths: Paths) -> list[Backup]:
    """What is there, newest first."""
    found: list[tuple[str, int, Backup]] = []
    try:
        for entry in paths.backups.iterdir():
            match = _NAME.fullmatch(entry.name)
            if match and entry.is_file():
                state = entry.stat()
                found.append((match[1], state.st_mtime_ns, Backup(entry, match[1], state.st_size)))
    except OSError:
        return []
    # Those of one second stand in the order of their writing, whatever numbers they got.
    return [backup for _, _, backup in sorted(found, key=lambda item: item[:2], reverse=True)]


def back_up(paths: Paths, *, keep: int) -> Backup:
    """Copy the database as it is now, check the copy, and remove all but the newest `keep`.

    A copy that is not sound is removed and `DatabaseCorrupt` raised: then the database itself is not
    sound, and older backups are left alone.
    """
    try:
        paths.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in paths.backups.glob("devpulse-*.new*"):
            leftover.unlink()  # of one that was interrupted
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
        remove(fresh)
    _rotate(paths, keep)
    return next(backup for backup in backups(paths) if backup.path == target)


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
        fresh = paths.database.with_name("devpulse.restoring.db")
        try:
            remove(fresh)
            _copy(backup, fresh)
            _renew_lineage(fresh)
            sync(fresh)
            return swap_in(fresh, paths.database, "before-restore")
        except OSError as error:
            raise tell_os(error) from error
        finally:
            remove(fresh)


def swap_in(fresh: Path, database: Path, why: str) -> Path | None:
    """Let `fresh` take the database's place; what was there is renamed, and its new path returned.

    Raises OSError. The place is never empty in between where the file system has hard links.
    """
    aside = unused(database.with_name(f"{database.stem}.{why}-{_stamp()}.db"))
    # The log first: a new file that finds a log which is not its own would be spoilt by it.
    _move_companions(database, aside)
    there = os.path.lexists(database)
    if there:
        try:
            os.link(database, aside, follow_symlinks=False)
        except OSError:
            database.replace(aside)
    fresh.replace(database)
    return aside if there else None


def discard(paths: Paths) -> int:
    """Delete every backup, every file set aside or left over, after an erasure that must be complete."""
    gone = 0
    leftovers = paths.backups.glob("devpulse-*.new*")
    places = [*(backup.path for backup in backups(paths)), *leftovers, *paths.data.glob("devpulse.*.db*")]
    for path in places:
        try:
            path.unlink()
            gone += 1
        except OSError as error:
            raise tell_os(error) from error
    return gone


def _copy(source: Path, target: Path) -> None:
    with reading(source) as original:
        copy_into(original, target)


def copy_into(original: sqlite3.Connection, target: Path) -> None:
    """Copy an open database into one file without a log. Raises `sqlite3.Error`, OSError."""
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        target.chmod(0o600)
        # In one step: between steps every commit of the agent would make it begin again.
        original.backup(copy)
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
    return unused(folder / f"devpulse-{_stamp()}.db")


def unused(path: Path) -> Path:
    """`path`, or with a number behind its name where something lies there already."""
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


def remove(path: Path) -> None:
    """Delete a database file of our own making, with its log. Raises OSError."""
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Bring a finished file onto the disk. Raises OSError."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _renew_lineage(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        with translated():
            begin_lineage(connection, anew=True)
    finally:
        connection.close()
