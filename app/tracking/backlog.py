"""What is still to be written to the journal, in order; a disk that refuses loses nothing.

Spans are known by a key of the caller's, so that a span can be ended before it was ever stored. The
list is carried out in one transaction; when that fails it stays, and is tried again the next time.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from app.errors import StorageError
from app.models.values import Span

logger = logging.getLogger(__name__)

# Some ten hours of busy work; past that the oldest beginnings are kept and new ones are not taken.
MOST_WAITING = 20_000
_MOST_KNOWN = 4_096


class Ledger(Protocol):
    """What of `app.models.journal.Journal` is used here. Its methods raise `StorageError`."""

    def append(self, span: Span) -> int: ...

    def set_end(self, span_id: int, end_ms: int) -> bool:
        """False when the span is not there any more."""
        ...

    def discard(self, span_id: int) -> bool: ...

    def transaction(self) -> AbstractContextManager[None]: ...

    def flush(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Append:
    """Store a span; it is called `key` from now on."""

    key: int
    span: Span


@dataclass(frozen=True, slots=True)
class End:
    """Let the span end at `end_ms`."""

    key: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Discard:
    """Nothing of the span stays."""

    key: int


Operation = Append | End | Discard


class Backlog:
    """Operations waiting for the journal. `problem`: why they wait, None when all is well."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: list[Operation] = []
        self._ids: dict[int, int | None] = {}
        self.problem: StorageError | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def replace_ledger(self, ledger: Ledger) -> None:
        """Go on with another journal of the same database."""
        self._ledger = ledger

    def stored_id(self, key: int) -> int | None:
        """The journal's id of a span; None when it is not stored, or not any more."""
        return self._ids.get(key)

    def add(self, operation: Operation) -> None:
        """Put an operation at the end. A later end of the same span replaces an earlier one."""
        last = self._waiting[-1] if self._waiting else None
        if isinstance(operation, End) and isinstance(last, End) and last.key == operation.key:
            self._waiting.pop()
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(operation)

    def carry_out(self) -> frozenset[int]:
        """Write what waits; returns the keys of spans that somebody erased meanwhile."""
        if not self._waiting:
            return frozenset()
        made = dict[int, int | None]()
        try:
            with self._ledger.transaction():
                for operation in self._waiting:
                    self._do(operation, made)
        except StorageError as error:
            if self.problem is None:
                logger.warning("activity cannot be stored now and is kept in memory: %s", error.title)
            self.problem = error
            return frozenset()
        if self.problem is not None:
            logger.info("activity is stored again")
            self.problem = None
        self._waiting.clear()
        self._remember(made)
        return frozenset(key for key, span_id in made.items() if span_id is None)

    def _do(self, operation: Operation, made: dict[int, int | None]) -> None:
        if isinstance(operation, Append):
            made[operation.key] = self._ledger.append(operation.span)
            return
        span_id = made.get(operation.key, self._ids.get(operation.key))
        if span_id is None:
            return
        if isinstance(operation, Discard):
            self._ledger.discard(span_id)
            made[operation.key] = None
        elif not self._ledger.set_end(span_id, operation.end_ms):
            made[operation.key] = None

    def _remember(self, made: dict[int, int | None]) -> None:
        self._ids.update(made)
        while len(self._ids) > _MOST_KNOWN:
            del self._ids[next(iter(self._ids))]
