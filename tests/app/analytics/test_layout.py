"""Columns of text in a terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.analytics.layout import bar, columns_of, cut, padded, plain, table


@given(st.text(max_size=40), st.integers(0, 40))
def test_cut_and_padded_fit(text, width):
    text = plain(text)
    assert columns_of(cut(text, width)) <= width
    assert columns_of(padded(text, width)) == width
    assert columns_of(padded(text, width, right=True)) == width


@given(st.text(max_size=60))
def test_plain_holds_nothing_that_steers(text):
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in plain(text))


@given(st.floats(allow_nan=False, min_value=-1, max_value=2), st.integers(0, 60))
def test_bar_is_never_longer_than_its_room(share, width):
    assert columns_of(bar(share, width)) <= max(width, 1)
    assert bool(bar(share, width)) == (share > 0) or width == 0


def test_wide_characters_take_two_columns():
    assert columns_of("日本") == 4
    assert cut("日本語", 5) == "日本…"
    assert columns_of("é") == 1


def test_nothing_fits_into_nothing():
    assert cut("a", 0) == ""
    assert cut("日", 1) == "…"
    assert cut("", 0) == ""


def test_table_aligns_and_gives_way_to_the_width():
    assert table([["a", "bb"], ["ccc", "d"]], width=80, header=["x", "y"]) == "x    y\na    bb\nccc  d"
    assert table([], width=80) == ""
    assert max(map(len, table([["x" * 200, "y" * 10]], width=60).splitlines())) <= 60
