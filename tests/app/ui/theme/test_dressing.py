from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6 import sip
from PyQt6.QtGui import QImage, QPalette
from PyQt6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.paths import Paths
from app.ui.theme.dressing import Dressing
from tests.app.ui.window import Opened, make_home, opened


@pytest.fixture
def application(qtbot: QtBot) -> Iterator[QApplication]:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    found.setStyleSheet("QLabel { color: #112233; padding: 3px; }")
    yield found
    found.setStyleSheet("")


def label_in(depth: int, qtbot: QtBot) -> tuple[QWidget, QLabel]:
    root = around = QWidget()
    qtbot.addWidget(root)
    for _ in range(depth):
        around = QWidget(around)
    return root, QLabel("text", around)


def color(label: QLabel) -> str:
    return label.palette().color(QPalette.ColorRole.WindowText).name()


def test_what_is_seen_is_dressed_at_once_and_the_rest_soon(application: QApplication, qtbot: QtBot) -> None:
    root, seen = label_in(3, qtbot)
    hidden = QLabel("hidden", root)
    hidden.hide()
    root.show()
    hidden.ensurePolished()
    dressing = Dressing(application)
    dressing.put_on("QLabel { color: #445566; }")
    assert (color(seen), color(hidden)) == ("#445566", "#112233")
    assert not dressing.done
    qtbot.waitUntil(lambda: dressing.done)
    assert color(hidden) == "#445566"


def test_who_is_about_to_be_seen_is_dressed_before(application: QApplication, qtbot: QtBot) -> None:
    root, inside = label_in(2, qtbot)
    other, outside = label_in(2, qtbot)
    for one in (inside, outside):
        one.ensurePolished()
    dressing = Dressing(application)
    dressing.put_on("QLabel { color: #445566; }")
    dressing.finish(root)
    assert (color(inside), color(outside)) == ("#445566", "#112233")
    sip.delete(other)
    qtbot.waitUntil(lambda: dressing.done)


def test_pages_look_as_if_they_had_been_opened_so(qtbot: QtBot, tmp_path: Path) -> None:
    make_home(tmp_path, days=1, per_day=60)
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path)})
    pages = ("today", "timeline", "focus", "privacy")
    pictures: list[dict[str, QImage]] = []
    for first, second in (("light", "dark"), ("dark", "")):
        with opened(qtbot, paths, look=first) as made:
            for page in pages:
                made.window.open(page)
                made.settle(qtbot)
            if second:
                made.services.theme.wish(second)
            pictures.append({page: picture(made, page, qtbot) for page in pages})
    changed, begun = pictures
    assert [page for page in pages if changed[page] != begun[page]] == []


def picture(made: Opened, page: str, qtbot: QtBot) -> QImage:
    made.window.open(page)
    made.settle(qtbot)
    return made.window.grab().toImage()
