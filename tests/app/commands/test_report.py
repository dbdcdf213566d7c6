"""`devpulse report` from end to end."""

# ruff: noqa: DTZ005, DTZ006 - local wall-clock times are the subject

from __future__ import annotations

import json
import stat
import time
from datetime import datetime, timedelta

import pytest

from app.models.journal import Journal
from app.models.migrate import migrate
from app.models.pulse import Pulse
from app.models.values import Activity, Span, State


@pytest.fixture
def recorded(home, tmp_path):
    migrate(home.paths, resources_dir=tmp_path)
    journal = Journal.open(home.paths.database, None)
    journal.store.connection.execute(
        "INSERT INTO projects (id, uuid, name, color, created_ms) VALUES (1, 'u', 'devpulse', '#000000', 0)"
    )
    noon = datetime.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    start = int(noon.timestamp() * 1000)
    offset = int(noon.astimezone().utcoffset().total_seconds())
    span_id = journal.append(
        Span(start, start + 60_000, offset, State.ACTIVE, Activity("Code", project_id=1), switched=True)
    )
    journal.close()
    return span_id, start


def test_without_anything_recorded(home):
    ended = home.run("report")
    assert (ended.code, ended.err) == (0, "")
    assert "Nothing was recorded" in ended.out
    assert home.run("report", "--format", "json").json["active_seconds"] == 0
    assert not home.paths.database.exists()


def test_yesterday(home, recorded):
    told = home.run("report", "yesterday", "--json").json
    assert told["active_seconds"] == 60
    assert told["context_switches"] == 1
    assert told["by_project"] == [{"name": "devpulse", "seconds": 60}]
    assert home.run("report", "--json").json["active_seconds"] == 0
    assert "devpulse" in home.run("report", "7d").out


def test_part_of_a_day(home, recorded):
    noon = datetime.fromtimestamp(recorded[1] / 1000)
    to = (noon + timedelta(seconds=20)).isoformat()
    told = home.run("report", "--from", noon.isoformat(), "--to", to, "--json").json
    assert told["active_seconds"] == 20


def test_the_agent_stores_the_open_span_first(home, recorded, agent):
    assert home.run("report").code == 0
    assert agent.names == ["flush"]


def test_a_failing_agent_is_told_beside_the_report(home, recorded, agent, refusal):
    agent.answers["flush"] = refusal
    ended = home.run("report", "yesterday", "--json")
    assert ended.code == 0
    assert ended.json["active_seconds"] == 60
    assert "may be missing" in ended.err


def test_what_a_killed_agent_left_is_taken_in(home, recorded):
    span_id, start = recorded
    pulse = Pulse(home.paths.pulse)
    pulse.write(span_id, start + 3_600_000)
    pulse.close()
    assert home.run("report", "yesterday", "--json").json["active_seconds"] == 3600
    assert home.run("report", "yesterday", "--json").json["active_seconds"] == 3600


def test_not_while_an_agent_is_starting(home, recorded):
    from app.models.exclusive import exclusive

    span_id, start = recorded
    pulse = Pulse(home.paths.pulse)
    pulse.write(span_id, start + 3_600_000)
    pulse.close()
    with exclusive(home.paths.lock):
        assert home.run("report", "yesterday", "--json").json["active_seconds"] == 60


def test_a_file_is_for_its_owner_only_and_its_ending_names_the_format(home, recorded, tmp_path):
    for name, begin in (("a.csv", "project,seconds"), ("a.json", "{"), ("a.md", "# "), ("a.txt", "")):
        assert home.run("report", "yesterday", "-o", str(tmp_path / name)).code == 0
        assert (tmp_path / name).read_text().startswith(begin)
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_file_that_cannot_be_written(home, recorded, tmp_path):
    ended = home.run("report", "-o", str(tmp_path / "no" / "a.csv"))
    assert ended.code == 1
    assert "could not be written" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ["--format", "pdf"],
        ["--format", "odt"],
        ["never"],
        ["--by", "mood"],
        ["--client", "ACME"],
        ["--by", "day", "--format", "html"],
        ["--format", "html", "--project", "none"],
    ],
)
def test_wrong_words(home, recorded, words):
    assert home.run("report", *words).code == 2


def test_to_send(home, recorded, tmp_path):
    words = ["report", "yesterday", "--client", "ACME", "--project", "DevPulse", "--hide-applications"]
    ended = home.run(*words, "-o", str(tmp_path / "a.html"))
    assert ended.code == 0
    page = (tmp_path / "a.html").read_text()
    assert "For ACME" in page
    assert "devpulse" in page
    assert "Code" not in page.replace("Code ", "")
    assert stat.S_IMODE((tmp_path / "a.html").stat().st_mode) == 0o600
    assert home.run("report", "--format", "html").out.startswith("<!DOCTYPE html>")


def test_a_pdf_needs_no_display(home, recorded, tmp_path):
    import os
    import subprocess
    import sys

    words = [sys.executable, "-m", "app", "report", "yesterday", "-o", str(tmp_path / "a.pdf")]
    environ = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    ended = subprocess.run(words, env=environ | home.environ, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert stat.S_IMODE((tmp_path / "a.pdf").stat().st_mode) == 0o600


def test_a_newer_database_is_left_alone(home, recorded):
    import sqlite3

    connection = sqlite3.connect(home.paths.database)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    ended = home.run("report", "--json")
    assert ended.code == 1
    assert json.loads(ended.err.splitlines()[-1])["kind"] == "SchemaTooNew"


def test_a_damaged_database_is_told(home, recorded):
    home.paths.database.write_bytes(b"not a database at all" * 500)
    ended = home.run("report")
    assert ended.code == 1
    assert "damaged" in ended.err
    assert "Traceback" not in ended.err


def test_a_day_that_is_under_way_counts(home, recorded):
    journal = Journal.open(home.paths.database, None)
    now = int(time.time() * 1000)
    journal.append(Span(now - 5000, now, 0, State.ACTIVE, Activity("Code"), switched=False))
    journal.close()
    assert home.run("report", "--from", "yesterday", "--to", "7d", "--json").json["active_seconds"] == 65
