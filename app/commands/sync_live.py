"""`devpulse sync --live`: beside an open window, in step as things happen, and told in lines of JSON.

The first line of standard input is the object of secrets, as with `--secrets-stdin`; each later one asks for
something: `{"do": "sync"}` at once, `{"do": "status"}`. Its end is the end of the window, and of this.

What is said: `{"event": "status", …}` (as `sync --status --json` tells it, with the account), `{"event":
"listening", "on"}`, `{"event": "syncing", "phase", "done", "total"}` where it takes a moment, `{"event":
"synced", …}` with what changed, `{"event": "failed", "error"}`.
"""

from __future__ import annotations

import json
import math
import queue
import random
import threading
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from app.commands.context import Context
from app.commands.sync_follow import Following
from app.errors import DevPulseError, NotSignedIn, ServiceAway, StorageBusy

if TYPE_CHECKING:
    from app.sync.link.events import Events
    from app.sync.outcome import Progress

_LOOK_EVERY_S = 0.1
_POLL_EVERY_S = 60.0
# What is through sooner is not worth a word.
_TELL_AFTER_S, _TELL_EVERY_S = 0.3, 0.2
_GONE = "gone"


class Live(Following):
    """The state of one `--live`."""

    look_every_s = _LOOK_EVERY_S

    def __init__(self, context: Context, given: dict[str, str]) -> None:
        super().__init__(context, given, as_json=True)
        self._wishes: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._automatic = True
        self._begun_s = self._told_s = self._look_s = 0.0
        threading.Thread(target=self._read_wishes, name="wishes", daemon=True).start()

    def run(self) -> None:
        """Go on until the window has gone. Raises `NotSignedIn`."""
        self._tell_status()
        self._look_whether()
        self._soon(0.0)
        try:
            while self._obey():
                if time.monotonic() >= self._look_s and not self._automatic:
                    self._look_whether()
                if time.monotonic() >= self._next_s and self._breaker.allows(time.time()):
                    self._sync()
                self._hear()
        finally:
            self._drop()
            self._version.close()

    def _obey(self) -> bool:
        """Do what the window has asked for meanwhile; False once it has gone."""
        try:
            while True:
                wish = self._wishes.get_nowait()
                if wish == _GONE:
                    return False
                if wish == "sync":
                    self._sync()
                elif wish == "status":
                    self._tell_status()
        except queue.Empty:
            return True

    def _sync(self) -> None:
        from app.commands.membership import alone, home_key, signed_in
        from app.commands.syncing import run_once

        self._look_whether()
        self._begun_s = time.monotonic()
        try:
            with alone(self._context):
                signed = signed_in(self._context, self._given)
                key = home_key(self._context, self._given)
                tally = run_once(self._context, key, signed, self._tell_progress)
        except NotSignedIn:
            raise
        except StorageBusy:
            self._next_s = time.monotonic() + 1.0
            return
        except DevPulseError as error:
            asked = error.retry_after_s if isinstance(error, ServiceAway) else None
            self._breaker = self._breaker.failed(time.time(), random.random, asked)
            self._soon(0.0)
            self._tell_status()
            self._say({"event": "failed", "error": error.as_json()}, "")
            return
        self._breaker = self._breaker.succeeded()
        self._seen = self._version()
        self._tell_status()
        self._say({"event": "synced", **asdict(tally)}, "")

    def _look_whether(self) -> None:
        """Whether to go by itself, as things are now; the next time is set accordingly."""
        from app.commands.sync import by_itself

        self._automatic = by_itself(self._context)
        self._look_s = time.monotonic() + _POLL_EVERY_S
        self._next_s = self._look_s if self._automatic else math.inf

    def _soon(self, in_s: float) -> None:
        if self._automatic:
            super()._soon(in_s)

    def _listen(self) -> Events | None:
        if not self._automatic:
            return None
        events = super()._listen()
        self._say({"event": "listening", "on": True}, "")
        # What came between the last sync and now has no hint.
        self._soon(0.0)
        return events

    def _drop(self) -> None:
        if self._events is not None:
            self._say({"event": "listening", "on": False}, "")
        super()._drop()

    def _tell_progress(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._begun_s >= _TELL_AFTER_S and now - self._told_s >= _TELL_EVERY_S:
            self._told_s = now
            self._say({"event": "syncing", **asdict(progress)}, "")

    def _tell_status(self) -> None:
        from app.commands.account import told_member
        from app.commands.membership import signed_in
        from app.commands.sync_status import status_of, tell_agent

        signed = signed_in(self._context, self._given)
        told = status_of(self._context, self._given, signed)
        tell_agent(self._context, told)
        self._say({"event": "status", "account": told_member(signed), **told}, "")

    def _read_wishes(self) -> None:
        for line in self._context.input:
            try:
                found: object = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                self._wishes.put(str(cast("dict[str, Any]", found).get("do", "")))
        self._wishes.put(_GONE)


def live(context: Context) -> int:
    """Stay in step until the window has gone."""
    try:
        found: object = json.loads(context.input.readline() or "{}")
    except ValueError:
        found = {}
    given = cast("dict[str, str]", found) if isinstance(found, dict) else {}
    Live(context, given or {"": ""}).run()
    return 0
