from __future__ import annotations

import re
from pathlib import Path

from PyQt6 import sip
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.analytics.labels import By
from app.ui.focus.timer_ring import TimerRing
from app.ui.hearing import hear
from app.ui.pages.timeline.name_picker import NamePicker
from app.ui.pages.today.now_card import StateDot
from app.ui.pages.trends.stack_card import BeforeMark
from app.ui.theme.theme import Theme
from app.ui.widgets.meter import Meter

ROOT = Path(__file__).resolve().parents[3] / "app" / "ui"


class Teller(QObject):
    told = pyqtSignal(object)


def test_who_is_gone_hears_nothing(qtbot: QtBot) -> None:
    teller, owner, heard = Teller(), QObject(), []
    hear(teller.told, owner, heard.append)
    teller.told.emit(1)
    sip.delete(owner)
    teller.told.emit(2)
    assert heard == [1]


def test_the_owner_is_not_kept_by_what_it_hears(qtbot: QtBot) -> None:
    teller, owner = Teller(), QObject()
    inner = QObject(owner)
    hear(teller.told, inner, lambda _: inner.objectName())
    sip.delete(owner)
    teller.told.emit(1)  # a fault in a slot would fail the test
    assert sip.isdeleted(inner)


def test_widgets_that_are_gone_hear_of_no_theme(qtbot: QtBot) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(application, wish="light")
    made: list[QWidget] = [
        TimerRing(theme, 80),
        Meter(theme),
        NamePicker(theme, By.PROJECT, "Project"),
        BeforeMark(theme),
        StateDot(theme),
    ]
    for widget in made:
        sip.delete(widget)
    theme.wish("dark")
    application.setStyleSheet("")


def test_no_lambda_hangs_on_what_outlives_its_widget() -> None:
    wrong = re.compile(r"\b(theme|settings|agent|freshness|changes|navigator)\.\w+\.connect\(\s*lambda")
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in ROOT.rglob("*.py")
        for match in wrong.finditer(file.read_text())
    ]
    assert found == []
