"""Log files: one a day, for their owner only, of bounded size, with nothing private in them.

Only fixed words and kinds of errors are logged (see `app.loop.describe`). As a second line of defence
the formatter leaves out every traceback, whatever a caller asks for: its last line quotes values.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

# A loop that goes wrong must not fill the disk: so much a day, and so many lines of a kind a minute.
MOST_BYTES_A_DAY = 5_000_000
MOST_ALIKE_A_MINUTE = 20
_NAME = re.compile(r"devpulse-\d{4}-\d\d-\d\d\.log", re.ASCII)
_LONGEST_LINE = 2_000
_HELD_BACK = "held_back"
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}


class PlainFormatter(logging.Formatter):
    """One line a record, without traceback, stack or control characters."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.created))
        try:
            words = record.getMessage()
        except Exception as error:  # noqa: BLE001 - arguments of any kind may fail at being shown
            words = f"{record.msg} ({type(error).__name__} while formatting)"
        kind = f" ({record.exc_info[0].__name__})" if record.exc_info and record.exc_info[0] else ""
        if record.__dict__.get(_HELD_BACK):
            words += " (again and again; held back for the rest of the minute)"
        line = f"{moment} {record.levelname:<7} {record.name}: {words}{kind}"
        return "".join(c if c.isprintable() else " " for c in line)[:_LONGEST_LINE]


class Repetition(logging.Filter):
    """Lets a message through so many times a minute, and tells how many it held back."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._minute = -1
        self._seen: dict[tuple[str, int], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        minute = int(self._monotonic() // 60)
        if minute != self._minute:
            self._minute = minute
            self._seen.clear()
        # The place it is logged from, so that changing values do not make a message new.
        place = (record.pathname, record.lineno)
        count = self._seen.get(place, 0) + 1
        self._seen[place] = count
        if count == MOST_ALIKE_A_MINUTE:
            record.__dict__[_HELD_BACK] = True
        return count <= MOST_ALIKE_A_MINUTE


class DailyFile(logging.Handler):
    """Writes to `devpulse-DATE.log` of the local date, and removes files older than `kept_days`.

    A disk that refuses is put up with in silence: logging never stops tracking.
    """

    def __init__(self, folder: Path, *, kept_days: int, today: Callable[[], str] | None = None) -> None:
        super().__init__()
        self._folder = folder
        self._kept_days = kept_days
        self._today = today or _local_date
        self._date: str = ""
        self._file = -1
        self._written = 0

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._turn_over()
            line = f"{self.format(record)}\n".encode(errors="replace")
            if self._written + len(line) > MOST_BYTES_A_DAY:
                self._say_full()
                return
            self._written += os.write(self._file, line)
        except OSError:
            self._release()

    def close(self) -> None:
        self._release()
        super().close()

    def _turn_over(self) -> None:
        date = self._today()
        if date == self._date and self._file >= 0:
            return
        self._release()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = _file_of(self._folder, date)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._written = os.fstat(self._file).st_size
        self._date = date
        remove_old(self._folder, self._kept_days)

    def _say_full(self) -> None:
        if self._written < MOST_BYTES_A_DAY:
            os.write(self._file, b"The log of this day is full; the rest of the day is left out.\n")
            self._written = MOST_BYTES_A_DAY

    def _release(self) -> None:
        if self._file >= 0:
            with contextlib.suppress(OSError):
                os.close(self._file)
        self._file = -1


def _file_of(folder: Path, date: str) -> Path:
    return folder / f"devpulse-{date}.log"


def _local_date() -> str:
    return time.strftime("%Y-%m-%d")


def start(folder: Path, *, level: str, kept_days: int, console: TextIO | None = sys.stderr) -> None:
    """Log to the day's file in `folder`, and to `console` (None: nowhere else).

    `level`: "debug", "info" or "warning". Replaces what an earlier call set up.
    """
    root = logging.getLogger()
    stop()
    handlers: list[logging.Handler] = [DailyFile(folder, kept_days=kept_days)]
    if console is not None:
        handlers.append(logging.StreamHandler(console))
    for handler in handlers:
        handler.setFormatter(PlainFormatter())
        handler.addFilter(Repetition())
        root.addHandler(handler)
    root.setLevel(_LEVELS.get(level, logging.INFO))
    # Otherwise a handler that fails prints the record, values and all, to stderr.
    logging.raiseExceptions = False


def stop() -> None:
    """Close what `start` set up."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler.formatter, PlainFormatter):
            root.removeHandler(handler)
            handler.close()


def note(folder: Path, level: str, words: str) -> Path | None:
    """Add one line to today's file without setting anything up; its path, or None when it cannot be."""
    handler = DailyFile(folder, kept_days=365)
    handler.setFormatter(PlainFormatter())
    handler.emit(
        logging.LogRecord("devpulse", logging.getLevelNamesMapping()[level.upper()], "", 0, words, None, None)
    )
    handler.close()
    path = today(folder)
    return path if path.exists() else None


def today(folder: Path) -> Path:
    """The file of the local date, whether it is there or not."""
    return _file_of(folder, _local_date())


def files(folder: Path) -> list[Path]:
    """The log files there are, oldest first."""
    try:
        return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    except OSError:
        return []


def remove_old(folder: Path, kept_days: int) -> None:
    """Remove the log files of all but the last `kept_days` days."""
    oldest = time.strftime("devpulse-%Y-%m-%d.log", time.localtime(time.time() - (kept_days - 1) * 86_400))
    for path in files(folder):
        if path.name < oldest:
            with contextlib.suppress(OSError):
                path.unlink()
