"""Which kind of panel shows tray icons now: one that takes StatusNotifier items, or not."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, pyqtSlot
from PyQt6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusPendingReply,
)

from app.tracking.platform.bus import settled

_WATCHER = "org.kde.StatusNotifierWatcher"
_PATH = "/StatusNotifierWatcher"
_BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
_SIGNALS = ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered")


class TrayHost(QObject):
    """Watches the session bus; `changed(bool)` is called when it is known whether a StatusNotifier panel
    is there, at first and each time a panel announces itself or goes.

    Nothing is asked on a timer, and nothing waits for an answer. Without a session bus the answer is no.
    """

    def __init__(
        self,
        changed: Callable[[bool], None],
        *,
        bus: QDBusConnection | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._changed = changed
        self._bus = QDBusConnection.sessionBus() if bus is None else bus
        settled(self)
        self._questions: set[QDBusPendingCallWatcher] = set()

    def start(self) -> None:
        """Begin to watch, and ask once."""
        if not self._bus.isConnected():
            self._changed(False)
            return
        # Not by QDBusServiceWatcher: see app/tracking/platform/bus.py.
        self._bus.connect(*_BUS, "NameOwnerChanged", [_WATCHER], "sss", self._announced)
        for signal in _SIGNALS:
            self._bus.connect(_WATCHER, _PATH, _WATCHER, signal, self._announced)
        self._ask()

    @pyqtSlot()
    def _announced(self) -> None:
        self._ask()

    def _ask(self) -> None:
        question = QDBusMessage.createMethodCall(_WATCHER, _PATH, "org.freedesktop.DBus.Properties", "Get")
        question.setArguments([_WATCHER, "IsStatusNotifierHostRegistered"])
        question.setAutoStartService(False)
        pending = QDBusPendingCallWatcher(self._bus.asyncCall(question), self)
        pending.finished.connect(self._answered)
        self._questions.add(pending)

    def _answered(self, pending: QDBusPendingCallWatcher) -> None:
        reply = QDBusPendingReply(pending)
        there = not reply.isError() and reply.argumentAt(0) is True
        self._questions.discard(pending)
        pending.deleteLater()
        if not self._questions:  # an older answer says nothing any more
            self._changed(there)
