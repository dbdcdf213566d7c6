"""Whether the desktop prefers dark, as its portal tells (org.freedesktop.appearance), and when it changes."""

from __future__ import annotations

from PyQt6.QtCore import QObject, Qt, pyqtSignal, pyqtSlot
from PyQt6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusPendingReply,
    QDBusVariant,
)
from PyQt6.QtGui import QGuiApplication

_SERVICE, _PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_GROUP, _KEY = "org.freedesktop.appearance", "color-scheme"
_DARK = 1


class SystemLook(QObject):
    """`changed(bool)`: whether dark is preferred; told once the portal has answered, and then on change."""

    changed = pyqtSignal(bool)

    def __init__(self, bus: QDBusConnection | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus or QDBusConnection.sessionBus()
        self._watcher: QDBusPendingCallWatcher | None = None

    def start(self) -> None:
        """Ask, without waiting for the answer, and listen."""
        if not self._bus.isConnected():
            return
        self._bus.connect(_SERVICE, _PATH, _INTERFACE, "SettingChanged", self.heard)
        call = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "Read")
        call.setArguments([_GROUP, _KEY])
        self._watcher = QDBusPendingCallWatcher(self._bus.asyncCall(call), self)
        self._watcher.finished.connect(self._answered)

    @pyqtSlot(QDBusMessage)
    def heard(self, message: QDBusMessage) -> None:
        """A setting of the desktop has changed."""
        group, key, value = [*message.arguments(), None, None, None][:3]
        if (group, key) == (_GROUP, _KEY):
            self.changed.emit(_plain(value) == _DARK)

    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        reply = QDBusPendingReply(watcher).reply()
        if reply.type() == QDBusMessage.MessageType.ReplyMessage and reply.arguments():
            self.changed.emit(_plain(reply.arguments()[0]) == _DARK)


def qt_says_dark() -> bool:
    """What Qt knows at the start, before the portal has answered."""
    hints = QGuiApplication.styleHints()
    return hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark


def _plain(value: object) -> object:
    while isinstance(value, QDBusVariant):
        value = value.variant()
    return value
