from datetime import UTC, datetime
from typing import Any

import pytest

from app.ui.tray.content import Entry, entries

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TRACKING: dict[str, Any] = {
    "state": "tracking",
    "today": {"active_seconds": 3600},
    "projects": ["alpha", "beta"],
}
FOCUS = {"state": "running", "planned_seconds": 1500, "remaining_seconds": 1000, "focused_seconds": 500}


class Spoken:
    """Keeps what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self.asked.append((name, *arguments))


def menu(status: dict[str, Any], actions: Any = None, **more: Any) -> tuple[Entry, ...]:
    options = {"now": NOW, "presets_min": [25, 50, 90], **more}
    return entries(status, actions or Spoken(), **options)


def texts(lines: tuple[Entry, ...]) -> list[str]:
    return [line.text for line in lines if line.visible and not line.separator]


def line(lines: tuple[Entry, ...], *path: str) -> Entry:
    for text in path:
        found = next(entry for entry in lines if entry.text == text and entry.visible)
        lines = found.children
    return found


def test_while_tracking() -> None:
    assert texts(menu(TRACKING)) == [
        "Today: 1 h", "Tracking", "Start focus", "Pause tracking", "Private mode", "Project", "Quit DevPulse",
    ]  # fmt: skip


def test_while_in_focus_and_while_paused() -> None:
    assert texts(menu({**TRACKING, "focus": FOCUS}))[2:5] == ["Focus: 17 m left", "Pause focus", "Stop focus"]
    paused = {**TRACKING, "focus": {**FOCUS, "state": "paused"}}
    assert texts(menu(paused))[2:5] == ["Focus paused: 17 m left", "Resume focus", "Stop focus"]
    assert "Resume tracking" in texts(menu({**TRACKING, "state": "paused"}))
    assert "Pause tracking" not in texts(menu({**TRACKING, "state": "paused"}))


@pytest.mark.parametrize(
    ("changes", "path", "asked"),
    [
        ({}, ("Start focus", "25 minutes"), ("focus_start", 25)),
        ({}, ("Start focus", "1 h 30 m"), ("focus_start", 90)),
        ({}, ("Start focus", "Without an end"), ("focus_start", None)),
        ({"focus": FOCUS}, ("Pause focus",), ("focus_pause",)),
        ({"focus": FOCUS}, ("Stop focus",), ("focus_stop",)),
        ({"focus": {**FOCUS, "state": "paused"}}, ("Resume focus",), ("focus_resume",)),
        ({}, ("Pause tracking", "For 15 minutes"), ("pause", 900)),
        ({}, ("Pause tracking", "For 1 hour"), ("pause", 3600)),
        ({}, ("Pause tracking", "Until tomorrow"), ("pause_until_tomorrow",)),
        ({}, ("Pause tracking", "Until I resume"), ("pause", None)),
        ({"state": "paused"}, ("Resume tracking",), ("resume",)),
        ({}, ("Private mode",), ("private", True)),
        ({"private": True}, ("Private mode",), ("private", False)),
        ({}, ("Project", "beta"), ("switch_project", "beta")),
        ({}, ("Project", "Recognise it for me"), ("switch_project", None)),
        ({}, ("Quit DevPulse",), ("quit",)),
    ],
)
def test_each_line_asks_for_its_deed(changes: dict[str, Any], path: tuple[str, ...], asked: Any) -> None:
    actions = Spoken()
    do = line(menu({**TRACKING, **changes}, actions), *path).do
    assert do is not None
    do()
    assert actions.asked == [asked]


def test_the_project_chosen_by_hand_is_marked_and_offered() -> None:
    def marks(status: dict[str, Any]) -> dict[str, bool | None]:
        children = line(menu({**TRACKING, **status}), "Project").children
        return {entry.text: entry.checked for entry in children if not entry.separator}

    assert marks({}) == {"Recognise it for me": True, "alpha": False, "beta": False}
    assert marks({"project_by_hand": "beta"}) == {"Recognise it for me": False, "alpha": False, "beta": True}
    assert marks({"project_by_hand": "old"})["old"] is True
    assert marks({"projects": []}) == {"Recognise it for me": True}


def test_a_name_too_long_to_show_is_still_the_one_that_is_asked_for() -> None:
    actions, long = Spoken(), "x" * 300
    children = line(menu({**TRACKING, "projects": [long]}, actions), "Project").children
    assert len(children[-1].text) < 60
    assert children[-1].do is not None
    children[-1].do()
    assert actions.asked == [("switch_project", long)]


def test_problems_have_their_lines_with_advice() -> None:
    problem = {"title": "The disk is full", "detail": "word " * 30, "advice": "Make\n\nroom."}
    found = line(menu({**TRACKING, "problems": [problem]}), "The disk is full")
    assert found.children[-1].text == "Make room."
    assert all(len(entry.text) <= 56 and entry.do is None for entry in found.children)


def test_hostile_lists_stay_small() -> None:
    problems = [{"title": f"p{n}", "detail": "x" * 10_000} for n in range(50)]
    status = {**TRACKING, "projects": [f"n{n}" for n in range(500)] * 2, "problems": problems}
    lines = menu(status, presets_min=[25, 25, 25])
    assert len(lines) < 30
    assert len(line(lines, "Project").children) == 12
    assert len(line(lines, "p0").children) == 10
    assert texts(line(lines, "Start focus").children) == ["25 minutes", "Without an end"]


def test_the_window_is_offered_where_there_is_one() -> None:
    opened: list[str] = []
    do = line(menu(TRACKING, open_window=opened.append), "Open DevPulse").do
    assert do is not None
    do()
    assert opened == [""]


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(1, "1 minute"), (59, "59 minutes"), (60, "1 hour"), (120, "2 hours"), (150, "2 h 30 m")],
)
def test_lengths_of_presets(minutes: int, text: str) -> None:
    assert texts(line(menu(TRACKING, presets_min=[minutes]), "Start focus").children)[0] == text


def test_a_conflict_leads_to_the_sync_page() -> None:
    opened: list[str] = []
    shown = menu({**TRACKING, "account": {"conflicts": 1, "alarms": 0}}, open_window=opened.append)
    do = line(shown, "1 conflict waits for your choice").do
    assert do is not None
    do()
    assert opened == ["sync"]
    assert not any(
        entry.key == "account" and entry.visible for entry in menu(TRACKING, open_window=opened.append)
    )
