"""Time since the last input on macOS and Windows, by the system's own call; it must be asked."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Sequence
from typing import Any

from app.errors import DisplayUnavailable
from app.loop import Loop, Timer
from app.tracking.platform.base import Limit
from app.tracking.platform.idleness import Idleness

_QUARTZ = "/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices"
_COMBINED_SESSION = 0  # kCGEventSourceStateCombinedSessionState
_ANY_INPUT = 0xFFFFFFFF  # kCGAnyInputEventType
_TICKS = 1 << 32  # GetTickCount starts anew after 49.7 days

Meter = Callable[[], int]


class _LastInputInfo(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint), ("ticks", ctypes.c_uint)]


def macos_meter(load: Callable[[str], Any] = ctypes.CDLL) -> Meter:
    """Milliseconds since the last input, by Quartz."""
    seconds = load(_QUARTZ).CGEventSourceSecondsSinceLastEventType
    seconds.restype = ctypes.c_double
    seconds.argtypes = (ctypes.c_int, ctypes.c_uint32)
    return lambda: max(0, round(seconds(_COMBINED_SESSION, _ANY_INPUT) * 1000))


def windows_meter(load: Callable[[str], Any] = ctypes.CDLL) -> Meter:
    """Milliseconds since the last input, by GetLastInputInfo; works past the wrap of its 32-bit clock."""
    user, kernel = load("user32"), load("kernel32")
    kernel.GetTickCount.restype = ctypes.c_uint

    def idle_ms() -> int:
        info = _LastInputInfo(size=ctypes.sizeof(_LastInputInfo))
        if not user.GetLastInputInfo(ctypes.byref(info)):
            return 0
        return (int(kernel.GetTickCount()) - int(info.ticks)) % _TICKS

    return idle_ms


def meter_of(platform: str) -> Meter:
    """Raises OSError or AttributeError where the system lacks it."""
    return macos_meter() if platform == "darwin" else windows_meter()


class PortableInputSource:
    """Asks when idle can have begun, and every one to five seconds while it lasts."""

    name = "portable"
    limits: Sequence[Limit] = ()

    def __init__(
        self,
        platform: str,
        make_meter: Callable[[str], Meter] = meter_of,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._platform = platform
        self._make_meter = make_meter
        self._monotonic = monotonic
        self._meter: Meter | None = None
        self._loop: Loop | None = None
        self._on_idle: Callable[[int], None] | None = None
        self._on_input: Callable[[], None] | None = None
        self._idleness = Idleness(0)
        self._timer: Timer | None = None

    def start(
        self,
        loop: Loop,
        idle_after_s: float,
        on_idle: Callable[[int], None],
        on_input: Callable[[], None],
    ) -> None:
        """See `InputSource.start`."""
        self.stop()
        try:
            self._meter = self._make_meter(self._platform)
        except (OSError, AttributeError) as error:
            raise DisplayUnavailable(
                "This system does not tell the time of the last input.",
                detail="Idle time counts as work.",
            ) from error
        self._loop, self._on_idle, self._on_input = loop, on_idle, on_input
        self._idleness = Idleness(0)
        self.set_idle_after(idle_after_s)

    def set_idle_after(self, seconds: float) -> None:
        """See `InputSource.set_idle_after`; may report idle or input at once."""
        self._idleness.limit_ms = max(1, round(seconds * 1000))
        self._look()

    def idle_ms(self) -> int:
        """See `InputSource.idle_ms`."""
        return self._meter() if self._meter is not None else 0

    def stop(self) -> None:
        """See `InputSource.stop`; stopping twice is fine."""
        self._cancel()
        self._meter = self._loop = self._on_idle = self._on_input = None

    def _look(self) -> None:
        self._cancel()
        if self._meter is None or self._loop is None:
            return
        idle_ms = self._meter()
        change = self._idleness.see(idle_ms, self._monotonic())
        self._timer = self._loop.call_later(self._idleness.look_again_s(idle_ms), self._look)
        if change.input and self._on_input is not None:
            self._on_input()
        if change.idle and self._on_idle is not None:
            self._on_idle(idle_ms)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
