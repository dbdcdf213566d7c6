import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.moments import counting_down, ticking, wall_ms


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (59.9, "0:59"), (247, "4:07"), (3847, "1:04:07"), (-5, "0:00"), (float("nan"), "0:00")],
)
def test_a_clock_counts(seconds: float, words: str) -> None:
    assert ticking(seconds) == words


def test_what_is_left_is_rounded_up() -> None:
    assert counting_down(0.2) == "0:01"
    assert counting_down(0) == "0:00"
    assert counting_down(60) == "1:00"


@given(st.floats(0, 1e6))
def test_a_timer_never_shows_less_than_is_left(seconds: float) -> None:
    parts = [int(part) for part in counting_down(seconds).split(":")]
    shown = sum(part * 60**place for place, part in enumerate(reversed(parts)))
    assert seconds - 1e-6 <= shown < seconds + 1


def test_moments_of_the_socket() -> None:
    assert wall_ms("1970-01-01T01:00:01+01:00") == 1000
    assert wall_ms("1970-01-01T00:00:01") is None
    assert wall_ms(None) is None
