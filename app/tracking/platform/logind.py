"""systemd-logind (and elogind): this session's lock and seat, the machine's sleep and shutdown.

Names and meanings: org.freedesktop.login1(5).
"""

# PyQt6's stubs leave signals and what a message holds unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from PyQt6.QtDBus import QDBusMessage, QDBusObjectPath, QDBusUnixFileDescriptor

from app.tracking.platform.bus import PROPERTIES, Bus, unsigned
from app.tracking.platform.bus_addresses import system_address

logger = logging.getLogger(__name__)

_NAME = "org.freedesktop.login1"
_ROOT = "/org/freedesktop/login1"
_MANAGER = (_NAME, _ROOT, f"{_NAME}.Manager")
_SESSION = f"{_NAME}.Session"
_NO_PATH = "/"


class Hears(Protocol):
    """What the login manager tells."""

    def lock(self) -> None: ...

    def unlock(self) -> None: ...

    def locked_hint(self, locked: bool) -> None: ...  # noqa: FBT001 - the property's value

    def active(self, active: bool) -> None: ...  # noqa: FBT001 - the property's value

    def sleep(self, begins: bool) -> None: ...  # noqa: FBT001 - the signal's value

    def shutdown(self) -> None: ...


class LoginManager:
    """Listens for one session, and has sleep wait until `release`."""

    def __init__(self, hears: Hears, environ: Mapping[str, str] = os.environ) -> None:
        self._hears = hears
        self._environ = environ
        self._bus = Bus(system_address(environ), on_up=self._up, on_down=self._lost)
        self._session = ""
        self._delay: QDBusUnixFileDescriptor | None = None
        self._asked_to_release = False
        self.here = False
        self.delays_sleep = False

    def start(self) -> bool:
        """Tells whether there is a system bus to listen on."""
        return self._bus.open()

    def stop(self) -> None:
        self._down()
        self._bus.close()

    def release(self) -> None:
        """The machine may sleep or shut down now."""
        self._asked_to_release = True
        # Its destructor closes the descriptor, and that is what the login manager waits for.
        self._delay = None

    @property
    def session(self) -> str:
        """The object path of this session; "" while it is not known."""
        return self._session

    def _up(self) -> None:
        for signal, heard in (
            ("PrepareForSleep", self._prepare_for_sleep),
            ("PrepareForShutdown", self._prepare_for_shutdown),
        ):
            self._bus.listen(*_MANAGER, signal, heard)
        self._bus.watch(_NAME, self._owned)
        self._attach()

    def _down(self) -> None:
        self._session = ""
        self._delay = None
        self.here = self.delays_sleep = False

    def _lost(self) -> None:
        """Nobody will tell of the end of anything now; idle time covers for it."""
        self._down()
        self._hears.sleep(False)
        self._hears.active(True)
        self._hears.locked_hint(False)

    def _owned(self, there: bool) -> None:  # noqa: FBT001 - a callback's value
        if there:
            # It kept its sessions, but it has forgotten who delays what.
            self._attach()
            return
        self._delay = None
        self.here = self.delays_sleep = False
        self._hears.sleep(False)

    def _attach(self) -> None:
        self._take_delay()
        if self._session:
            self._read_session()
        else:
            self._find_session(_questions(self._environ))

    def _find_session(self, questions: Sequence[tuple[str, Sequence[object]]]) -> None:
        if not questions:
            self._ask_display_session()
            return
        (method, arguments), *others = questions

        def answered(answer: Sequence[Any] | None) -> None:
            path = _path(answer)
            if path:
                self._found(path)
            else:
                self._find_session(others)

        self._bus.ask(_MANAGER, method, arguments, answered)

    def _ask_display_session(self) -> None:
        """Started by systemd for the user: the session that shows the user's display is meant."""

        def user(answer: Sequence[Any] | None) -> None:
            path = _path(answer)
            if path:
                self._bus.ask((_NAME, path, PROPERTIES), "Get", [f"{_NAME}.User", "Display"], display)

        def display(answer: Sequence[Any] | None) -> None:
            match answer:
                case [[str(_), path]] if _path([path]):
                    self._found(_path([path]))
                case _:
                    logger.info("the login manager knows no session of ours")

        self._bus.ask(_MANAGER, "GetUser", [unsigned(os.getuid())], user)

    def _found(self, path: str) -> None:
        if path == self._session:
            return
        self._session = path
        for signal, heard in (("Lock", self._hears.lock), ("Unlock", self._hears.unlock)):
            self._bus.listen(_NAME, path, _SESSION, signal, lambda _, heard=heard: heard())
        self._bus.listen(_NAME, path, PROPERTIES, "PropertiesChanged", self._changed)
        self._read_session()

    def _read_session(self) -> None:
        def answered(answer: Sequence[Any] | None) -> None:
            match answer:
                case [dict() as properties]:
                    self.here = True
                    self._tell(cast("dict[str, object]", properties))
                case _:
                    return

        self._bus.ask((_NAME, self._session, PROPERTIES), "GetAll", [_SESSION], answered)

    def _changed(self, message: QDBusMessage) -> None:
        match message.arguments():
            case [str(interface), dict() as changed, list() as invalidated] if interface == _SESSION:
                self._tell(cast("dict[str, object]", changed))
                if {"LockedHint", "Active"} & set(cast("list[str]", invalidated)):
                    self._read_session()
            case _:
                return

    def _tell(self, properties: Mapping[str, object]) -> None:
        locked, active = properties.get("LockedHint"), properties.get("Active")
        if isinstance(active, bool):
            self._hears.active(active)
        if isinstance(locked, bool):
            self._hears.locked_hint(locked)

    def _prepare_for_sleep(self, message: QDBusMessage) -> None:
        match message.arguments():
            case [bool(begins)]:
                self._hears.sleep(begins)
                if not begins:
                    self._take_delay()
            case _:
                return

    def _prepare_for_shutdown(self, message: QDBusMessage) -> None:
        match message.arguments():
            case [True]:
                self._hears.shutdown()
            case [False]:
                self._take_delay()
            case _:
                return

    def _take_delay(self) -> None:
        if self._delay is not None:
            return
        self._asked_to_release = False
        why = "Stores what was tracked up to now"

        def answered(answer: Sequence[Any] | None) -> None:
            match answer:
                case [QDBusUnixFileDescriptor() as descriptor] if not self._asked_to_release:
                    self._delay = descriptor
                    self.delays_sleep = True
                case _:
                    return

        self._bus.ask(_MANAGER, "Inhibit", ["sleep:shutdown", "DevPulse", why, "delay"], answered)


def _questions(environ: Mapping[str, str]) -> Sequence[tuple[str, Sequence[object]]]:
    """The ways to ask for our own session, the surest first."""
    named = environ.get("XDG_SESSION_ID", "")
    by_name = [("GetSession", [named])] if named else []
    return [*by_name, ("GetSessionByPID", [unsigned(os.getpid())])]


def _path(answer: Sequence[Any] | None) -> str:
    """The object path an answer begins with; "" when there is none."""
    match answer:
        case [QDBusObjectPath() as path, *_] if path.path() != _NO_PATH:
            return path.path()
        case [str(path), *_] if path.startswith("/") and path != _NO_PATH:
            return path
        case _:
            return ""
