"""Through tmux and screen: from the client in a terminal to the shell in the pane it shows."""
# ruff: noqa: PTH118

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.tracking.commandline import options
from app.tracking.platform.base import Process, Processes
from app.tracking.ttys import last_used, would_show_more

_LIMIT_S = 0.5
_LONGEST_ANSWER = 64 * 1024
_VALID_S = 10.0
# A server that is only starting, or a busy machine, answers soon; a broken one never.
_AFTER_FAILURES_S = (0.5, 1.0, 2.0, 5.0, 15.0, 60.0)
_MOST_CLIENTS = 32

Run = Callable[[Sequence[str]], str | None]
LastUsed = Callable[[int | None], tuple[int, int]]


def run_briefly(argv: Sequence[str]) -> str | None:
    """The standard output of a command that ends well within half a second; None otherwise."""
    try:
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_LIMIT_S,
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout[:_LONGEST_ANSWER].decode("utf-8", "replace") if done.returncode == 0 else None


@dataclass(frozen=True, slots=True)
class _Answer:
    title: str | None
    used: tuple[int, int]
    settled: bool
    until: float
    pane: int | None
    failures: int = 0


class Tmux:
    """Asks a client's server which pane it shows.

    An answer holds while the window's title stays, and for 10 s where somebody may have typed since. Where
    there is none, the last one holds while its pane lives, and it is asked again, ever less often.
    """

    def __init__(
        self,
        processes: Processes,
        *,
        run: Run = run_briefly,
        used: LastUsed = last_used,
        monotonic: Callable[[], float] = time.monotonic,
        wall_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._processes = processes
        self._wall_ns = wall_ns
        self._run = run
        self._used = used
        self._monotonic = monotonic
        self._answers: dict[int, _Answer] = {}

    def pane(self, client: Process, title: str | None) -> int | None:
        """The process that the client's active pane was started with; None when tmux does not tell."""
        used = self._used(client.terminal)
        known = self._answers.pop(client.pid, None)
        if known is None or not self._holds(known, title, used):
            known = self._asked(client, title, used, known)
        self._answers[client.pid] = known
        if len(self._answers) > _MOST_CLIENTS:
            del self._answers[next(iter(self._answers))]
        return known.pane

    def _holds(self, known: _Answer, title: str | None, used: tuple[int, int]) -> bool:
        now = self._monotonic()
        if known.failures:
            return now < known.until
        if known.pane is None:
            return False
        if self._processes.read(known.pane) is None or title != known.title:
            return False
        return now < known.until or (known.settled and used == known.used)

    def _asked(
        self, client: Process, title: str | None, used: tuple[int, int], known: _Answer | None
    ) -> _Answer:
        words = ("tmux", "-S", self._socket(client), "list-clients", "-F", "#{client_pid} #{pane_pid}")
        asked_at = self._wall_ns()
        told = self._run(words)
        pane = _pane_of(client.pid, told or "")
        if pane is None:
            return self._unanswered(title, used, known)
        settled = would_show_more(used, asked_at)
        return _Answer(title, used, settled, self._monotonic() + _VALID_S, pane)

    def _unanswered(self, title: str | None, used: tuple[int, int], known: _Answer | None) -> _Answer:
        before, pane = (0, None) if known is None else (known.failures, known.pane)
        if pane is not None and self._processes.read(pane) is None:
            pane = None
        wait_s = _AFTER_FAILURES_S[min(before, len(_AFTER_FAILURES_S) - 1)]
        return _Answer(
            title, used, settled=False, until=self._monotonic() + wait_s, pane=pane, failures=before + 1
        )

    def _socket(self, client: Process) -> str:
        given, _ = options(
            self._processes.command_line(client.pid)[1:], with_value="cfLST", without_value="2CDluUvVN"
        )
        if given.get("S"):
            folder = self._processes.working_directory(client.pid) or "/"
            return os.path.join(folder, given["S"])
        inside = self._processes.environment(client.pid, "TMUX")
        if inside and "L" not in given:
            return inside.rsplit(",", 2)[0]
        folder = self._processes.environment(client.pid, "TMUX_TMPDIR") or "/tmp"  # noqa: S108 - tmux's own
        return os.path.join(folder, f"tmux-{os.getuid()}", given.get("L") or "default")


def _pane_of(client_pid: int, told: str) -> int | None:
    for line in told.splitlines():
        client, _, pane = line.partition(" ")
        if client == str(client_pid) and _is_number(pane):
            return int(pane)
    return None


class Screen:
    """Finds the server of a screen client, and the window somebody used last; nothing is run for it."""

    def __init__(
        self,
        processes: Processes,
        *,
        sockets: Callable[[Process], Sequence[str]] | None = None,
        used: LastUsed = last_used,
    ) -> None:
        self._processes = processes
        self._sockets = sockets or self._attached
        self._used = used

    def pane(self, client: Process) -> int | None:
        """The process in the window of the client's session that was typed in last."""
        server = self._server(client)
        windows = [self._processes.read(pid) for pid in self._processes.children(server)] if server else []
        shells = [shell for shell in windows if shell is not None and shell.terminal is not None]
        if not shells:
            return None
        return max(shells, key=lambda shell: (self._used(shell.terminal), shell.pid)).pid

    def _server(self, client: Process) -> int | None:
        # Who starts a session is its server's parent; who attaches later is not.
        for pid in self._processes.children(client.pid):
            child = self._processes.read(pid)
            if child is not None and child.name.casefold() == client.name.casefold():
                return pid
        return self._server_by_socket(client)

    def _server_by_socket(self, client: Process) -> int | None:
        sessions = [name for name in self._sockets(client) if _is_number(name.partition(".")[0])]
        words = self._processes.command_line(client.pid)[1:]
        named = [s for s in sessions if any(_names(word, s) for word in words if not word.startswith("-"))]
        servers = [int(name.partition(".")[0]) for name in named or sessions]
        living = [pid for pid in servers if self._processes.read(pid) is not None]
        return living[0] if len(living) == 1 else None

    def _attached(self, client: Process) -> Sequence[str]:
        given = self._processes.environment(client.pid, "SCREENDIR")
        user = self._processes.environment(client.pid, "USER") or self._processes.environment(
            client.pid, "LOGNAME"
        )
        folder = given or (f"/run/screen/S-{user}" if user and "/" not in user else None)
        if folder is None:
            return ()
        try:
            # screen marks a session that is shown somewhere by its socket's execute bit.
            with os.scandir(folder) as listing:
                return [entry.name for entry in listing if entry.stat().st_mode & 0o100]
        except (OSError, ValueError):
            return ()


def _names(word: str, session: str) -> bool:
    pid, _, name = session.partition(".")
    return bool(word) and (word in (session, pid) or name.startswith(word))


def _is_number(text: str) -> bool:
    # Other scripts have digits too, and int() takes only some of them.
    return text.isascii() and text.isdigit() and len(text) < 10
