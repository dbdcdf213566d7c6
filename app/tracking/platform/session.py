"""Lock, sleep and seat of a Linux session, from the login manager and the desktop's screen saver."""

# PyQt6's stubs leave the type of every signal unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from app.tracking.platform.base import Limit, SessionEvent
from app.tracking.platform.lock_state import LockState

if TYPE_CHECKING:
    from PyQt6.QtCore import QTimer

    from app.tracking.platform.logind import LoginManager
    from app.tracking.platform.screensavers import ScreenSavers

# How long a locker may take to confirm that it locked.
CONFIRM_WITHIN_MS = 10_000

_NO_SYSTEM_BUS = Limit(
    "There is no system message bus: sleep and session switches are only seen by the clock.",
    "Install and start dbus and systemd-logind (or elogind).",
)
_NO_LOGIN_MANAGER = Limit(
    "No login manager knows this session: locking and session switches may not be noticed.",
    "systemd-logind or elogind tells them.",
)
_NO_SESSION_BUS = Limit(
    "There is no session message bus: the desktop's screen lock may not be noticed.",
    "Start your desktop with dbus-run-session, or install dbus-user-session.",
)


class LinuxSessionSource:
    """See `SessionSource`. QtDBus is loaded at `start`."""

    def __init__(
        self, environ: Mapping[str, str] = os.environ, confirm_within_ms: int = CONFIRM_WITHIN_MS
    ) -> None:
        self._environ = environ
        self._confirm_within_ms = confirm_within_ms
        self._on_event: Callable[[SessionEvent], None] | None = None
        self._lock = LockState()
        self._told_locked = False
        self._active = True
        self._asleep = False
        self._login: LoginManager | None = None
        self._savers: ScreenSavers | None = None
        self._doubt: QTimer | None = None
        self._no_system_bus = self._no_session_bus = False

    @property
    def name(self) -> str:
        return "none" if self._no_system_bus and self._no_session_bus else "logind"

    @property
    def limits(self) -> Sequence[Limit]:
        limits: list[Limit] = []
        if self._no_system_bus:
            limits.append(_NO_SYSTEM_BUS)
        elif self._login is not None and not self._login.here:
            limits.append(_NO_LOGIN_MANAGER)
        if self._no_session_bus:
            limits.append(_NO_SESSION_BUS)
        return tuple(limits)

    def start(self, on_event: Callable[[SessionEvent], None]) -> None:
        """See `SessionSource.start`; what is true already is told as soon as the bus answers."""
        from PyQt6.QtCore import QTimer

        from app.tracking.platform.logind import LoginManager
        from app.tracking.platform.screensavers import ScreenSavers

        self.stop()
        self._on_event = on_event
        self._doubt = QTimer()
        self._doubt.setSingleShot(True)
        self._doubt.setInterval(self._confirm_within_ms)
        self._doubt.timeout.connect(self._doubt_lock)
        self._login = LoginManager(self, self._environ)
        self._savers = ScreenSavers(self._saver, self._environ)
        self._no_system_bus = not self._login.start()
        self._no_session_bus = not self._savers.start()

    def release_sleep(self) -> None:
        """See `SessionSource.release_sleep`."""
        if self._login is not None:
            self._login.release()

    def stop(self) -> None:
        """Fall silent; stopping twice is fine."""
        self._on_event = None
        if self._login is not None:
            self._login.stop()
        if self._savers is not None:
            self._savers.stop()
        if self._doubt is not None:
            self._doubt.stop()
        self._login = self._savers = self._doubt = None
        self._lock = LockState()
        self._told_locked = self._asleep = False
        self._active = True

    # What the login manager tells (`Hears`).

    def lock(self) -> None:
        self._lock.lock()
        if self._doubt is not None:
            self._doubt.start()
        self._tell_lock()

    def unlock(self) -> None:
        self._lock.unlock()
        self._tell_lock()

    def locked_hint(self, locked: bool) -> None:  # noqa: FBT001 - the property's value
        self._lock.hint(locked)
        self._tell_lock()

    def active(self, active: bool) -> None:  # noqa: FBT001 - the property's value
        if active != self._active:
            self._active = active
            self._tell(SessionEvent.SWITCHED_BACK if active else SessionEvent.SWITCHED_AWAY)

    def sleep(self, begins: bool) -> None:  # noqa: FBT001 - the signal's value
        if begins != self._asleep:
            self._asleep = begins
            self._tell(SessionEvent.SLEEPING if begins else SessionEvent.WOKE)

    def shutdown(self) -> None:
        self._tell(SessionEvent.SHUTTING_DOWN)

    def _saver(self, name: str, active: bool) -> None:  # noqa: FBT001 - the signal's value
        self._lock.saver(name, active)
        self._tell_lock()

    def _doubt_lock(self) -> None:
        self._lock.doubt()
        self._tell_lock()

    def _tell_lock(self) -> None:
        locked = self._lock.locked
        if locked != self._told_locked:
            self._told_locked = locked
            self._tell(SessionEvent.LOCKED if locked else SessionEvent.UNLOCKED)

    def _tell(self, event: SessionEvent) -> None:
        if self._on_event is not None:
            self._on_event(event)
