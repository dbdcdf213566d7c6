"""The workbench: where a change is made in one go, written down, told to the agent, and taken back.

Every change gives an `Undo`: what was done in words, and what it touched, so that only stale views
are read anew. Taking it back gives an `Undo` again, which does it once more.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.errors import DevPulseError
from app.models.changelog import ChangeLog
from app.models.store import Store

# What a person may take back: so many changes, and so many rows of them (some 60 bytes each).
MOST_CHANGES = 100
MOST_ROWS = 1_000_000

_FOLLOWED = frozenset({"projects", "project_roots", "categories", "rules", "goals", "settings"})


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence with its values apart, so that it can be translated: `template.format(**values)`."""

    template: str
    values: Mapping[str, str | int] = field(default_factory=dict[str, str | int], repr=False)

    def __str__(self) -> str:
        return self.template.format(**self.values)


class Step(Protocol):
    """Something that can be taken back once."""

    def revert(self) -> Step:
        """Take it back; returns the step that does it again. Raises `ChangedSince`."""
        ...


@dataclass(frozen=True, slots=True)
class Undo:
    """A change that was made, and can be taken back.

    `touched`: names of the tables it changed (or "settings"), with how many rows. `made`: ids of spans it
    made. `undone`: it is the taking back of a change, so that taking it back does the change again.
    """

    words: Words
    touched: Mapping[str, int]
    step: Step = field(repr=False)
    made: tuple[int, ...] = ()
    undone: bool = False

    @property
    def sentence(self) -> str:
        """What was done, in words: "3 activities moved to project api"."""
        return str(self.words)


class Workbench:
    """Makes changes on one store; any thread may call, one change is made at a time.

    `tell`: asks the running agent for something by name ("flush", "reload"); it may raise, and is then
    passed over, for a change does not depend on the agent. `on_change` is told each change, but no replay.
    """

    def __init__(
        self,
        store: Store,
        tell: Callable[[str], object],
        on_change: Callable[[Undo], None] = lambda _undo: None,
    ) -> None:
        self.store = store
        self._tell = tell
        self._on_change = on_change
        self._log = ChangeLog(store)
        self._lock = threading.RLock()
        self._kept: deque[tuple[int, int]] = deque()

    def change(self, work: Callable[[], Words], *, spans: bool = False, whole: bool = True) -> Undo:
        """Do `work`, which tells in words what it did.

        `spans`: it touches recorded activity, so that the agent first stores what it holds of it. `whole`:
        in one transaction; without it `work` sees to its transactions itself.
        """
        with self._lock:
            if spans:
                self._ask("flush")
            with self._log.recording() as number:
                if whole:
                    with self.store.transaction():
                        words = work()
                else:
                    words = work()
            undo = self._noted(number, words, undone=False)
            self._on_change(undo)
            return undo

    def replay(self, undo: Undo) -> Undo:
        """Take a change back. Raises `ChangedSince`, and `StorageError`; nothing is changed then."""
        with self._lock:
            if _SPANS in undo.touched:
                self._ask("flush")
            step = undo.step.revert()
            if isinstance(step, _Rows):
                return self._noted(step.number, undo.words, undone=not undo.undone)
            self._follow(undo.touched)
            return Undo(undo.words, undo.touched, step, undone=not undo.undone)

    def done(self, words: Words, touched: str, step: Step) -> Undo:
        """Note a change that was made outside the database."""
        self._follow({touched: 1})
        undo = Undo(words, {touched: 1}, step)
        self._on_change(undo)
        return undo

    def locked(self) -> threading.RLock:
        """Held around several changes, and reads that must not meet one."""
        return self._lock

    def _noted(self, number: int, words: Words, *, undone: bool) -> Undo:
        touched = self._log.touched(number)
        self._kept.append((number, sum(touched.values())))
        while len(self._kept) > MOST_CHANGES or (
            len(self._kept) > 1 and sum(rows for _, rows in self._kept) > MOST_ROWS
        ):
            self._log.forget(self._kept.popleft()[0])
        self._follow(touched)
        made = self._log.made(number)
        return Undo(words, touched, _Rows(self._log, number), made, undone)

    def _follow(self, touched: Mapping[str, int]) -> None:
        """Let the agent see it at once: what it is just recording may be what was corrected."""
        if _FOLLOWED & touched.keys():
            self._ask("reload")
        if _SPANS in touched:
            self._ask("flush")

    def _ask(self, name: str) -> None:
        with suppress(DevPulseError):
            self._tell(name)


@dataclass(frozen=True, slots=True)
class _Rows:
    """A change of rows, by its number in the log."""

    log: ChangeLog
    number: int

    def revert(self) -> _Rows:
        with self.log.recording() as number:
            self.log.revert(self.number)
        return _Rows(self.log, number)


_SPANS = "activity_logs"


def counted(count: int, one: str, many: str, **values: Any) -> Words:
    """`one` or `many` by the number, which `many` may name as `{count}`."""
    return Words(one if count == 1 else many, {"count": count, **values})
