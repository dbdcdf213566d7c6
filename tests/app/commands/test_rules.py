"""`devpulse rules` and `devpulse categories`."""

# ruff: noqa: DTZ001 - local wall-clock times are the subject

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.changes.history import History
from app.changes.reclassify import Reclassifier
from app.models.categories import Categories
from app.models.journal import Journal
from app.models.rebuild import agree
from app.models.rules import Rules
from app.models.values import Activity, Span, State

NINE = datetime(2026, 3, 4, 9, 0)
ROOT = Path(__file__).resolve().parents[3]


def categories_of(recording):
    return [row[0] for row in recording.rows("SELECT category_id FROM activity_logs ORDER BY id")]


def test_add_list_move_edit_remove(home, recording, agent):
    assert home.run("rules", "list").out.startswith("There are no rules")
    assert home.run("rules", "add", "coding", "--when", "application", "equals", "Code").code == 0
    added = home.run(
        "rules", "add", "Reading", "--when", "url", "host", "example.org",
        "--when", "title", "one_of", "a, b", "--json",
    ).json  # fmt: skip
    assert (added["number"], added["category"]) == (1, "Reading")
    assert added["words"] == "url host example.org, and title is one of a, b"
    listed = home.run("rules", "list", "--json").json
    assert [rule["category"] for rule in listed] == ["Reading", "Work › Coding"]
    home.run("rules", "move", "2", "1")
    assert home.run("rules", "list", "--json").json[0]["category"] == "Work › Coding"
    home.run("rules", "edit", "1", "--category", "Work › Coding", "--off")
    assert home.run("rules", "list", "--json").json[0]["enabled"] is False
    home.run("rules", "edit", "1", "--on", "--when", "application", "glob", "code*")
    assert home.run("rules", "list", "--json").json[0]["words"] == "application glob code*"
    home.run("rules", "remove", "1")
    assert len(home.run("rules", "list", "--json").json) == 1
    assert set(agent.names) == {"reload"}


@pytest.mark.parametrize(
    "words",
    [
        ["add", "Nothing", "--when", "application", "equals", "x"],
        ["add", "Reading"],
        ["add", "Reading", "--when", "mood", "equals", "x"],
        ["add", "Reading", "--when", "application", "like", "x"],
        ["add", "Reading", "--when", "title", "pattern", "("],
        ["add", "Reading", "--when", "title", "pattern", "(?=x)"],
        ["add", "Reading", "--when", "time", "between", "whenever"],
        ["add", "Reading", "--when", "title", "contains", ""],
        ["add", "Reading", "--when", "title", "contains", "[broken"],
        ["add", "Reading", "--at", "0", "--when", "title", "contains", "x"],
        ["edit", "1", "--off"],
        ["remove", "0"],
        ["remove", "-1"],
        ["move", "1", "1"],
        ["test"],
        ["test", "1", "--when", "title", "contains", "x"],
        ["test", "7"],
    ],
)
def test_what_cannot_be_is_refused_in_words(home, recording, words):
    ended = home.run("rules", *words)
    assert ended.code == 2
    assert ended.err
    assert recording.rows("SELECT count(*) FROM rules") == [(0,)]


def test_a_misspelt_category_is_guessed(home, recording):
    ended = home.run("rules", "add", "Codign", "--when", "application", "equals", "x")
    assert "Did you mean 'Work › Coding'?" in ended.err


def test_a_rule_is_tried_on_what_was_recorded(home, recording):
    recording.add(NINE, 60, title="review of x")
    recording.add(NINE + timedelta(minutes=2), 30, title="other")
    told = home.run("rules", "test", "--when", "title", "contains", "Review", "--json").json
    assert (told["activities"], told["seconds"]) == (1, 60)
    assert told["examples"] == [{"application": "Code", "title": "review of x", "seconds": 60}]
    assert "Matches 1 activity" in home.run("rules", "test", "--when", "title", "contains", "Review").out
    by_time = home.run("rules", "test", "--when", "time", "between", "wed 09:00-09:01", "--json").json
    assert by_time["activities"] == 1
    none = home.run("rules", "test", "--when", "title", "contains", "r", "--from", "2026-03-05", "--json")
    assert none.json["activities"] == 0


def test_apply_sorts_the_past_anew(home, recording, agent):
    recording.add(NINE, 60, title="review of x")
    recording.add(NINE + timedelta(minutes=2), 30, title="other", category_id=recording.reading)
    by_hand = recording.add(NINE + timedelta(minutes=3), 30, title="review by hand")
    with recording.store() as store:
        Journal(store).reassign([by_hand], category_id=recording.work, by_hand=True)
        Rules(store).add(recording.coding, [{"field": "title", "is": "contains", "value": "review"}])
    dry = home.run("rules", "apply", "--dry-run", "--json").json
    assert dry == {"dry_run": True, "looked_at": 2, "changed": 2, "seconds": 90}
    assert categories_of(recording) == [None, recording.reading, recording.work]
    assert home.run("rules", "apply").out == "2 of 2 activities changed (1 m).\n"
    assert categories_of(recording) == [recording.coding, None, recording.work]
    assert home.run("rules", "apply", "--json").json["changed"] == 0
    assert "reload" in agent.names
    with recording.store() as store:
        assert agree(store.connection)


