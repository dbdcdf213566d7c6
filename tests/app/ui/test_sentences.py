"""Sentences of the lower floors in another language: known again, values kept, the rest left as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.paths import resources
from app.ui.sentences import Sentences, says_something
from app.ui.translation import load

TABLE = {
    "Nothing was changed.": "Nichts wurde geändert.",
    "Line {line} is bad: {reason}.": "Zeile {line} ist schlecht: {reason}.",
    "the {name} is missing": "{name} fehlt",
    "{error} Titles are left out.": "{error} Titel bleiben weg.",
    "{path} cannot be read.": "{path} lässt sich nicht lesen.",
    "Permission denied": "Keine Berechtigung",
    "The key cannot be read.": "Der Schlüssel lässt sich nicht lesen.",
    "Two things. And one more.": "Zwei Dinge. Und noch eins.",
}


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Nothing was changed.", "Nichts wurde geändert."),
        ("Line 3 is bad: the date is missing.", "Zeile 3 ist schlecht: date fehlt."),
        ("Nothing was changed. Titles are left out.", "Nichts wurde geändert. Titel bleiben weg."),
        ("/a b. c/x cannot be read.", "/a b. c/x lässt sich nicht lesen."),
        ("The key cannot be read.", "Der Schlüssel lässt sich nicht lesen."),
        ("Permission denied.", "Keine Berechtigung."),
        ("x11: Nothing was changed.", "x11: Nichts wurde geändert."),
        ("Nothing was changed.\nThe key cannot be read.",
         "Nichts wurde geändert.\nDer Schlüssel lässt sich nicht lesen."),
        ("Who knows? Two things. And one more. Nothing was changed.",
         "Who knows? Zwei Dinge. Und noch eins. Nichts wurde geändert."),
        ("What nobody translated.", "What nobody translated."),
        ("", ""),
    ],
)  # fmt: skip
def test_sentences_are_known_again(english: str, german: str) -> None:
    assert Sentences(TABLE).of(english) == german


@given(path=st.text(min_size=1).filter(lambda text: "\n" not in text and "cannot be read." not in text))
def test_a_value_comes_through_whole(path: str) -> None:
    assert Sentences(TABLE | {"The key": "x"}).of(f"{path} cannot be read.") in (
        f"{path} lässt sich nicht lesen.",
        TABLE.get(f"{path} cannot be read.", ""),
    )


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(Sentences(load(resources() / "translations" / "de")).of(text), str)


def test_a_name_is_not_taken_for_a_sentence() -> None:
    sentences = Sentences({"There is {name} already.": "{name} gibt es schon.", "Nothing": "Nichts"})
    assert sentences.of("There is Nothing already.") == "Nothing gibt es schon."


def test_what_has_no_word_is_no_sentence() -> None:
    assert not says_something("{key}: {problem}")
    assert says_something("{path} is bad")
