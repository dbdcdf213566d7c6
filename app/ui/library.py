"""The analytics as the windows hold it: opened at the first question, off the GUI thread."""

from __future__ import annotations

import contextlib
import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import Clock
from app.errors import KeyUnavailable
from app.models.keyfile import Way
from app.models.keys import DataKey, key_state, load_key, unlock
from app.paths import Paths

if TYPE_CHECKING:
    from app.analytics.inquiries import Inquiries
    from app.analytics.questions import Questions
    from app.analytics.search import Search
    from app.changes.editing import Editing
    from app.models.cipher import Cipher

logger = logging.getLogger(__name__)


class Library:
    """Numpy, the database and the data key are loaded when something is asked, not when the window opens.

    `locked`: whether the key could not be read, so that titles are told as None.
    """

    def __init__(self, paths: Paths, clock: Clock) -> None:
        self._paths = paths
        self._clock = clock
        self._lock = threading.Lock()
        self._questions: Questions | None = None
        self._inquiries: Inquiries | None = None
        self._editing: Editing | None = None
        self._search: Search | None = None
        self._cipher: Cipher | None = None
        self._given: Cipher | None = None
        self._given_key: DataKey | None = None
        # The database's file that changes and searches were opened on.
        self._file = _identity(paths.database)
        self.locked = False

    @property
    def questions(self) -> Questions:
        """The one for everyday questions. May read the keyring: not for the GUI thread."""
        with self._lock:
            if self._questions is None:
                self._questions = self._open()
            return self._questions

    def another(self) -> Questions:
        """One of your own, for a long question beside quick ones; close it when you are done."""
        with self._lock:
            return self._open()

    @property
    def inquiries(self) -> Inquiries:
        """What takes seconds, by a connection of its own. Not for the GUI thread."""
        from app.analytics.inquiries import Inquiries

        with self._lock:
            if self._inquiries is None:
                self._inquiries = Inquiries(self._paths.database, self._opened_key())
            return self._inquiries

    @property
    def editing(self) -> Editing:
        """The one for changes; undo lasts as long as it is open. Not for the GUI thread."""
        from app.changes.editing import Editing

        with self._lock:
            self._leave_another_file()
            if self._editing is None:
                self._editing = Editing.open(self._paths, self._opened_key())
            return self._editing

    @property
    def cipher(self) -> Cipher | None:
        """What opens titles, None while the key is locked. Not for the GUI thread."""
        with self._lock:
            return self._opened_key()

    @property
    def search(self) -> Search:
        """The one for looking into texts; it keeps them open in memory. Not for the GUI thread."""
        from app.analytics.search import Search

        with self._lock:
            self._leave_another_file()
            if self._search is None:
                self._search = Search(self._paths.database, self._opened_key())
            return self._search

    @property
    def wants_passphrase(self) -> bool:
        """Whether titles stay closed until `unlock`. Only looks into the key's file."""
        with contextlib.suppress(KeyUnavailable):
            return self._given is None and key_state(self._paths).way is Way.PASSPHRASE
        return False

    @property
    def given_key(self) -> DataKey | None:
        """The key that `unlock` has opened, for commands that cannot open it themselves."""
        return self._given_key

    def unlock(self, passphrase: str) -> DataKey:
        """Open titles from now on; some tenths of a second, not for the GUI thread.

        Raises `KeyUnavailable` for another passphrase.
        """
        key = unlock(self._paths, passphrase)
        self._given, self._given_key = key.cipher(), key
        self.locked = False
        self.reopen()
        return key

    def look_again(self) -> bool:
        """Where the key could not be read, ask for it anew at the next question; whether that is so."""
        if not self.locked:
            return False
        self.locked = False
        self.reopen()
        return True

    def reopen(self) -> None:
        """The key has been unlocked, or the database replaced: open anew at the next question."""
        with self._lock:
            questions, self._questions, self._cipher = self._questions, None, None
            inquiries, self._inquiries = self._inquiries, None
            editing, self._editing = self._editing, None
            search, self._search = self._search, None
        for opened in (questions, inquiries, editing, search):
            if opened is not None:
                opened.close()

    def close(self) -> None:
        """Give everything back."""
        self.reopen()

    def _leave_another_file(self) -> None:
        """Where a backup was put in the database's place, nothing is changed or found in the one before."""
        file = _identity(self._paths.database)
        if file == self._file:
            return
        self._file = file
        editing, self._editing = self._editing, None
        search, self._search = self._search, None
        for opened in (editing, search):
            if opened is not None:
                opened.close()

    def _open(self) -> Questions:
        from app.analytics.questions import Questions

        return Questions(self._paths.database, self._opened_key(), self._clock)

    def _opened_key(self) -> Cipher | None:
        if self._cipher is None:
            self._cipher = self._key()
        return self._cipher

    def _key(self) -> Cipher | None:
        try:
            cipher = load_key(self._paths).cipher()
        except KeyUnavailable as error:
            if self._given is not None:
                return self._given
            logger.info("%s Titles are not shown.", error.title)
            self.locked = True
            return None
        self.locked = False
        return cipher


def _identity(path: Path) -> tuple[int, int]:
    """Which file lies there; (0, 0) for none."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)
