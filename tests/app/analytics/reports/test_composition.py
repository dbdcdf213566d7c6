"""What stands in a report, whatever names are in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.analytics.periods import DAY_MS
from app.analytics.reports.composition import Wishes, composed
from app.analytics.reports.drawing import Box
from app.analytics.reports.facts import DayFacts, Facts, Share
from tests.app.analytics.reports.conftest import MONDAY

MADE = date(2026, 4, 1)


def test_a_week(week):
    report = composed(week, Wishes(person="Ada", client="ACME"), made=MADE)
    assert report.meta == ("Mon 2 Mar 2026 to Sun 8 Mar 2026", "By Ada", "For ACME")
    assert [(f.value, f.meaning) for f in report.figures] == [
        ("3 h", "in all, 3.00 hours"), ("2", "days with work"), ("1 h 30 m", "on such a day, on average"),
        ("2 h", "on the longest, Mon 2 Mar"),
    ]  # fmt: skip
    assert [section.heading for section in report.sections] == [
        "Days", "Projects", "Categories", "Applications"
    ]  # fmt: skip
    days, projects = report.sections[0].table, report.sections[1].table
    assert days.rows == (
        ("Mon 2 Mar", "2 h", "2.00", "\u2068shop\u2069 1 h 30 m, \u2068No project\u2069 30 m"),
        ("Wed 4 Mar", "1 h", "1.00", "\u2068shop\u2069 1 h"),
    )
    assert projects.rows == (("shop", "2 h 30 m", "2.50", "83%"), ("No project", "30 m", "0.50", "17%"))
    assert projects.sums == ("Sum", "3 h", "3.00", "")


def test_the_columns_are_as_high_as_the_hours(week):
    drawing = composed(week, Wishes(), made=MADE).sections[0].drawings[0]
    boxes = [shape for shape in drawing.shapes if isinstance(shape, Box)]
    assert [box.title for box in boxes] == [
        "Mon 2 Mar: shop, 1 h 30 m", "Mon 2 Mar: No project, 30 m", "Wed 4 Mar: shop, 1 h"
    ]  # fmt: skip
    assert boxes[0].height + 0.6 == pytest.approx(1.5 * (boxes[2].height + 0.6))
    assert boxes[1].y + boxes[1].height < boxes[0].y


def test_applications_are_kept_back(week):
    report = composed(week, Wishes(hide_applications=True), made=MADE)
    assert "VS Code" not in repr(report)


def test_a_period_that_goes_on_ends_today(week):
    drawing = composed(week, Wishes(), made=date(2026, 3, 5)).sections[0].drawings[0]
    assert drawing.description.startswith("4 columns")
    assert composed(week, Wishes(), made=MADE).sections[0].drawings[0].description.startswith("7 columns")


@pytest.mark.parametrize(
    ("days", "heading", "first"), [(60, "Weeks", "2 Mar 2026"), (500, "Months", "March 2026")]
)
def test_long_periods_by_week_and_month(days, heading, first):
    found = tuple(DayFacts(MONDAY + n, 3600.0, (Share("a", "#111111", 3600.0),)) for n in range(0, days, 3))
    facts = Facts(
        MONDAY * DAY_MS, (MONDAY + days) * DAY_MS, found, (Share("a", "#111111", 3600.0 * len(found)),)
    )
    section = composed(facts, Wishes(), made=date(2030, 1, 1)).sections[0]
    assert section.heading == heading
    assert section.table.rows[0][0] == first


def test_one_day_needs_no_chart_of_days(week):
    report = composed(replace(week, days=week.days[:1]), Wishes(), made=MADE)
    assert report.sections[0].heading == "Projects"
    assert len(report.figures) == 2


def test_nothing(week):
    report = composed(Facts(week.start, week.end), Wishes(), made=MADE)
    assert report.empty
    assert report.sections == ()


def test_names_from_strangers_are_tamed(week):
    wild = "a\u202eb\x1b[31m" + "c" * 300
    report = composed(
        replace(week, projects=(Share(wild, "#111111", 60.0),)), Wishes(title="t\x07"), made=MADE
    )
    name = report.sections[1].table.rows[0][0]
    assert name.startswith("a b [31mccc")
    assert len(name) == 120
    assert report.title == "t "
