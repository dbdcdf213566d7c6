"""Erasing for good, everywhere: database, its log, backups, what was set aside, the pulse.

    erasing = Erasing(paths, cipher, tell)
    found = erasing.preview(Selection(project_id=7))      # 214 spans, their ms, the days
    done = erasing.erase(Selection(project_id=7))

The running agent first stores what it holds, and afterwards reads its projects anew. Backups are
replaced by a new one of what is left, where there were any. What the last run could not store is taken in
first, and erased like the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from app import config
from app.control import Client
from app.errors import AgentNotRunning, DevPulseError, KeyUnavailable, StorageBusy, StorageError
from app.models import erasure, unstored
from app.models.backups import back_up, backups, discard
from app.models.cipher import Cipher
from app.models.erasure import Erased, Found, Selection
from app.models.exclusive import exclusive
from app.models.journal import Journal
from app.models.pulse import Pulse
from app.models.spans_table import fetch
from app.models.store import Store
from app.paths import Paths
from app.tracking.patterns import compile_pattern


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased: spans, focus sessions, backups that went. `left`: where some may remain, in words."""

    spans: int
    sessions: int
    backups: int
    left: tuple[str, ...] = ()


class Erasing:
    """Erases in one home. `tell`: asks the running agent for something by name; it may raise."""

    def __init__(
        self, paths: Paths, cipher: Cipher | None, tell: Callable[[str], object] | None = None
    ) -> None:
        self._paths = paths
        self._cipher = cipher
        self._ask = tell or self._client

    def preview(self, selection: Selection) -> Found:
        """What would be erased. Raises `StorageError`, `KeyUnavailable` where titles must be read."""
        self._store_all()
        with Store.open(self._paths.database, self._cipher) as store:
            self._take_in(store, selection)
            return erasure.preview(store, selection)

    def erase(self, selection: Selection, *, keep_backups: bool = False) -> Erasure:
        """Erase; it cannot be undone, and ends what could be undone of before. Errors as in `preview`."""
        self._store_all()
        with Store.open(self._paths.database, self._cipher) as store:
            self._take_in(store, selection)
            done = erasure.erase(store, selection, sessions=True, compact=True)
        return self._finished(done, keep_backups=keep_backups)

    def change(self, work: Callable[[Store], int]) -> Erasure:
        """Any other erasure: `work` erases in transactions of its own, and returns from how many spans."""
        self._store_all()
        with Store.open(self._paths.database, self._cipher) as store:
            self._take_in(store)
            done = Erased(work(store), sealed_off=erasure.wipe(store, compact=True))
        return self._finished(done, keep_backups=False)

    def _store_all(self) -> None:
        """Have the running agent store what it holds: what it cannot store now would come after."""
        with suppress(AgentNotRunning):
            self._ask("flush")

    def _take_in(self, store: Store, selection: Selection | None = None) -> None:
        file = self._paths.unstored
        if selection is not None and selection.everything:
            file.unlink(missing_ok=True)
        unstored.take_in(file, Journal(store))
        if unstored.waits(file):
            raise KeyUnavailable(
                "What the last run could not store is sealed, and may hold some of it.",
                detail="Nothing was erased.",
                advice="`devpulse unlock` opens it; then erase again.",
            )

    def _finished(self, done: Erased, *, keep_backups: bool) -> Erasure:
        left: list[str] = []
        if not done.sealed_off:
            left.append("Somebody reads the database: its log is emptied when they end.")
        with suppress(StorageError):
            self._clear_pulse()
        gone = 0
        if keep_backups:
            left += ["Backups still hold it."] if backups(self._paths) else []
        elif backups(self._paths):
            gone = discard(self._paths)
            left += self._new_backup()
        else:
            discard(self._paths)  # what was set aside
        self.tell("reload")
        return Erasure(done.spans, done.sessions, gone, tuple(left))

    def _new_backup(self) -> list[str]:
        try:
            back_up(self._paths, keep=config.load(self._paths.settings).number("storage.backups_kept"))
        except StorageError as error:
            return [f"The old backups are gone, and no new one could be made: {error.title}"]
        return []

    def _clear_pulse(self) -> None:
        """The mark that a killed agent left of a span that is gone; a running one writes its own."""
        pulse = Pulse(self._paths.pulse)
        beat = pulse.read()
        if beat is None:
            return
        with suppress(StorageBusy), exclusive(self._paths.lock, wait_s=0.0):
            with Store.open(self._paths.database, None) as store:
                gone = fetch(store.connection, beat.span_id) is None
            if gone:
                pulse.clear()
                pulse.close()

    def _client(self, name: str) -> object:
        with Client(self._paths.socket) as client:
            return client.request(name)

    def tell(self, name: str) -> None:
        """Ask the running agent for something by name, if there is one."""
        with suppress(DevPulseError):
            self._ask(name)


def matching(pattern: str) -> Callable[[str], bool]:
    """Which titles a pattern of the person's (RE2 syntax) means. Raises `InvalidPattern` with the reason."""
    return compile_pattern(pattern).found_in
