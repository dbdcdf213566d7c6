import os
from collections.abc import Iterator
from typing import Any

import pytest
from PyQt6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot

from app.ui.tray.notifications import DesktopNotifications, Notifier
from tests.desktop.buses import SYSTEM_PYTHON, Bus
from tests.desktop.family import Family
from tests.desktop.waiting import wait_until


class Sent:
    """Keeps what is sent; `off`: the settings the person switched off."""

    def __init__(self) -> None:
        self.what: list[tuple[str, str]] = []
        self.off: set[str] = set()

    def send(self, title: str, text: str) -> None:
        self.what.append((title, text))

    def wanted(self, key: str) -> bool:
        return key not in self.off


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def notifier(sent: Sent) -> Notifier:
    return Notifier(sent.send, sent.wanted)


FULL = {"title": "The disk is full.", "detail": "Nothing is stored.", "advice": "Make room."}


@pytest.mark.parametrize(
    ("focus", "text"),
    [
        (
            {"focused_seconds": 1500, "project": "alpha", "interruptions": 2},
            "25 m on alpha. 2 interruptions.",
        ),
        (
            {"focused_seconds": 3000.4, "project": "alpha", "interruptions": 1},
            "50 m on alpha. 1 interruption.",
        ),
        ({"focused_seconds": 1500, "project": None}, "25 m. No interruptions."),
        ({}, "0 s. No interruptions."),
    ],
)
def test_the_end_of_a_focus_session(notifier: Notifier, sent: Sent, focus: dict[str, Any], text: str) -> None:
    notifier.focus_ended(focus)
    assert sent.what == [("Focus session done", text)]


def test_each_is_switched_off_by_its_setting(notifier: Notifier, sent: Sent) -> None:
    sent.off = {"notifications.focus_ended", "notifications.tracking_stopped"}
    notifier.focus_ended({"focused_seconds": 1500})
    notifier.problems([FULL])
    assert sent.what == []


def test_a_problem_is_told_once_until_it_had_gone(notifier: Notifier, sent: Sent) -> None:
    for _ in range(5):
        notifier.problems([FULL])
    assert sent.what == [("The disk is full.", "Nothing is stored. Make room.")]
    notifier.problems([])
    notifier.problems([FULL, {"title": ""}, {"title": "Another."}])
    assert [title for title, _ in sent.what[1:]] == ["The disk is full.", "Another."]


def test_a_problem_from_while_it_was_switched_off_is_not_told_later(notifier: Notifier, sent: Sent) -> None:
    sent.off = {"notifications.tracking_stopped"}
    notifier.problems([FULL])
    sent.off = set()
    notifier.problems([FULL])
    assert sent.what == []


@pytest.fixture
def family() -> Iterator[Family]:
    family = Family()
    yield family
    family.close()


@pytest.fixture
def bus(family: Family) -> Bus:
    bus = Bus(family, {"PATH": os.environ["PATH"]}, "session")
    bus.start()
    return bus


def connected(bus: Bus, qtbot: QtBot, sent: Sent) -> DesktopNotifications:
    connection = QDBusConnection.connectToBus(bus.address, bus.address)
    return DesktopNotifications(sent.send, bus=connection)


def test_a_notification_service_gets_it_as_plain_text(
    family: Family, bus: Bus, qtbot: QtBot, sent: Sent
) -> None:
    argv = [SYSTEM_PYTHON, "-m", "dbusmock", "--template", "notification_daemon"]
    environ = {"PATH": os.environ["PATH"], "DBUS_SESSION_BUS_ADDRESS": bus.address}
    family.start("notifications", argv, environ)
    wait_until(lambda: "org.freedesktop.Notifications" in bus.names(), "the notification service")
    notifications = connected(bus, qtbot, sent)
    notifications.send("Focus session done", "25 m on <b>R&D</b>.")
    log = family.logs / "notifications.log"
    qtbot.waitUntil(lambda: "Notify" in log.read_text(), timeout=20_000)
    told = log.read_text()
    assert '"DevPulse" 0 "devpulse" "Focus session done" "25 m on &lt;b&gt;R&amp;D&lt;/b&gt;."' in told
    assert sent.what == []


def test_without_a_service_the_tray_shows_it(bus: Bus, qtbot: QtBot, sent: Sent) -> None:
    notifications = connected(bus, qtbot, sent)
    notifications.send("title", "text")
    qtbot.waitUntil(lambda: sent.what == [("title", "text")], timeout=20_000)


def test_without_a_bus_the_tray_shows_it_at_once(qtbot: QtBot, sent: Sent) -> None:
    DesktopNotifications(sent.send, bus=QDBusConnection("none")).send("title", "text")
    assert sent.what == [("title", "text")]


@pytest.mark.parametrize(
    ("reminder", "title", "text"),
    [
        (
            {"kind": "goal", "subject": "project", "name": "ledger", "target_seconds": 7200},
            "Goal reached", "2 h of ledger today.",
        ),
        (
            {"kind": "goal", "subject": "category", "name": "Video", "at_most": True, "target_seconds": 1800},
            "Limit passed", "30 m of Video today.",
        ),
        (
            {"kind": "goal", "subject": "productive", "name": "", "week": True, "target_seconds": 72_000},
            "Goal reached", "20 h of productive work this week.",
        ),
        ({"kind": "goal", "subject": "total", "target_seconds": 3600}, "Goal reached", "1 h of work today."),
        ({"kind": "break", "minutes": 90}, "Time for a break", "You have worked for 1 h 30 m without one."),
        ({"kind": "distracted"}, "Still focusing?", "You left your focus session a minute ago."),
    ],
)  # fmt: skip
def test_reminders(notifier: Notifier, sent: Sent, reminder: dict[str, Any], title: str, text: str) -> None:
    notifier.remind(reminder)
    assert sent.what == [(title, text)]
