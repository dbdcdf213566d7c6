"""The agent's control socket: one JSON object a line, owner only.

A request is `{"do": NAME, "id": ANY, …}`; its answer `{"id": ANY, "ok": true, "result": {…}}` or
`{"id": ANY, "ok": false, "error": {…}}`. After `subscribe` the agent also sends `{"event": NAME, …}`
lines as things change. The names are in docs/control-socket.md.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import stat
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self, cast

from app.errors import AgentNotRunning, DevPulseError, from_json
from app.loop import Loop, describe

logger = logging.getLogger(__name__)

LONGEST_LINE = 256 * 1024
MOST_CLIENTS = 64
# A subscriber that does not read gets no more than this; then it is let go.
LONGEST_BACKLOG = 1024 * 1024

Handler = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]


class Server:
    """Listens on the socket within a `Loop` and hands each request to `handler`.

    `handler(name, request)` returns the result or raises `DevPulseError`; it runs in the loop's thread.
    """

    def __init__(self, path: Path, loop: Loop, handler: Handler) -> None:
        self._path = path
        self._loop = loop
        self._handler = handler
        self._listener: socket.socket | None = None
        self._clients: dict[int, _Client] = {}

    def start(self) -> None:
        """Bind for the owner only. The caller holds the agent's lock, so a socket in the way is stale."""
        make_private_folder(self._path.parent)
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.setblocking(False)
        before = os.umask(0o177)
        try:
            listener.bind(str(self._path))
        finally:
            os.umask(before)
        listener.listen(MOST_CLIENTS)
        self._listener = listener
        self._loop.watch(listener.fileno(), self._accept)

    def stop(self) -> None:
        """Close every connection and remove the socket."""
        for client in list(self._clients.values()):
            client.flush()
            client.close()
        if self._listener is not None:
            self._loop.unwatch(self._listener.fileno())
            self._listener.close()
            self._listener = None
            self._path.unlink(missing_ok=True)

    @property
    def subscribed(self) -> bool:
        """Whether anyone listens to events, so that nobody makes them for nothing."""
        return any(client.subscribed for client in self._clients.values())

    def publish(self, event: str, values: Mapping[str, Any]) -> None:
        """Send an event to every subscriber."""
        if not self.subscribed:
            return
        line = _line({"event": event, **values})
        for client in list(self._clients.values()):
            if client.subscribed:
                client.send(line)

    def _accept(self) -> None:
        assert self._listener is not None
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        connection.setblocking(False)
        if len(self._clients) >= MOST_CLIENTS or not _same_person(connection):
            connection.close()
            return
        client = _Client(connection, self)
        self._clients[client.fd] = client
        self._loop.watch(client.fd, client.ready)

    def handle(self, client: _Client, line: bytes) -> None:
        """Answer one request line; a line that is no request gets an error, not a hang-up."""
        try:
            request: object = json.loads(line)
        except (ValueError, RecursionError):
            request = None
        if not isinstance(request, dict):
            client.send(_line(_failure(None, DevPulseError("A request is one JSON object a line."))))
            return
        fields = cast("dict[str, Any]", request)
        identity = fields.get("id")
        name = fields.get("do")
        try:
            if not isinstance(name, str):
                raise DevPulseError('A request names what to do in "do".')
            result = self._handler(name, fields)
            client.subscribed = client.subscribed or name == "subscribe"
            client.send(_line({"id": identity, "ok": True, "result": result}))
        except DevPulseError as error:
            client.send(_line(_failure(identity, error)))
        except Exception as error:  # noqa: BLE001 - one bad request must not end the agent
            logger.error("request %s failed: %s", str(name)[:40], describe(error))
            bug = DevPulseError(
                "The agent failed to do this.",
                detail=f"A fault of DevPulse ({type(error).__name__}); nothing recorded is lost.",
                advice="The log file tells where.",
            )
            client.send(_line(_failure(identity, bug)))

    def watch(self, client: _Client, *, write: bool) -> None:
        self._loop.watch(client.fd, client.ready, write=write)

    def forget(self, client: _Client) -> None:
        self._loop.unwatch(client.fd)
        self._clients.pop(client.fd, None)


