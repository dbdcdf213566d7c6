from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.paths import Paths
from app.ui.pages.timeline.page import TimelinePage
from app.ui.pages.timeline.search import found_of
from tests.app.ui.pages.little_home import Opened, at, settle


@dataclass(frozen=True)
class Spot:
    span_id: int
    start_ms: int
    title: str | None
    utc_offset_s: int = 0
    application: str | None = "editor"
    project: str | None = None
    note: str | None = None
    path: str | None = None
    url: str | None = None


def test_the_same_title_of_a_day_is_listed_once_at_its_latest() -> None:
    hits = [Spot(3, at(11), "a"), Spot(2, at(10), "a"), Spot(1, at(9, -1), "a")]
    found = found_of(hits)  # type: ignore[arg-type]
    assert [(one.span_id, one.day, one.clock) for one in found] == [
        (3, date(2026, 6, 30), "11:00"), (1, date(2026, 6, 29), "09:00"),
    ]  # fmt: skip
    assert len(found_of([Spot(n, at(9), str(n)) for n in range(100)], most=10)) == 10  # type: ignore[arg-type]


@pytest.fixture
def page(home: Paths, open_windows: Opened, qtbot: QtBot) -> TimelinePage:
    windows = open_windows(home)
    windows.window.open("timeline", {})
    settle(qtbot, windows)
    found = windows.window.findChild(TimelinePage)
    assert found is not None
    return found


def type_(page: TimelinePage, qtbot: QtBot, text: str) -> None:
    page.search.clear()
    QTest.keyClicks(page.search, text)
    qtbot.waitUntil(lambda: page.search.listed, timeout=10_000)


def test_results_come_as_one_types_and_enter_jumps(page: TimelinePage, qtbot: QtBot) -> None:
    type_(page, qtbot, "queue")
    assert [(one.title, one.day.day) for one in page.search.results] == [
        ("queue.py — api", 30), ("Queues explained", 29), ("queue.py — api", 29),
    ]  # fmt: skip
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.lanes.selection.ids), timeout=10_000)
    assert page.model.day == date(2026, 6, 29)
    assert not page.search.listed
    assert page.inspector.details._heading.text() == "browser"


def test_nothing_found_is_told_and_escape_closes(page: TimelinePage, qtbot: QtBot) -> None:
    type_(page, qtbot, "zebra")
    assert page.search.results == ()
    assert page.search._box._words.text() == "Nothing is titled like this"
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert not page.search.listed
    assert page.search.text() == ""


def test_a_wrong_filter_is_told_in_words(page: TimelinePage, qtbot: QtBot) -> None:
    type_(page, qtbot, "after:never")
    assert "date" in page.search._box._words.text()
