"""Sources for what cannot be seen here; they say why."""

# Nothing to do with what the protocols hand over.
# ruff: noqa: ARG002

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.loop import Loop
from app.models.values import WindowSample
from app.tracking.platform.base import Hold, Limit, SessionEvent


class NullWindowSource:
    """Never sees a window."""

    name = "null"

    def __init__(self, why: Limit) -> None:
        self.limits: Sequence[Limit] = (why,)

    def start(
        self,
        loop: Loop,
        on_window: Callable[[WindowSample | None], None],
        on_lost: Callable[[], None],
    ) -> None:
        on_window(None)

    def stop(self) -> None:
        return


class NullInputSource:
    """Never sees input, and never says that there is none."""

    name = "null"

    def __init__(self, why: Limit) -> None:
        self.limits: Sequence[Limit] = (why,)

    def start(
        self,
        loop: Loop,
        idle_after_s: float,
        on_idle: Callable[[int], None],
        on_input: Callable[[], None],
    ) -> None:
        return

    def set_idle_after(self, seconds: float) -> None:
        return

    def idle_ms(self) -> int:
        return 0

    def stop(self) -> None:
        return


class NullSessionSource:
    """Hears nothing of locks and sleep."""

    name = "null"

    def __init__(self, why: Limit) -> None:
        self.limits: Sequence[Limit] = (why,)

    def start(self, on_event: Callable[[SessionEvent], None]) -> None:
        return

    def release_sleep(self) -> None:
        return

    def stop(self) -> None:
        return


class NullHoldSource:
    """Finds no reason to hold presence; answers at once, in the caller's own thread."""

    def __init__(self, limits: Sequence[Limit] = ()) -> None:
        self.limits = limits

    def check(
        self,
        wanted: frozenset[Hold],
        on_result: Callable[[frozenset[Hold]], None],
    ) -> None:
        on_result(frozenset())
