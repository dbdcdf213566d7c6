"""Keeps what is recorded in the database that everybody else sees: one that was removed is put back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from app.clock import Clock, Instant
from app.errors import DevPulseError, StorageError
from app.loop import Loop
from app.models import displaced
from app.models.books import Books
from app.models.displaced import Place
from app.tracking.platform.file_watch import FileWatch
from app.tracking.recorder import Recorder

logger = logging.getLogger(__name__)

_TRY_AGAIN_MS = 60_000


class Anchorage:
    """Looks after the file of the open `books`, at each `look` and when the system tells of it.

    `go_on_with(books)`: they are the books from now on. `put_back(told)`: what to tell the person.
    `replaced()`: another file lies in the database's place; what was recorded is kept beside it, and only
    a new start can go on with that file. `changed()`: there is another problem to tell, or one less.
    """

    def __init__(
        self,
        *,
        loop: Loop,
        clock: Clock,
        database: Path,
        books: Books,
        recorder: Recorder,
        go_on_with: Callable[[Books], None],
        put_back: Callable[[DevPulseError], None],
        replaced: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._database = database
        self._books = books
        self._recorder = recorder
        self._go_on_with = go_on_with
        self._put_back = put_back
        self._replaced = replaced
        self._changed = changed
        self._watch = FileWatch(loop, self.look)
        self._failed_at: Instant | None = None
        self._leaving = False
        self.problem: StorageError | None = None
        """Why a removed database cannot be put back now."""

    def start(self) -> None:
        """Have the system tell: who is idle looks at nothing by himself."""
        self._watch.watch(self._database)

    def use(self, books: Books) -> None:
        """Look after another opening of the database."""
        self._books = books
        self._watch.watch(self._database)

    def try_now(self) -> None:
        """Somebody waits for it: the next look tries again at once."""
        self._failed_at = None

    def look(self) -> None:
        """See where the file is, and bring it back if need be."""
        place = self._books.mooring.look()
        now = self._clock.now()
        if self._leaving or (place is Place.OWN and self.problem is None):
            return
        if self._failed_at is not None and now.awake_ms - self._failed_at.awake_ms < _TRY_AGAIN_MS:
            return
        try:
            self._recorder.flush()
            self._rescue(place)
            self._go_on_after(place)
            self.problem = None
        except StorageError as error:
            logger.error("the database was removed, and cannot be put back now: %s", error.title)
            self.problem, self._failed_at = error, now
        self._changed()

    def stop(self) -> None:
        """The last look, after all is stored."""
        self._watch.stop()
        try:
            self._rescue(self._books.mooring.look())
        except StorageError as error:
            logger.error("the database was removed, and could not be put back: %s", error.title)

    def _rescue(self, place: Place) -> None:
        if place is Place.NOTHING:
            logger.warning("the database was removed; it is put back")
            self._books.mooring.put_back()
        elif place is Place.ANOTHER:
            kept = self._books.mooring.keep_aside()
            logger.warning("another file is in the database's place; what was recorded is in %s", kept.name)

    def _go_on_after(self, place: Place) -> None:
        if place is Place.NOTHING:
            self._go_on_with(Books.open(self._database, self._books.store.cipher))
            self._put_back(displaced.put_back_told())
        elif place is Place.ANOTHER:
            self._leaving = True
            self._replaced()
