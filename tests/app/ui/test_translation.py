import json
from pathlib import Path

from PyQt6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from app.ui.translation import Translation, load
from app.ui.words import tr


def table(folder: Path, language: str, **files: dict[str, str]) -> Path:
    (folder / language).mkdir(parents=True)
    for name, texts in files.items():
        (folder / language / f"{name}.json").write_text(json.dumps(texts))
    return folder


def application() -> QCoreApplication:
    found = QCoreApplication.instance()
    assert found is not None
    return found


def test_a_language_is_spoken_until_another_is(tmp_path: Path, qtbot: QtBot) -> None:
    folder = table(tmp_path, "de", one={"Day": "Tag"}, two={"{n} days": "{n} Tage"})
    translation = Translation(application(), folder)
    assert translation.use("de")
    try:
        assert not translation.use("de")
        assert (tr("Day"), tr("{n} days", n=3), tr("Month")) == ("Tag", "3 Tage", "Month")
    finally:
        assert translation.use("en")
    assert tr("Day") == "Day"


def test_a_language_that_is_not_there_is_english(tmp_path: Path, qtbot: QtBot) -> None:
    translation = Translation(application(), tmp_path)
    assert not translation.use("xx")
    assert translation.language == "en"


def test_a_damaged_file_costs_only_its_own_texts(tmp_path: Path) -> None:
    folder = table(tmp_path, "de", good={"Day": "Tag"})
    (folder / "de" / "bad.json").write_text("{")
    assert load(folder / "de") == {"Day": "Tag"}
