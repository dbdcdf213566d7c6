"""When the agent has the account synced: by a command in a process of its own, so that it stays small.

While somebody works there is something new each minute; otherwise others' changes are looked for now and
then. Whether to go at all (a metered connection, a service that asked to wait) the command finds out itself.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.loop import Loop

FIRST_AFTER_S = 20.0
BUSY_EVERY_S = 60.0
QUIET_EVERY_S = 300.0


class Starts(Protocol):
    """`Children.start`."""

    def __call__(
        self, argv: list[str], on_end: Callable[[int], None], *, limit_s: float, secrets: bytes | None
    ) -> None: ...


class SyncSchedule:
    """Starts `argv` again and again, never two at a time.

    `account`: the file that is there only while this machine is signed in. `busy()`: whether something is
    being recorded. `secrets()`: what goes to the command's standard input; None where the key is locked, then
    nothing is started.
    """

    def __init__(
        self,
        loop: Loop,
        start: Starts,
        argv: list[str],
        *,
        account: Path,
        automatic: Callable[[], bool],
        busy: Callable[[], bool],
        secrets: Callable[[], bytes | None],
    ) -> None:
        self._loop = loop
        self._start = start
        self._argv = argv
        self._account = account
        self._automatic = automatic
        self._busy = busy
        self._secrets = secrets
        self._running = False

    def start(self) -> None:
        """Begin, some seconds from now: a start has other things to do first."""
        self._loop.call_later(FIRST_AFTER_S, self._look)

    def _look(self) -> None:
        self._loop.call_later(BUSY_EVERY_S if self._busy() else QUIET_EVERY_S, self._look)
        if self._running or not self._automatic() or not self._account.exists():
            return
        secrets = self._secrets()
        if secrets is not None:
            self._running = True
            self._start(self._argv, self._ended, limit_s=900.0, secrets=secrets)

    def _ended(self, _: int) -> None:
        self._running = False
