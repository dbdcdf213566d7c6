from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.charts.ticks import (
    apart,
    clock_step,
    headroom,
    length_label,
    length_step,
    multiples,
    number_label,
    number_step,
)


@pytest.mark.parametrize(
    ("top", "most", "step"),
    [(8 * 3600, 4, 7200), (50, 5, 10), (3000, 4, 900), (400 * 3600, 4, 100 * 3600), (1, 4, 1)],
)
def test_steps_of_lengths_are_round(top: float, most: int, step: int) -> None:
    assert length_step(top, most) == step


def test_steps_of_a_clock_divide_a_day() -> None:
    assert clock_step(86_400, 12) == 7200
    assert clock_step(20, 10) == 2
    assert all(86_400 % clock_step(span, 7) == 0 for span in (5, 100, 5_000, 40_000, 86_400))


@given(st.floats(0.001, 1e9), st.integers(1, 20))
def test_a_number_axis_has_no_more_steps_than_asked(span: float, most: int) -> None:
    step = number_step(span, most)
    assert span / step <= most * 1.001
    assert span / step > most / 10.1


@pytest.mark.parametrize(
    ("seconds", "label"),
    [(0, "0"), (30, "30 s"), (900, "15 m"), (7200, "2 h"), (5400, "1 h 30 m"), (360_000, "100 h")],
)
def test_labels_of_lengths_carry_their_unit(seconds: float, label: str) -> None:
    assert length_label(seconds) == label


def test_numbers_and_ends() -> None:
    assert number_label(1200) == "1,200"
    assert multiples(0.5, 3.2, 1) == [1, 2, 3]
    assert headroom(7.1, 2) == 8
    assert headroom(0, 5) == 5


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=60, unique=True), st.floats(5, 90))
def test_labels_that_are_kept_never_touch(places: list[float], width: float) -> None:
    ordered = sorted(places)
    kept = apart(ordered, [width] * len(ordered), 4)
    assert kept
    gaps = [ordered[b] - ordered[a] for a, b in pairwise(kept)]
    assert all(gap >= width + 4 - 1e-6 for gap in gaps)
