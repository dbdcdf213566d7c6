"""Ranges of days, what comes before them, and their bars."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.periods import date_of
from app.analytics.ranges import Days, Granularity, bucket_numbers, buckets, month_of, number_of, week_of

some_days = st.builds(
    lambda first, length: Days(first, first + timedelta(days=length)),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 800),
)  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-03-04", "2026-03-04", ("2026-03-03", "2026-03-03")),
        ("2026-03-02", "2026-03-08", ("2026-02-23", "2026-03-01")),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-01-01", "2026-01-31", ("2025-12-01", "2025-12-31")),
        ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31")),
        ("2024-01-01", "2024-12-31", ("2023-01-01", "2023-12-31")),
        ("2026-03-02", "2026-04-01", ("2026-01-30", "2026-03-01")),
    ],
)
def test_what_a_range_is_compared_with(first, last, before):
    days = Days(date.fromisoformat(first), date.fromisoformat(last))
    assert days.before() == Days(*map(date.fromisoformat, before))


def test_weeks_begin_on_monday_and_months_on_the_first():
    assert week_of(date(2026, 3, 4)) == Days(date(2026, 3, 2), date(2026, 3, 8))
    assert week_of(date(2026, 3, 2)).first == date(2026, 3, 2)
    assert month_of(date(2024, 2, 29)) == Days(date(2024, 2, 1), date(2024, 2, 29))
    assert month_of(date(2026, 12, 31)).last == date(2026, 12, 31)


def test_a_range_has_an_order():
    with pytest.raises(ValueError, match="before it begins"):
        Days(date(2026, 3, 4), date(2026, 3, 3))


@given(days=some_days, granularity=st.sampled_from(Granularity))
def test_bars_cover_the_range_and_each_day_knows_its_bar(days, granularity):
    cut = buckets(days, granularity)
    assert (cut[0].first, cut[-1].last) == (days.first, days.last)
    assert all(b.first == a.last + timedelta(days=1) for a, b in pairwise(cut))
    numbers = np.array(list(days.numbers), np.int64)
    for day, bar in zip(numbers.tolist(), bucket_numbers(numbers, days, granularity).tolist(), strict=True):
        assert date_of(day) in cut[bar]


@given(days=some_days)
def test_what_comes_before_ends_where_the_range_begins(days):
    before = days.before()
    assert before.last + timedelta(days=1) == days.first
    assert abs(len(before) - len(days)) <= 3 * (1 + len(days) // 28)
    assert number_of(days.first) == days.numbers.start
