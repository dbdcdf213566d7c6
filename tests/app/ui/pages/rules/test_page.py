from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt
from PyQt6.QtGui import QDropEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel

from app.ui.classify.dialog import ClassifyDialog
from app.ui.classify.drag import carried
from app.ui.pages.rules.category_dialogs import CategoryDialog, DeleteCategory
from app.ui.pages.rules.rule_dialog import RuleDialog
from tests.app.ui.pages.live_home import Home


def dialog(home: Home, kind: type[Any]) -> Any:
    home.settle()
    return next(one for one in home.windows.window.findChildren(kind) if one.isVisible())


def told(widget: Any) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def drop(page: Any, category: int, mime: QMimeData) -> None:
    """What Qt does when a drag is let go over a category."""
    item = page.tree.item_of(category)
    page.tree.scrollToItem(item)
    at = page.tree.visualItemRect(item).center()
    event = QDropEvent(
        QPointF(at), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.tree.dropEvent(event)


def order(home: Home) -> list[int]:
    return [row[0] for row in home.rows("SELECT id FROM rules ORDER BY position, id")]


def test_the_defaults_are_there(home: Home) -> None:
    page = home.open("rules")
    assert page.rules.rows.rowCount() == len(order(home))
    assert page.tree.item_of(home.categories()["Development"]) is not None


def test_a_rule_is_tried_while_it_is_written_and_added(home: Home) -> None:
    home.work(200, 60, application="code", title="review of the ledger")
    home.work(100, 30, application="code", title="something else")
    page = home.open("rules")
    page.add_rule()
    made = dialog(home, RuleDialog)
    assert not made.accept_button.isEnabled()
    line = made.lines[0]
    line.field.setCurrentIndex(line.field.findData("title"))
    line.test.setCurrentIndex(line.test.findData("contains"))
    QTest.keyClicks(line.value, "review")
    home.until(lambda: "Fits 1 activity of the last 90 days, 1 h." in told(made))
    home.until(lambda: "code · review of the ledger" in told(made))
    made.category.choose(home.categories()["Code review"])
    made._try()
    before = order(home)
    QTest.mouseClick(made.accept_button, Qt.MouseButton.LeftButton)
    home.settle()
    assert len(order(home)) == len(before) + 1
    home.windows.services.changes.undo()
    home.settle()
    assert order(home) == before


@pytest.mark.parametrize(
    ("pattern", "reason"), [("a(", "A bracket ( is never closed."), ("(a)\\1", "It refers back to a group")]
)
def test_a_pattern_that_cannot_be_used_is_refused_with_its_reason(
    home: Home, pattern: str, reason: str
) -> None:
    page = home.open("rules")
    page.add_rule()
    made = dialog(home, RuleDialog)
    line = made.lines[0]
    line.test.setCurrentIndex(line.test.findData("pattern"))
    line.value.setText(pattern)
    home.settle()
    assert reason in told(made)
    assert not made.accept_button.isEnabled()
    made.reject()


def test_an_activity_dropped_on_a_category_makes_a_rule(home: Home) -> None:
    home.work(60, 30, application="figma", title="a board")
    page = home.open("rules", show="uncategorised")
    assert page.seen.rows.rowCount() == 1
    page.seen.selectRow(0)
    target = home.categories()["Design"]
    drop(page, target, page.seen.rows.mimeData(page.seen.selectedIndexes()))
    asked = dialog(home, ClassifyDialog)
    assert asked.always.isChecked()
    assert asked.category.category_id == target
    before = len(order(home))
    QTest.mouseClick(asked.accept_button, Qt.MouseButton.LeftButton)
    home.settle()
    assert len(order(home)) == before + 1
    first = home.rows("SELECT category_id, conditions FROM rules ORDER BY position LIMIT 1")[0]
    assert first[0] == target
    assert "figma" in first[1]


def test_only_this_one_changes_only_it(home: Home) -> None:
    home.work(60, 30, application="figma", title="a board")
    page = home.open("rules", show="uncategorised")
    page.seen.selectRow(0)
    page.seen.ask()
    asked = dialog(home, ClassifyDialog)
    asked.category.choose(home.categories()["Design"])
    asked.once.setChecked(True)
    before = order(home)
    asked.accept()
    home.settle()
    assert order(home) == before
    assert home.rows("SELECT category_id FROM activity_logs") == [(home.categories()["Design"],)]
    home.windows.services.changes.undo()
    home.settle()
    assert home.rows("SELECT category_id FROM activity_logs") == [(None,)]


def test_something_else_dropped_does_nothing(home: Home) -> None:
    page = home.open("rules")
    other = QMimeData()
    other.setText("42")
    drop(page, home.categories()["Design"], other)
    drop(page, home.categories()["Design"], carried([]))
    home.settle()
    assert not home.windows.window.findChildren(ClassifyDialog)


def test_rules_are_moved_by_keyboard_and_by_dragging(home: Home) -> None:
    page = home.open("rules")
    before = order(home)
    page.rules.selectRow(0)
    home.press(page.rules, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert order(home)[:2] == [before[1], before[0]]
    assert page.rules.chosen.id == before[0]
    rows = page.rules.rows
    mime = rows.mimeData([rows.index(0, 1)])
    rows.dropMimeData(mime, Qt.DropAction.MoveAction, 3, 0, rows.index(-1, -1))
    home.settle()
    assert order(home)[:3] == [before[0], before[2], before[1]]
    home.windows.services.changes.undo()
    home.settle()
    home.windows.services.changes.undo()
    home.settle()
    assert order(home) == before


def test_a_rule_is_switched_and_deleted_by_keyboard(home: Home) -> None:
    page = home.open("rules")
    first = order(home)[0]
    page.rules.selectRow(0)
    home.press(page.rules, Qt.Key.Key_Space)
    assert home.rows("SELECT enabled FROM rules WHERE id = ?", first) == [(0,)]
    home.press(page.rules, Qt.Key.Key_Delete)
    assert first not in order(home)


def test_a_category_is_made_changed_and_deleted_with_move(home: Home) -> None:
    page = home.open("rules")
    page.add_category()
    made = dialog(home, CategoryDialog)
    made.field.setText("Teaching")
    made._kind.choose("1")
    made.accept()
    home.settle()
    teaching = home.categories()["Teaching"]
    assert home.rows("SELECT productivity FROM categories WHERE id = ?", teaching) == [(1,)]
    home.work(60, 30, category=teaching)
    page.tree.setCurrentItem(page.tree.item_of(teaching))
    page.remove_category(teaching)
    asked = dialog(home, DeleteCategory)
    asked._into.choose(home.categories()["Learning"])
    asked.accept()
    home.settle()
    assert "Teaching" not in home.categories()
    assert home.rows("SELECT category_id FROM activity_logs") == [(home.categories()["Learning"],)]
    home.windows.services.changes.undo()
    home.settle()
    assert home.categories()["Teaching"] == teaching


def test_the_rules_are_applied_to_the_past_and_undone(home: Home) -> None:
    home.work(60, 30, application="code")
    page = home.open("rules")
    page.model.apply()
    home.settle()
    assert home.rows("SELECT category_id FROM activity_logs") == [(home.categories()["Coding"],)]
    home.windows.services.changes.undo()
    home.settle()
    assert home.rows("SELECT category_id FROM activity_logs") == [(None,)]


def test_the_list_is_filtered(home: Home) -> None:
    page = home.open("rules", search="no such words anywhere")
    assert page.rules.rows.rowCount() == 0
    assert "No rule fits" in told(page)
    assert page.tree.itemAt(QPoint(5, 5)) is not None


def test_in_a_narrow_window_nothing_is_cut(home: Home) -> None:
    page = home.open("rules")
    window = home.windows.window
    window.setMinimumSize(800, 500)
    window.resize(853, 533)
    home.settle()
    for shown in ("rules", "uncategorised"):
        page.go({"show": shown})
        home.settle()
        beside = page._search if shown == "rules" else page._classify
        assert page._what.width() >= page._what.sizeHint().width()
        assert beside.mapTo(page, beside.rect().topRight()).x() < page.width() - 24
    assert page._what.folded
    window.resize(1280, 800)
    home.settle()
    assert not page._what.folded
