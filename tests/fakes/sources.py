"""An operating system that does what a test says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.errors import DisplayUnavailable
from app.loop import Loop
from app.models.values import WindowSample
from app.tracking.platform.base import Hold, Limit, Process, SessionEvent, Sources


class FakeWindows:
    name = "fake"
    limits: Sequence[Limit] = ()

    def __init__(self) -> None:
        self.available = True
        self.show: Callable[[WindowSample | None], None] = lambda _: None
        self.lose: Callable[[], None] = lambda: None
        self.stopped = False
        self.first: WindowSample | None = None

    def start(
        self, loop: Loop, on_window: Callable[[WindowSample | None], None], on_lost: Callable[[], None]
    ) -> None:
        if not self.available:
            raise DisplayUnavailable("There is no display.")
        self.show, self.lose = on_window, on_lost
        on_window(self.first)

    def stop(self) -> None:
        self.stopped = True


class FakeInput:
    name = "fake"
    limits: Sequence[Limit] = ()

    def __init__(self) -> None:
        self.idle = 0
        self.idle_after_s = 0.0
        self.go_idle: Callable[[int], None] = lambda _: None
        self.touch: Callable[[], None] = lambda: None

    def start(
        self, loop: Loop, idle_after_s: float, on_idle: Callable[[int], None], on_input: Callable[[], None]
    ) -> None:
        self.idle_after_s = idle_after_s
        self.go_idle, self.touch = on_idle, on_input

    def set_idle_after(self, seconds: float) -> None:
        self.idle_after_s = seconds

    def idle_ms(self) -> int:
        return self.idle

    def stop(self) -> None: ...


class FakeSession:
    name = "fake"
    limits: Sequence[Limit] = ()

    def start(self, on_event: Callable[[SessionEvent], None]) -> None: ...

    def release_sleep(self) -> None: ...

    def stop(self) -> None: ...


class FakeHolds:
    limits: Sequence[Limit] = ()

    def __init__(self) -> None:
        self.found: frozenset[Hold] = frozenset()
        self.asked: list[frozenset[Hold]] = []

    def check(self, wanted: frozenset[Hold], on_result: Callable[[frozenset[Hold]], None]) -> None:
        self.asked.append(wanted)
        on_result(self.found & wanted)


class NoProcesses:
    def read(self, pid: int) -> Process | None:
        return None

    def children(self, pid: int) -> Sequence[int]:
        return ()

    def working_directory(self, pid: int) -> str | None:
        return None

    def command_line(self, pid: int) -> Sequence[str]:
        return ()

    def open_files(self, pid: int) -> Sequence[str]:
        return ()

    def environment(self, pid: int, name: str) -> str | None:
        return None


class FakeMachine:
    """All sources of one machine."""

    def __init__(self) -> None:
        self.windows = FakeWindows()
        self.input = FakeInput()
        self.session = FakeSession()
        self.holds = FakeHolds()

    @property
    def sources(self) -> Sources:
        return Sources(self.windows, self.input, self.session, self.holds, NoProcesses())
