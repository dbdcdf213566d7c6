"""Heat maps, calendars and best hours from columns reckoned by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from app.analytics.best_hours import best_hours
from app.analytics.cube import DayCube, Filter, HourCube
from app.analytics.labels import By, Label, Names
from app.analytics.ranges import Days, Granularity, number_of
from app.analytics.trends import calendar, heat_map, sums_by, trends, weekday
from app.analytics.usual import usual

MONDAY = date(2026, 3, 2)
DAY = number_of(MONDAY)
HOUR = 3_600_000


def hours(*rows):
    """`(day after Monday, hour, category, ms)`."""
    ordered = sorted(rows)
    return HourCube.of([((DAY + day) * 24 + hour, category, ms, 0, 0) for day, hour, category, ms in ordered])


def test_weekdays():
    assert weekday(np.array([0, 3, 4, DAY])).tolist() == [3, 6, 0, 0]


def test_a_heat_map_averages_over_the_days_that_have_anything():
    cube = hours((0, 9, 1, 600), (0, 9, 2, 400), (7, 9, 1, 500), (1, 23, 1, 100), (14, 9, 1, 9999))
    found = heat_map(cube, Days(MONDAY, date(2026, 3, 15)))
    assert found.days.tolist() == [2, 1, 0, 0, 0, 0, 0]
    assert (found.sum_ms[0, 9], found.mean_ms[0, 9], found.mean_ms[1, 23]) == (1500, 750.0, 100.0)
    assert found.sum_ms.sum() == 1600
    assert heat_map(cube.only(frozenset({2})), Days(MONDAY, date(2026, 3, 15))).sum_ms.sum() == 400


def test_a_calendar_has_five_shades():
    rows = [(DAY + n, 0, 0, 0, ms, 0, 0) for n, ms in enumerate((100, 200, 300, 400))]
    found = calendar(DayCube.of(rows), Days(MONDAY, date(2026, 3, 6)))
    assert found.active_ms.tolist() == [100, 200, 300, 400, 0]
    assert found.levels.tolist() == [1, 2, 3, 4, 0]
    assert calendar(DayCube.of([]), Days(MONDAY, MONDAY)).levels.tolist() == [0]


def test_best_hours_are_three_in_a_row_with_most_productive_time():
    days = Days(MONDAY, date(2026, 3, 8))
    rows = [(day, hour, 1, HOUR // 2) for day in range(5) for hour in (9, 10, 11, 15)]
    cube = hours(*rows, (0, 14, 1, HOUR), (1, 20, 2, 9 * HOUR))
    found = best_hours(cube, frozenset({1}), days)
    assert (found.first, found.last, found.days) == (9, 12, 5)
    assert found.best_ms == 1.5 * HOUR
    assert found.mean_ms[14] == HOUR / 5
    assert best_hours(cube, frozenset({3}), days) is None
    assert best_hours(cube, frozenset({1}), Days(MONDAY, date(2026, 3, 5))) is None


def test_the_usual_is_that_of_the_same_weekday():
    today = DAY + 28
    cube = hours(
        (0, 9, 1, HOUR), (0, 12, 1, HOUR), (7, 9, 1, HOUR // 2), (8, 9, 1, HOUR), (28, 9, 1, 5 * HOUR),
        (-35, 9, 1, 99 * HOUR),
    )  # fmt: skip
    found = usual(cube, today, 12.5)
    assert (found.days, found.whole_day_ms, found.so_far_ms) == (2, 1.25 * HOUR, HOUR)
    assert usual(cube, today, 0).so_far_ms == 0
    assert usual(cube, DAY + 31, 12) is None


@pytest.mark.parametrize(
    ("only", "ms"),
    [(Filter(), 60), (Filter(project=1), 30), (Filter(project=0), 30), (Filter(1, 2), 20), (Filter(9), 0)],
)
def test_a_filter_takes_what_is_under_all_its_ids(only, ms):
    cube = DayCube.of([(DAY, 1, 1, 1, 10, 0, 0), (DAY, 1, 2, 1, 20, 0, 0), (DAY, 0, 2, 1, 30, 0, 0)])
    assert cube.only(only).active_ms.sum() == ms
    assert sum(sums_by(cube.only(only), By.CATEGORY).values()) == ms


def test_more_series_than_are_shown_are_summed_up_as_the_rest():
    cube = DayCube.of([(DAY, n, 0, 0, n * 10, 0, 0) for n in range(1, 7)])
    names = Names(projects={n: Label(n, f"p{n}", "#000000") for n in range(1, 6)})
    day = Days(MONDAY, MONDAY)
    found = trends(cube, names, day, By.PROJECT, Granularity.DAY, most=3)
    # The sixth is gone, but its time is there, and can be looked into.
    assert [(s.label.id, s.total_ms) for s in found.series] == [(6, 60), (5, 50), (4, 40), (-1, 60)]
    assert (found.series[0].label.name, found.series[1].label.name) == ("", "p5")
    # One more than asked for is shown itself: a rest of one would only hide its name.
    assert len(trends(cube, names, day, By.PROJECT, Granularity.DAY, most=5).series) == 6
