"""A person's day on a virtual desktop: each thing they do, done for real and noted in the diary."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.desktop.agent import Agent
from tests.desktop.desktop import Desktop
from tests.desktop.diary import Deed, Diary
from tests.desktop.windows import Window

NOTHING = Deed("", present=False, recorded=False)


class Day:
    """What the person does, one method each; every one returns when it is over.

    `tell` is called with a sentence before each step.
    """

    def __init__(
        self, desktop: Desktop, agent: Agent, *, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self._desktop = desktop
        self._agent = agent
        self._tell = tell
        self.diary = Diary()
        self.focused_s = 0.0

    def work(self, words: str, window: Window, deed: Deed, seconds: float, *, line: str = "") -> None:
        """Be in `window` for so long; with `line`, type that there first."""
        self._tell(f"{seconds:4.0f} s  {words}")
        self._desktop.hands.focus(window.id)
        self.diary.begin(deed)
        until = time.monotonic() + seconds
        if line:
            self._desktop.hands.line(line)
        self._agent.stay(until - time.monotonic())

    def switch_branch(self, words: str, window: Window, deed: Deed, branch: str, seconds: float) -> None:
        """Type `git switch` into the terminal, and go on there."""
        self._tell(f"{seconds:4.0f} s  {words}")
        self._desktop.hands.focus(window.id)
        self._desktop.hands.line(f"git switch -q {branch}")
        self.diary.begin(replace(deed, branch=branch))
        self._agent.stay(seconds)

    def rest(self, words: str, seconds: float) -> None:
        """Touch nothing for so long."""
        self._tell(f"{seconds:4.0f} s  {words}")
        self.diary.begin(replace(NOTHING, recorded=True))
        time.sleep(seconds)
        self.diary.begin(NOTHING)

    def lock(self, words: str, seconds: float) -> None:
        """The screen is locked for so long, and somebody moves the pointer over it."""
        self._tell(f"{seconds:4.0f} s  {words}")
        self.diary.begin(NOTHING)
        self._desktop.login.lock()
        self._agent.stay(seconds)
        self._desktop.login.unlock()

    def unrecorded(self, words: str, window: Window, seconds: float) -> None:
        """Be in a window that must leave no trace."""
        self.work(words, window, Deed("", recorded=False), seconds)

    @contextmanager
    def hidden(self, words: str, begin: Callable[[], object], end: Callable[[], object]) -> Iterator[None]:
        """Whatever is done inside goes unrecorded, because the person asked for it."""
        self._tell(f"        {words}")
        begin()
        self.diary.begin(NOTHING)
        yield
        end()

    @contextmanager
    def focus(self, words: str, *, minutes: int = 25, project: str | None = None) -> Iterator[None]:
        """A focus session around what is done inside."""
        self._tell(f"        {words}")
        self._agent.request("focus", action="start", minutes=minutes, project=project)
        start = time.monotonic()
        yield
        self.focused_s += time.monotonic() - start
        self._agent.request("focus", action="stop")

    def end(self) -> None:
        """The day is over."""
        self.diary.end()
