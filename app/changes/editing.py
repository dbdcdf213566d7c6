"""All that windows can change, behind one door, with undo and redo.

    editing = Editing.open(paths, cipher)
    undo = editing.spans.reassign(ids, project_id=7)
    print(undo.sentence)            # 3 activities moved to project api
    editing.undo()                  # the last change; or editing.undo(undo), whichever
    editing.redo()
    editing.close()

Call it from a background thread: a change takes milliseconds, but may wait up to 5 s for another writer. Undo
lasts as long as the object does; what was erased for good, or is too long ago, cannot be undone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self

from app.changes.categories import CategoryChanges
from app.changes.goals import GoalChanges
from app.changes.projects import ProjectChanges
from app.changes.rules import RuleChanges
from app.changes.sessions import SessionChanges
from app.changes.settings import SettingChanges
from app.changes.spans import SpanChanges
from app.changes.workbench import MOST_CHANGES, Undo, Words, Workbench
from app.control import Client
from app.errors import ChangedSince
from app.models.cipher import Cipher
from app.models.store import Store
from app.paths import Paths


class Editing:
    """Every change of one home. Any thread may call, one change is made at a time.

    Everything raises `DevPulseError` in words, and then nothing was changed.
    """

    def __init__(
        self, store: Store, paths: Paths, tell: Callable[[str], object], now_ms: Callable[[], int]
    ) -> None:
        self._store = store
        bench = self._bench = Workbench(store, tell, on_change=self._remember)
        self._done: list[Undo] = []
        self._undone: list[Undo] = []
        self.spans = SpanChanges(bench, now_ms)
        self.projects = ProjectChanges(bench)
        self.categories = CategoryChanges(bench)
        self.rules = RuleChanges(bench)
        self.goals = GoalChanges(bench)
        self.sessions = SessionChanges(bench, now_ms)
        self.settings = SettingChanges(bench, paths.settings)

    @classmethod
    def open(cls, paths: Paths, cipher: Cipher | None) -> Self:
        """Open a migrated database for changes; `cipher` is None while the key is locked.

        A running agent of this home is asked to store what it holds before, and to look after.
        """

        def tell(name: str) -> object:
            with Client(paths.socket) as client:
                return client.request(name)

        return cls(Store.open(paths.database, cipher), paths, tell, lambda: time.time_ns() // 1_000_000)

    def close(self) -> None:
        """Close; what was done stays, and cannot be undone any more."""
        self._store.close()

    @property
    def latest(self) -> Undo | None:
        """What `undo()` would take back."""
        return self._done[-1] if self._done else None

    @property
    def latest_undone(self) -> Undo | None:
        """What `redo()` would do again."""
        return self._undone[-1] if self._undone else None

    def undo(self, change: Undo | None = None) -> Undo:
        """Take a change back: the latest, or the given one.

        Raises `ChangedSince` when it cannot be, because the same was changed again since.
        """
        with self._bench.locked():
            return self._replay(self._done, self._undone, change)

    def redo(self) -> Undo:
        """Do again what was undone last. Raises `ChangedSince` as `undo` does."""
        with self._bench.locked():
            return self._replay(self._undone, self._done, None)

    def perform(self, work: Callable[[Store], Words], *, spans: bool = True) -> Undo:
        """Any other change of the database, in one transaction: `work` makes it, and tells it in words."""
        return self._bench.change(lambda: work(self._store), spans=spans)

    def _replay(self, source: list[Undo], target: list[Undo], change: Undo | None) -> Undo:
        chosen = source[-1] if change is None and source else change
        if chosen is None:
            raise ChangedSince(
                "There is nothing to undo." if source is self._done else "There is nothing to redo."
            )
        try:
            replayed = self._bench.replay(chosen)
        finally:
            # One that cannot be replayed must not stand in the way of those before it.
            if chosen in source:
                source.remove(chosen)
        target.append(replayed)
        return replayed

    def _remember(self, undo: Undo) -> None:
        self._done.append(undo)
        self._undone.clear()
        del self._done[:-MOST_CHANGES]
