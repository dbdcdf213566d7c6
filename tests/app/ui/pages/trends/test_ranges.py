from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.ranges import Days, Granularity, buckets
from app.ui.dates import DateRange, Span, around
from app.ui.pages.trends.buckets import granularity_of, hours_of_day, named
from app.ui.pages.trends.page import range_of
from app.ui.pages.trends.ranges import asked, years_of

TODAY = date(2026, 6, 30)  # a Tuesday
RECORDED = Days(date(2022, 3, 5), TODAY)


def test_a_running_week_is_compared_with_as_many_days() -> None:
    found = asked(around(Span.WEEK, TODAY), TODAY, RECORDED)
    assert found.days == Days(date(2026, 6, 29), date(2026, 7, 5))
    assert found.before == Days(date(2026, 6, 22), date(2026, 6, 23))
    assert found.running


def test_a_month_that_is_over_is_compared_with_the_whole_one_before() -> None:
    found = asked(around(Span.MONTH, date(2026, 3, 9)), TODAY, RECORDED)
    assert found.before == Days(date(2026, 2, 1), date(2026, 2, 28))
    assert not found.running


def test_the_last_day_of_a_month_compares_the_whole_one() -> None:
    found = asked(around(Span.MONTH, TODAY), TODAY, RECORDED)
    assert found.before == Days(date(2026, 5, 1), date(2026, 5, 31))


def test_all_time_begins_with_the_first_recording_and_is_compared_with_nothing() -> None:
    found = asked(around(Span.ALL, TODAY), TODAY, RECORDED)
    assert found.days == RECORDED
    assert found.before is None
    assert asked(around(Span.ALL, TODAY), TODAY, None).days == Days(TODAY, TODAY)


def test_the_calendar_shows_whole_years_the_latest_five() -> None:
    week = asked(around(Span.WEEK, TODAY), TODAY, RECORDED).days
    assert years_of(week, RECORDED, TODAY) == Days(date(2026, 1, 1), date(2026, 12, 31))
    assert years_of(RECORDED, RECORDED, TODAY).first == date(2022, 1, 1)
    longer = Days(date(2015, 1, 1), TODAY)
    assert years_of(longer, longer, TODAY).first == date(2022, 1, 1)


@given(st.dates(date(2020, 1, 1), TODAY), st.sampled_from([*Span]))
def test_what_is_compared_never_reaches_into_what_is_shown(day: date, kind: Span) -> None:
    found = asked(around(kind, day), TODAY, RECORDED)
    assert found.before is None or found.before.last < found.days.first


@pytest.mark.parametrize(
    ("days", "wide"),
    [
        (1, Granularity.DAY),
        (31, Granularity.DAY),
        (92, Granularity.WEEK),
        (366, Granularity.WEEK),
        (1826, Granularity.MONTH),
    ],
)
def test_bars_are_as_wide_as_they_can_be_told_apart(days: int, wide: Granularity) -> None:
    shown = Days(date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days - 1))
    assert granularity_of(shown) is wide


def test_buckets_are_named_in_short_and_in_full() -> None:
    year = around(Span.YEAR, TODAY)
    days = Days(year.first, year.last)
    months = named(buckets(days, Granularity.MONTH), Granularity.MONTH)
    assert [bucket.label for bucket in months][:3] == ["2026", "Feb", "Mar"]
    assert months[2].title == "March 2026"
    weeks = named(buckets(days, Granularity.WEEK), Granularity.WEEK)
    assert weeks[1].title == "Week 2, 5 Jan – 11 Jan 2026"
    month = Days(date(2026, 3, 30), date(2026, 4, 20))
    named_days = named(buckets(month, Granularity.DAY), Granularity.DAY)
    assert [bucket.label for bucket in named_days][:4] == ["30", "31", "1 Apr", "2"]
    assert named_days[2].strong
    assert len(hours_of_day(TODAY)) == 24


@given(
    st.sampled_from([Span.DAY, Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR]),
    st.dates(date(2020, 1, 1), TODAY),
)
def test_a_named_range_is_known_by_its_days(kind: Span, day: date) -> None:
    found = around(kind, day)
    assert range_of(Days(found.first, found.last)) == found


def test_other_days_are_a_custom_range() -> None:
    assert range_of(Days(TODAY, date(2026, 7, 3))) == DateRange(Span.CUSTOM, TODAY, date(2026, 7, 3))
