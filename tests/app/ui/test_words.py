from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.words import moment, name, tr

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=timezone(timedelta(hours=1)))


@given(st.text(max_size=200), st.integers(2, 60))
def test_a_name_is_one_short_line(text: str, longest: int) -> None:
    line = name(text, longest)
    assert len(line) <= longest
    assert line.isprintable()
    assert line == line.strip()


def test_a_name_keeps_what_it_is() -> None:
    assert name("my_project R&D {x}") == "my_project R&D {x}"
    assert name("a\x00b\n\u202ec\u2028d") == "a b c d"
    assert name("x" * 60) == "x" * 47 + "…"


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2026-03-02T15:30:00+01:00", "15:30"),
        ("2026-03-02T22:59:00+00:00", "23:59"),
        ("2026-03-02T23:00:00+00:00", "tomorrow, 00:00"),
        ("2026-02-27T08:05:00+01:00", "2026-02-27, 08:05"),
        ("0001-01-01T00:00:00+14:00", ""),
        ("soon", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_moment_as_a_person_says_it(iso: object, words: str) -> None:
    assert moment(iso, NOW) == words


def test_values_with_braces_are_put_in_as_they_are() -> None:
    assert tr("Open {what}", what="{x}") == "Open {x}"


@given(st.text())
def test_any_text_may_stand_for_a_moment(iso: str) -> None:
    assert isinstance(moment(iso, datetime(2026, 3, 2, tzinfo=UTC)), str)
