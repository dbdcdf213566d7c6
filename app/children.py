"""Commands of our own that run beside the agent, so that their weight leaves with them.

A child gets its work by argv (never a secret) and answers on standard output; secrets only cross a
pipe. Children inherit no descriptor and die with a time limit.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from app.loop import Loop

logger = logging.getLogger(__name__)

_CHECK_EVERY_S = 0.25


def command(*words: str) -> list[str]:
    """The argv that runs DevPulse itself with these words, whether installed, frozen or from a checkout."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    return [sys.executable, "-m", "app", *words]


# `python -m` looks in the working directory first: it must be ours, not wherever the agent was started.
PACKAGE_HOME = Path(__file__).resolve().parents[1]


class Children:
    """Starts children within a `Loop` and tells when each has ended."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._running: set[subprocess.Popen[bytes]] = set()

    def start(
        self,
        argv: Sequence[str],
        on_end: Callable[[int], None],
        *,
        limit_s: float = 600.0,
        secrets: bytes | None = None,
    ) -> None:
        """Run `argv`; `on_end(exit code)` later, in the loop's thread (127: it could not be started).

        `secrets`: what the child reads from its standard input, less than a pipe holds (64 KiB).
        """
        try:
            child = subprocess.Popen(  # noqa: S603 - our own program, no word of it from outside
                argv,
                cwd=PACKAGE_HOME,
                stdin=subprocess.DEVNULL if secrets is None else subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            logger.warning("a command could not be started: %s", error.strerror)
            self._loop.call_later(0, lambda: on_end(127))
            return
        if child.stdin is not None:
            _hand_over(child.stdin, secrets or b"")
        self._running.add(child)
        self._look_again(child, on_end, limit_s)

    def stop(self) -> None:
        """End what still runs."""
        for child in self._running:
            child.terminate()
        for child in self._running:
            try:
                child.wait(2)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._running.clear()

    def _look_again(
        self, child: subprocess.Popen[bytes], on_end: Callable[[int], None], left_s: float
    ) -> None:
        code = child.poll()
        if code is None and left_s <= 0:
            child.kill()
            code = child.wait()
        if code is None:
            again = left_s - _CHECK_EVERY_S
            self._loop.call_later(_CHECK_EVERY_S, lambda: self._look_again(child, on_end, again))
            return
        if child in self._running:
            self._running.discard(child)
            on_end(code)


def _hand_over(pipe: IO[bytes], secrets: bytes) -> None:
    # A child that has ended already reads nothing.
    with suppress(OSError):
        pipe.write(secrets)
    with suppress(OSError):
        pipe.close()
