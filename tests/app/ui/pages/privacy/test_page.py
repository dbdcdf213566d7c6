from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QDate, Qt
from PyQt6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.pages.privacy.erase_dialog import EraseDialog
from app.ui.pages.privacy.page import PrivacyPage
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.switch import Switch
from tests.app.ui.window import Opened, make_home, opened


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    with opened(qtbot, make_home(tmp_path, days=3)) as made:
        made.window.open("privacy")
        made.settle(qtbot)
        yield made


def page(made: Opened) -> PrivacyPage:
    found = made.window.findChild(PrivacyPage)
    assert isinstance(found, PrivacyPage)
    return found


def names(made: Opened) -> set[str]:
    model = page(made)._model
    return {model.application(row).label.name for row in range(model.rowCount())}


def press(made: Opened, qtbot: QtBot, words: str) -> None:
    found = [b for b in made.window.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    qtbot.keyClick(found[0], Qt.Key.Key_Space)
    made.settle(qtbot)


def dialog(made: Opened) -> Dialog:
    (found,) = [d for d in made.window.findChildren(QDialog) if d.isVisible()]
    assert isinstance(found, Dialog)
    return found


def test_all_that_was_recorded_is_listed_and_told(made: Opened) -> None:
    shown = page(made)
    assert len(names(made)) > 5
    assert "different titles" in shown._detail._facts.text()
    assert shown._detail._titles.count() > 1


def test_an_application_is_not_recorded_from_here_on(made: Opened, qtbot: QtBot) -> None:
    name = page(made)._chosen.label.name  # type: ignore[union-attr]
    press(made, qtbot, "Never record it again")
    assert name in json.loads(made.paths.settings.read_text())["privacy.excluded_applications"]
    assert page(made)._detail._excluded.isVisible()
    assert name in names(made)


def test_an_application_is_erased_from_history_too(made: Opened, qtbot: QtBot) -> None:
    name = page(made)._chosen.label.name  # type: ignore[union-attr]
    assert name == "zebra-notes"
    press(made, qtbot, "Also erase what was recorded…")
    dialog(made).accept_button.click()
    made.settle(qtbot)
    assert name not in names(made)
    assert name.encode() not in made.paths.database.read_bytes()
    assert name in json.loads(made.paths.settings.read_text())["privacy.excluded_applications"]


def test_erasing_shows_first_what_it_takes(made: Opened, qtbot: QtBot) -> None:
    press(made, qtbot, "Erase…")
    asked = dialog(made)
    assert isinstance(asked, EraseDialog)
    assert not asked.accept_button.isDefault()
    asked._first.setDate(QDate(2020, 1, 1))
    asked._last.setDate(QDate(2020, 1, 2))
    qtbot.waitUntil(lambda: asked._found.text() == "Nothing is stored there.")
    assert not asked.accept_button.isEnabled()
    asked._all_time.setChecked(True)
    qtbot.waitUntil(asked.accept_button.isEnabled, timeout=20_000)
    assert "on 3 days" in asked._found.text()
    asked.accept_button.click()
    made.settle(qtbot)
    assert names(made) == set()
    assert page(made)._empty.isVisible()


def test_everything_is_exported_for_its_owner_alone(made: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    for file in (tmp_path / "all.json", tmp_path / "all.csv"):
        page(made)._write_export(str(file))
        made.settle(qtbot)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert "module_" in file.read_text()
    assert not list(tmp_path.glob("*.new"))


def test_private_mode_is_the_agents(made: Opened, qtbot: QtBot) -> None:
    switch = page(made).findChild(Switch)
    assert switch is not None
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert made.agent.asked[-1] == ("private", {"on": True})
    made.agent.tell(None)
    assert not switch.isEnabled()


def test_on_a_low_screen_no_button_is_pressed_together(made: Opened, qtbot: QtBot) -> None:
    made.window.setMinimumSize(800, 480)
    made.window.resize(853, 490)
    made.settle(qtbot)
    detail = page(made)._detail
    for button in (detail._stop, detail._erase):
        below = button.mapTo(detail, button.rect().bottomLeft()).y()
        assert below < detail._heading.mapTo(detail, detail._heading.rect().topLeft()).y()
        assert button.parentWidget().rect().contains(button.geometry())  # type: ignore[union-attr]
