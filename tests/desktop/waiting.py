"""Waiting for something to become true, with words for when it does not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class TooLate(AssertionError):
    """What was waited for did not happen."""


def wait_until(question: Callable[[], T], what: str, *, timeout_s: float = 15.0, every_s: float = 0.02) -> T:
    """Ask until the answer is true, and return it; raises `TooLate` naming `what` after `timeout_s`."""
    until = time.monotonic() + timeout_s
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > until:
            raise TooLate(f"waited {timeout_s:g} s for {what}")
        time.sleep(every_s)


def now_ms() -> int:
    """The wall clock in ms UTC."""
    return time.time_ns() // 1_000_000
