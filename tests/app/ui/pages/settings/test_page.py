from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app.declarations import SETTINGS
from app.ui.pages.settings.page import SettingsPage
from app.ui.pages.settings.sections import SECTIONS, fitting, settings_of
from app.ui.widgets.switch import Switch
from tests.app.ui.window import Opened, make_home, opened


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    with opened(qtbot, make_home(tmp_path)) as made:
        yield made


def page(made: Opened, section: str) -> SettingsPage:
    made.window.open("settings", {"section": section})
    found = made.window.findChild(SettingsPage)
    assert isinstance(found, SettingsPage)
    return found


def control(page: SettingsPage, key: str) -> QWidget:
    return page._controls[key].widget


def stored(made: Opened) -> dict[str, object]:
    return json.loads(made.paths.settings.read_text())


def test_every_setting_has_its_place_and_its_control(made: Opened) -> None:
    placed: list[str] = []
    for section in SECTIONS:
        shown = page(made, section.key)
        assert list(shown._controls) == [s.key for s in settings_of(section)]
        placed += shown._controls
    assert sorted(placed) == sorted(SETTINGS)


def test_a_switch_a_number_and_a_choice_are_stored_and_undone(made: Opened, qtbot: QtBot) -> None:
    shown = page(made, "tracking")
    switch = control(shown, "tracking.count_microphone")
    assert isinstance(switch, Switch)
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    made.settle(qtbot)
    number = control(shown, "tracking.idle_after_s")
    assert isinstance(number, QSpinBox)
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "240")
    qtbot.keyClick(number, Qt.Key.Key_Return)
    made.settle(qtbot)
    shown = page(made, "privacy")
    choice = control(shown, "privacy.detail")
    assert isinstance(choice, QComboBox)
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Home)
    made.settle(qtbot)
    assert stored(made) == {
        "tracking.count_microphone": False,
        "tracking.idle_after_s": 240,
        "privacy.detail": "applications",
    }
    assert [asked for asked, _ in made.agent.asked].count("reload") == 3
    for _ in range(3):
        qtbot.keyClick(made.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        made.settle(qtbot)
    assert stored(made) == {}


def test_back_to_the_default(made: Opened, qtbot: QtBot) -> None:
    shown = page(made, "appearance")
    assert not shown._resets["appearance.theme"].isVisible()
    theme = control(shown, "appearance.theme")
    assert isinstance(theme, QComboBox)
    theme.setFocus()
    qtbot.keyClick(theme, Qt.Key.Key_End)
    made.settle(qtbot)
    assert made.services.theme.tokens.dark
    assert shown._resets["appearance.theme"].isVisible()
    qtbot.mouseClick(shown._resets["appearance.theme"], Qt.MouseButton.LeftButton)
    made.settle(qtbot)
    assert not made.services.theme.tokens.dark
    assert stored(made) == {}


def test_a_list_takes_new_items_and_lets_them_go(made: Opened, qtbot: QtBot) -> None:
    shown = page(made, "focus")
    field = control(shown, "focus.presets_min").findChild(QLineEdit)
    assert field is not None
    for typed in ("40", "no number", "40"):
        field.setText(typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        made.settle(qtbot)
    assert stored(made)["focus.presets_min"] == [25, 40, 50, 90]
    assert field.property("invalid") == "true"
    first = shown._controls["focus.presets_min"].widget._flow.itemAt(0).widget()  # type: ignore[attr-defined]
    qtbot.keyClick(first, Qt.Key.Key_Space)
    made.settle(qtbot)
    assert stored(made)["focus.presets_min"] == [40, 50, 90]


def test_search_finds_over_all_sections(made: Opened, qtbot: QtBot) -> None:
    shown = page(made, "general")
    qtbot.keyClick(made.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = made.window.focusWidget()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "backups")
    assert "storage.backups_kept" in shown._controls
    assert "appearance.theme" not in shown._controls
    field.setText("nothing of this kind at all")
    assert not shown._controls


def test_words_are_found_and_loose_letters_are_not() -> None:
    found = [s.key for s in fitting("micro", SETTINGS.values())]
    assert found == ["tracking.count_microphone"]
    assert fitting(" ", SETTINGS.values()) == tuple(SETTINGS.values())


def test_another_language_at_once(made: Opened, qtbot: QtBot) -> None:
    page(made, "appearance")
    made.services.settings.change(made.services.changes, {"appearance.language": "de"})
    made.settle(qtbot)
    try:
        assert made.window.windowTitle() == "Einstellungen — DevPulse"
    finally:
        made.services.settings.change(made.services.changes, {"appearance.language": "en"})
        made.settle(qtbot)
    assert made.window.windowTitle() == "Settings — DevPulse"
