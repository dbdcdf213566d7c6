"""The active window by PyWinCtl: macOS, Windows, and where nothing better is to be had.

It announces nothing, so it is asked: every second while something changes, every five while not.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from app.errors import DisplayUnavailable
from app.loop import Loop, Timer, describe
from app.models.values import WindowSample
from app.tracking.platform.base import Limit
from app.tracking.platform.printable import printable

logger = logging.getLogger(__name__)

OFTENEST_S = 1.0
RAREST_S = 5.0
_SLOWER = 1.5
# Asked in vain this often on end, the display is taken for lost.
_LOST_AFTER = 5
UNKNOWN_APPLICATION = "unknown"


class Window(Protocol):
    """What is used of PyWinCtl's window."""

    title: str

    def getAppName(self) -> str: ...  # noqa: N802 - PyWinCtl's name

    def getPID(self) -> int | None: ...  # noqa: N802

    def getHandle(self) -> object: ...  # noqa: N802


class Desktop(Protocol):
    """What is used of the module `pywinctl`."""

    def getActiveWindow(self) -> Window | None: ...  # noqa: N802


def pywinctl() -> Desktop:
    """Load PyWinCtl. It looks for the display while it is imported, and fails in many ways without one."""
    try:
        module: Any = importlib.import_module("pywinctl")
    except Exception as error:
        raise DisplayUnavailable(
            "The active window cannot be read on this system.",
            detail=f"PyWinCtl did not start ({type(error).__name__}); no windows are recorded.",
        ) from error
    return module


class PortableWindowSource:
    """Asks PyWinCtl in the loop's thread; whatever it throws stays here."""

    name = "pywinctl"
    limits: Sequence[Limit] = (
        Limit("Windows are asked for every one to five seconds; this source announces nothing."),
        Limit("Full screen is not noticed, so a film without input counts as idle time."),
    )

    def __init__(self, load: Callable[[], Desktop] = pywinctl) -> None:
        self._load = load
        self._desktop: Desktop | None = None
        self._loop: Loop | None = None
        self._on_window: Callable[[WindowSample | None], None] | None = None
        self._on_lost: Callable[[], None] | None = None
        self._timer: Timer | None = None
        self._wait_s = OFTENEST_S
        self._reported: WindowSample | None = None
        self._failures = 0

    def start(
        self,
        loop: Loop,
        on_window: Callable[[WindowSample | None], None],
        on_lost: Callable[[], None],
    ) -> None:
        """See `WindowSource.start`."""
        self.stop()
        self._desktop = self._load()
        self._loop, self._on_window, self._on_lost = loop, on_window, on_lost
        self._wait_s, self._failures = OFTENEST_S, 0
        try:
            self._reported = self._read()
        except Exception as error:  # noqa: BLE001 - PyWinCtl throws whatever its platform throws
            self._note_failure(error)
            self._reported = None
        self._timer = loop.call_later(self._wait_s, self._look)
        on_window(self._reported)

    def stop(self) -> None:
        """See `WindowSource.stop`; stopping twice is fine."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._desktop = self._loop = self._on_window = self._on_lost = None

    def _look(self) -> None:
        if self._loop is None or self._on_window is None:
            return
        try:
            sample = self._read()
        except Exception as error:  # noqa: BLE001 - as above
            self._note_failure(error)
            if self._failures >= _LOST_AFTER:
                self._lose()
                return
            # A window that closes while it is read: what was reported stands until the next look.
            sample = self._reported
        else:
            self._failures = 0
        changed = sample != self._reported
        self._wait_s = OFTENEST_S if changed else min(RAREST_S, self._wait_s * _SLOWER)
        self._timer = self._loop.call_later(self._wait_s, self._look)
        if changed:
            self._reported = sample
            self._on_window(sample)

    def _read(self) -> WindowSample | None:
        assert self._desktop is not None
        window = self._desktop.getActiveWindow()
        if window is None:
            return None
        application = window.getAppName().strip()
        pid = window.getPID()
        return WindowSample(
            application=application or UNKNOWN_APPLICATION,
            title=printable(window.title),
            pid=pid if pid and pid > 1 else None,
            window=_number(window.getHandle()),
        )

    def _note_failure(self, error: Exception) -> None:
        self._failures += 1
        if self._failures == 1:
            logger.info("PyWinCtl could not read a window: %s", describe(error))

    def _lose(self) -> None:
        on_lost = self._on_lost
        self.stop()
        if on_lost is not None:
            on_lost()


def _number(handle: object) -> int:
    """The window's id: a number, or (macOS) something else that only has to differ."""
    return handle if isinstance(handle, int) else hash(str(handle)) & 0x7FFFFFFF
