"""The tray in this process, without a panel; test_tray_desktop.py has real ones."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PyQt6.QtDBus import QDBusConnection
from PyQt6.QtWidgets import QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.ui.tray import tray as tray_module
from app.ui.tray.tray import Tray

TRACKING: dict[str, Any] = {
    "state": "tracking",
    "current": {"application": "code", "title": "a secret title", "project": "alpha", "branch": "main"},
    "today": {"active_seconds": 3600},
}


class Actions:
    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: None


class Settled:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def settled() -> Settled:
    return Settled()


@pytest.fixture
def tray(qtbot: QtBot, settled: Settled) -> Iterator[Tray]:
    tray = Tray(
        None,
        Actions(),
        presets_min=[25],
        after_menu=settled,
        bus=QDBusConnection("a bus that is not there"),
        now=lambda: datetime(2026, 3, 2, tzinfo=UTC),
    )
    yield tray
    tray.close()


def icon(tray: Tray) -> QSystemTrayIcon:
    found = tray.findChild(QSystemTrayIcon)
    assert found is not None
    return found


def menu(tray: Tray) -> QMenu:
    found = icon(tray).contextMenu()
    assert found is not None
    return found


def labels(tray: Tray) -> list[str]:
    return [action.text() for action in menu(tray).actions() if action.isVisible() and action.text()]


def test_without_a_panel_it_is_not_available_and_nothing_fails(tray: Tray) -> None:
    assert (tray.available, tray.kind) == (False, "none")
    tray.show(TRACKING)
    tray.show({})
    tray.message("title", "text")
    assert icon(tray).toolTip().startswith("DevPulse\nStarting…")


def test_it_shows_the_status_but_no_title(tray: Tray) -> None:
    tray.show(TRACKING)
    assert icon(tray).toolTip() == "DevPulse\nalpha · main\nToday: 1 h"
    assert labels(tray)[:2] == ["Today: 1 h", "alpha · main"]
    assert "secret" not in icon(tray).toolTip() + "".join(labels(tray))


def test_the_icon_is_loaded_only_when_it_changes(tray: Tray) -> None:
    tray.show(TRACKING)
    before = icon(tray).icon().cacheKey()
    tray.show({**TRACKING, "today": {"active_seconds": 3700}})
    assert icon(tray).icon().cacheKey() == before
    tray.show({**TRACKING, "state": "paused"})
    assert icon(tray).icon().cacheKey() != before
    assert not icon(tray).icon().isNull()


def test_other_presets_can_be_offered(tray: Tray) -> None:
    tray.offer([45])
    focus = next(action.menu() for action in menu(tray).actions() if action.text() == "Start focus")
    assert focus is not None
    assert focus.actions()[0].text() == "45 minutes"


def test_memory_is_handed_back_once_the_menu_has_been_closed_for_a_while(
    qtbot: QtBot, tray: Tray, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        menu(tray).popup(icon(tray).geometry().topLeft())
        menu(tray).hide()
    assert settled.times == 0
    qtbot.waitUntil(lambda: settled.times > 0, timeout=20_000)
    assert settled.times == 1


def test_a_click_opens_the_menu_where_there_is_no_window(tray: Tray) -> None:
    icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.MiddleClick)
    assert not menu(tray).isVisible()
    icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert menu(tray).isVisible()


def test_after_closing_statuses_go_nowhere(tray: Tray) -> None:
    tray.close()
    tray.show(TRACKING)
    tray.message("title", "text")
    assert not tray.available


def test_the_time_of_day_is_the_person_s() -> None:
    assert tray_module._local_now().tzinfo is not None
