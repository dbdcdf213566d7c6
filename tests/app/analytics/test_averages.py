"""Averages that leave out what has no value."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.averages import Comparison, moving_average

NAN = math.nan


def test_an_average_goes_back_so_many_values_and_leaves_out_those_that_are_none():
    values = np.array([1.0, 3.0, NAN, 8.0, NAN, NAN, NAN])
    assert moving_average(values, 3)[:6].tolist() == [1.0, 2.0, 2.0, 5.5, 8.0, 8.0]
    assert math.isnan(moving_average(values, 3)[6])
    assert moving_average(np.array([]), 3).tolist() == []
    with pytest.raises(ValueError, match="at least one"):
        moving_average(values, 0)


@given(
    values=st.lists(st.floats(0, 1e6) | st.just(NAN), max_size=40).map(np.array), window=st.integers(1, 50)
)
def test_an_average_is_the_mean_of_what_is_there(values, window):
    values = values.astype(np.float64)
    found = moving_average(values, window)
    for at in range(len(values)):
        known = [v for v in values[max(0, at - window + 1) : at + 1].tolist() if not math.isnan(v)]
        assert (
            found[at] == pytest.approx(sum(known) / len(known), abs=1e-3) if known else math.isnan(found[at])
        )


def test_a_change_is_a_part_of_what_was_before():
    assert Comparison(150, 100).change == 0.5
    assert Comparison(0, 100).change == -1
    assert Comparison(5, 0).change is None
