"""The requests of the control socket: their words are checked here, and the service is asked."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from app.clock import Clock, next_midnight_ms
from app.errors import DatabaseCorrupt, DevPulseError, StorageError, UsageError
from app.models.books import Books
from app.models.cipher import KEY_BYTES, Cipher
from app.paths import Paths
from app.tracking.service import Service

_LONGEST_PAUSE_S = 366 * 86_400

Request = Mapping[str, Any]
Answer = Mapping[str, Any]


class Requests:
    """Answers one request at a time. `checks()`: the agent's own findings for `doctor`.

    `synced(outcome)`: a command has synced, and this came of it.
    """

    def __init__(
        self,
        service: Service,
        *,
        paths: Paths,
        clock: Clock,
        checks: Callable[[], list[dict[str, str]]],
        quit_agent: Callable[[], None],
        synced: Callable[[Mapping[str, Any]], None] = lambda _: None,
    ) -> None:
        self._service = service
        self._paths = paths
        self._clock = clock
        self._checks = checks
        self._quit = quit_agent
        self._synced_hook = synced
        self._answers: Mapping[str, Callable[[Request], Answer]] = {
            "status": lambda _: service.status(),
            "subscribe": lambda _: service.status(),
            "flush": self._flush,
            "pause": self._pause,
            "resume": self._resume,
            "private": self._private,
            "focus": self._focus,
            "project": self._project,
            "reload": self._reload,
            "unlock": self._unlock,
            "synced": self._synced,
            "account": self._account,
            "doctor": self._doctor,
            "quit": self._end,
        }

    def handle(self, name: str, request: Request) -> Answer:
        """The answer to a request. Raises `DevPulseError`."""
        answer = self._answers.get(name)
        if answer is None:
            raise UsageError(f"The agent does not know the request {name[:40]!r}.")
        return answer(request)

    def _flush(self, _: Request) -> Answer:
        self._service.flush()
        return {}

    def _pause(self, request: Request) -> Answer:
        seconds = request.get("seconds")
        if request.get("until") == "tomorrow":
            now_ms = self._clock.now().wall_ms
            seconds = (next_midnight_ms(now_ms) - now_ms) / 1000
        if seconds is not None and (
            isinstance(seconds, bool)
            or not isinstance(seconds, (int, float))
            or not 0 < seconds <= _LONGEST_PAUSE_S
        ):
            raise UsageError("A pause lasts more than nothing and at most a year.")
        until = None if seconds is None else self._clock.now().wall_ms + round(seconds * 1000)
        self._service.switch(self._service.switches.turned(paused=True, until_ms=until))
        return self._service.status()

    def _resume(self, _: Request) -> Answer:
        self._service.switch(self._service.switches.turned(paused=False))
        return self._service.status()

    def _private(self, request: Request) -> Answer:
        on = request.get("on", not self._service.switches.private)
        if not isinstance(on, bool):
            raise UsageError("Private mode is switched on or off.")
        self._service.switch(self._service.switches.turned(private=on))
        return self._service.status()

    def _focus(self, request: Request) -> Answer:
        focus, action = self._service.focus, request.get("action", "status")
        if action == "start":
            self._focus_start(request.get("minutes"), request.get("project"))
        elif action == "pause":
            focus.pause()
        elif action == "resume":
            focus.resume()
        elif action == "stop":
            focus.stop()
        elif action != "status":
            raise UsageError("A focus session is started, paused, resumed or stopped.")
        return {"focus": self._service.status()["focus"]}

    def _focus_start(self, minutes: object, project: object) -> None:
        if minutes is not None and (isinstance(minutes, bool) or not isinstance(minutes, int)):
            raise UsageError("The length of a focus session is a whole number of minutes.")
        if project is not None and not isinstance(project, str):
            raise UsageError("A project is named by a text.")
        project_id = None if project is None else self._service.project_named(project).id
        self._service.focus.start(minutes, project_id)

    def _project(self, request: Request) -> Answer:
        name = request.get("name")
        if name is not None and not isinstance(name, str):
            raise UsageError("A project is named by a text.")
        project_id = None if name is None else self._service.project_named(name).id
        self._service.switch(replace(self._service.switches, project_id=project_id))
        return self._service.status()

    def _reload(self, _: Request) -> Answer:
        self._service.reload()
        return {}

    def _unlock(self, request: Request) -> Answer:
        if not self._service.locked:
            return {"unlocked": True}
        try:
            key = base64.b64decode(request.get("key", ""), validate=True)
        except (binascii.Error, ValueError, TypeError):
            key = b""
        if len(key) != KEY_BYTES:
            raise UsageError("This is not a key.")
        self._service.unlock(Books.open(self._paths.database, Cipher(key)))
        return {"unlocked": True}

    def _synced(self, request: Request) -> Answer:
        outcome = request.get("outcome")
        if not isinstance(outcome, dict):
            raise UsageError("The outcome of a sync is an object.")
        self._synced_hook(cast("dict[str, Any]", outcome))
        return {}

    def _account(self, request: Request) -> Answer:
        counts = [request.get(name) for name in ("conflicts", "alarms")]
        if not all(isinstance(count, int) and count >= 0 for count in counts):
            raise UsageError("What waits is told by two numbers.")
        self._service.account_waits(*cast("list[int]", counts))
        return {}

    def _doctor(self, _: Request) -> Answer:
        self._service.look_for_file()
        return {"checks": self._checks()}

    def _end(self, _: Request) -> Answer:
        try:
            self._service.flush()
        except DatabaseCorrupt:
            # Nothing can be stored in it any more: the next start recovers it, and takes in what is kept.
            self._paths.prepared.unlink(missing_ok=True)
        except StorageError as error:
            raise DevPulseError(
                "Not everything could be stored, so the agent goes on.",
                detail=error.title,
                advice=f"Make room, or end it with `kill {os.getpid()}`; what cannot be kept is lost then.",
            ) from error
        self._quit()
        return {}
