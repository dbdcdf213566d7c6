from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel, QPushButton

from app.models.goals import Aim, Goal, Period, Subject
from tests.app.ui.pages.live_home import HOUR, Home
from tests.fakes.agent import status


def shown(page: Any) -> str:
    """All texts that can be seen."""
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def press(page: Any, words: str) -> None:
    (button,) = [b for b in page.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_empty_day_says_what_will_appear(home: Home) -> None:
    page = home.open("today")
    assert "Idle" in shown(page)
    assert "The score appears after an hour" in shown(page)
    assert page.categories.list.empty_words[0] == "Nothing recorded yet today"


def test_a_day_in_numbers_and_charts(home: Home) -> None:
    kinds = home.categories()
    alpha = home.project("alpha")
    home.work(120, 60, project=alpha, category=kinds["Development"])
    home.work(60, 30, category=kinds["Chat"])
    page = home.open("today")
    texts = shown(page)
    assert "1 h 30 m" in texts
    assert "in one block of 1 h" in texts
    assert [(p.series.name, p.seconds) for p in page.projects.list.parts] == [
        ("alpha", 3600), ("No project", 1800),
    ]  # fmt: skip
    assert [p.series.name for p in page.categories.ring.parts] == ["Development", "Chat"]
    assert page.hours.chart.bars.seconds.sum() == 5400
    assert "of 100" in texts


def test_charts_and_numbers_tell_the_same_before_the_agent_has_stored_it(home: Home) -> None:
    alpha = home.project("alpha")
    home.work(60, 30, project=alpha, category=home.categories()["Coding"])
    page = home.open("today")
    current = {
        "application": "slack", "project": None, "category": "Chat", "since": "2026-06-30T15:41:00+00:00",
    }  # fmt: skip
    home.agent.tell(status(current=current, today={"active_seconds": 1860, "by_project": []}))
    home.until(lambda: sum(part.seconds for part in page.categories.ring.parts) == 1860)
    assert [(p.series.name, p.seconds) for p in page.categories.ring.parts] == [
        ("Coding", 1800),
        ("Chat", 60),
    ]
    assert [(p.series.name, p.seconds) for p in page.projects.list.parts] == [
        ("alpha", 1800), ("No project", 60),
    ]  # fmt: skip
    assert page.hours.chart.bars.seconds.sum() == 1860
    assert "31 m" in shown(page)


def test_what_is_tracked_now_goes_on_by_the_second(home: Home) -> None:
    page = home.open("today")
    since = "2026-06-30T15:41:00+00:00"
    current = {
        "application": "code",
        "project": "alpha",
        "branch": "topic",
        "category": "Coding",
        "since": since,
    }
    home.agent.tell(status(current=current, today={"active_seconds": 7140, "by_project": []}))
    assert "alpha" in shown(page)
    assert "1:00" in shown(page)
    home.clock.advance(61)
    page._tick()
    texts = shown(page)
    assert "2:01" in texts
    assert "2 h" in texts
    assert home.windows.services.background.idle


def test_pause_private_and_resume_are_asked_of_the_agent(home: Home) -> None:
    page = home.open("today")
    home.agent.tell(status())
    press(page, "Private mode")
    page.now.pause(seconds=900)
    home.agent.tell(status(state="paused", paused_until="2026-06-30T18:00:00+00:00", current=None))
    assert "Nothing is recorded until 18:00." in shown(page)
    press(page, "Resume")
    home.agent.tell(status(state="private", private=True, current=None))
    press(page, "Leave private mode")
    assert home.agent.asked[-4:] == [
        ("private", {"on": True}), ("pause", {"seconds": 900}), ("resume", {}), ("private", {"on": False}),
    ]  # fmt: skip


def test_what_is_wrong_is_told_with_what_to_do(home: Home) -> None:
    page = home.open("today")
    problem = {"title": "No window can be seen.", "detail": "Wayland.", "advice": "Use X11."}
    home.agent.tell(status(state="degraded", current=None, problems=[problem]))
    assert "No window can be seen." in shown(page)
    assert "Use X11." in shown(page)
    home.agent.tell(status(problems=[problem]))
    home.settle()
    assert "No window can be seen. Use X11." in shown(page)
    home.agent.tell(None)
    assert "Not recording" in shown(page)


def test_focus_is_started_and_led_from_here(home: Home) -> None:
    home.project("alpha")
    page = home.open("today")
    page.focus.starter.project.choose("alpha")
    press(page, "Start focus")
    assert home.agent.asked[-1] == ("focus", {"action": "start", "minutes": 25, "project": "alpha"})
    focus = {"state": "running", "started": "2026-06-30T15:40:00+00:00", "planned_seconds": 1500,
             "focused_seconds": 120, "project": "alpha", "interruptions": 1}  # fmt: skip
    home.agent.tell(status(focus=focus))
    assert "1 interruption" in shown(page)
    press(page, "Stop")
    assert home.agent.asked[-1] == ("focus", {"action": "stop"})


def test_a_goal_is_added_changed_removed_and_all_of_it_undone(home: Home) -> None:
    alpha = home.project("alpha")
    home.work(120, 60, project=alpha)
    page = home.open("today")
    goal = Goal(Aim.AT_LEAST, Subject.PROJECT, Period.DAY, 2 * HOUR, alpha)
    home.windows.services.edits.run(lambda editing: editing.goals.add(goal)[1])
    home.settle()
    assert "1 h to go" in shown(page)
    assert "1 h · at least 2 h a day" in shown(page)
    page.goals.remove(page.model.goals[0])
    home.settle()
    assert home.rows("SELECT * FROM goals") == []
    home.windows.services.changes.undo()
    home.settle()
    assert "1 h to go" in shown(page)
    home.windows.services.changes.undo()
    home.settle()
    assert home.rows("SELECT * FROM goals") == []


def test_the_dialog_for_a_goal(home: Home) -> None:
    home.project("alpha")
    page = home.open("today")
    page.goals.add()
    home.settle()
    from app.ui.goals.goal_dialog import GoalDialog

    (dialog,) = home.windows.window.findChildren(GoalDialog)
    dialog._subject.setCurrentText("alpha")
    dialog._hours.setValue(25)
    assert not dialog.accept_button.isEnabled()
    dialog._hours.setValue(3)
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    home.settle()
    assert home.rows("SELECT subject, target_ms, period FROM goals") == [("project", 3 * HOUR, "day")]
    assert "at least 3 h a day" in shown(page)


def test_leaving_the_page_stops_its_clock(home: Home) -> None:
    page = home.open("today")
    assert page._timer.isActive()
    home.open("settings")
    assert not page._timer.isActive()
