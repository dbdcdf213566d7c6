"""`devpulse correct`, and `projects use` for what comes."""

# ruff: noqa: DTZ001 - local wall-clock times are the subject

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.models.projects import Projects
from app.models.rebuild import agree

NINE = datetime(2026, 3, 4, 9, 0)
MORNING = ("--from", "2026-03-04T09:00", "--to", "2026-03-04T12:00")


@pytest.fixture
def full(recording):
    recording.add(NINE, 3600, title="one", project_id=recording.project, category_id=recording.coding)
    recording.add(NINE + timedelta(hours=1), 3600, "xterm", title="other")
    with recording.store() as store:
        recording.other = Projects(store).add("other")
    return recording


def by_project(home, *words):
    report = home.run("report", "2026-03-04", "--json", *words).json
    return {row["name"]: row["seconds"] for row in report["by_project"]}


def test_a_period_is_given_to_a_project_and_cut_at_its_ends(home, full):
    ended = home.run(
        "correct", "--from", "2026-03-04T09:30", "--to", "2026-03-04T10:15", "--project", "other", "--json"
    )
    assert ended.json == {"activities": 2, "seconds": 2700.0}
    assert by_project(home) == {"devpulse": 1800, "other": 2700, None: 2700}
    with full.store() as store:
        assert agree(store.connection)


def test_both_ends_within_one_span(home, full):
    words = ("--from", "2026-03-04T09:10", "--to", "2026-03-04T09:20", "--no-project")
    assert home.run("correct", *words).out == "1 activity corrected.\n"
    assert by_project(home) == {"devpulse": 3000, None: 4200}
    assert len(full.rows("SELECT id FROM activity_logs")) == 4


def test_category_and_note(home, full):
    assert home.run("correct", *MORNING, "--category", "Reading", "--note", "with Kim").code == 0
    report = home.run("report", "2026-03-04", "--json").json
    assert report["by_category"] == [{"name": "Reading", "seconds": 7200}]
    assert "with Kim" in home.run("export", "-").out
    assert home.run("correct", *MORNING, "--note", "").code == 0
    assert "with Kim" not in home.run("export", "-").out
    assert home.run("correct", *MORNING, "--no-category").code == 0
    assert home.run("report", "2026-03-04", "--json").json["by_category"] == [{"name": None, "seconds": 7200}]


def test_rules_do_not_take_it_back(home, full):
    home.run("correct", *MORNING, "--category", "Reading")
    home.run("rules", "add", "Coding", "--when", "application", "equals", "Code")
    home.run("rules", "apply", "--yes")
    report = home.run("report", "2026-03-04", "--json").json
    assert report["by_category"] == [{"name": "Reading", "seconds": 7200}]


def test_what_is_being_recorded_now(home, full, agent):
    assert home.run("correct", "--project", "other").code == 0
    assert by_project(home) == {"devpulse": 3600, "other": 3600}
    assert agent.names.count("flush") >= 2
    agent.status["current"] = None
    ended = home.run("correct", "--project", "other")
    assert (ended.code, "at the moment" in ended.err) == (2, True)


def test_without_an_agent_nothing_is_being_recorded(home, full):
    assert home.run("correct", "--project", "other").code == 3


def test_the_last_hour(home, recording):
    recording.add(datetime.now().astimezone() - timedelta(minutes=90), 3600)
    told = home.run("correct", "--last", "1h", "--project", "devpulse", "--json").json
    assert told["activities"] == 1
    assert 1750 < told["seconds"] < 1810


@pytest.mark.parametrize(
    "words",
    [
        [], ["--last", "1h"], ["--last", "x", "--no-project"], ["--project", "none", *MORNING],
        ["--category", "none", *MORNING], ["--project", "other", "--no-project"],
        ["--last", "1h", "--from", "today", "--no-project"],
        ["--from", "2020-01-01", "--to", "2020-01-02", "--no-project"],
        ["--from", "2026-03-05", "--to", "2026-03-04", "--no-project"],
    ],
)  # fmt: skip
def test_an_unclear_wish_changes_nothing(home, full, words):
    before = full.rows("SELECT * FROM activity_logs")
    assert home.run("correct", *words).code == 2
    assert full.rows("SELECT * FROM activity_logs") == before


def test_projects_use(home, full, agent):
    agent.answers["project"] = {"project_by_hand": "other"}
    assert home.run("projects", "use", "other").out == "Everything is recorded for other now.\n"
    agent.answers["project"] = {"project_by_hand": None}
    assert home.run("projects", "use", "--recognised", "--json").json == {"project_by_hand": None}
    assert [asked["name"] for asked in agent.asked] == ["other", None]


@pytest.mark.parametrize("words", [[], ["other", "--recognised"]])
def test_projects_use_needs_one_wish(home, words):
    assert home.run("projects", "use", *words).code == 2


def test_projects_use_needs_an_agent(home):
    assert home.run("projects", "use", "other").code == 3
