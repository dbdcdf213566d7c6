"""Periods a person names."""

# ruff: noqa: DTZ001 - local wall-clock times are the subject

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.periods import DAY_MS, HOUR_MS, Period, date_of, local_ms, moment_of, period
from app.errors import UsageError

NOW = datetime(2026, 3, 4, 15, 30)  # a Wednesday


def at(text):
    return local_ms(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("word", "first", "end"),
    [
        (None, "2026-03-04", "2026-03-05"),
        ("today", "2026-03-04", "2026-03-05"),
        ("yesterday", "2026-03-03", "2026-03-04"),
        ("week", "2026-03-02", "2026-03-09"),
        ("last-week", "2026-02-23", "2026-03-02"),
        ("month", "2026-03-01", "2026-04-01"),
        ("last-month", "2026-02-01", "2026-03-01"),
        ("year", "2026-01-01", "2027-01-01"),
        ("7d", "2026-02-26", "2026-03-05"),
        ("1d", "2026-03-04", "2026-03-05"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
    ],
)
def test_words(word, first, end):
    assert period(word, None, None, NOW) == Period(at(first), at(end))


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2026-03-01", "2026-03-03", "2026-03-01", "2026-03-04"),
        ("2026-03-01", None, "2026-03-01", "2026-03-05"),
        ("last-week", None, "2026-02-23", "2026-03-05"),
        ("2026-03-04T09:00", "2026-03-04T09:30:15.5", "2026-03-04T09:00", "2026-03-04T09:30:15.500"),
        ("2026-03-04 09:00", "today", "2026-03-04T09:00", "2026-03-05"),
        ("20260301", "2026-03-03", "2026-03-01", "2026-03-04"),
    ],
)
def test_from_and_to(start, end, first, last):
    assert period(None, start, end, NOW) == Period(at(first), at(last))


def test_only_an_end_is_from_the_first_recording():
    assert period(None, None, "yesterday", NOW) == Period(None, at("2026-03-04"))


def test_a_moment_with_zone_is_the_machines_wall_clock():
    local = datetime(2026, 3, 4, 9, 0).astimezone()
    assert period(None, local.isoformat(), None, NOW).start == at("2026-03-04T09:00")


@pytest.mark.parametrize(
    "word",
    ["", "soon", "0d", "-3d", "999999d", "2026-13-01", "2026-02-30", "10000-01-01", "2026-03-04T25:00", "١d",
     "7 d", "9" * 50, "\x00", "2026-W10-8"],
)  # fmt: skip
def test_what_is_no_period(word):
    for words in ((word, None, None), (None, word, None), (None, None, word)):
        with pytest.raises(UsageError):
            period(*words, NOW)


def test_a_period_that_ends_before_it_begins():
    with pytest.raises(UsageError):
        period(None, "2026-03-04", "2026-03-03", NOW)
    with pytest.raises(UsageError):
        period(None, "2026-03-04T09:00", "2026-03-04T09:00", NOW)
    with pytest.raises(UsageError):
        period("today", "2026-03-04", None, NOW)


@given(
    st.integers(0, 40 * DAY_MS) | st.none(), st.integers(1, 40 * DAY_MS), st.sampled_from([HOUR_MS, DAY_MS])
)
def test_whole_units_and_rest_make_the_period(start, length, unit):
    asked = Period(start, (start or 0) + length)
    units = asked.whole(unit)
    pieces = [*asked.rest(unit), *((n * unit, (n + 1) * unit) for n in units)]
    covered = sorted(piece for piece in pieces if piece[0] < piece[1])
    if start is not None:
        assert covered[0][0] == start
        assert covered[-1][1] == asked.end
        assert all(a[1] == b[0] for a, b in pairwise(covered))
    assert all(stop - begin < unit for begin, stop in asked.rest(unit)) or not units
    assert len(list(asked.rest(unit))) <= 2


def test_from_the_beginning_within_the_first_day_still_ends():
    assert list(Period(None, DAY_MS // 2).rest(DAY_MS)) == [(0, DAY_MS // 2)]


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31)))
def test_local_ms_and_back(moment):
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert abs(moment_of(local_ms(whole)) - whole) < timedelta(milliseconds=1)
    assert date_of(local_ms(whole) // DAY_MS) == whole.date()
