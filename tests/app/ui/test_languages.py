"""German is whole: every text that a person may see is there, and says the same things."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.paths import resources
from app.ui.translation import load
from tests.app.ui.source_texts import not_literal, source_texts

LANGUAGES = [folder.name for folder in sorted((resources() / "translations").iterdir()) if folder.is_dir()]
_PLACE = re.compile(r"\{(\w+)[^}]*\}")


def table(language: str) -> dict[str, str]:
    return load(resources() / "translations" / language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert sorted(source_texts() - table(language).keys()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_value_is_lost(language: str) -> None:
    differing = {
        source: text
        for source, text in table(language).items()
        if sorted(_PLACE.findall(source)) != sorted(_PLACE.findall(text))
    }
    assert differing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_or_ends_otherwise(language: str) -> None:
    odd = {
        source: text
        for source, text in table(language).items()
        if not text.strip() or source.endswith("…") != text.endswith("…")
    }
    assert odd == {}


def test_every_text_can_be_found_in_a_table() -> None:
    assert not_literal() == []


def test_the_search_for_texts_finds_them() -> None:
    found = source_texts()
    assert {"Settings", "Undone: {what}", "Category {category} moved", "Idle after"} <= found
    assert len(found) > 500


def test_there_is_a_language_beside_english() -> None:
    assert "de" in LANGUAGES
    assert Path(resources() / "translations" / "de").is_dir()
