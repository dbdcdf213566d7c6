"""A database that is gone while backups of it are there: recording goes on in a new one, and the newest
backup is kept apart until a person decides between the two.

Apart, because a week of daily backups of the new database would take the place of the old one's.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from app.errors import DatabaseGone, StorageError
from app.models.backups import Backup, backups
from app.models.database import BROKEN, quick_check, reading, tell_os
from app.paths import Paths

# One of the names that `backups.discard` deletes after an erasure.
_KEPT = "devpulse.lost-*.db"


def keep_newest(paths: Paths) -> None:
    """To be called before a database is begun: keep the newest sound backup, if there are any.

    Raises `StorageError`.
    """
    found = backups(paths)
    if not found or kept(paths) is not None:
        return
    newest = next((backup for backup in found if _is_sound(backup)), found[0])
    target = paths.data / _KEPT.replace("*", newest.made)
    try:
        try:
            os.link(newest.path, target)
        except OSError:  # the file system has no links
            import shutil  # the agent does without

            shutil.copyfile(newest.path, target)
            target.chmod(0o600)
    except OSError as error:
        raise tell_os(error) from error


def kept(paths: Paths) -> Path | None:
    """The backup of a lost database that nobody has decided about yet."""
    return next(iter(sorted(paths.data.glob(_KEPT), reverse=True)), None)


def decided(paths: Paths) -> None:
    """The person has chosen: forget the lost database. Its other backups stay as long as backups do."""
    for file in paths.data.glob(_KEPT):
        with contextlib.suppress(FileNotFoundError):
            file.unlink()


def problem(paths: Paths) -> DatabaseGone | None:
    """What to tell the person while nothing is decided; None when nothing is lost."""
    file = kept(paths)
    made = file.name.partition("-")[2] if file is not None else _newest_of_missing(paths)
    if not made:
        return None
    day = f"{made[:4]}-{made[4:6]}-{made[6:8]}"
    return DatabaseGone(
        "The database was gone, but there are backups of it.",
        detail=f"What was recorded before is not shown now. The newest backup is of {day}.",
        advice="`devpulse quit`, then `devpulse data restore` puts it back, and keeps beside it what was "
        "recorded meanwhile. `devpulse data restore --none` goes on without it.",
    )


def _newest_of_missing(paths: Paths) -> str:
    found = () if os.path.lexists(paths.database) else backups(paths)
    return found[0].made if found else ""


def _is_sound(backup: Backup) -> bool:
    with contextlib.suppress(StorageError, *BROKEN), reading(backup.path) as connection:
        return not quick_check(connection)
    return False
