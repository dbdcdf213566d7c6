"""From a terminal's window to what runs in it: the shell, its foreground program, its folder and file."""
# ruff: noqa: PTH118, PTH119

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.tracking.commandline import files
from app.tracking.multiplexers import LastUsed, Screen, Tmux
from app.tracking.platform.base import Process, Processes
from app.tracking.ttys import last_used
from app.tracking.zellij import Zellij

_DEEPEST = 8  # terminals within terminals
_MOST_PROCESSES = 400
_MOST_WRAPPERS = 6
_DELETED = " (deleted)"
# vim keeps `.name.swp` (then .swo, .swn …) beside the file, or `%home%u%name.swp` in a folder of its own.
_SWAP = re.compile(r"(?P<name>.+)\.sw[a-p]")


@dataclass(frozen=True, slots=True)
class TerminalNames:
    """Program names in small letters. `wrappers` run another program in their place."""

    terminals: frozenset[str]
    remote: frozenset[str]
    editors: frozenset[str]
    wrappers: frozenset[str]
    tmux: frozenset[str]
    screen: frozenset[str]
    zellij: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> TerminalNames:
        """The table in `resources/terminals.json`."""
        content: dict[str, Any] = json.loads(text)
        return cls(**{name: frozenset(content[name]) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody does in a terminal: the folder, and the file when an editor has one open."""

    folder: str = field(repr=False)
    file: str | None = field(default=None, repr=False)


class Terminals:
    """Looks from a terminal's process down to the program in front."""

    def __init__(
        self,
        processes: Processes,
        names: TerminalNames,
        *,
        home: str,
        tmux: Tmux | None = None,
        screen: Screen | None = None,
        zellij: Zellij | None = None,
        used: LastUsed = last_used,
    ) -> None:
        self._processes = processes
        self._names = names
        self._home = home
        self._tmux = tmux or Tmux(processes)
        self._screen = screen or Screen(processes)
        self._zellij = zellij or Zellij(processes)
        self._used = used

    def work(self, pid: int, window: int, title: str | None) -> Work | None:
        """What is done in the window of the terminal `pid`; None when nothing tells, or far away by ssh."""
        terminal = self._processes.read(pid)
        if terminal is None:
            return None
        shells = self._on_other_ttys(terminal)
        if len(shells) > 1:
            shells = self._of_window(shells, window)
        if not shells:
            return None
        return self._inside(self._likeliest(shells, title), title)

    def _on_other_ttys(self, above: Process) -> list[Process]:
        """The nearest processes below `above` that have a terminal of their own."""
        found: list[Process] = []
        waiting = list(self._processes.children(above.pid))
        for _ in range(_MOST_PROCESSES):
            if not waiting:
                break
            child = self._processes.read(waiting.pop(0))
            if child is None:
                continue
            if child.terminal is not None and child.terminal != above.terminal:
                found.append(child)
            else:
                waiting.extend(self._processes.children(child.pid))
        return found

    def _of_window(self, shells: list[Process], window: int) -> list[Process]:
        if not window:
            return shells
        told = [s for s in shells if self._processes.environment(s.pid, "WINDOWID") == str(window)]
        # A tab that was moved to another window still names its first one.
        return told or shells

    def _likeliest(self, shells: list[Process], title: str | None) -> Process:
        if len(shells) == 1:
            return shells[0]
        return max(
            shells,
            key=lambda shell: (self._shown(shell, title or ""), self._used(shell.terminal), shell.pid),
        )

    def _shown(self, shell: Process, title: str) -> int:
        """How much of a shell the title shows: 3 its folder, 2 the folder's name, 1 its program."""
        front = self._front(shell)
        folder = self._folder(front, shell)
        if folder is not None:
            inner = folder.removeprefix(self._home)
            short = f"~{inner}" if inner != folder and inner[:1] in {"", "/"} else folder
            if _has_word(title, short) or _has_word(title, folder):
                return 3
            if _has_word(title, os.path.basename(folder)):
                return 2
        return 1 if front.pid != shell.pid and _has_word(title, front.name) else 0

    def _inside(self, shell: Process, title: str | None) -> Work | None:
        around: str | None = None
        for _ in range(_DEEPEST):
            front = self._front(shell)
            name = front.name.casefold()
            if name in self._names.tmux | self._names.screen | self._names.zellij:
                inner = self._through(front, name, title)
            elif deeper := self._on_other_ttys_of_front(front):
                inner = self._likeliest(deeper, title).pid
                around = self._folder(front, shell) or around
            else:
                return self._done_by(front, self._folder(front, shell) or around, title)
            below = None if inner is None else self._processes.read(inner)
            if below is None:
                return None
            shell = below
        return None

    def _through(self, client: Process, name: str, title: str | None) -> int | None:
        """The process in the pane that a multiplexer's client shows; None when nothing tells."""
        if name in self._names.tmux:
            return self._tmux.pane(client, title)
        if name in self._names.screen:
            return self._screen.pane(client)
        panes = self._zellij.panes(client, title)
        return self._likeliest(panes, title).pid if panes else None

    def _on_other_ttys_of_front(self, front: Process) -> list[Process]:
        # Only what hands its place to another program: an editor's own terminal is a side room.
        if front.name.casefold() not in self._names.wrappers:
            return []
        return self._on_other_ttys(front)

    def _front(self, shell: Process) -> Process:
        """The program in the foreground of the shell's terminal, behind `sudo` and the like."""
        front = shell
        if shell.foreground is not None and shell.foreground > 0:
            leader = self._processes.read(shell.foreground)
            if leader is not None and leader.terminal == shell.terminal:
                front = leader
        for _ in range(_MOST_WRAPPERS):
            if front.name.casefold() not in self._names.wrappers:
                break
            run = [self._processes.read(pid) for pid in self._processes.children(front.pid)]
            same = [child for child in run if child is not None and child.terminal == front.terminal]
            if not same:
                break
            front = same[-1]
        return front

    def _done_by(self, front: Process, folder: str | None, title: str | None) -> Work | None:
        name = front.name.casefold()
        if name in self._names.remote or folder is None:
            return None
        if name not in self._names.editors:
            return Work(folder)
        return Work(folder, self._edited(front, folder, title or ""))

    def _folder(self, front: Process, shell: Process) -> str | None:
        """The folder of the first that tells: one of another user's does not, and the shell's is the same."""
        parent = None if front.pid == shell.pid else self._processes.read(front.parent)
        for process in (front, parent, shell):
            folder = None if process is None else self._processes.working_directory(process.pid)
            if folder is not None and folder.startswith("/"):
                return folder.removesuffix(_DELETED)
        return None

    def _edited(self, editor: Process, folder: str, title: str) -> str | None:
        open_files = [path for path in map(_swapped, self._processes.open_files(editor.pid)) if path]
        named = [os.path.join(folder, word) for word in files(self._processes.command_line(editor.pid))]
        known: Sequence[str] = open_files or named
        shown = [path for path in known if _has_word(title, os.path.basename(path))]
        return (shown or list(known) or [None])[-1]


def _swapped(path: str) -> str | None:
    """The file that a swap file is kept for; None when `path` is none."""
    folder, name = os.path.split(path)
    match = _SWAP.fullmatch(name)
    if match is None:
        return None
    if "%" in match["name"]:
        return match["name"].replace("%", "/")
    return os.path.join(folder, match["name"].removeprefix("."))


def _has_word(title: str, word: str) -> bool:
    """Whether the title shows `word`, and not as a part of a longer word or path."""
    if not word:
        return False
    at = title.find(word)
    while at >= 0:
        before, after = title[at - 1 : at] if at else "", title[at + len(word) :][:1]
        if not _continues(before) and not _continues(after):
            return True
        at = title.find(word, at + 1)
    return False


def _continues(letter: str) -> bool:
    return letter.isalnum() or letter in {"/", "_", "-", "~"} if letter else False
