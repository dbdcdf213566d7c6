"""What all charts do the same, and the exact numbers each of them tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.charts.bars import Bars, BarsChart, Bucket
from app.ui.charts.calendar import CalendarChart
from app.ui.charts.cells import HourWeekdayChart
from app.ui.charts.chart import Chart
from app.ui.charts.legend import Legend
from app.ui.charts.lines import Curve, LinesChart, Scale
from app.ui.charts.ranking import RankingChart
from app.ui.charts.ring import Part, RingChart
from app.ui.charts.sparkline import Sparkline
from tests.app.ui.charts.conftest import SERIES, Shown, count
from tests.app.ui.charts.looks import DARK, LIGHT

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
BUCKETS = tuple(Bucket(str(n), f"Day {n}", n) for n in range(1, 31))


def bars(full: bool = True) -> BarsChart:
    chart = BarsChart("Time", LIGHT)
    if full:
        seconds = np.tile(np.array([[3600.0], [1800.0], [0.0]]), 30)
        seconds[2, 4] = 7200
        chart.show_bars(Bars(BUCKETS, SERIES, seconds, before=np.full(30, 4000.0)))
    return chart


def hours(full: bool = True) -> HourWeekdayChart:
    chart = HourWeekdayChart("Week", LIGHT, DAYS)
    chart.leads = True
    if full:
        seconds = np.zeros((7, 24))
        seconds[1, 9:12] = 3000
        seconds[1, 10] = 3600
        chart.show_seconds(seconds, weeks=2)
    return chart


def calendar(full: bool = True) -> CalendarChart:
    chart = CalendarChart("Year", LIGHT, MONTHS, DAYS)
    if full:
        seconds = np.zeros(365)
        seconds[[0, 100, 364]] = (3600, 36_000, 60)
        chart.show_days(date(2026, 1, 1), seconds)
    return chart


def lines(full: bool = True) -> LinesChart:
    chart = LinesChart("Focus", LIGHT, Scale(lambda v: f"{v:.0f} points", top=100))
    if full:
        values = np.linspace(40, 80, 30)
        values[3:6] = np.nan
        chart.show_curves(BUCKETS, [Curve(SERIES[0], values, np.full(30, 60.0))])
    return chart


def ring(full: bool = True) -> RingChart:
    chart = RingChart("Today", LIGHT, middle="active")
    if full:
        chart.show_parts([Part(SERIES[0], 7200), Part(SERIES[1], 3600), Part(SERIES[2], 1)])
    return chart


def ranking(full: bool = True) -> RankingChart:
    chart = RankingChart("By category", LIGHT)
    if full:
        chart.show_parts([Part(SERIES[0], 7200), Part(SERIES[1], 3600), Part(SERIES[2], 1)])
    return chart


ALL = pytest.mark.parametrize("make", [bars, hours, calendar, lines, ring, ranking])
Make = Callable[..., Chart]


@ALL
def test_a_chart_describes_itself_and_has_its_numbers(make: Make, shown: Shown) -> None:
    chart = make()
    shown(chart)
    assert chart.accessibleName() == chart.name
    assert len(chart.accessibleDescription()) > 20
    table = chart.table()
    assert table.rows
    assert all(len(row) == len(table.columns) for row in table.rows)


@ALL
def test_an_empty_chart_says_what_will_appear(make: Make, shown: Shown) -> None:
    chart = make(full=False)
    chart.explain_emptiness("Nothing yet", "It will appear here.")
    chart.changed()
    image = shown(chart)
    assert chart.is_empty
    assert count(image, LIGHT.text) > 5  # words, and nothing else
    assert not any(axis.isVisible() for axis in chart.axes)
    assert chart.accessibleDescription() == "Nothing yet It will appear here."
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.mark is None


@ALL
def test_its_marks_are_where_the_pointer_finds_them(make: Make, shown: Shown) -> None:
    chart = make()
    shown(chart, 900, 260)
    frame = chart.frame()
    for mark in range(chart.marks()):
        place = chart.mark_place(frame, mark)
        assert chart.mark_at(frame, place.x(), min(place.y(), frame.height - 1)) == mark
        assert chart.hint(mark) is not None


@ALL
def test_the_keyboard_reaches_and_chooses(make: Make, shown: Shown, qtbot: QtBot) -> None:
    chart = make()
    shown(chart)
    chosen: list[object] = []
    chart.chosen.connect(chosen.append)
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert chart.mark == 0
    choosable = next(mark for mark in range(chart.marks()) if chart.choice(mark) is not None)
    chart.mark = choosable
    QTest.keyClick(chart, Qt.Key.Key_Return)
    assert chosen == [chart.choice(choosable)]
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert chart.mark == chart.marks() - 1
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.mark is None


@ALL
def test_the_theme_changes_it_at_once(make: Make, shown: Shown) -> None:
    chart = make()
    chart.setStyleSheet("background: #ffffff")
    before = shown(chart)
    chart.recolor(DARK)
    after = shown(chart)
    assert before != after
    assert count(after, LIGHT.text) == 0


@ALL
def test_no_label_touches_another(make: Make, shown: Shown) -> None:
    for width in (300, 520, 900):
        chart = make()
        shown(chart, width, 200)
        frame = chart.frame()
        for axis in chart.axes:
            rects = [axis._label(frame, tick) for tick in axis.shown(frame)]
            texts = [axis._measure.horizontalAdvance(tick.text) for tick in axis.shown(frame)]
            for n in range(len(rects) - 1):
                if axis.side.value == "bottom":
                    gap = abs(rects[n + 1].center().x() - rects[n].center().x())
                    assert gap >= (texts[n] + texts[n + 1]) / 2
                else:
                    assert abs(rects[n + 1].center().y() - rects[n].center().y()) >= rects[n].height()


def test_bars_stand_on_each_other_and_a_hidden_one_leaves_no_hole(shown: Shown) -> None:
    chart = bars()
    # Without the marks of the period before, which lie across the second series; a gap takes a pixel or two.
    chart.show_bars(replace(chart.bars, before=None))
    image = shown(chart, 700, 260)
    first, second = count(image, SERIES[0].color), count(image, SERIES[1].color)
    assert first == pytest.approx(second * 2, rel=0.1)
    chart.hide_series(frozenset({"a"}))
    image = shown(chart)
    assert count(image, SERIES[0].color) == 0
    frame = chart.frame()
    assert chart._shown[:, 0].sum() == 1800
    assert frame.y1 >= 9000


def test_a_bars_hint_is_ordered_and_summed_up() -> None:
    chart = bars()
    hint = chart.hint(4)
    assert hint is not None
    assert [(line.name, line.value) for line in hint.lines] == [
        ("Gamma", "2 h"), ("Alpha", "1 h"), ("Beta", "30 m"), ("Total", "3 h 30 m"),
        ("Period before", "1 h 6 m"),
    ]  # fmt: skip
    assert chart.choice(4) == 5


def test_the_length_axis_carries_units(shown: Shown) -> None:
    chart = bars()
    shown(chart, 700, 260)
    texts = [tick.text for tick in chart.axes[0].shown(chart.frame())]
    assert texts[0] == "0"
    assert all(text.endswith((" h", " m")) for text in texts[1:])


def test_five_years_of_days_fit_without_a_gap(shown: Shown) -> None:
    chart = BarsChart("Time", LIGHT)
    buckets = tuple(Bucket("", f"Day {n}", n) for n in range(1826))
    chart.show_bars(Bars(buckets, SERIES[:1], np.full((1, 1826), 3600.0)))
    image = shown(chart, 900, 200)
    frame = chart.frame()
    y = round(chart.box.mapToScene(QPointF(0, frame.height - 10)).y())
    left = round(chart.box.mapToScene(QPointF(1, 0)).x())
    row = [image.pixelColor(x, y).name() for x in range(left, left + round(frame.width) - 2)]
    assert set(row) == {"#4477aa"}


def test_a_week_is_told_by_the_hour() -> None:
    chart = hours()
    hint = chart.hint(24 + 10)
    assert hint is not None
    assert hint.title == "Tuesday, 10:00 – 11:00"
    assert [line.value for line in hint.lines] == ["1 h", "30 m"]
    assert chart.choice(24 + 10) == (1, 10)
    assert chart.choice(0) is None
    assert chart.step(24 + 10, Qt.Key.Key_Down) == 48 + 10
    assert chart.step(5, Qt.Key.Key_Up) == 5


def test_a_calendar_knows_its_days() -> None:
    chart = calendar()
    hint = chart.hint(100)
    assert hint is not None
    assert hint.title == "Saturday, 11 April 2026"
    assert hint.lines[0].value == "10 h"
    assert chart.choice(100) == date(2026, 4, 11)
    assert chart.choice(1) is None
    assert "3 of 365 days" in chart.sentence()


def test_five_years_are_five_rows(shown: Shown) -> None:
    chart = CalendarChart("Years", LIGHT, MONTHS, DAYS)
    chart.show_days(date(2021, 6, 1), np.full(1826, 3600.0))
    shown(chart, 900, 700)
    frame = chart.frame()
    place = chart.mark_place(frame, 0)
    assert chart.mark_at(frame, place.x(), place.y()) == 0
    last = chart.mark_place(frame, 1825)
    assert last.y() > place.y() + 300
    assert last.y() < frame.height


def test_a_gap_in_a_line_is_no_zero(shown: Shown) -> None:
    chart = lines()
    hint = chart.hint(4)
    assert hint is not None
    assert (hint.lines[0].name, hint.lines[0].value) == ("Alpha", "no value")
    assert chart.choice(4) is None
    rows = chart.table().rows
    assert rows[4] == ("Day 5", None, 60.0)
    assert next(tick.text for tick in chart.axes[0].shown(chart.frame())) == "0"


def test_a_single_value_is_seen(shown: Shown) -> None:
    chart = LinesChart("Focus", LIGHT, Scale(str, top=100))
    values = np.full(400, np.nan)
    values[200] = 50
    chart.show_curves(tuple(Bucket(str(n), str(n)) for n in range(400)), [Curve(SERIES[0], values)])
    assert count(shown(chart, 500, 200), SERIES[0].color) > 3


def test_a_rings_parts_are_its_whole_and_the_smallest_is_seen(shown: Shown) -> None:
    chart = ring()
    image = shown(chart, 240, 240)
    assert count(image, SERIES[2].color) > 5
    hint = chart.hint(0)
    assert hint is not None
    assert hint.lines[0].value == "66.7 %"
    assert sum(row[2] for row in chart.table().rows if isinstance(row[2], float)) == pytest.approx(100)
    assert chart.mark_at(chart.frame(), 120, 120) is None  # the hole


def test_a_legend_hides_shows_alone_and_never_hides_all(qtbot: QtBot) -> None:
    legend = Legend(LIGHT)
    qtbot.addWidget(legend)
    legend.show_series(SERIES)
    told: list[object] = []
    legend.hidden_changed.connect(told.append)
    first, second, third = legend._entries
    first.click()
    assert told[-1] == {"a"}
    QTest.mouseDClick(second, Qt.MouseButton.LeftButton)
    assert legend.hidden == {"a", "c"}
    second.click()
    assert legend.hidden == frozenset()
    third.setFocus()
    QTest.keyClick(third, Qt.Key.Key_Space)
    assert legend.hidden == {"c"}
    legend.show_series(SERIES[:2])
    assert legend.hidden == frozenset()


def test_a_sparkline_is_drawn_and_spoken(shown: Shown) -> None:
    spark = Sparkline("#4477aa", LIGHT)
    spark.show_values([1, 5, 2], "rising, then falling")
    assert count(shown(spark, 120, 28), "#4477aa") > 20
    assert spark.accessibleDescription() == "rising, then falling"


def test_a_hint_stays_inside_the_window(shown: Shown) -> None:
    chart = bars()
    shown(chart, 500, 200)
    frame = chart.frame()
    chart.show_hint(chart.hint(29), QPointF(frame.width - 1, frame.height - 1))
    box = chart._hint_box
    assert box is not None
    assert chart.rect().contains(box.geometry())
    assert box.isVisible()
    chart.hide_hint()
    assert not box.isVisible()


def test_full_hours_end_the_axis(shown: Shown) -> None:
    chart = BarsChart("Hours", LIGHT)
    full = np.array([[1800.2], [1800.3], [0.0]])
    chart.show_bars(Bars(BUCKETS[:1], SERIES, full, whole=3600.0))
    shown(chart)
    assert chart.frame().y1 == 3600
    chart.show_bars(Bars(BUCKETS[:1], SERIES, full * 1.1, whole=3600.0))
    assert chart.frame().y1 > 3900


def test_labels_that_stand_out_of_an_axis_are_wiped_with_it(shown: Shown) -> None:
    chart = bars()
    shown(chart)
    left = chart.axes[0]
    frame = chart.frame()
    for tick in left.shown(frame):
        label = left._label(frame, tick)
        assert left.boundingRect().adjusted(0, 0, 0, 0.1).contains(label)
