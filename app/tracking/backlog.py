"""What is still to be written to the journal, in order; a disk that refuses loses nothing.

Spans are known by a key of the caller's, so that a span can be ended before it was ever stored. The
list is carried out in one transaction; when that fails it stays, and is tried again the next time.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from app.errors import StorageError
from app.models.values import Span

logger = logging.getLogger(__name__)

# Some ten hours of busy work; past that the oldest beginnings are kept and new ones are not taken.
MOST_WAITING = 20_000
_MOST_KNOWN = 4_096
# The open span is among the last few.
_MOST_AT_HAND = 8


class Ledger(Protocol):
    """What of `app.models.journal.Journal` is used here. Its methods raise `StorageError`."""

    def append(self, span: Span) -> int: ...

    def set_end(self, span_id: int, end_ms: int, was_ms: int | None = None) -> bool:
        """False when the span is not there any more, or no longer ends at `was_ms`."""
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
        # The last spans as they are stored: what of one that was cut by hand is yet to come, is a new one.
        self._stored: dict[int, Span] = {}
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

    def unstored(self) -> list[Span]:
        """What waits, as spans of their own, in order: for a journal that may not know the ones before."""
        spans = dict[int, Span]()
        for operation in self._waiting:
            key = operation.key
            if isinstance(operation, Append):
                spans[key] = operation.span
            elif isinstance(operation, Discard):
                spans.pop(key, None)
            elif key in spans:
                spans[key] = replace(spans[key], end_ms=operation.end_ms)
            elif (span := self._stored.get(key)) is not None:
                spans[key] = replace(span, start_ms=span.end_ms, end_ms=operation.end_ms, switched=False)
        return [span for span in spans.values() if span.end_ms > span.start_ms]

    def carry_out(self) -> frozenset[int]:
        """Write what waits; returns the keys of spans that somebody erased meanwhile.

        One that still grows goes on as a span of its own, from where the erased or corrected one ended.
        """
        if not self._waiting:
            return frozenset()
        made = dict[int, int | None]()
        stored = dict(self._stored)
        try:
            with self._ledger.transaction():
                for operation in self._waiting:
                    self._do(operation, made, stored)
        except StorageError as error:
            if self.problem is None:
                logger.warning("activity cannot be stored now and is kept in memory: %s", error.title)
            self.problem = error
            return frozenset()
        if self.problem is not None:
            logger.info("activity is stored again")
            self.problem = None
        self._waiting.clear()
        self._remember(made, stored)
        return frozenset(key for key, span_id in made.items() if span_id is None)

    def _do(self, operation: Operation, made: dict[int, int | None], stored: dict[int, Span]) -> None:
        if isinstance(operation, Append):
            made[operation.key] = self._ledger.append(operation.span)
            stored[operation.key] = operation.span
            return
        span_id = made.get(operation.key, self._ids.get(operation.key))
        if span_id is None:
            return
        if isinstance(operation, Discard):
            self._ledger.discard(span_id)
            made[operation.key] = None
        else:
            self._end(operation, span_id, made, stored)

    def _end(
        self, operation: End, span_id: int, made: dict[int, int | None], stored: dict[int, Span]
    ) -> None:
        span = stored.get(operation.key)
        was_ms = None if span is None else span.end_ms
        if self._ledger.set_end(span_id, operation.end_ms, was_ms):
            if span is not None:
                stored[operation.key] = replace(span, end_ms=operation.end_ms)
        elif span is not None and operation.end_ms > span.end_ms:
            rest = replace(span, start_ms=span.end_ms, end_ms=operation.end_ms, switched=False)
            made[operation.key] = self._ledger.append(rest)
            stored[operation.key] = rest
        else:
            made[operation.key] = None

    def _remember(self, made: dict[int, int | None], stored: dict[int, Span]) -> None:
        self._stored = dict(list(stored.items())[-_MOST_AT_HAND:])
        self._ids.update(made)
        while len(self._ids) > _MOST_KNOWN:
            del self._ids[next(iter(self._ids))]