class _Client:
    """One connection: bytes in until a line is whole, bytes out as the other side reads."""

    def __init__(self, connection: socket.socket, server: Server) -> None:
        self._connection = connection
        self._server = server
        self._incoming = bytearray()
        self._outgoing = bytearray()
        self.fd = connection.fileno()
        self.subscribed = False

    def ready(self) -> None:
        if self._outgoing:
            self.flush()
        try:
            chunk = self._connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self.close()
            return
        self._incoming += chunk
        self._handle_lines()

    def _handle_lines(self) -> None:
        while self.fd >= 0:
            end = self._incoming.find(b"\n")
            if end < 0:
                break
            line = bytes(self._incoming[:end])
            del self._incoming[: end + 1]
            if line.strip():
                self._server.handle(self, line)
        if len(self._incoming) > LONGEST_LINE:
            self.close()

    def send(self, line: bytes) -> None:
        if self.fd < 0:
            return
        self._outgoing += line
        if len(self._outgoing) > LONGEST_BACKLOG:
            logger.info("a subscriber does not read; it was let go")
            self.close()
            return
        self.flush()

    def flush(self) -> None:
        if self.fd < 0:
            return
        try:
            sent = self._connection.send(self._outgoing) if self._outgoing else 0
            del self._outgoing[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            return
        self._server.watch(self, write=bool(self._outgoing))

    def close(self) -> None:
        if self.fd < 0:
            return
        self._server.forget(self)
        self.fd = -1
        self._connection.close()


class Client:
    """A connection to the agent, for commands and windows. Blocking; a context manager."""

    def __init__(self, path: Path, *, timeout_s: float = 10.0) -> None:
        """Raises `AgentNotRunning` when no agent answers there."""
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._connection.settimeout(timeout_s)
        self._buffer = bytearray()
        self._events: list[dict[str, Any]] = []
        try:
            _connect(self._connection, path, timeout_s)
        except OSError as error:
            self._connection.close()
            raise AgentNotRunning(
                "DevPulse's agent is not running.",
                detail="Nothing is being recorded now; what was recorded is safe.",
                advice="Start it with `devpulse --tray`.",
            ) from error
        if not _same_person(self._connection):
            self._connection.close()
            raise AgentNotRunning("The socket of the agent belongs to somebody else.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def fileno(self) -> int:
        return self._connection.fileno()

    def request(self, name: str, /, **values: Any) -> dict[str, Any]:
        """Ask, and return the result. Raises the agent's own error, or `AgentNotRunning` if it ends."""
        try:
            self._connection.sendall(_line({"do": name, "id": 1, **values}))
        except OSError as error:
            raise _gone() from error
        while True:
            answer = self._read()
            if "event" in answer:
                self._events.append(answer)
                continue
            if answer.get("ok"):
                return dict(answer["result"])
            raise from_json(answer.get("error", {}))

    def events(self) -> Iterator[dict[str, Any]]:
        """Subscribe, and yield events until the agent ends (then raises `AgentNotRunning`)."""
        self.request("subscribe")
        self._connection.settimeout(None)
        while True:
            yield self._events.pop(0) if self._events else self._read()

    def _read(self) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            try:
                chunk = self._connection.recv(65536)
            except TimeoutError as error:
                raise DevPulseError(
                    "The agent does not answer.",
                    advice="If this stays so, end it with `devpulse quit` or your task manager.",
                ) from error
            except OSError as error:
                raise _gone() from error
            if not chunk:
                raise _gone()
            self._buffer += chunk
        end = self._buffer.index(b"\n")
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return cast("dict[str, Any]", json.loads(line))


def _connect(connection: socket.socket, path: Path, timeout_s: float) -> None:
    """Connect, waiting while the agent has more callers than it has accepted yet."""
    until = time.monotonic() + timeout_s
    while True:
        try:
            connection.connect(str(path))
        except BlockingIOError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _gone() -> AgentNotRunning:
    return AgentNotRunning("The agent has ended.", detail="What was recorded is safe.")


def _line(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _failure(identity: object, error: DevPulseError) -> dict[str, Any]:
    return {"id": identity, "ok": False, "error": error.as_json()}


def make_private_folder(folder: Path) -> None:
    """Make `folder` for its owner only; refuses one that somebody else prepared (it may be in /tmp)."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise DevPulseError(
            f"The folder {folder} belongs to somebody else.",
            detail="DevPulse does not put its socket there.",
            advice="Remove it, or set XDG_RUNTIME_DIR to a folder of your own.",
        )
    if found.st_mode & 0o077:
        folder.chmod(0o700)


def _same_person(connection: socket.socket) -> bool:
    """Whether the other end runs as the same user; where the system cannot tell, the mode 0600 decides."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return True
    credentials = connection.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", credentials)
    return user == os.getuid()
