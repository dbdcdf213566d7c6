"""A journal in memory that can refuse, and a pulse that remembers."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

from app.errors import StorageError, StorageFull
from app.models.values import Span


class FakeLedger:
    """`full`: every transaction fails until it is False again."""

    def __init__(self) -> None:
        self.spans: dict[int, Span] = {}
        self.full = False
        self.flushes = 0
        self._next = 1

    @contextmanager
    def transaction(self) -> Generator[None]:
        if self.full:
            raise StorageFull("The disk is full.")
        yield

    def append(self, span: Span) -> int:
        self.spans[self._next] = span
        self._next += 1
        return self._next - 1

    def set_end(self, span_id: int, end_ms: int, was_ms: int | None = None) -> bool:
        if span_id not in self.spans or was_ms not in (None, self.spans[span_id].end_ms):
            return False
        self.spans[span_id] = replace(self.spans[span_id], end_ms=end_ms)
        return True

    def discard(self, span_id: int) -> bool:
        return self.spans.pop(span_id, None) is not None

    def flush(self) -> None:
        self.flushes += 1

    @property
    def told(self) -> list[tuple[str, float]]:
        """Each span as what it was and how many seconds, in the order of their start."""
        return [
            (span.activity.application if span.activity else str(span.state), span.duration_ms / 1000)
            for span in sorted(self.spans.values(), key=lambda span: (span.start_ms, span.end_ms))
        ]


class FakePulse:
    def __init__(self) -> None:
        self.beats: list[tuple[int, int]] = []
        self.cleared = False
        self.broken = False

    def write(self, span_id: int, end_ms: int) -> None:
        if self.broken:
            raise StorageError("The disk refuses.")
        self.beats.append((span_id, end_ms))

    def clear(self) -> None:
        self.cleared = True
