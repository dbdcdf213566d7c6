"""German is whole: every text that a person may see is there, and says the same things."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from app.paths import resources
from app.ui.sentences import Sentences
from app.ui.translation import SAID_FILE, load
from tests.app.ui.lower_texts import lower_texts, seeded_names
from tests.app.ui.source_texts import not_literal, source_texts

LANGUAGES = [folder.name for folder in sorted((resources() / "translations").iterdir()) if folder.is_dir()]
_PLACE = re.compile(r"\{(\w+)[^}]*\}")

# What the C library says of a file, within sentences of ours.
_OF_THE_SYSTEM = {
    os.strerror(number)
    for number in (
        errno.EACCES, errno.ENOSPC, errno.EROFS, errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.EEXIST,
        errno.EIO, errno.EDQUOT, errno.ENAMETOOLONG, errno.EPERM,
    )
}  # fmt: skip


def table(language: str) -> dict[str, str]:
    return load(resources() / "translations" / language)


def said(language: str) -> dict[str, str]:
    return load(resources() / "translations" / language, SAID_FILE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert sorted(source_texts() - table(language).keys()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_and_findings_of_the_lower_floors_are_translated(language: str) -> None:
    assert sorted(lower_texts() - said(language).keys()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_seeded_categories_are_translated(language: str) -> None:
    assert sorted(seeded_names() - table(language).keys()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_with_values_is_told_in_its_own_translation(language: str) -> None:
    """Each one, with values in its places: another that looks like it does not take it."""
    known = said(language)
    sentences = Sentences(known, table(language))
    for source in lower_texts():
        values = dict.fromkeys(_PLACE.findall(source), "7")
        assert sentences.of(_filled(source, values)) == _filled(known[source], values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_translated_that_nobody_says(language: str) -> None:
    spoken = source_texts() | lower_texts() | seeded_names() | _OF_THE_SYSTEM
    assert sorted(table(language).keys() - spoken) == []


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


def test_the_search_below_the_windows_finds_errors_and_what_they_are_made_of() -> None:
    found = lower_texts()
    assert {
        "The disk is full.",
        "Line {line} cannot be imported: {reason}.",
        "the file ends early",
        "takes a whole number.",
        "No panel shows tray icons.",
        "private browsing",
    } <= found
    assert len(found) > 300


def test_there_is_a_language_beside_english() -> None:
    assert "de" in LANGUAGES
    assert Path(resources() / "translations" / "de").is_dir()


def _filled(text: str, values: dict[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place[1]], text)
