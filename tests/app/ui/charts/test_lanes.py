from __future__ import annotations

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from app.ui.charts.hint import Line
from app.ui.charts.lanes import LanesChart
from app.ui.charts.lanes_paint import row_of
from app.ui.charts.lanes_values import Lane, Selection
from app.ui.charts.saving import csv_text
from tests.app.ui.charts.conftest import DAY, SERIES, Shown, blocks_of, count, day_of
from tests.app.ui.charts.looks import DARK, LIGHT

HOUR = 3_600_000
SECOND = 1 / 3600
SPANS = blocks_of((8, 9, 0), (9, 10, 1), (10, 10 + SECOND, 2), (13, 15, 0))


def lane(key: str = "app", **more: object) -> Lane:
    return Lane(key, key.title(), SERIES, SPANS, **more)  # type: ignore[arg-type]


@pytest.fixture
def chart(shown: Shown) -> LanesChart:
    made = LanesChart("Day", LIGHT)
    sessions = Lane("focus", "Focus", SERIES[1:2], blocks_of((8, 8.5, 0)), selects=False)
    made.show_day(day_of(lane("app"), lane("project", joined=True), sessions))
    shown(made, 1000, 240)
    return made


def spot(chart: LanesChart, hour: float, row: int = 0) -> QPoint:
    frame = chart.frame()
    place = QPointF(frame.x(DAY + hour * HOUR), row_of(frame, len(chart.day.lanes), row).center().y())
    return chart.mapFromScene(chart.box.mapToScene(place))


def click(chart: LanesChart, hour: float, row: int = 0, held: Qt.KeyboardModifier | None = None) -> None:
    QTest.mouseClick(
        chart.viewport(),
        Qt.MouseButton.LeftButton,
        held or Qt.KeyboardModifier.NoModifier,
        spot(chart, hour, row),
    )


def drag(chart: LanesChart, start: QPoint, end: QPoint, button: Qt.MouseButton) -> None:
    viewport = chart.viewport()
    QTest.mousePress(viewport, button, pos=start)
    QTest.mouseMove(viewport, (start + end) / 2)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, button, pos=end)


def test_a_second_is_seen_in_a_day(chart: LanesChart, shown: Shown) -> None:
    image = shown(chart)
    assert count(image, "#228833") >= 20  # a column, the lane's height


def test_its_axis_reads_whole_hours(chart: LanesChart) -> None:
    texts = [tick.text for tick in chart.axes[1].shown(chart.frame())]
    assert texts[0] == "00:00"
    assert texts[-1] == "24:00"
    assert "12:00" in texts


def test_zoomed_in_it_reads_seconds(chart: LanesChart) -> None:
    chart.show_view(DAY + 10 * HOUR, DAY + 10 * HOUR + 20_000)
    texts = [tick.text for tick in chart.axes[1].shown(chart.frame())]
    assert "10:00:10" in texts


