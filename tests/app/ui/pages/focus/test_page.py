from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel

from app.ui.pages.focus.session_dialog import SessionDialog
from tests.app.ui.pages.live_home import Home
from tests.fakes.agent import status


def shown(page: Any) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def test_without_a_session_it_says_how_to_begin(home: Home) -> None:
    page = home.open("focus")
    assert "Ready to focus?" in shown(page)
    assert "Your sessions stand here" in shown(page)
    assert "no session yet" in shown(page)


def test_sessions_in_numbers_and_history(home: Home) -> None:
    alpha = home.project("alpha")
    home.session(200, 25, project_id=alpha, interruptions=2, note="the parser")
    home.session(24 * 60 + 100, 50, state="stopped", focused_ms=20 * 60_000)
    page = home.open("focus")
    texts = shown(page)
    assert "1 of 1 sessions completed" in texts
    assert "1 of 2 sessions completed" in texts
    assert "2 days" in texts or "1 day" in texts
    rows = page.history.sessions
    assert [rows.index(0, n).data() for n in (2, 3, 5, 6, 7)] == [
        "alpha",
        "25 m",
        "2",
        "Completed",
        "the parser",
    ]
    assert rows.index(1, 2).data() == "No project"
    assert page.chart.bars.seconds.sum() == 45 * 60


def test_a_session_is_changed_deleted_and_both_undone(home: Home) -> None:
    alpha = home.project("alpha")
    home.session(200, 25)
    page = home.open("focus")
    page.history.selectRow(0)
    home.press(page.history, Qt.Key.Key_Return)
    (dialog,) = home.windows.window.findChildren(SessionDialog)
    dialog._project.setCurrentIndex(dialog._project.findData(alpha))
    dialog._note.setPlainText("went well")
    dialog.accept()
    home.settle()
    assert page.history.sessions.index(0, 7).data() == "went well"
    assert home.rows("SELECT project_id FROM focus_sessions") == [(alpha,)]
    page.history.selectRow(0)
    home.press(page.history, Qt.Key.Key_Delete)
    assert home.rows("SELECT * FROM focus_sessions") == []
    for _ in range(2):
        home.windows.services.changes.undo()
        home.settle()
    assert home.rows("SELECT project_id FROM focus_sessions") == [(None,)]


def test_the_timer_counts_down_and_the_break_follows(home: Home) -> None:
    page = home.open("focus")
    focus = {"state": "running", "started": "2026-06-30T15:40:00+00:00", "planned_seconds": 1500,
             "focused_seconds": 120, "project": "alpha", "interruptions": 0}  # fmt: skip
    home.agent.tell(status(focus=focus))
    ring = page.panel._ring
    assert ring.accessibleDescription() == "23:00 left"
    home.clock.advance(61)
    page.panel.tick()
    assert ring.accessibleDescription() == "21:59 left"
    home.agent.tell(status(focus={**focus, "state": "paused"}))
    assert ring.accessibleDescription().endswith("paused")
    home.session(26, 25)
    home.agent.tell(status(focus=None))
    home.agent.focus_ended.emit({})
    home.settle()
    assert "Take a break" in shown(page)
    assert ring.accessibleDescription() == "2:59 break"
    page.panel.skip_break()
    assert "Ready to focus?" in shown(page)


def test_what_counts_is_set_in_place(home: Home) -> None:
    page = home.open("focus")
    page.choices._after.setValue(40)
    home.settle()
    assert home.windows.services.settings.get("focus.interruption_after_s") == 40
    nudge = page.choices._switches["notifications.distracted_in_focus"]
    QTest.mouseClick(nudge, Qt.MouseButton.LeftButton)
    home.settle()
    assert home.windows.services.settings.get("notifications.distracted_in_focus") is True
    home.windows.services.changes.undo()
    home.settle()
    assert not nudge.isChecked()
