"""WakaTime's dumps and heartbeats."""

from __future__ import annotations

import json

import pytest

from app.errors import ImportRefused
from app.models.journal import Journal
from app.models.values import Activity, Span, State
from tests.app.importing.exports import T0, USER, dump, heartbeat, project_sum


def day(*beats):
    return {"date": "2026-03-02", "heartbeats": list(beats)}


def test_a_heartbeat_lasts_to_the_next_one(desk):
    beats = (
        heartbeat(0, "/w/app/main.py"),
        heartbeat(120, "/w/app/lib.rs", language="Rust", branch="dev"),
        heartbeat(300, "/w/app/main.py"),
    )
    outcome = desk.take(dump(day(*beats)))
    assert outcome.tracker == "WakaTime"
    assert desk.spans() == [
        (0, 120, "WakaTime", "main.py", None, "/w/app/main.py", "app", "main", "Python"),
        (120, 180, "WakaTime", "lib.rs", None, "/w/app/lib.rs", "app", "dev", "Rust"),
    ]
    assert [(p.name, p.new, p.seconds) for p in outcome.projects] == [("app", True, 300)]
    assert desk.rows("SELECT DISTINCT utc_offset_s FROM activity_logs") == [(3600,)]
    desk.sums_hold()


@pytest.mark.parametrize(("timeout_min", "seconds"), [(15, 600), (5, 0), (10, 600)])
def test_the_timeout(desk, timeout_min, seconds):
    beats = (
        heartbeat(0, "/w/app/main.py"),
        heartbeat(600, "/w/app/main.py"),
        heartbeat(3000, "/w/app/main.py"),
    )
    assert desk.take(dump(day(*beats)), timeout_ms=timeout_min * 60_000).active_seconds == seconds


def test_heartbeats_of_the_api_and_bare(desk):
    beats = [heartbeat(0, "/w/a.py"), heartbeat(60, "/w/a.py")]
    assert (
        desk.take(json.dumps({"data": beats, "start": "x", "timezone": "UTC"}).encode(), dry_run=True).spans
        == 1
    )
    assert desk.take(json.dumps(beats).encode()).spans == 1


def test_sites_applications_and_the_editor_by_its_agent(desk):
    desk.settings = desk.settings.with_value("privacy.addresses", "host")
    agent = "wakatime/v1.18.11 (linux-5.15-x86_64) go1.17.3 vscode/1.68.1 vscode-wakatime/18.1.5"
    beats = (
        heartbeat(0, "https://github.com/x", kind="domain", project="<<LAST_PROJECT>>"),
        heartbeat(10, "Slack", kind="app", project=None, branch=None, language=None),
        heartbeat(20, "C:\\work\\a.cs", user_agent_id=agent, language="C#"),
        heartbeat(30, "/w/b.py"),
    )
    desk.take(dump(day(*beats)))
    assert [(s[2], s[3], s[4], s[6]) for s in desk.spans()] == [
        ("WakaTime", None, "github.com", None), ("Slack", None, None, None), ("VS Code", "a.cs", None, "app"),
    ]  # fmt: skip


def test_daily_sums_are_laid_one_after_another(desk):
    files = [("/w/app/main.py", 1200), ("/w/app/lib.rs", 600)]
    days = {
        "date": "2026-03-02",
        "projects": [project_sum("app", 2400, files), project_sum("Unknown Project", 60, branches=())],
    }
    outcome = desk.take(dump(days))
    assert outcome.days_only
    # Nine in the morning in Berlin is eight in UTC.
    assert [(s[0], s[1], s[2], s[5], s[6]) for s in desk.spans()] == [
        (-3600, 1200, "VS Code", "/w/app/main.py", "app"),
        (-2400, 600, "VS Code", "/w/app/lib.rs", "app"),
        (-1800, 600, "VS Code", None, "app"),
        (-1200, 60, "VS Code", None, None),
    ]
    assert desk.take(dump(days)).spans == 0


def test_daily_sums_stay_out_of_days_that_are_recorded(desk):
    Journal(desk.store).append(Span(T0 + 40_000_000, T0 + 40_001_000, 3600, State.ACTIVE, Activity("xterm")))
    days = [{"date": f"2026-03-0{n}", "projects": [project_sum("app", 3600)]} for n in (2, 3)]
    outcome = desk.take(dump(*days))
    assert (outcome.spans, outcome.days) == (1, 1)
    assert [(x.reason, x.count) for x in outcome.left] == [
        ("days of which something is recorded here already", 1)
    ]


@pytest.mark.parametrize("zone", ["Nowhere/Town", "0", "/etc/passwd", "../x", "", 5])
def test_an_account_in_no_zone_that_is_known(desk, zone):
    content = {"user": {"timezone": zone}, "days": [day(heartbeat(0, "/a.py"), heartbeat(60, "/a.py"))]}
    assert desk.take(json.dumps(content).encode()).spans == 1


def test_a_day_has_24_hours(desk):
    days = {"date": "2026-03-02", "projects": [project_sum("a", 80_000), project_sum("b", 80_000)]}
    assert desk.take(dump(days)).active_seconds == 86_400


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (dump(day({**heartbeat(0, "x"), "time": None})), "missing"),
        (dump(day({**heartbeat(0, "x"), "time": 1e300})), "range"),
        (dump(day({**heartbeat(0, "x"), "time": -5})), "range"),
        (dump(day({**heartbeat(0, "x"), "entity": ""})), "entity"),
        (dump(day({**heartbeat(0, "x"), "project": 7})), "project"),
        (dump({"projects": [project_sum("a", 5)]}), "no date"),
        (dump({"date": "soon", "projects": []}), "date"),
        (dump({"date": "2026-03-02", "projects": {}}), "list"),
        (json.dumps({"user": USER, "days": [3]}).encode(), "not an object"),
    ],
)
def test_what_is_wrong(desk, content, reason):
    with pytest.raises(ImportRefused) as caught:
        desk.take(content)
    assert reason in caught.value.title
    assert desk.spans() == []
