from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.paths import Paths
from app.ui.background import BackgroundQuery
from app.ui.shell.page import Page
from tests.app.ui.window import Opened, make_home, opened


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    make_home(folder, days=2, per_day=60)
    return folder


@pytest.fixture
def made(qtbot: QtBot, home: Path) -> Iterator[Opened]:
    with opened(qtbot, Paths.discover({"DEVPULSE_HOME": str(home)})) as made:
        yield made


def test_the_page_before_stays_until_the_new_one_is_whole(made: Opened, qtbot: QtBot) -> None:
    made.window.open("settings")
    made.window.lead_to("focus")
    assert (made.window.shown, made.window.coming) == ("settings", "focus")
    made.settle(qtbot)
    assert (made.window.shown, made.window.coming) == ("focus", "")
    made.window.lead_to("settings")
    assert made.window.shown == "settings"


def test_a_page_comes_with_its_numbers(made: Opened, qtbot: QtBot) -> None:
    made.window.open("settings")
    busy: list[bool] = []

    def look(key: str) -> None:
        page = made.window._built[key].page
        busy.append(any(query.busy for query in page.findChildren(BackgroundQuery)))

    made.window.page_shown.connect(look)
    made.window.lead_to("focus")
    made.settle(qtbot)
    assert busy == [False]


def test_who_changes_their_mind_gets_what_they_asked_for_last(made: Opened, qtbot: QtBot) -> None:
    made.window.open("settings")
    shown: list[str] = []
    made.window.page_shown.connect(shown.append)
    made.window.lead_to("rules")
    made.window.lead_to("privacy")
    made.settle(qtbot)
    assert shown == ["privacy"]
    made.window.lead_to("rules")
    qtbot.waitUntil(lambda: "rules" in made.window._arrivals._underway)
    made.window.lead_to("settings")
    made.settle(qtbot)
    assert shown == ["privacy", "settings"]
    made.window.open("rules")
    assert shown[-1] == "rules"
    assert made.window._stack.indexOf(made.window._built["rules"].page) >= 0


def test_before_the_first_page_its_title_stands_there(made: Opened, qtbot: QtBot) -> None:
    made.window.lead_to("focus", {})
    holder = made.window._stack.currentWidget()
    assert not isinstance(holder, Page)
    assert holder is not None
    assert next(found.text() for found in holder.findChildren(QLabel)) == "Focus"
    made.settle(qtbot)
    page = made.window._stack.currentWidget()
    assert isinstance(page, Page)


def test_where_to_look_is_remembered_on_the_way(made: Opened, qtbot: QtBot) -> None:
    made.window.lead_to("settings", {"section": "focus"})
    made.settle(qtbot)
    made.window.lead_to("rules", {"show": "recent", "search": "abc"})
    made.settle(qtbot)
    page = made.window._built["rules"].page
    assert page._what.current == "recent"  # type: ignore[attr-defined]
    assert page._search.text() == "abc"  # type: ignore[attr-defined]
