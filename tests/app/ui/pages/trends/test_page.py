"""The Trends page on a real database whose every number is known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.analytics.labels import By
from app.analytics.ranges import Days
from app.desktop import Windows
from app.paths import Paths
from app.ui.charts.picture import saved
from app.ui.charts.saving import Format
from app.ui.dates import DateRange, Span, around
from app.ui.pages.timeline.page import TimelinePage
from app.ui.pages.trends.page import TrendsPage
from app.ui.widgets.info import InfoButton
from tests.app.ui.pages.little_home import DAY, Opened, settle


@pytest.fixture
def windows(home: Paths, open_windows: Opened, qtbot: QtBot) -> Windows:
    made = open_windows(home)
    made.window.open("trends", {})
    settle(qtbot, made)
    return made


def page_of(windows: Windows) -> TrendsPage:
    found = windows.window.findChild(TrendsPage)
    assert found is not None
    return found


def test_a_week_in_figures_and_bars(windows: Windows) -> None:
    page = page_of(windows)
    assert page.figures.active._value.text() == "7 h"
    assert page.figures.mean._value.text() == "3 h 30 m"
    assert page.figures.idle._value.text() == "30 m"
    bars = page.stack.chart.bars
    assert [one.name for one in bars.series] == ["api", "site", "No project"]
    assert bars.seconds.sum(1).tolist() == [14_400, 7_200, 3_601]
    assert bars.seconds[:, 0].tolist() == [7_200, 0, 3_600]
    assert bars.seconds[:, 2:].sum() == 0


def test_by_category_and_application(windows: Windows, qtbot: QtBot) -> None:
    page = page_of(windows)
    page.stack.by_chosen.emit(By.APPLICATION)
    settle(qtbot, windows)
    assert [one.name for one in page.stack.chart.bars.series] == ["editor", "browser", "terminal"]
    assert page.stack.chart.name == "Time by application"
    assert page.stack.by.current == "application"


def test_a_single_day_is_told_by_its_hours(windows: Windows, qtbot: QtBot) -> None:
    page = page_of(windows)
    page.show_range(around(Span.DAY, DAY))
    settle(qtbot, windows)
    bars = page.stack.chart.bars
    assert len(bars.buckets) == 24
    assert bars.seconds[:, 10].sum() == 3_600
    assert bars.seconds[:, 12].sum() == 0


def test_the_period_before_stands_in_the_bars(windows: Windows, qtbot: QtBot) -> None:
    page = page_of(windows)
    page.show_range(DateRange(Span.CUSTOM, DAY, DAY))
    settle(qtbot, windows)
    assert "% more than before" in page.figures.active._change.text()
    page.show_range(around(Span.WEEK, DAY))
    settle(qtbot, windows)
    assert page.stack.chart.bars.before is None
    assert not page.stack._before.isVisible()


def test_heat_map_calendar_and_best_hours(windows: Windows) -> None:
    page = page_of(windows)
    assert page.week.chart.seconds[0, 9:12].tolist() == [3_600, 3_600, 3_600]
    assert page.week.chart.seconds[1, 12] == 0
    assert "five active days" in page.week.best.text()
    assert page.years.chart.table().rows[-1] == ("2026-06-30", 14_401.0)
    assert len(page.years.chart.table().rows) == (DAY - date(2026, 1, 1)).days + 1


def test_focus_is_reckoned_while_looking(windows: Windows, qtbot: QtBot) -> None:
    page = page_of(windows)
    settle(qtbot, windows)
    values = page.focus.chart.curves[0].values
    assert np.isfinite(values[:2]).all()
    assert not np.isfinite(values[2:]).any()
    assert page.fragmentation.chart.curves[0].values[0] == 0
    smooth = page.focus.chart.curves[0].smooth
    assert smooth is not None
    assert np.isfinite(smooth[:2]).all()
    assert not np.isfinite(smooth[2:]).any()


def test_a_bar_leads_to_its_day_and_a_wide_one_into_itself(windows: Windows, qtbot: QtBot) -> None:
    page = page_of(windows)
    page.show_range(around(Span.YEAR, DAY))
    settle(qtbot, windows)
    page.stack.chart.setFocus()
    QTest.keyClick(page.stack.chart, Qt.Key.Key_End)
    page.stack.chart.chosen.emit(Days(date(2026, 6, 29), date(2026, 7, 5)))
    settle(qtbot, windows)
    assert page.ranges.range == around(Span.WEEK, DAY)
    page.years.chart.chosen.emit(date(2026, 6, 29))
    settle(qtbot, windows)
    timeline = windows.window.findChild(TimelinePage)
    assert timeline is not None
    assert timeline.model.day == date(2026, 6, 29)


def test_a_link_shows_its_range(windows: Windows, qtbot: QtBot) -> None:
    windows.services.navigator.open("trends", **{"from": "2026-05-01", "to": "2026-05-31"})
    settle(qtbot, windows)
    page = page_of(windows)
    assert page.ranges.range == around(Span.MONTH, date(2026, 5, 1))
    assert page.stack.chart.is_empty
    assert "No time in this range" in page.stack.chart.accessibleDescription()


def test_hiding_in_the_legend_changes_what_is_saved(windows: Windows) -> None:
    page = page_of(windows)
    page.stack.legend._entries[0].click()
    text = saved(page.stack.chart, Format.CSV).decode("utf-8-sig")
    assert text.splitlines()[0] == "Day,site (s),No project (s),Total (s)"


def test_each_chart_explains_itself(windows: Windows) -> None:
    page = page_of(windows)
    abouts = {button.accessibleName() for button in page.findChildren(InfoButton)}
    assert abouts >= {"About Time", "About Hours of the week", "About Days of the year", "About Focus score",
                      "About Fragmentation"}  # fmt: skip
    for chart in page.charts:
        assert chart.accessibleDescription()


def test_an_empty_home_says_what_will_appear(empty_home: Paths, open_windows: Opened, qtbot: QtBot) -> None:
    made = open_windows(empty_home)
    made.window.open("trends", {})
    settle(qtbot, made)
    page = page_of(made)
    assert all(chart.is_empty for chart in page.charts)
    assert page.figures.active._value.text() == "0 m"
    assert page.figures.switches._value.text() == "–"


def test_an_hour_of_the_week_leads_to_its_timeline(windows: Windows, qtbot: QtBot) -> None:
    page = page_of(windows)
    chart = page.week.chart
    mark = int(np.argmax(chart.seconds))
    cell = chart.choice(mark)
    assert cell is not None
    chart.chosen.emit(cell)
    settle(qtbot, windows)
    timeline = windows.window.findChild(TimelinePage)
    assert timeline is not None
    assert windows.window.shown == "timeline"
    assert timeline.model.day is not None
    assert timeline.model.day.weekday() == mark // 24
    low, high = timeline.lanes.view
    assert round(high - low) == 3_600_000


def test_an_hour_of_many_weeks_leads_nowhere(windows: Windows, qtbot: QtBot) -> None:
    page = page_of(windows)
    page.show_range(around(Span.MONTH, DAY))
    settle(qtbot, windows)
    chart = page.week.chart
    assert chart.choice(int(np.argmax(chart.seconds))) is None


def test_in_a_narrow_window_the_kinds_of_range_are_in_a_box(windows: Windows, qtbot: QtBot) -> None:
    page = page_of(windows)
    windows.window.resize(1280, 800)
    assert not page.ranges._kinds.folded
    windows.window.setMinimumSize(800, 500)
    windows.window.resize(853, 533)
    settle(qtbot, windows)
    assert page.ranges._kinds.folded
    assert page.ranges.geometry().right() < page.width()
    windows.window.resize(1280, 800)
    assert not page.ranges._kinds.folded
