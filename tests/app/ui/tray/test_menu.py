from collections.abc import Sequence

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.ui.tray.content import Entry
from app.ui.tray.menu import Menu, escaped_for_panel, escaped_for_qt


@pytest.fixture
def widget(qtbot: QtBot) -> QMenu:
    widget = QMenu()
    qtbot.addWidget(widget)
    return widget


def texts(widget: QMenu) -> list[str]:
    return [action.text() for action in widget.actions()]


def test_lines_keep_their_action_while_their_words_change(widget: QMenu) -> None:
    menu = Menu(widget, escaped_for_qt)
    menu.show([Entry("a", "one"), Entry("b", "two", lambda: None), Entry("s", separator=True)])
    before = widget.actions()
    assert [action.isEnabled() for action in before[:2]] == [False, True]
    changes: list[int] = []
    for action in before:
        action.changed.connect(lambda: changes.append(1))
    for _ in range(5):
        menu.show([Entry("a", "one"), Entry("b", "two", lambda: None), Entry("s", separator=True)])
    assert changes == []
    menu.show([Entry("a", "R&D"), Entry("b", "two", lambda: None, visible=False), Entry("s", separator=True)])
    assert widget.actions() == before
    assert texts(widget)[0] == "R&&D"
    assert not before[1].isVisible()


def test_a_line_does_what_was_shown_last(widget: QMenu) -> None:
    menu, done = Menu(widget, escaped_for_qt), list[str]()
    menu.show([Entry("a", "x", lambda: done.append("old"))])
    menu.show([Entry("a", "x", lambda: done.append("new"))])
    widget.actions()[0].trigger()
    assert done == ["new"]


def test_a_mark_is_what_the_agent_says_not_what_was_clicked(widget: QMenu) -> None:
    menu, done = Menu(widget, escaped_for_qt), list[int]()

    def show(*, on: bool) -> None:
        menu.show([Entry("private", "Private", lambda: done.append(1), checked=on)])

    show(on=False)
    action = widget.actions()[0]
    action.trigger()
    assert (done, action.isChecked()) == ([1], False)
    show(on=True)
    assert action.isChecked()


def test_an_open_menu_gets_new_lines_when_it_is_closed(widget: QMenu) -> None:
    menu = Menu(widget, escaped_for_qt)
    menu.show([Entry("a", "one")])
    widget.popup(QPoint(0, 0))
    menu.show([Entry("a", "ONE"), Entry("b", "two")])
    assert texts(widget) == ["ONE"]
    menu.show([])
    assert texts(widget) == ["ONE"]
    widget.hide()
    menu.show([Entry("a", "ONE"), Entry("b", "two")])
    assert texts(widget) == ["ONE", "two"]


def test_submenus_follow_on_their_own(widget: QMenu) -> None:
    menu = Menu(widget, escaped_for_qt)

    def show(*names: str) -> Sequence[str]:
        menu.show([Entry("p", "Projects", children=tuple(Entry(name, name) for name in names))])
        submenu = widget.actions()[0].menu()
        assert submenu is not None
        return texts(submenu)

    assert show("a_b", "c") == ["a_b", "c"]
    action = widget.actions()[0]
    assert show("a_b") == ["a_b"]
    assert widget.actions()[0] is action
    menu.escape_with(escaped_for_panel)
    assert show("a_b") == ["a\u02cdb"]


@pytest.mark.parametrize(
    ("text", "qt", "panel"),
    [("R&D & more", "R&&D && more", "R&&D & more"), ("a_b", "a_b", "a\u02cdb"), ("plain", "plain", "plain")],
)
def test_nothing_is_read_as_a_mnemonic(text: str, qt: str, panel: str) -> None:
    assert (escaped_for_qt(text), escaped_for_panel(text)) == (qt, panel)
