"""`devpulse search`."""

# ruff: noqa: DTZ001 - local wall-clock times are the subject

from __future__ import annotations

from datetime import datetime, timedelta

NINE = datetime(2026, 3, 4, 9, 0)


def test_what_was_on_the_screen_is_found(home, recording):
    recording.add(NINE, 600, title="Review PR 12", project_id=recording.project)
    recording.add(NINE + timedelta(days=1), 60, "xterm", title="make review")
    shown = home.run("search", "REVIEW").out
    assert shown.index("make review") < shown.index("Review PR 12")
    assert "2026-03-04 09:00" in shown
    assert "devpulse" in shown
    [hit] = home.run("search", "review", "app:xterm", "--json").json
    assert (hit["title"], hit["seconds"], hit["project"]) == ("make review", 60, None)
    assert len(home.run("search", "review", "--limit", "1", "--json").json) == 1
    assert home.run("search", "review before:2026-03-04", "--json").json[0]["title"] == "Review PR 12"
    assert home.run("search", "nothing").out == "Nothing was found.\n"


def test_what_cannot_be_searched_is_told(home, recording):
    assert home.run("search", "x after:soon").code == 2
    assert home.run("search").code == 2


def test_a_home_without_data_is_told(home):
    assert home.run("search", "x").code == 1
