"""From files on the disk to open books: what must be migrated, recovered or unlocked is, or is told."""

from __future__ import annotations

import logging
import subprocess
from dataclasses import dataclass

from app.children import PACKAGE_HOME, command
from app.clock import Clock
from app.errors import DatabaseCorrupt, DevPulseError, KeyUnavailable, SchemaOutdated, StorageError
from app.models.books import Books
from app.models.cipher import Cipher
from app.models.database import SCHEMA_VERSION, tell_os
from app.models.keys import ensure_key
from app.models.pulse import Pulse
from app.paths import Paths
from app.version import __version__

logger = logging.getLogger(__name__)

_PREPARE_WITHIN_S = 600
# Migrate, then perhaps recover, then migrate what was recovered: more rounds would not help.
_MOST_ROUNDS = 4


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
    if _stamp(paths) != _current():
        _run(paths, "migrate")
    cipher, told = _cipher(paths, problems)
    books = _opened(paths, cipher, problems)
    won = books.journal.recover(Pulse(paths.pulse), clock.now().wall_ms)
    if won:
        logger.info("the last run ended without notice; %d ms were taken from the pulse", won)
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


def _opened(paths: Paths, cipher: Cipher | None, problems: list[DevPulseError]) -> Books:
    for _ in range(_MOST_ROUNDS):
        try:
            return Books.open(paths.database, cipher)
        except SchemaOutdated:
            _run(paths, "migrate")
        except DatabaseCorrupt as error:
            logger.warning("the database is damaged; it is being recovered")
            _run(paths, "recover")
            problems.append(error)
        except KeyUnavailable as error:
            logger.warning("%s Titles are not recorded.", error.title)
            problems.append(error)
            cipher = None
        except StorageError:
            if paths.database.exists():
                raise
            _run(paths, "migrate")
    raise StorageError("The database could not be opened.", advice="`devpulse doctor` tells more.")


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


def _run(paths: Paths, word: str) -> None:
    """Have a command do it: what it loads for that would stay in the agent's memory."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no word of it from outside
            command("data", word),
            cwd=PACKAGE_HOME,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
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
        raise StorageError(
            words or "The database could not be prepared.",
            advice=f"`devpulse data {word}` tells the same again; nothing was lost.",
        )
    paths.prepared.write_text(_current())


def _current() -> str:
    return f"{__version__} {SCHEMA_VERSION}"


def _stamp(paths: Paths) -> str:
    """What the database was last prepared for: a new version may bring new default rules."""
    try:
        return paths.prepared.read_text()
    except (OSError, ValueError):
        return ""
