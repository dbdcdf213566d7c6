"""Who plays media, and who asked the desktop not to go idle, as D-Bus tells.

Runs in the short-lived process of `hold_probe`, so that a bus that hangs is nobody's trouble.
"""

# PyQt6's stubs leave what a message holds unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any, cast

from PyQt6.QtCore import QMetaType
from PyQt6.QtDBus import QDBusArgument, QDBusConnection, QDBusMessage, QDBusPendingReply

_PLAYER = "org.mpris.MediaPlayer2."
_PROPERTIES = "org.freedesktop.DBus.Properties"
_BUS = "org.freedesktop.DBus"
_LOGIN = "org.freedesktop.login1"
_MOST_PLAYERS = 32
_IDLE = 8  # GsmInhibitorFlag: inhibit the session being marked as idle
_DESKTOPS: tuple[tuple[str, str, str, tuple[int, ...]], ...] = (
    ("org.gnome.SessionManager", "/org/gnome/SessionManager", "IsInhibited", (_IDLE,)),
    (
        "org.freedesktop.PowerManagement.Inhibit",
        "/org/freedesktop/PowerManagement/Inhibit",
        "HasInhibit",
        (),
    ),
)


class Buses:
    """The session's and the system's bus, where they are; every question takes at most `timeout_ms`."""

    def __init__(
        self, session: QDBusConnection | None, system: QDBusConnection | None, timeout_ms: int
    ) -> None:
        self._session = session if session is not None and session.isConnected() else None
        self._system = system if system is not None and system.isConnected() else None
        self._timeout_ms = timeout_ms

    def media_playing(self) -> bool | None:
        """Whether a media player plays; None when there is no session bus."""
        if self._session is None:
            return None
        players = [name for name in self._names(self._session) if name.startswith(_PLAYER)][:_MOST_PLAYERS]
        questions = [self._playback_status(player) for player in players]
        answers = self._answers(self._session, questions)
        return any(answer and answer[0] == "Playing" for answer in answers)

    def idle_inhibited(self) -> bool | None:
        """Whether somebody holds off idle; None when there is neither bus."""
        if self._session is None and self._system is None:
            return None
        return self._inhibited_at_login() or self._inhibited_at_desktop()

    def _inhibited_at_login(self) -> bool:
        if self._system is None:
            return False
        question = _question(_LOGIN, "/org/freedesktop/login1", f"{_LOGIN}.Manager", "ListInhibitors")
        (answer,) = self._answers(self._system, [question])
        return bool(answer) and holds_off_idle(answer[0], os.getuid())

    def _inhibited_at_desktop(self) -> bool:
        if self._session is None:
            return False
        there = set(self._names(self._session))
        questions = [
            _question(name, path, name, method, *(_unsigned(flag) for flag in flags))
            for name, path, method, flags in _DESKTOPS
            if name in there
        ]
        return any(answer and answer[0] is True for answer in self._answers(self._session, questions))

    def _names(self, bus: QDBusConnection) -> list[str]:
        question = _question(_BUS, "/org/freedesktop/DBus", _BUS, "ListNames")
        (answer,) = self._answers(bus, [question])
        return [name for name in cast("list[Any]", answer[0]) if isinstance(name, str)] if answer else []

    def _playback_status(self, player: str) -> QDBusMessage:
        question = _question(player, "/org/mpris/MediaPlayer2", _PROPERTIES, "Get")
        question.setArguments(["org.mpris.MediaPlayer2.Player", "PlaybackStatus"])
        return question

    def _answers(self, bus: QDBusConnection, questions: Iterable[QDBusMessage]) -> list[Sequence[Any]]:
        """All at once: one player that hangs does not keep the others."""
        waiting = [QDBusPendingReply(bus.asyncCall(question, self._timeout_ms)) for question in questions]
        answers: list[Sequence[Any]] = []
        for reply in waiting:
            reply.waitForFinished()
            answers.append(() if reply.isError() else reply.reply().arguments())
        return answers


def _question(name: str, path: str, interface: str, method: str, *arguments: QDBusArgument) -> QDBusMessage:
    question = QDBusMessage.createMethodCall(name, path, interface, method)
    # To ask is no reason to start anything.
    question.setAutoStartService(False)
    question.setArguments(list(arguments))
    return question


def _unsigned(number: int) -> QDBusArgument:
    return QDBusArgument(number, QMetaType.Type.UInt.value)


def holds_off_idle(inhibitors: object, uid: int) -> bool:
    """Whether logind's list (what, who, why, mode, uid, pid) has one of this person against idle."""
    if not isinstance(inhibitors, list):
        return False
    for entry in cast("list[Any]", inhibitors):
        match entry:
            case [str(what), _, _, "block", int(owner), *_] if owner == uid and "idle" in what.split(":"):
                return True
            case _:
                continue
    return False
