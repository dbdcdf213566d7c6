"""The few things DevPulse tells by itself, through the desktop's notification service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PyQt6.QtCore import QMetaType, QObject
from PyQt6.QtDBus import (
    QDBusArgument,
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusPendingReply,
)

from app.durations import told, told_in_minutes
from app.ui.said import said
from app.ui.words import name, tr

_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
# The service decides how long it is shown.
_ITS_OWN_TIME = -1

Send = Callable[[str, str], None]


class Notifier:
    """What is told, and when. `wanted(key)`: whether the person left this `notifications.…` setting on.

    Nothing of it ever holds a window's title: only names of projects, and the words of DevPulse.
    """

    def __init__(self, send: Send, wanted: Callable[[str], bool]) -> None:
        self._send = send
        self._wanted = wanted
        self._told: frozenset[str] = frozenset()

    def focus_ended(self, focus: Mapping[str, Any]) -> None:
        """A focus session has reached its planned length; `focus` as in the agent's status."""
        if not self._wanted("notifications.focus_ended"):
            return
        length = told(float(focus.get("focused_seconds") or 0))
        project = name(focus.get("project") or "")
        done = tr("{length} on {project}.", length=length, project=project) if project else f"{length}."
        self._send(tr("Focus session done"), f"{done} {_interruptions(focus)}".strip())

    def remind(self, reminder: Mapping[str, Any]) -> None:
        """What the agent's reminders found (app/tracking/reminders.py); they know what is wanted."""
        kind = reminder.get("kind")
        if kind == "goal":
            self._send(*_goal(reminder))
        elif kind == "break":
            length = told_in_minutes(60.0 * float(reminder.get("minutes") or 0))
            self._send(tr("Time for a break"), tr("You have worked for {length} without one.", length=length))
        elif kind == "distracted":
            self._send(tr("Still focusing?"), tr("You left your focus session a minute ago."))

    def problems(self, problems: Iterable[Mapping[str, Any]]) -> None:
        """Tell each problem once, and again only after it had gone. Call it with every status."""
        now = {str(problem.get("title") or ""): problem for problem in problems}
        fresh = [problem for title, problem in now.items() if title and title not in self._told]
        self._told = frozenset(now)
        if not self._wanted("notifications.tracking_stopped"):
            return
        for problem in fresh:
            parts = (said(str(problem.get(part) or "")) for part in ("detail", "advice"))
            self._send(said(str(problem["title"])), " ".join(part for part in parts if part))


def _interruptions(focus: Mapping[str, Any]) -> str:
    count = int(focus.get("interruptions") or 0)
    if not count:
        return tr("No interruptions.")
    return tr("1 interruption.") if count == 1 else tr("{count} interruptions.", count=count)


def _goal(goal: Mapping[str, Any]) -> tuple[str, str]:
    length = told_in_minutes(float(goal.get("target_seconds") or 0))
    productive = goal.get("subject") == "productive"
    about = name(goal.get("name") or "") or (tr("productive work") if productive else tr("work"))
    title = tr("Limit passed") if goal.get("at_most") else tr("Goal reached")
    if goal.get("week"):
        return title, tr("{length} of {subject} this week.", length=length, subject=about)
    return title, tr("{length} of {subject} today.", length=length, subject=about)


def _without_markup(text: str) -> str:
    """A service may read markup in the body. (The `html` module would bring all its named entities.)"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class DesktopNotifications(QObject):
    """Sends by `org.freedesktop.Notifications`; where no service answers, by `fall_back` (the tray icon)."""

    def __init__(
        self, fall_back: Send, *, bus: QDBusConnection | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._fall_back = fall_back
        self._bus = QDBusConnection.sessionBus() if bus is None else bus

    def send(self, title: str, text: str) -> None:
        """Show a notification soon; never waits, and never fails."""
        if not self._bus.isConnected():
            self._fall_back(title, text)
            return
        question = QDBusMessage.createMethodCall(_SERVICE, _PATH, _SERVICE, "Notify")
        replaces_none = QDBusArgument(0, QMetaType.Type.UInt.value)
        no_actions = QDBusArgument([], QMetaType.Type.QStringList.value)
        hints = {"desktop-entry": "devpulse"}
        body = _without_markup(text)
        question.setArguments(
            ["DevPulse", replaces_none, "devpulse", title, body, no_actions, hints, _ITS_OWN_TIME]
        )
        pending = QDBusPendingCallWatcher(self._bus.asyncCall(question), self)
        pending.finished.connect(lambda: self._answered(pending, title, text))

    def _answered(self, pending: QDBusPendingCallWatcher, title: str, text: str) -> None:
        if QDBusPendingReply(pending).isError():
            self._fall_back(title, text)
        pending.deleteLater()
