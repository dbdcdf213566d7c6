"""Lengths of time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.commands.lengths import seconds_of
from app.errors import UsageError


@given(st.integers(0, 9), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_written_and_read(d, h, m, s):
    text = "".join(f"{n}{u}" for n, u in zip((d, h, m, s), "dhms", strict=True) if n)
    if text:
        assert seconds_of(text) == d * 86_400 + h * 3600 + m * 60 + s
        assert seconds_of(f" {text.upper()} ") == seconds_of(text)


@given(st.text(max_size=12))
def test_anything_else_is_refused_in_words(text):
    try:
        assert seconds_of(text) > 0
    except UsageError as error:
        assert error.advice
