"""The window in German: what lower floors say is German as well, and nothing of it is written back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication, QLabel

from app.errors import StorageFull
from app.models.database import translated
from app.ui.pages.rules.category_dialogs import CategoryDialog
from app.ui.translation import Translation
from tests.app.ui.pages.live_home import Home, home, new_home

__all__ = ["home", "new_home"]


@pytest.fixture(autouse=True)
def german(home: Home) -> Iterator[None]:
    application = QApplication.instance()
    assert application is not None
    spoken = Translation(application)
    spoken.use("de")
    yield
    spoken.use("en")


def shown(home: Home) -> str:
    return "\n".join(one.text() for one in home.windows.window.findChildren(QLabel) if one.isVisible())


def test_a_seeded_category_is_translated_and_its_name_stays_as_it_is_stored(home: Home) -> None:
    coding = home.categories()["Coding"]
    page = home.open("rules")
    item = page.tree.item_of(coding)
    assert item is not None
    assert item.text(0) == "Programmieren"
    page.edit_category(coding)
    home.settle()
    dialog = next(one for one in home.windows.window.findChildren(CategoryDialog) if one.isVisible())
    assert dialog.field.text() == "Programmieren"
    dialog._swatches.choose("#e69f00")
    dialog.accept()
    home.settle()
    assert home.rows("SELECT name, color FROM categories WHERE id = ?", coding) == [("Coding", "#e69f00")]
    assert "Kategorie Programmieren geändert" in shown(home)


def test_an_error_of_the_database_is_told_in_german(home: Home, tmp_path: Path) -> None:
    home.open("today")
    with closing(sqlite3.connect(tmp_path / "small.db")) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        connection.execute("CREATE TABLE much (text)")
        with pytest.raises(StorageFull) as caught, translated():
            connection.execute("INSERT INTO much VALUES (randomblob(100000))")
    home.windows.services.changes.failed.emit(caught.value)
    home.settle()
    assert "Der Datenträger ist voll." in shown(home)
    assert "The disk" not in shown(home)


def test_a_problem_of_the_agent_is_told_in_german(home: Home) -> None:
    home.open("today")
    problem = {
        "title": "The database was gone, but there are backups of it.",
        "detail": "",
        "advice": "Check that the files belong to you. What was recorded is safe.",
    }
    home.agent.tell({**(home.agent.status or {}), "problems": [problem]})
    home.settle()
    assert "Die Datenbank war weg, aber es gibt Sicherungen von ihr." in shown(home)
    assert "Was aufgezeichnet wurde, ist sicher." in shown(home)
