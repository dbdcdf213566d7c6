"""The hybrid logical clock: the wall clock's time, but always later than what it follows.

No clock of the whole machine is kept: a change is later than what it changes, which is all that an order
of changes needs. So a machine whose clock is days ahead never drags the others along.
"""

from __future__ import annotations

from app.sync.bodies.values import Hlc

# What a remote clock may be ahead of ours before it is told.
SKEW_MS = 24 * 3_600_000

_MOST_MS, _MOST_COUNTER = (1 << 48) - 1, (1 << 16) - 1


def later(than: Hlc | None, at_ms: int, device: bytes) -> Hlc:
    """The moment of a change made by `device` at `at_ms` (its wall clock) that follows `than`."""
    at_ms = min(max(at_ms, 0), _MOST_MS)
    if than is None or at_ms > than.ms:
        return Hlc(at_ms, 0, device)
    if than.counter < _MOST_COUNTER:
        return Hlc(than.ms, than.counter + 1, device)
    return Hlc(min(than.ms + 1, _MOST_MS), 0, device)


def ahead_ms(hlc: Hlc, now_ms: int) -> int:
    """By how many ms a clock is so far ahead of ours that it must be told; 0 when it is not."""
    ahead = hlc.ms - now_ms
    return ahead if ahead > SKEW_MS else 0