def test_the_wheel_zooms_around_the_pointer(chart: LanesChart) -> None:
    place = chart.viewport().mapFrom(chart, spot(chart, 9.5))
    before = chart.view
    for _ in range(8):
        wheel = QWheelEvent(
            QPointF(place), chart.viewport().mapToGlobal(QPointF(place)), QPoint(), QPoint(0, 120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(chart.viewport(), wheel)
    x0, x1 = chart.view
    assert x1 - x0 < (before[1] - before[0]) / 4
    assert x0 < DAY + 9.5 * HOUR < x1
    assert (DAY + 9.5 * HOUR - x0) / (x1 - x0) == pytest.approx(9.5 / 24, abs=0.02)


def test_it_zooms_to_ten_seconds_and_never_out_of_the_day(chart: LanesChart) -> None:
    for _ in range(60):
        chart.zoom(0.5)
    assert chart.view[1] - chart.view[0] == pytest.approx(10_000)
    for _ in range(60):
        chart.zoom(2)
    assert chart.view == (chart.day.start, chart.day.end)


def test_a_click_selects_in_all_lanes(chart: LanesChart, shown: Shown) -> None:
    click(chart, 8.7)
    assert chart.selection == Selection(frozenset({1}), cursor=1)
    assert count(shown(chart), LIGHT.focus) > 100


def test_control_adds_and_shift_extends(chart: LanesChart) -> None:
    click(chart, 8.7)
    click(chart, 14, held=Qt.KeyboardModifier.ControlModifier)
    assert chart.selection.ids == {1, 4}
    click(chart, 8.7)
    click(chart, 14, held=Qt.KeyboardModifier.ShiftModifier)
    assert chart.selection.ids == {1, 2, 3, 4}


def test_a_click_beside_selects_nothing(chart: LanesChart) -> None:
    click(chart, 8.7)
    click(chart, 20)
    assert chart.selection.empty


def test_a_narrow_block_can_be_clicked(chart: LanesChart) -> None:
    # As wide as a pixel, next to nothing: within a pixel of it is on it.
    click(chart, 10 + SECOND)
    assert chart.selection.ids == {3}


def test_dragging_selects_a_stretch(chart: LanesChart) -> None:
    drag(chart, spot(chart, 8.5), spot(chart, 9.5, 1), Qt.MouseButton.LeftButton)
    chosen = chart.selection
    assert chosen.ids == {1, 2}
    assert chosen.start == pytest.approx(DAY + 8.5 * HOUR, abs=120_000)
    assert chosen.end == pytest.approx(DAY + 9.5 * HOUR, abs=120_000)


def test_dragging_a_gap_selects_time_without_activities(chart: LanesChart) -> None:
    drag(chart, spot(chart, 11), spot(chart, 12), Qt.MouseButton.LeftButton)
    assert chart.selection.ids == frozenset()
    assert chart.selection.start is not None


def test_the_middle_button_pans(chart: LanesChart) -> None:
    chart.show_view(DAY + 8 * HOUR, DAY + 12 * HOUR)
    drag(chart, spot(chart, 10), spot(chart, 9), Qt.MouseButton.MiddleButton)
    assert chart.view[0] == pytest.approx(DAY + 9 * HOUR, abs=60_000)
    assert chart.selection.empty


def test_a_lane_that_does_not_select_tells_what_was_clicked(chart: LanesChart) -> None:
    told: list[object] = []
    chart.chosen.connect(told.append)
    click(chart, 8.25, row=2)
    assert told == [("focus", 1)]
    assert chart.selection.empty


def test_the_keys_walk_and_extend(chart: LanesChart) -> None:
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert chart.selection.ids == {1}
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.selection.ids == {2}
    QTest.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert chart.selection.ids == {2, 3}
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.lane == 1
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.selection.empty


def test_keys_zoom_and_show_all_again(chart: LanesChart) -> None:
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Plus)
    assert chart.view != (chart.day.start, chart.day.end)
    QTest.keyClick(chart, Qt.Key.Key_0)
    assert chart.view == (chart.day.start, chart.day.end)


def test_walking_to_what_cannot_be_seen_brings_it_into_view(chart: LanesChart) -> None:
    chart.show_view(DAY + 18 * HOUR, DAY + 19 * HOUR)
    chart.select(Selection().only(4), show=True)
    x0, x1 = chart.view
    assert x0 <= DAY + 13 * HOUR
    assert x1 >= DAY + 15 * HOUR


def test_growth_keeps_zoom_and_selection(chart: LanesChart) -> None:
    chart.show_view(DAY + 8 * HOUR, DAY + 12 * HOUR)
    click(chart, 8.7)
    view, selection = chart.view, chart.selection
    grown = blocks_of((8, 9, 0), (9, 10, 1), (10, 10 + SECOND, 2), (13, 16, 0), (16, 17, 1))
    chart.show_day(day_of(Lane("app", "App", SERIES, grown)))
    assert chart.view == pytest.approx(view)
    assert chart.selection == selection


def test_what_is_gone_is_selected_no_more(chart: LanesChart) -> None:
    click(chart, 14)
    chart.show_day(day_of(Lane("app", "App", SERIES, blocks_of((8, 9, 0)))))
    assert chart.selection.empty


def test_hints_tell_exact_values(shown: Shown) -> None:
    chart = LanesChart("Day", LIGHT, describe=lambda lane, block: (Line("title", str(block)),))
    chart.show_day(day_of(lane()))
    shown(chart, 1000, 200)
    frame = chart.frame()
    x, y = frame.x(DAY + 10 * HOUR + 500), row_of(frame, 1, 0).center().y()
    found = chart.block_at(frame, x, y)
    assert found is not None
    hint = chart.hint_of(frame, x, *found)
    assert "10:00:00" in hint.text or "09:00:00 – 10:00:00" in hint.text
    assert any(line.name == "title" for line in hint.lines)


def test_the_look_follows_the_theme(chart: LanesChart, shown: Shown) -> None:
    light = count(shown(chart), LIGHT.track)
    chart.recolor(DARK)
    image = shown(chart)
    assert light > 1_000
    assert count(image, DARK.track) > 1_000
    assert count(image, LIGHT.track) == 0


def test_it_says_what_it_shows(chart: LanesChart) -> None:
    assert "App: 4 blocks from 08:00:00 to 15:00:00." in chart.accessibleDescription()
    assert "App,Beta,2026-03-04 09:00:00.000,2026-03-04 10:00:00.000,3600" in csv_text(chart.table())


def test_an_empty_day_says_what_will_appear(shown: Shown) -> None:
    chart = LanesChart("Day", LIGHT)
    chart.explain_emptiness("Nothing was recorded", "It will appear here.")
    chart.show_day(day_of(Lane("app", "App", SERIES, blocks_of())))
    image = shown(chart)
    assert chart.is_empty
    assert chart.accessibleDescription() == "Nothing was recorded It will appear here."
    assert count(image, LIGHT.track) == 0
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.selection.empty
