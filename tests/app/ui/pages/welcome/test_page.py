from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ui.pages.welcome.page import WelcomePage
from tests.app.ui.window import Opened, make_home, opened


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    with opened(qtbot, make_home(tmp_path)) as made:
        made.window.open("welcome")
        made.settle(qtbot)
        yield made


def page(made: Opened) -> WelcomePage:
    found = made.window.findChild(WelcomePage)
    assert isinstance(found, WelcomePage)
    return found


def said(made: Opened) -> str:
    return "\n".join(label.text() for label in page(made).findChildren(QLabel) if label.isVisible())


def test_enter_leads_through_and_the_welcome_is_over(made: Opened, qtbot: QtBot) -> None:
    assert "What never is" in said(made)
    for _ in range(5):
        assert not made.paths.welcomed.exists()
        qtbot.keyClick(page(made)._next, Qt.Key.Key_Space)
        made.settle(qtbot)
    assert made.paths.welcomed.exists()
    assert made.window.shown != "welcome"


def test_the_rest_can_be_skipped(made: Opened, qtbot: QtBot) -> None:
    qtbot.keyClick(page(made)._skip, Qt.Key.Key_Space)
    assert made.paths.welcomed.exists()


def test_permissions_are_looked_at_again(made: Opened, qtbot: QtBot) -> None:
    bad = {"name": "windows", "state": "missing", "detail": "Nothing here.", "advice": "Do this."}
    made.agent.answers["doctor"] = {"checks": [bad]}
    qtbot.keyClick(page(made)._next, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Do this." in said(made))
    made.agent.answers["doctor"] = {"checks": [{**bad, "state": "ok", "detail": "x11"}]}
    qtbot.waitUntil(lambda: "x11" in said(made), timeout=10_000)
    assert "Do this." not in said(made)


def test_the_way_on_stays_in_sight_on_a_low_screen(made: Opened, qtbot: QtBot) -> None:
    made.window.setMinimumSize(800, 480)
    made.window.resize(853, 490)
    made.settle(qtbot)
    way = page(made)._next
    assert way.mapTo(page(made), way.rect().bottomRight()).y() < page(made).height()
    assert not way.visibleRegion().isEmpty()
