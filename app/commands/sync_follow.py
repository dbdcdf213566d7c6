"""`devpulse sync --follow`: in step as things happen, for as long as a window is open or a person likes.

A hint from the service, or a change in the database here, begins a sync at once. Without hints it looks each
minute; a service that is away is asked again with growing patience.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.errors import DevPulseError, NotSignedIn, ServiceAway, StorageBusy

if TYPE_CHECKING:
    from app.sync.link.events import Events

_LOOK_EVERY_S = 0.2
_POLL_EVERY_S = 60.0
# Changes come in bursts; they go together.
_SETTLE_S = 0.3


class Following:
    """The state of one `--follow`. `look_every_s`: how long it waits for a hint before it looks elsewhere."""

    look_every_s = _LOOK_EVERY_S

    def __init__(self, context: Context, given: dict[str, str], *, as_json: bool) -> None:
        from app.models.data_version import DataVersion
        from app.sync.link.patience import Breaker

        self._context = context
        self._given = given
        self._as_json = as_json
        self._version = DataVersion(context.paths.database)
        self._seen = self._version()
        self._breaker = Breaker()
        self._events: Events | None = None
        self._latest = -1
        self._next_s = 0.0

    def run(self) -> None:
        """Go on until interrupted. Raises `NotSignedIn`."""
        try:
            while True:
                now = time.monotonic()
                if now >= self._next_s and self._breaker.allows(time.time()):
                    self._sync()
                self._hear()
        finally:
            self._drop()
            self._version.close()

    def _sync(self) -> None:
        from app.commands.sync import sync_now

        self._next_s = time.monotonic() + _POLL_EVERY_S
        try:
            tally = sync_now(self._context, self._given, wait_s=30.0, show=False)
        except NotSignedIn:
            raise
        except StorageBusy:
            self._next_s = time.monotonic() + 1.0
            return
        except DevPulseError as error:
            asked = error.retry_after_s if isinstance(error, ServiceAway) else None
            self._breaker = self._breaker.failed(time.time(), random.random, asked)
            self._next_s = time.monotonic()
            self._say({"ok": False, "error": error.as_json()}, error.title)
            return
        self._breaker = self._breaker.succeeded()
        self._seen = self._version()
        if tally.pushed or tally.pulled:
            from app.commands.sync import words

            self._say({"ok": True, **asdict(tally)}, words(tally))

    def _hear(self) -> None:
        """Wait a little for what happens, here or at the service."""
        try:
            if self._events is None and not self._breaker.failures:
                self._events = self._listen()
            latest = None if self._events is None else self._events.hear(self.look_every_s)
        except DevPulseError:
            self._drop()
            latest = None
        if self._events is None:
            time.sleep(self.look_every_s)
        if latest is not None and latest > self._latest:
            self._latest = latest
            self._soon(0.0)
        seen = self._version()
        if seen != self._seen:
            self._seen = seen
            self._soon(_SETTLE_S)

    def _listen(self) -> Events | None:
        from app.commands.membership import alone, settings_of, signed_in
        from app.sync.link.address import parse_address
        from app.sync.link.events import Events
        from app.sync.link.trust import parse_pins

        with alone(self._context, 5.0):
            signed = signed_in(self._context, self._given)
            token = signed.token()
        address = parse_address(signed.member.server)
        return Events(address, token, pins=parse_pins(settings_of(self._context).text("sync.pin")))

    def _soon(self, in_s: float) -> None:
        self._next_s = min(self._next_s, time.monotonic() + in_s)

    def _drop(self) -> None:
        if self._events is not None:
            with suppress(Exception):
                self._events.close()
            self._events = None

    def _say(self, told: dict[str, object], words: str) -> None:
        self._context.out.write((json.dumps(told) if self._as_json else words) + "\n")
        self._context.out.flush()


def follow(arguments: argparse.Namespace, context: Context, given: dict[str, str]) -> int:
    """Stay in step until interrupted."""
    Following(context, given, as_json=arguments.json).run()
    return 0
