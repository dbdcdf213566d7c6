import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.durations import told, told_in_minutes


@pytest.mark.parametrize(
    ("seconds", "words", "in_minutes"),
    [
        (0, "0 s", "0 m"),
        (-5, "0 s", "0 m"),
        (59.99, "59 s", "0 m"),
        (60, "1 m", "1 m"),
        (3599, "59 m", "59 m"),
        (3600, "1 h", "1 h"),
        (3 * 3600 + 24 * 60 + 59, "3 h 24 m", "3 h 24 m"),
        (38 * 3600 + 300, "38 h 5 m", "38 h 5 m"),
        (math.nan, "0 s", "0 m"),
        (math.inf, "0 s", "0 m"),
        (-math.inf, "0 s", "0 m"),
    ],
)
def test_reads_as_a_person_says_it(seconds: float, words: str, in_minutes: str) -> None:
    assert told(seconds) == words
    assert told_in_minutes(seconds) == in_minutes


@given(st.integers(60, 10**9))
def test_never_rounds_up_and_loses_less_than_a_minute(seconds: int) -> None:
    units = {"h": 3600, "m": 60}
    words = told(seconds).split()
    said = sum(int(number) * units[unit] for number, unit in zip(words[::2], words[1::2], strict=True))
    assert 0 <= seconds - said < 60


@given(st.floats())
def test_takes_any_number(seconds: float) -> None:
    assert told(seconds)
    assert told_in_minutes(seconds)
