"""A database whose file was removed or replaced while it is open: what it holds is brought back.

The system keeps a removed file as long as it is open, and SQLite goes on writing into it without a word;
at the end of the process all of it would be gone.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from enum import Enum, auto
from pathlib import Path

from app.errors import DatabaseGone, DevPulseError, StorageError
from app.models import backups
from app.models.database import tell_os, translated
from app.paths import Paths

# As every file set aside, it goes with `backups.discard` after an erasure.
_ASIDE = "devpulse.displaced-*.db"


class Place(Enum):
    """What lies where the open file belongs."""

    OWN = auto()
    NOTHING = auto()
    ANOTHER = auto()


class Mooring:
    """Holds an open database's file to its path. Belongs to the connection's thread."""

    def __init__(self, connection: sqlite3.Connection, database: Path) -> None:
        self._connection = connection
        self._database = database
        self._log = database.with_name(database.name + "-wal")
        self._file = _identity(database)
        self._log_file = _identity(self._log)
        self._aside: Path | None = None

    def look(self) -> Place:
        """What lies at the path now; some microseconds."""
        found = _identity(self._database)
        if found is None:
            return Place.NOTHING
        if self._file is None or found == self._file:
            return Place.OWN
        return Place.ANOTHER

    def put_back(self) -> None:
        """Write all the open file holds to its path, where nothing lies. Raises `StorageError`.

        Ids stay what they were. The connection goes on with the removed file: open the new one.
        """
        fresh = self._database.with_name("devpulse.displaced.new.db")
        try:
            self._database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._copy(fresh)
            self._drop_log(of_others=True)
            # Fails where somebody put a file there meanwhile: that one is not ours to overwrite.
            _move_new(fresh, self._database)
        except OSError as error:
            raise tell_os(error) from error
        finally:
            backups.remove(fresh)

    def keep_aside(self) -> Path:
        """Write all the open file holds into a file beside the other one; a second time into the same.

        Raises `StorageError`.
        """
        if self._aside is None:
            stamp = time.strftime("%Y%m%d-%H%M%S")
            self._aside = backups.unused(self._database.with_name(_ASIDE.replace("*", stamp)))
        fresh = self._database.with_name("devpulse.displaced.new.db")
        try:
            self._copy(fresh)
            fresh.replace(self._aside)
            # Over the other file it would be taken for that one's own.
            self._drop_log(of_others=False)
        except OSError as error:
            raise tell_os(error) from error
        finally:
            backups.remove(fresh)
        return self._aside

    def _copy(self, target: Path) -> None:
        backups.remove(target)
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with translated():
            backups.copy_into(self._connection, target)
        backups.sync(target)

    def _drop_log(self, *, of_others: bool) -> None:
        if not of_others and (self._log_file is None or _identity(self._log) != self._log_file):
            return
        with contextlib.suppress(sqlite3.Error):
            # Where the file was only moved, it is whole afterwards.
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        for suffix in ("-wal", "-shm"):
            self._database.with_name(self._database.name + suffix).unlink(missing_ok=True)


def put_back_told() -> DevPulseError:
    """What to tell when a removed database was put back."""
    return DevPulseError(
        "The database's file was removed while DevPulse was recording.",
        detail="It was put back with all that was recorded; nothing is missing.",
        advice="`devpulse data erase --everything` erases what is recorded, if that was the wish.",
    )


def not_put_back(error: StorageError) -> DevPulseError:
    """What to tell while a removed database cannot be put back."""
    return DevPulseError(
        "The database's file was removed while DevPulse was recording, and cannot be put back now.",
        detail=f"{error.title} All that was recorded is kept as long as the agent runs.",
        advice=f"{error.advice} It is tried again every minute. Do not end the agent before.".strip(),
    )


def replaced(paths: Paths) -> DatabaseGone | None:
    """What to tell while a replaced database lies aside; None when there is none."""
    file = next(iter(sorted(paths.data.glob(_ASIDE), reverse=True)), None)
    if file is None:
        return None
    return DatabaseGone(
        "Another file was put in the database's place while DevPulse was recording.",
        detail=f"Recording goes on in that one. What was recorded before is kept as {file.name}.",
        advice=f"`devpulse quit`, then `devpulse data restore {file}` puts it back. "
        "`devpulse data restore --none` goes on without it.",
    )


def decided(paths: Paths) -> None:
    """The person has chosen: what was set aside stays, and is not told of again."""
    for file in paths.data.glob(_ASIDE):
        with contextlib.suppress(OSError):
            file.rename(backups.unused(file.with_name(file.name.replace(".displaced-", ".replaced-"))))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    except OSError:
        return (0, 0)
    return (state.st_dev, state.st_ino)


def _move_new(fresh: Path, target: Path) -> None:
    try:
        os.link(fresh, target)
    except FileExistsError:
        raise StorageError(
            "Another file was put in the database's place.", detail="It is looked at again in a minute."
        ) from None
    except OSError:  # the file system has no links
        fresh.rename(target)
