"""The windows' line to the agent: its status as it changes, requests, and whether it is there at all.

Nothing here waits: the socket is read when it has something to say, and while no agent answers it is tried
again every second.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from PyQt6.QtCore import QObject, QSocketNotifier, QTimer, pyqtBoundSignal, pyqtSignal
from PyQt6.sip import voidptr

from app.control import LONGEST_LINE
from app.errors import AgentNotRunning, DevPulseError, from_json

_TRY_AGAIN_MS = 1_000
_AT_ONCE = 65536

Status = Mapping[str, Any]
Answered = Callable[[dict[str, Any]], None]
Refused = Callable[[DevPulseError], None]


class Agent(Protocol):
    """What pages know of the agent; tests pass one without a process behind it.

    `status_changed(dict)`: docs/control-socket.md; `focus_ended(dict)`; `present_changed(bool)`.
    """

    @property
    def status_changed(self) -> pyqtBoundSignal: ...

    @property
    def focus_ended(self) -> pyqtBoundSignal: ...

    @property
    def present_changed(self) -> pyqtBoundSignal: ...

    @property
    def present(self) -> bool:
        """Whether an agent answers now."""
        ...

    @property
    def status(self) -> Status | None:
        """The last status heard, None before the first and while the agent is away."""
        ...

    def request(
        self, name: str, /, *, then: Answered | None = None, failed: Refused | None = None, **values: Any
    ) -> None:
        """Ask the agent; `then(result)` or `failed(error)` is called later, never before this returns."""
        ...


class Live(QObject):
    """The agent over the control socket, as an `Agent`."""

    status_changed = pyqtSignal(object)
    focus_ended = pyqtSignal(object)
    present_changed = pyqtSignal(bool)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._socket: socket.socket | None = None
        self._notifier: QSocketNotifier | None = None
        self._buffer = bytearray()
        self._waiting: dict[int, tuple[Answered | None, Refused | None]] = {}
        self._last = 0
        self._status: dict[str, Any] | None = None
        self._again = QTimer(self)
        self._again.setInterval(_TRY_AGAIN_MS)
        self._again.timeout.connect(self.connect_now)

    @property
    def present(self) -> bool:
        return self._status is not None

    @property
    def status(self) -> Status | None:
        return self._status

    def start(self) -> None:
        """Follow the agent from now on, whenever there is one."""
        self._again.start()
        self.connect_now()

    def stop(self) -> None:
        """Follow it no more."""
        self._again.stop()
        self._hang_up()

    def connect_now(self) -> None:
        """Try at once, not only at the next second."""
        if self._socket is not None:
            return
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            connection.connect(str(self._path))
        except OSError:
            connection.close()
            return
        self._socket = connection
        notifier = QSocketNotifier(voidptr(connection.fileno()), QSocketNotifier.Type.Read, self)
        notifier.activated.connect(self._readable)
        self._notifier = notifier
        self.request("subscribe", then=self._heard_status)

    def request(
        self, name: str, /, *, then: Answered | None = None, failed: Refused | None = None, **values: Any
    ) -> None:
        self._last += 1
        if self._socket is None:
            self._refuse_later(failed)
            return
        self._waiting[self._last] = (then, failed)
        line = json.dumps({"do": name, "id": self._last, **values}, ensure_ascii=False) + "\n"
        try:
            # A request is far smaller than the socket's buffer: it goes out whole, or the agent hangs.
            sent = self._socket.send(line.encode())
        except OSError:
            sent = 0
        if sent < len(line.encode()):
            self._lost()

    def _readable(self) -> None:
        if self._socket is None:
            return
        try:
            chunk = self._socket.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._lost()
            return
        self._buffer += chunk
        *lines, rest = self._buffer.split(b"\n")
        self._buffer = bytearray(rest)
        for line in lines:
            self._handle(bytes(line))
        if len(self._buffer) > 4 * LONGEST_LINE:
            self._lost()

    def _handle(self, line: bytes) -> None:
        try:
            message = cast("dict[str, Any]", json.loads(line))
        except ValueError:
            return
        event = message.get("event")
        if event == "status":
            self._heard_status(message)
        elif event == "focus_ended":
            self.focus_ended.emit(message)
        elif event is None:
            self._answered(message)

    def _answered(self, message: dict[str, Any]) -> None:
        then, failed = self._waiting.pop(message.get("id", 0), (None, None))
        if message.get("ok"):
            if then is not None:
                then(message.get("result", {}))
        elif failed is not None:
            failed(from_json(message.get("error", {})))

    def _heard_status(self, status: dict[str, Any]) -> None:
        was_away = self._status is None
        self._status = status
        if was_away:
            self.present_changed.emit(True)
        self.status_changed.emit(status)

    def _lost(self) -> None:
        was_there = self._status is not None
        self._hang_up()
        if was_there:
            self.present_changed.emit(False)

    def _hang_up(self) -> None:
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._buffer.clear()
        self._status = None
        waiting, self._waiting = self._waiting, {}
        for _, failed in waiting.values():
            self._refuse_later(failed)

    def _refuse_later(self, failed: Refused | None) -> None:
        if failed is not None:
            QTimer.singleShot(0, lambda: failed(_away()))


def _away() -> AgentNotRunning:
    return AgentNotRunning(
        "DevPulse is not recording: its agent does not run.",
        detail="What was recorded is safe.",
        advice="Start it from the notice at the top of the window.",
    )
