"""`devpulse goals`."""

# ruff: noqa: DTZ005 - local wall-clock times are the subject

from __future__ import annotations

from datetime import datetime, timedelta

import pytest


def test_goals_from_first_to_last(home, recording, agent):
    assert "There are no goals yet" in home.run("goals", "list").out
    made = home.run("goals", "add", "--at-least", "4h", "--project", "devpulse", "--on", "mon-fri")
    assert made.out == "Goal 1: at least 4 h of project devpulse a day, mon tue wed thu fri\n"
    assert "reload" in agent.names
    home.run("goals", "add", "--at-most", "30m", "--category", "Reading")
    home.run("goals", "add", "--at-least", "10h", "--productive", "--every", "week")
    changed = home.run("goals", "change", "2", "--at-most", "0", "--total", "--off", "--json").json
    assert (changed["target_seconds"], changed["subject"], changed["enabled"]) == (0, "total", False)
    assert home.run("goals", "change", "2", "--on-again", "--focus").out.endswith("focused time a day\n")
    home.run("goals", "remove", "1")
    listed = home.run("goals", "list", "--json").json
    assert [goal["subject"] for goal in listed] == ["focus", "productive"]
    assert home.run("goals", "remove", "1", "--json").json == {"removed": 1}
    assert "at least 10 h of productive time a week" in home.run("goals", "list").out


def test_the_list_tells_how_far_they_are(home, recording):
    now = datetime.now()
    recording.add(now - timedelta(minutes=now.hour * 60 + now.minute), 60, project_id=recording.project)
    home.run("goals", "add", "--at-least", "30s", "--project", "devpulse")
    [goal] = home.run("goals", "list", "--json").json
    assert (goal["seconds"], goal["standing"]) == (60, "reached")
    home.run("goals", "change", "1", "--off")
    assert " off" in home.run("goals", "list").out


@pytest.mark.parametrize(
    "words",
    [
        ["add"],
        ["add", "--at-least", "soon"],
        ["add", "--at-least", "0"],
        ["add", "--at-least", "25h"],
        ["add", "--at-least", "1h", "--project", "none"],
        ["add", "--at-least", "1h", "--category", "none"],
        ["add", "--at-least", "1h", "--on", "someday"],
        ["add", "--at-least", "1h", "--at-most", "2h"],
        ["change", "1", "--at-least", "1h"],
        ["remove", "1"],
    ],
)
def test_what_makes_no_sense_is_refused(home, recording, words):
    assert home.run("goals", *words).code == 2
    assert home.run("goals", "list", "--json").json == []