def test_apply_within_a_period_only(home, recording):
    recording.add(NINE, 60)
    recording.add(NINE + timedelta(days=1), 60)
    home.run("rules", "add", "Coding", "--when", "application", "equals", "code")
    home.run("rules", "apply", "--from", "2026-03-05", "--to", "2026-03-05")
    assert categories_of(recording) == [None, recording.coding]


def test_rules_by_the_clock_look_at_each_span(home, recording):
    recording.add(NINE, 60, title="same")
    recording.add(NINE + timedelta(hours=9), 60, title="same")
    home.run("rules", "add", "Coding", "--when", "time", "between", "09:00-17:00")
    home.run("rules", "apply")
    assert categories_of(recording) == [recording.coding, None]


def test_without_the_key_nothing_is_sorted_wrongly(home, recording):
    recording.add(NINE, 60, title="review")
    home.run("rules", "add", "Coding", "--when", "title", "contains", "review")
    home.paths.key_file.unlink()
    ended = home.run("rules", "apply")
    assert ended.code == 1
    assert "key" in ended.err
    assert categories_of(recording) == [None]


def test_a_rule_that_cannot_be_used_is_told_and_left_out(home, recording):
    recording.add(NINE, 60)
    with recording.store() as store:
        Rules(store).add(recording.coding, [{"field": "title", "is": "pattern", "value": "("}])
    ended = home.run("rules", "apply")
    assert ended.code == 0
    assert "Rule 1 is left out" in ended.err


def many(recording, count):
    with recording.store() as store:
        start = int(NINE.timestamp() * 1000)
        Journal(store).insert(
            Span(start + n * 1000, start + n * 1000 + 900, 3600, State.ACTIVE, Activity(f"app{n % 7}"))
            for n in range(count)
        )


def test_a_writer_beside_it_gets_its_turn(recording):
    many(recording, 20_000)
    with recording.store() as store:
        for n in range(7):
            Rules(store).add(recording.coding, [{"field": "application", "is": "equals", "value": f"app{n}"}])
        ended = threading.Event()
        waits = []

        def write() -> None:
            with recording.store() as other:
                while not ended.is_set():
                    began = time.monotonic()
                    other.connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('t', 't')")
                    waits.append(time.monotonic() - began)

        writer = threading.Thread(target=write)
        writer.start()
        done = Reclassifier(History(store), Rules(store).all(), _ids(store)).apply(
            Journal(store), lambda _: None
        )
        ended.set()
        writer.join()
    assert done.changed == 20_000
    assert max(waits) < 5
    assert len(waits) > 3


def _ids(store):
    return [category.id for category in Categories(store).all()]


def test_ctrl_c_leaves_it_consistent_and_it_can_go_on(home, recording):
    many(recording, 60_000)
    with recording.store() as store:
        Rules(store).add(recording.coding, [{"field": "application", "is": "glob", "value": "app*"}])
    child = subprocess.Popen(
        [sys.executable, "-m", "app", "rules", "apply"], cwd=ROOT, env=home.environ,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not any(categories_of(recording)) and time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert "Traceback" not in err
    if child.returncode:  # else it was quicker than the signal
        assert child.returncode == 130
        assert "Interrupted" in err
    with recording.store() as store:
        assert agree(store.connection)
    assert home.run("rules", "apply").code == 0
    assert set(categories_of(recording)) == {recording.coding}
    with recording.store() as store:
        assert agree(store.connection)


def test_a_locked_database_is_told_after_its_patience(home, recording, monkeypatch):
    recording.add(NINE, 60)
    home.run("rules", "add", "Coding", "--when", "application", "equals", "Code")
    monkeypatch.setattr("app.models.database.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr(
        "app.models.database._WRITER_PRAGMAS", "PRAGMA busy_timeout = 50; PRAGMA foreign_keys = ON;"
    )
    with recording.store() as blocker:
        blocker.connection.execute("BEGIN IMMEDIATE")
        ended = home.run("rules", "apply")
        blocker.connection.execute("ROLLBACK")
    assert ended.code == 1
    assert "in use" in ended.err
    assert categories_of(recording) == [None]


def test_categories(home, recording, agent):
    assert [c["name"] for c in home.run("categories", "list", "--json").json] == [
        "Reading",
        "Work",
        "Work › Coding",
    ]
    home.run("categories", "add", "Teaching", "--under", "Work", "--as", "productive")
    assert "Work › Teaching" in home.run("categories", "list").out
    home.run("categories", "edit", "Teaching", "--name", "Courses", "--color", "#AABBCC")
    told = [c for c in home.run("categories", "list", "--json").json if c["name"] == "Work › Courses"]
    assert told == [{"name": "Work › Courses", "color": "#aabbcc", "kind": "productive"}]
    recording.add(NINE, 60, category_id=recording.coding)
    removed = home.run("categories", "remove", "coding", "--move-to", "reading", "--json").json
    assert removed["moved_activities"] == 1
    assert categories_of(recording) == [recording.reading]
    assert home.run("categories", "add", "x", "--color", "red").code == 2
    assert home.run("categories", "add", " ").code == 2
    assert home.run("categories", "remove", "nothing").code == 2
    assert set(agent.names) == {"reload"}
