"""The agent's status in words."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.commands.status_text import focus_line, status_text

NOW = int(datetime.fromisoformat("2026-03-04T10:12:00+00:00").timestamp() * 1000)


def lines(now_ms=NOW, width=80, **status):
    return status_text(status, now_ms=now_ms, width=width).splitlines()


def test_the_least_that_may_come():
    assert lines() == ["Now", "Today     0 s active"]


def test_each_part_of_the_current_activity_may_be_missing():
    assert lines(state="tracking", current={"application": "Code"})[1].strip() == "Code"
    assert lines(state="tracking", current={"application": "Code", "project": "a"})[1].strip() == "Code · a"
    full = {
        "application": "Code",
        "project": "a",
        "branch": "b",
        "category": "c",
        "since": "2026-03-04T10:00:00Z",
    }
    assert lines(state="tracking", current=full)[1].strip() == "Code · a (b) · c · 12 m"


@pytest.mark.parametrize("since", [None, "", "soon", 5, "2026-03-04T11:00:00+00:00"])
def test_times_that_are_none_or_to_come(since):
    assert lines(state="idle", since=since)[0] in ("Now       Idle", "Now       Idle, for 0 s")


def test_a_state_of_a_newer_agent_is_shown_as_it_is():
    assert lines(state="dreaming")[0] == "Now       dreaming"


def test_a_long_pause_tells_its_day():
    today = lines(state="paused", paused_until="2026-03-04T10:30:00+00:00")[0]
    assert today.startswith("Now       Paused until ")
    assert len(today) < len(lines(state="paused", paused_until="2026-03-09T10:30:00+00:00")[0])
    assert lines(state="paused", paused_until=None)[0] == "Now       Paused"


def test_projects_are_few_and_most_first():
    by = [{"name": f"p{n}", "seconds": 0.0} for n in range(9)]
    assert len(lines(today={"active_seconds": 5, "by_project": by})) == 2 + 5


def test_focus_with_and_without_plan():
    assert focus_line({"state": "running", "focused_seconds": 65}) == "1 m, 0 interruptions"
    told = focus_line({"state": None, "focused_seconds": 65, "planned_seconds": 1500, "interruptions": 1})
    assert told == "1 m of 25 m, 1 interruption"


def test_problems_without_advice():
    assert lines(problems=[{"title": "Broken."}])[-1] == "Attention Broken."


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_the_terminal(width):
    shown = lines(
        width=width,
        state="tracking",
        current={"application": "x" * 300, "title": "日" * 300},
        problems=[{"title": "y" * 300, "detail": "z" * 300}],
        today={"active_seconds": 1, "by_project": [{"name": "p" * 300, "seconds": 1}]},
    )
    assert max(map(len, shown)) <= width
