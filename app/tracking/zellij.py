"""Through zellij: from the client in a terminal to the shells in the panes of its session.

By what zellij publishes (zellij-client `spawn_server`, zellij-utils `consts`): the server is the process
`zellij --server …/VERSION/SESSION`, nobody's child, and what runs in the panes are its children.
"""
# ruff: noqa: PTH119, PTH208

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

from app.tracking.platform.base import Process, Processes

_LOOK_AGAIN_S = 10.0
_MOST_CLIENTS = 32
_SERVER = "--server"


def all_processes(root: str = "/proc") -> Sequence[int]:
    """The number of every process there is; none where the system does not tell."""
    try:
        return [int(name) for name in os.listdir(root) if name.isascii() and name.isdecimal()]
    except OSError:
        return ()


class Zellij:
    """Finds the server of a client once, and looks for it again at most every 10 s where it found none."""

    def __init__(
        self,
        processes: Processes,
        *,
        everything: Callable[[], Sequence[int]] = all_processes,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._processes = processes
        self._everything = everything
        self._monotonic = monotonic
        self._found: dict[int, tuple[int | None, float]] = {}

    def panes(self, client: Process, title: str | None) -> list[Process]:
        """The processes with which the panes of the client's session were started."""
        server = self._server(client, title or "")
        below = [self._processes.read(pid) for pid in self._processes.children(server)] if server else []
        return [process for process in below if process is not None and process.terminal is not None]

    def _server(self, client: Process, title: str) -> int | None:
        known, until = self._found.get(client.pid, (None, 0.0))
        if known is not None and self._session(known):
            return known
        now = self._monotonic()
        if known is not None or now >= until:
            known = self._of_client(client, title)
            self._found.pop(client.pid, None)
            self._found[client.pid] = (known, now + _LOOK_AGAIN_S)
            if len(self._found) > _MOST_CLIENTS:
                del self._found[next(iter(self._found))]
        return known

    def _of_client(self, client: Process, title: str) -> int | None:
        name = client.name.casefold()
        sessions: dict[str, int] = {}
        for pid in self._everything():
            process = self._processes.read(pid)
            if process is not None and process.name.casefold() == name:
                session = self._session(pid)
                if session:
                    sessions[session] = pid
        words = {
            part for word in self._processes.command_line(client.pid)[1:] for part in (word, _value(word))
        }
        named = [pid for session, pid in sessions.items() if session in words]
        shown = [pid for session, pid in sessions.items() if session in title]
        found = named or shown or list(sessions.values())
        return found[0] if len(found) == 1 else None

    def _session(self, pid: int) -> str:
        """The session that this process serves; "" when it is no server."""
        words = self._processes.command_line(pid)
        if _SERVER not in words[:-1]:
            return ""
        return os.path.basename(words[words.index(_SERVER) + 1])


def _value(word: str) -> str:
    return word.partition("=")[2] if word.startswith("--") else word
