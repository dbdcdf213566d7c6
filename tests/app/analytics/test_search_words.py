from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.search_words import Asked, parse
from app.errors import UsageError


def ms(text):
    return round(datetime.fromisoformat(text).astimezone().timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Asked()),
        ("  Review  PR ", Asked(("review", "pr"))),
        ("a a A", Asked(("a",))),
        ('"pull request" x', Asked(("pull request", "x"))),
        ('"not closed', Asked(("not closed",))),
        ("app:Firefox", Asked(application="firefox")),
        ('APP:"Visual Studio" project:api category:Code', Asked((), "visual studio", "api", "code")),
        ("http://example.org:80", Asked(("http://example.org:80",))),
        ("std::vector", Asked(("std::vector",))),
        ("note:this", Asked(("note:this",))),
        ("after:2026-03-01", Asked(from_ms=ms("2026-03-01"))),
        ("before:2026-03-31 x", Asked(("x",), to_ms=ms("2026-04-01"))),
    ],
)
def test_what_was_typed_is_understood(text, asked):
    assert parse(text) == asked
    assert asked.empty == (not text.strip())


@pytest.mark.parametrize(
    "text", ["after:yesterday", "before:", "after:2026-02-30", " ".join("abcdefghijklm")]
)
def test_what_cannot_be_understood_is_told(text):
    if text == "before:":
        assert parse(text).words == ("before:",)
        return
    with pytest.raises(UsageError):
        parse(text)


@given(st.text(max_size=60))
def test_anything_can_be_typed(text):
    try:
        asked = parse(text)
    except UsageError:
        return
    assert all(word and word == word.casefold() for word in asked.words)
