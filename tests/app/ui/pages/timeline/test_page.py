"""The Timeline page on a real database, used by pointer and keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.desktop import Windows
from app.models.by_hand import Missed
from app.models.journal import Journal
from app.models.keys import load_key
from app.models.store import Store
from app.paths import Paths
from app.ui.charts.lanes_paint import row_of
from app.ui.charts.lanes_values import Selection
from app.ui.classify.dialog import ClassifyDialog
from app.ui.classify.drag import brought
from app.ui.freshness import Topic
from app.ui.pages.timeline.dialogs import ask_split, ask_times
from app.ui.pages.timeline.page import TimelinePage
from app.ui.pages.timeline.table import CATEGORY, PROJECT, TITLE
from tests.app.ui.pages.little_home import DAY, Opened, at, settle, span


class Timeline:
    """The page, as a person has it before them."""

    def __init__(self, qtbot: QtBot, windows: Windows) -> None:
        self.qtbot, self.windows = qtbot, windows
        page = windows.window.findChild(TimelinePage)
        assert page is not None
        self.page: TimelinePage = page
        self.settle()

    def settle(self) -> None:
        settle(self.qtbot, self.windows)

    @property
    def ids(self) -> list[int]:
        assert self.page.model.recorded is not None
        return [int(one) for one in self.page.model.recorded.ids]

    def spot(self, hours: float, lane: int = 0) -> QPoint:
        lanes = self.page.lanes
        frame = lanes.frame()
        y = row_of(frame, len(lanes.day.lanes), lane).center().y()
        return lanes.mapFromScene(lanes.box.mapToScene(QPointF(frame.x(at(hours)), y)))

    def click(self, hours: float, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.page.lanes.viewport(), Qt.MouseButton.LeftButton, held, self.spot(hours))

    def drag(self, start: float, end: float) -> None:
        viewport = self.page.lanes.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=self.spot(start))
        QTest.mouseMove(viewport, self.spot((start + end) / 2))
        QTest.mouseMove(viewport, self.spot(end))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=self.spot(end))

    def undo(self) -> None:
        self.windows.services.changes.undo()
        self.settle()


@pytest.fixture
def timeline(home: Paths, open_windows: Opened, qtbot: QtBot) -> Timeline:
    windows = open_windows(home)
    windows.window.open("timeline", {})
    return Timeline(qtbot, windows)


def test_it_opens_on_today_with_its_sums(timeline: Timeline) -> None:
    page = timeline.page
    assert page.model.day == DAY
    assert "4 h active" in page.header.subtitle.text()
    assert "30 m idle" in page.header.subtitle.text()
    assert page.lanes.view == (at(9), at(18))
    model = page.table.model()
    assert model is not None
    assert model.rowCount() == 7
    assert model.index(0, 1).data() == "editor  ·  queue.py — api"
    assert [part.series.name for part in page.inspector.totals.chart.parts] == ["api", "site", "No project"]


def test_a_click_shows_it_in_table_and_inspector(timeline: Timeline) -> None:
    timeline.click(14.5)
    timeline.settle()
    page = timeline.page
    assert page.inspector.shown is page.inspector.details
    assert page.inspector.details._heading.text() == "editor"
    assert page.inspector.details._title.text() == "index.html — site"
    selection = page.table.selectionModel()
    assert selection is not None
    assert [index.row() for index in selection.selectedRows()] == [5]


def test_a_row_selects_in_the_lanes(timeline: Timeline) -> None:
    timeline.page.table.selectRow(2)
    assert timeline.page.lanes.selection.ids == {timeline.ids[2]}


def test_a_row_is_dragged_on_a_category_beside_it(timeline: Timeline) -> None:
    page, inspector = timeline.page, timeline.page.inspector
    page.table.selectRow(2)
    rows = page.table.model()
    assert rows is not None
    mime = rows.mimeData(page.table.selectedIndexes())
    assert brought(mime) == (timeline.ids[2],)
    inspector.take_drag(under_way=True)
    timeline.settle()
    assert inspector.shown is inspector.target
    page.model.select(Selection())
    assert inspector.shown is inspector.target
    category = next(iter(timeline.windows.services.questions.rulebook().categories))
    assert inspector.target.tree.item_of(category.id) is not None
    inspector.target.tree.dropped.emit(brought(mime), category.id)
    inspector.take_drag(under_way=False)
    timeline.settle()
    assert inspector.shown is inspector.totals
    (dialog,) = timeline.windows.window.findChildren(ClassifyDialog)
    assert dialog.category.category_id == category.id
    dialog.reject()


def test_idle_time_is_not_dragged(timeline: Timeline) -> None:
    recorded, rows = timeline.page.model.recorded, timeline.page.table.model()
    assert recorded is not None
    assert rows is not None
    idle = next(n for n in range(len(recorded)) if recorded.block(timeline.ids[n]).idle)
    assert not rows.flags(rows.index(idle, 0)) & Qt.ItemFlag.ItemIsDragEnabled


def test_reassigning_several_and_undoing(timeline: Timeline) -> None:
    page = timeline.page
    timeline.click(14.5)
    timeline.click(15.5, Qt.KeyboardModifier.ControlModifier)
    picker = page.inspector.details.project
    index = picker.findText("api")
    picker.setCurrentIndex(index)
    picker.activated.emit(index)
    timeline.settle()
    assert [part.series.name for part in page.inspector.totals.chart.parts] == ["api", "No project"]
    assert page.lanes.selection.ids == set(timeline.ids[5:7])  # still selected
    timeline.undo()
    assert [part.series.name for part in page.inspector.totals.chart.parts] == ["api", "site", "No project"]


def test_splitting_where_the_dialog_says(timeline: Timeline) -> None:
    page = timeline.page
    recorded = page.model.recorded
    assert recorded is not None
    block = recorded.block(timeline.ids[5])
    assert block is not None
    taken: list[int] = []
    dialog = ask_split(page, recorded, block, at(14.25), taken.append)
    dialog.accept()
    assert taken == [at(14.25)]
    page.actions_.split(timeline.ids[5], taken[0])
    timeline.settle()
    assert len(timeline.ids) == 8
    timeline.undo()
    assert len(timeline.ids) == 7


def test_changing_times_keeps_what_was_not_touched(timeline: Timeline) -> None:
    page = timeline.page
    recorded = page.model.recorded
    assert recorded is not None
    second = recorded.block(timeline.ids[4])
    assert second is not None
    taken: list[tuple[int, int]] = []
    ask_times(page, recorded, second, lambda s, e: taken.append((s, e))).accept()
    assert taken == [(second.start_ms, second.end_ms)]
    page.actions_.set_times(timeline.ids[6], at(15), at(17))
    timeline.settle()
    assert "5 h active" in page.header.subtitle.text()
    assert page.inspector.shown is page.inspector.details


def test_cutting_a_stretch_out_of_a_span(timeline: Timeline) -> None:
    page = timeline.page
    timeline.drag(14.25, 14.5)
    assert page.inspector.details.cut.isVisible()
    page.inspector.details.cut.click()
    timeline.settle()
    assert len(timeline.ids) == 9


def test_merging_neighbours(timeline: Timeline) -> None:
    page = timeline.page
    timeline.click(14.5)
    timeline.click(15.5, Qt.KeyboardModifier.ShiftModifier)
    assert page.inspector.details.merge.isEnabled()
    page.actions_.merge()
    timeline.settle()
    assert len(timeline.ids) == 6
    timeline.undo()
    assert len(timeline.ids) == 7


def test_what_does_not_follow_each_other_cannot_be_merged(timeline: Timeline) -> None:
    timeline.click(9.5)
    timeline.click(15.5, Qt.KeyboardModifier.ControlModifier)
    assert not timeline.page.inspector.details.merge.isEnabled()


def test_deleting_by_key_and_undoing(timeline: Timeline) -> None:
    page = timeline.page
    timeline.click(14.5)
    next(c for c in page.commands() if c.shortcut == "Delete").run()
    timeline.settle()
    assert len(timeline.ids) == 6
    assert page.inspector.shown is page.inspector.totals
    timeline.undo()
    assert len(timeline.ids) == 7


def test_a_note_is_kept_and_shown(timeline: Timeline) -> None:
    page = timeline.page
    timeline.click(14.5)
    note = page.inspector.details.note
    QTest.keyClicks(note, "with Kim")
    QTest.keyClick(note, Qt.Key.Key_Return)
    timeline.settle()
    assert note.text() == "with Kim"
    model = page.table.model()
    assert model is not None
    assert "✎ with Kim" in model.index(5, 1).data()
    note.selectAll()
    QTest.keyClick(note, Qt.Key.Key_Delete)
    QTest.keyClick(note, Qt.Key.Key_Return)
    timeline.settle()
    assert "✎" not in model.index(5, 1).data()


def test_adding_missed_time_into_a_dragged_gap(timeline: Timeline) -> None:
    page = timeline.page
    timeline.drag(11.6, 12.6)
    missed = page.inspector.missed
    assert page.inspector.shown is missed
    QTest.keyClicks(missed.what, "Stand-up")
    picker = missed.project
    index = picker.findText("site")
    picker.setCurrentIndex(index)
    picker.activated.emit(index)
    missed.add.click()
    timeline.settle()
    assert len(timeline.ids) == 8
    recorded = page.model.recorded
    assert recorded is not None
    block = recorded.block(timeline.ids[4])
    assert block is not None
    assert recorded.view.names.project(block.project_id).name == "site"
    assert block.has_note
    timeline.undo()
    assert len(timeline.ids) == 7


def test_missed_time_never_covers_what_is_recorded(timeline: Timeline) -> None:
    page = timeline.page
    missed = page.inspector.missed
    page.inspector.add_missed()
    recorded = page.model.recorded
    assert recorded is not None
    missed.offer(recorded, at(9), at(10))
    assert not missed.add.isEnabled()
    missed.offer(recorded, at(10.5), at(11.5))
    assert missed.add.isEnabled()
    assert "30 m of it is free" in missed._says.text()
    missed.offer(recorded, at(12), at(11.8))
    assert missed.stretch is None


def test_another_day_by_arrows_and_link(timeline: Timeline) -> None:
    page = timeline.page
    page.days.step(-1)
    timeline.settle()
    assert page.model.day == date(2026, 6, 29)
    assert "3 h active" in page.header.subtitle.text()
    timeline.windows.services.navigator.open("timeline", day="2026-06-30")
    timeline.settle()
    assert page.model.day == DAY
    page.days.step(-20)
    timeline.settle()
    assert page.lanes.is_empty
    assert "Nothing was recorded" in page.lanes.accessibleDescription()


def test_a_link_to_a_span_selects_it(timeline: Timeline) -> None:
    span_id = timeline.ids[5]
    timeline.page.days.step(-1)
    timeline.settle()
    timeline.windows.services.navigator.open("timeline", day="2026-06-30", span=str(span_id))
    timeline.settle()
    assert timeline.page.lanes.selection.ids == {span_id}
    assert timeline.page.inspector.shown is timeline.page.inspector.details


def test_growth_keeps_selection_and_zoom(timeline: Timeline, home: Paths) -> None:
    page = timeline.page
    timeline.click(14.5)
    page.lanes.show_view(at(14), at(15))
    with Store.open(home.database, load_key(home).cipher()) as store:
        Journal(store).insert([span(16.5, 17, "terminal", "make test")])
    timeline.windows.services.freshness.tell(frozenset({Topic.ACTIVITY}))
    timeline.settle()
    assert len(timeline.ids) == 8
    assert page.lanes.view == (at(14), at(15))
    assert page.lanes.selection.ids == {timeline.ids[5]}


def test_the_menu_offers_what_fits_the_selection(timeline: Timeline) -> None:
    timeline.click(14.5)
    timeline.page._menu(QPoint(10, 10), at(14.5))
    menu = next(m for m in timeline.page.lanes.findChildren(QMenu) if m.actions() and m.isVisible())
    words = [action.text() for action in menu.actions()]
    assert words[:2] == ["Move to project", "Move to category"]
    assert "Split…" in words
    assert "Merge into one" not in words
    menu.close()


def test_it_is_used_by_keyboard_alone(timeline: Timeline) -> None:
    page = timeline.page
    page.lanes.setFocus()
    QTest.keyClick(page.lanes, Qt.Key.Key_End)
    assert page.lanes.selection.ids == {timeline.ids[-1]}
    QTest.keyClick(page.lanes, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert page.lanes.selection.ids == set(timeline.ids[-2:])


def test_a_project_of_the_sums_selects_its_activities(timeline: Timeline) -> None:
    page = timeline.page
    site = next(part.series.key for part in page.inspector.totals.chart.parts if part.series.name == "site")
    page.inspector.totals.chart.chosen.emit(site)
    assert page.lanes.selection.ids == set(timeline.ids[5:7])


def test_an_action_takes_the_gui_thread_no_time(timeline: Timeline) -> None:
    # Not a budget (those are benchmarks), but a change must not run in the GUI thread.
    page = timeline.page
    page.model.select(Selection().only(timeline.ids[5]))
    page.actions_.annotate("x")
    assert not timeline.windows.services.background.idle
    timeline.settle()


def test_what_is_added_can_be_of_any_size(timeline: Timeline) -> None:
    timeline.page.actions_.add(Missed(at(16), at(18), 0, note="away"))
    timeline.settle()
    assert "6 h active" in timeline.page.header.subtitle.text()


def test_a_title_that_could_not_be_opened_is_asked_for_when_the_key_has_come(timeline: Timeline) -> None:
    model = timeline.page.model
    assert model.recorded is not None
    title = max(int(one) for one in model.recorded.array["title"])
    assert title
    model._texts = {title: None}
    timeline.windows.services.library.reopen()
    timeline.windows.services.freshness.tell({Topic.ACTIVITY})
    timeline.settle()
    model.text(title)
    timeline.settle()
    assert model.text(title)


def test_a_link_shows_an_hour_or_a_category(timeline: Timeline) -> None:
    page = timeline.page
    page.go({"day": DAY.isoformat(), "hour": "9"})
    timeline.settle()
    low, high = page.lanes.view
    assert page.model.recorded is not None
    begin = page.model.recorded.view.start_ms + 9 * 3_600_000
    assert (round(low), round(high)) == (begin, begin + 3_600_000)
    category = next(int(one["category"]) for one in page.model.recorded.array if one["category"])
    page.go({"category": str(category)})
    timeline.settle()
    chosen = page.model.chosen()
    assert chosen is not None
    array = page.model.recorded.array
    assert {int(row["category"]) for row in array if int(row["id"]) in chosen.ids} == {category}


def test_a_rule_is_made_of_what_is_selected(timeline: Timeline) -> None:
    page = timeline.page
    assert page.model.recorded is not None
    first = next(int(one["id"]) for one in page.model.recorded.array if one["kind"] == 0)
    page.model.select(Selection(frozenset({first})))
    page.inspector.make_rule()
    timeline.settle()
    dialog = page.window().findChild(ClassifyDialog)  # type: ignore[union-attr]
    assert dialog is not None
    assert [row.span_id for row in dialog._rows] == [first]
    assert dialog.always.isChecked()
    dialog.reject()


def test_in_a_narrow_window_the_category_gives_way_before_the_project(timeline: Timeline) -> None:
    window, table = timeline.windows.window, timeline.page.table
    window.setMinimumSize(600, 500)
    shown: dict[int, tuple[bool, bool]] = {}
    for width in (1280, 853, 700):
        window.resize(width, 533)
        timeline.settle()
        shown[width] = (not table.isColumnHidden(PROJECT), not table.isColumnHidden(CATEGORY))
        assert not table.isColumnHidden(TITLE)
        assert table.columnWidth(TITLE) >= 120
        heads = table.horizontalHeader()
        assert heads is not None
        assert heads.length() <= table.width()
    assert shown == {1280: (True, True), 853: (True, False), 700: (False, False)}
