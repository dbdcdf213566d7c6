"""What the tracker asks of an operating system; every platform module answers these protocols.

All callbacks are called in the loop's thread. A source reports a change only when something changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from app.loop import Loop
from app.models.values import WindowSample


@dataclass(frozen=True, slots=True)
class Limit:
    """Something a source cannot see here, why, and what the person could do about it."""

    what: str
    advice: str = ""


class WindowSource(Protocol):
    """Tells which window is active."""

    @property
    def name(self) -> str:
        """A short name for `doctor`: "x11", "pywinctl", "null"."""
        ...

    @property
    def limits(self) -> Sequence[Limit]: ...

    def start(
        self,
        loop: Loop,
        on_window: Callable[[WindowSample | None], None],
        on_lost: Callable[[], None],
    ) -> None:
        """Begin, and report the active window at once (None: no window is active).

        `on_lost` is called once when the display goes away; the source is stopped by then.
        Raises `DisplayUnavailable`.
        """
        ...

    def stop(self) -> None: ...


class InputSource(Protocol):
    """Tells whether keyboard and pointer are used."""

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> Sequence[Limit]: ...

    def start(
        self,
        loop: Loop,
        idle_after_s: float,
        on_idle: Callable[[int], None],
        on_input: Callable[[], None],
    ) -> None:
        """Begin. `on_idle(ms since the last input)` once when `idle_after_s` passed without input,
        `on_input()` once at the first input after that. Raises `DisplayUnavailable`."""
        ...

    def set_idle_after(self, seconds: float) -> None: ...

    def idle_ms(self) -> int:
        """Milliseconds since the last input, now."""
        ...

    def stop(self) -> None: ...


class SessionEvent(StrEnum):
    """What the login manager tells of this session and this machine."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"
    SLEEPING = "sleeping"
    WOKE = "woke"
    SWITCHED_AWAY = "switched_away"
    SWITCHED_BACK = "switched_back"
    SHUTTING_DOWN = "shutting_down"


class SessionSource(Protocol):
    """Tells lock, sleep, and which session has the seat."""

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> Sequence[Limit]: ...

    def start(self, on_event: Callable[[SessionEvent], None]) -> None:
        """Begin; what is true already (locked, inactive) is reported at once.

        Runs in the thread of Qt's event loop; `on_event` is called there.
        """
        ...

    def release_sleep(self) -> None:
        """The tracker has stored all it has: the machine may sleep now (ends a delay inhibitor)."""
        ...

    def stop(self) -> None: ...


class Hold(StrEnum):
    """A reason to count a person as present who touches neither keyboard nor pointer."""

    MICROPHONE = "microphone"
    FULLSCREEN_VIDEO = "fullscreen_video"
    MEDIA_PLAYING = "media_playing"
    IDLE_INHIBITOR = "idle_inhibitor"


class HoldSource(Protocol):
    """Looks for reasons to hold presence, when asked."""

    @property
    def limits(self) -> Sequence[Limit]: ...

    def check(self, wanted: frozenset[Hold], on_result: Callable[[frozenset[Hold]], None]) -> None:
        """Look for the `wanted` reasons; `on_result` gets those found, later, in the loop's thread.

        Never blocks the caller; answers within 5 s whatever the buses do.
        """
        ...


@dataclass(frozen=True, slots=True)
class Process:
    """A running process, as far as the project resolver needs it."""

    pid: int
    parent: int
    name: str
    # Foreground process group of its terminal; None without a terminal.
    foreground: int | None = None
    terminal: int | None = None


class Processes(Protocol):
    """Reads the process table; every answer may be None: processes vanish."""

    def read(self, pid: int) -> Process | None: ...

    def children(self, pid: int) -> Sequence[int]: ...

    def working_directory(self, pid: int) -> str | None: ...

    def command_line(self, pid: int) -> Sequence[str]:
        """argv; may hold anything a person typed, so it is looked at and never stored or logged."""
        ...

    def open_files(self, pid: int) -> Sequence[str]:
        """Paths of regular files it holds open."""
        ...

    def environment(self, pid: int, name: str) -> str | None:
        """One variable of its environment."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources of this machine, chosen once by `select_sources`."""

    windows: WindowSource
    input: InputSource
    session: SessionSource
    holds: HoldSource
    processes: Processes
    notes: Sequence[Limit] = field(default=())
