"""A message bus that may not be there, may go away, and may come back.

Qt has a thread of its own for D-Bus. Objects of Python that it knows make it ask for Python's lock, when
a connection ends for example; and some calls wait for that thread while they hold that lock: hiding a tray
icon, making and destroying a `QDBusServiceWatcher`, destroying whatever is connected to a signal. Then both
wait for ever. So here Qt knows one object per bus, `settled` beforehand, which is destroyed by Qt's event
loop, where Python's lock is free; and who owns a name is heard by the bus's own signal.
"""

# PyQt6's stubs leave signals, slots and what a message holds unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUntypedFunctionDecorator=false

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QMetaType, QObject, QTimer, pyqtSlot
from PyQt6.QtDBus import (
    QDBusArgument,
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusPendingReply,
)

logger = logging.getLogger(__name__)

PROPERTIES = "org.freedesktop.DBus.Properties"
_LOCAL = "org.freedesktop.DBus.Local"
_BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
_OWNER_CHANGED = "NameOwnerChanged"
_ANSWER_WITHIN_MS = 5_000
_SOONEST_RETRY_MS = 2_000
_LATEST_RETRY_MS = 60_000
_numbers = itertools.count(1)

# The arguments of a signal or an answer; None for an error or no answer in time.
Answer = Callable[[Sequence[Any] | None], None]
Heard = Callable[[QDBusMessage], None]


def unsigned(number: int) -> QDBusArgument:
    """A uint32, as login managers want process and user ids."""
    return QDBusArgument(number, QMetaType.Type.UInt.value)


def settled(known: QObject) -> None:
    """To be called for an object that Qt's D-Bus thread is going to know, before it does.

    Once asked whether Python has its own `connectNotify` and `disconnectNotify`, the bindings remember the
    answer, and that thread never has to ask under Python's lock.
    """
    known.destroyed.connect(_nothing)
    known.destroyed.disconnect(_nothing)


def _nothing() -> None:
    return


class Bus(QObject):
    """A connection of its own, opened and closed once; an `address` of None is a bus that is not there.

    `on_up` after it is made, and each time it was made anew after a loss; `on_down` at each loss. A bus
    that is not there at the start is not waited for: it is older than the session on every system that
    has one.
    """

    def __init__(
        self, address: str | None, *, on_up: Callable[[], None], on_down: Callable[[], None]
    ) -> None:
        super().__init__()
        self._address = address
        self._on_up = on_up
        self._on_down = on_down
        self._name = ""
        self._connection: QDBusConnection | None = None
        self._waiting: dict[QDBusPendingCallWatcher, Answer] = {}
        self._listeners: list[_Listener] = []
        self._retry_ms = _SOONEST_RETRY_MS
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.timeout.connect(self._try_again)
        settled(self)

    def open(self) -> bool:
        """Connect; tells whether the bus is there."""
        if self._address is None:
            return False
        self._name = f"devpulse-{next(_numbers)}"
        connection = QDBusConnection.connectToBus(self._address, self._name)
        if not connection.isConnected():
            QDBusConnection.disconnectFromBus(self._name)
            return False
        self._connection = connection
        self._retry_ms = _SOONEST_RETRY_MS
        connection.connect("", "/org/freedesktop/DBus/Local", _LOCAL, "Disconnected", self._disconnected)
        self._on_up()
        return True

    def close(self) -> None:
        """Disconnect for good; unanswered questions stay unanswered."""
        self._retry.stop()
        self._drop()
        self.deleteLater()

    def listen(self, service: str, path: str, interface: str, signal: str, heard: Heard) -> None:
        """Call `heard` at each such signal, until the connection ends. "" stands for any."""
        if self._connection is not None:
            self._listeners.append(_Listener(path, interface, signal, "", heard))
            self._connection.connect(service, path, interface, signal, self._heard)

    def watch(self, name: str, changed: Callable[[bool], None]) -> None:
        """Call `changed` when `name` gets an owner (True) or loses it (False), until the connection ends."""

        def owner_changed(message: QDBusMessage) -> None:
            match message.arguments():
                case [_, _, str(owner)]:
                    changed(bool(owner))
                case _:
                    return

        if self._connection is not None:
            _, path, interface = _BUS
            self._listeners.append(_Listener(path, interface, _OWNER_CHANGED, name, owner_changed))
            self._connection.connect(*_BUS, _OWNER_CHANGED, [name], "sss", self._heard)

    def ask(
        self,
        to: tuple[str, str, str],
        method: str,
        arguments: Sequence[object],
        on_answer: Answer,
    ) -> None:
        """Call a method of `to` (service, path, interface), starting no service; answers within 5 s."""
        if self._connection is None:
            return
        message = QDBusMessage.createMethodCall(*to, method)
        message.setAutoStartService(False)
        message.setArguments(list(arguments))
        call = self._connection.asyncCall(message, _ANSWER_WITHIN_MS)
        watcher = QDBusPendingCallWatcher(call, self)
        self._waiting[watcher] = on_answer
        # No closure: Python's collector may empty one that only Qt still holds, and Qt would call the shell.
        watcher.finished.connect(self._answered)

    def _drop(self) -> None:
        self._waiting.clear()
        self._listeners.clear()
        if self._connection is not None:
            self._connection = None
            QDBusConnection.disconnectFromBus(self._name)

    @pyqtSlot(QDBusPendingCallWatcher)
    def _answered(self, call: QDBusPendingCallWatcher) -> None:
        call.deleteLater()
        on_answer = self._waiting.pop(call, None)
        if on_answer is not None:
            reply = QDBusPendingReply(call)
            on_answer(None if reply.isError() else reply.reply().arguments())

    @pyqtSlot(QDBusMessage)
    def _heard(self, message: QDBusMessage) -> None:
        for listener in tuple(self._listeners):
            if listener.means(message):
                listener.heard(message)

    @pyqtSlot()
    def _disconnected(self) -> None:
        if self._connection is None:
            return
        logger.warning("a message bus went away")
        self._drop()
        self._on_down()
        self._retry.start(self._retry_ms)

    def _try_again(self) -> None:
        if not self.open():
            self._retry_ms = min(self._retry_ms * 2, _LATEST_RETRY_MS)
            self._retry.start(self._retry_ms)


@dataclass(frozen=True, slots=True)
class _Listener:
    """Who wants to hear which signal; `about`: its first argument, "" for any."""

    path: str
    interface: str
    signal: str
    about: str
    heard: Heard

    def means(self, message: QDBusMessage) -> bool:
        return (
            message.member() == self.signal
            and message.interface() == self.interface
            and self.path in ("", message.path())
            and (not self.about or message.arguments()[:1] == [self.about])
        )
