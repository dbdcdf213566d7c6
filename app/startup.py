"""From files on the disk to open books: what must be migrated, recovered or unlocked is, or is told."""

from __future__ import annotations

import logging
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.children import PACKAGE_HOME, command
from app.clock import Clock
from app.errors import DatabaseCorrupt, DevPulseError, KeyUnavailable, SchemaOutdated, StorageError
from app.models import backups, displaced, lost, unstored
from app.models.books import Books
from app.models.cipher import Cipher
from app.models.database import SCHEMA_VERSION, quick_check, reading, tell_os, translated
from app.models.keys import ensure_key
from app.models.pulse import Pulse
from app.paths import Paths
from app.version import __version__

logger = logging.getLogger(__name__)

_PREPARE_WITHIN_S = 600
# Migrate, then perhaps recover, then migrate what was recovered: more rounds would not help.
_MOST_ROUNDS = 4
# Read whole at every start: some milliseconds.
_SMALL_BYTES = 8_000_000
_GLANCES = (
    "SELECT count(*) FROM categories",
    "SELECT count(*) FROM rules",
    "SELECT count(*) FROM projects",
    "SELECT * FROM activity_logs ORDER BY id DESC LIMIT 50",
    "SELECT * FROM rollup_daily ORDER BY day DESC LIMIT 50",
    "SELECT * FROM rollup_hourly ORDER BY hour DESC LIMIT 50",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """`told`: how the key is kept, in words. `problems`: what the person should know."""

    books: Books
    told: str
    problems: tuple[DevPulseError, ...]


def open_books(paths: Paths, clock: Clock) -> Opened:
    """Open the database, made or mended by a command first where that is needed.

    Raises `StorageError` when there is nothing to record into.
    """
    problems: list[DevPulseError] = []
    pulse = Pulse(paths.pulse)
    stamp = _stamp(paths)
    # With no stamp a run found damage, or this is the first; with a pulse the last one was killed.
    doubtful = not stamp or pulse.read() is not None
    if stamp and _is_empty(paths.database) and not backups.backups(paths):
        problems.append(_gone())
    cipher, told = _cipher(paths, problems)
    books = _opened(paths, cipher, problems, prepared=stamp == _current(), doubtful=doubtful)
    paths.prepared.touch(mode=0o600)
    paths.prepared.write_text(_current())
    gone = lost.problem(paths)
    if gone is not None:
        problems.append(gone)
    replaced = displaced.replaced(paths)
    if replaced is not None:
        problems.append(replaced)
    won = books.journal.recover(pulse, clock.now().wall_ms)
    if won:
        logger.info("the last run ended without notice; %d ms were taken from the pulse", won)
    if taken := unstored.take_in(paths.unstored, books.journal):
        logger.info("%d activities that the last run could not store were taken in", taken)
    return Opened(books, told, tuple(problems))


def make_folders(paths: Paths) -> None:
    """Make the home's folders. Raises `StorageError` in words when the disk refuses."""
    try:
        paths.create()
    except OSError as error:
        raise tell_os(error) from error


def suspect(paths: Paths) -> None:
    """Have the next start look the database over."""
    paths.prepared.unlink(missing_ok=True)


def _opened(
    paths: Paths, cipher: Cipher | None, problems: list[DevPulseError], *, prepared: bool, doubtful: bool
) -> Books:
    for _ in range(_MOST_ROUNDS):
        try:
            if not prepared:
                _run(paths, "migrate")
                prepared = True
            return _sound_books(paths.database, cipher, doubtful=doubtful)
        except SchemaOutdated:
            prepared = False
        except DatabaseCorrupt:
            logger.warning("the database is damaged; it is being recovered")
            problems.append(_recovered(_run(paths, "recover")))
            # This machine and the defaults may be missing in what could be read.
            prepared = False
        except KeyUnavailable as error:
            logger.warning("%s Titles are not recorded.", error.title)
            problems.append(error)
            cipher = None
        except StorageError:
            if paths.database.exists():
                raise
            prepared = False
    raise StorageError("The database could not be opened.", advice="`devpulse doctor` tells more.")


def _sound_books(database: Path, cipher: Cipher | None, *, doubtful: bool) -> Books:
    """Raises `DatabaseCorrupt` among others. The whole file is read when it is small or there is reason
    for doubt; else what the agent reads at once."""
    books = Books.open(database, cipher)
    connection = books.store.connection
    try:
        if doubtful or database.stat().st_size < _SMALL_BYTES:
            found = quick_check(connection)
            if found:
                raise DatabaseCorrupt("The database's file is damaged.", detail=found[0][:200])
        with translated():
            for query in _GLANCES:
                connection.execute(query).fetchall()
    except BaseException:
        books.close()
        raise
    return books


def _is_sound(database: Path) -> bool:
    try:
        with reading(database) as connection:
            return not quick_check(connection)
    except DatabaseCorrupt:
        return False
    except StorageError:
        return True  # something else keeps it from being read


def _is_empty(database: Path) -> bool:
    try:
        return database.stat().st_size == 0
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _gone() -> DevPulseError:
    return DevPulseError(
        "The database was gone or empty, so a new one was begun.",
        detail="What was recorded before is not in it, and there is no backup of it.",
        advice="If you have a copy elsewhere: `devpulse quit`, then `devpulse data restore FILE`.",
    )


def _recovered(told: str) -> DevPulseError:
    return DevPulseError(
        "The database was damaged and has been recovered.",
        detail=told,
        advice="The damaged file is kept beside it. `devpulse data restore` takes a backup instead.",
    )


def _cipher(paths: Paths, problems: list[DevPulseError]) -> tuple[Cipher | None, str]:
    try:
        first = ensure_key(paths)
    except KeyUnavailable as error:
        logger.warning("%s Titles are not recorded.", error.title)
        problems.append(error)
        return None, ""
    if first.created:
        logger.info("%s", first.state.told)
    return first.key.cipher(), first.state.told


def _run(paths: Paths, word: str) -> str:
    """Have a command do it: what it loads for that would stay in the agent's memory. Returns its words.

    Raises what the command failed of."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no word of it from outside
            command("data", word),
            cwd=PACKAGE_HOME,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PREPARE_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StorageError(
            "The database could not be prepared.",
            detail=f"`devpulse data {word}` did not run ({type(error).__name__}).",
            advice=f"Run `devpulse data {word}` yourself to see why.",
        ) from error
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip()
        if word == "migrate" and not _is_sound(paths.database):
            raise DatabaseCorrupt("The database's file is damaged.")
        raise StorageError(
            words or "The database could not be prepared.",
            advice=f"`devpulse data {word}` tells the same again; nothing was lost.",
        )
    return done.stdout.decode(errors="replace").strip()


def _current() -> str:
    return f"{__version__} {SCHEMA_VERSION}"


def _stamp(paths: Paths) -> str:
    """What the database was last prepared for: a new version may bring new default rules."""
    try:
        return paths.prepared.read_text()
    except (OSError, ValueError):
        return ""
