"""Times of the week in rules."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UsageError
from app.tracking.schedule import Schedule, parse_schedule

MONDAY = datetime(2026, 6, 1)  # noqa: DTZ001 - a time on the wall


def at(day: int, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return MONDAY + timedelta(days=day, hours=int(hour), minutes=int(minute))


@pytest.mark.parametrize(
    ("text", "day", "clock", "covered"),
    [
        ("mon-fri 09:00-17:00", 0, "09:00", True),
        ("mon-fri 09:00-17:00", 4, "16:59", True),
        ("mon-fri 09:00-17:00", 4, "17:00", False),
        ("mon-fri 09:00-17:00", 0, "8:59", False),
        ("mon-fri 09:00-17:00", 5, "12:00", False),
        ("sat,sun", 6, "0:00", True),
        ("sat, sun", 5, "23:59", True),
        ("sat,sun", 0, "0:00", False),
        ("sat-mon", 6, "1:00", True),
        ("sat-mon", 0, "1:00", True),
        ("sat-mon", 1, "1:00", False),
        ("22:00-02:00", 2, "23:00", True),
        ("22:00-02:00", 2, "1:59", True),
        ("22:00-02:00", 2, "2:00", False),
        ("fri 22:00-02:00", 4, "22:00", True),
        ("fri 22:00-02:00", 5, "1:00", True),
        ("fri 22:00-02:00", 4, "1:00", False),
        ("sun 22:00-02:00", 0, "1:00", True),
        ("00:00-24:00", 3, "23:59", True),
        ("09:00-09:00", 3, "8:00", True),
        ("FRI 9:00–17:00", 4, "10:00", True),
    ],
)
def test_what_is_covered(text: str, day: int, clock: str, covered: bool) -> None:
    assert parse_schedule(text).covers(at(day, clock)) is covered


@pytest.mark.parametrize(
    "text",
    ["", "monday", "mon-", "-fri", "mon fri", "9-17", "09:00-25:00", "09:60-10:00", "24:00-01:00",
     "24:01-25:00",
     "09:00-17:00 mon", "mon-fri 09:00", "٠٩:٠٠-١٧:٠٠", ","],
)  # fmt: skip
def test_what_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_schedule(text)
    assert refused.value.advice


@given(st.sets(st.integers(0, 6), min_size=1), st.integers(0, 1439), st.integers(1, 1440))
def test_each_day_is_covered_for_its_length(days: set[int], begin: int, length: int) -> None:
    schedule = Schedule(frozenset(days), begin, length)
    minutes = sum(schedule.covers(MONDAY + timedelta(minutes=minute)) for minute in range(0, 7 * 1440, 1))
    assert minutes == len(days) * length


@given(st.text(max_size=30))
def test_any_text_is_refused_or_a_schedule(text: str) -> None:
    with contextlib.suppress(UsageError):
        parse_schedule(text).covers(MONDAY)
