"""`devpulse export` and `devpulse import` from end to end."""

# ruff: noqa: DTZ001 - local wall-clock times are the subject

from __future__ import annotations

import json
import stat
from datetime import datetime, timedelta

import pytest

NINE = datetime(2026, 3, 4, 9, 0)


@pytest.fixture
def full(recording):
    recording.add(NINE, 600, title="a title", project_id=recording.project)
    recording.add(NINE + timedelta(hours=1), 600, "xterm", title="=cmd()")
    return recording


def test_export_to_a_file_of_ones_own(home, full, tmp_path, agent):
    target = tmp_path / "everything.json"
    ended = home.run("export", str(target))
    assert (ended.code, ended.out) == (0, "")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    records = json.loads(target.read_text())["records"]
    assert [r["title"] for r in records if r["kind"] == "span"] == ["a title", "=cmd()"]
    assert agent.names == ["flush"]
    assert home.run("export", str(target)).code == 0


def test_another_file_is_not_overwritten(home, full, tmp_path):
    target = tmp_path / "thesis.json"
    target.write_text("years of work")
    ended = home.run("export", str(target))
    assert ended.code == 2
    assert target.read_text() == "years of work"
    assert home.run("export", str(target), "--force").code == 0
    assert home.run("export", str(tmp_path)).code == 2
    assert home.run("export", str(tmp_path / "none" / "x.json")).code == 1


def test_csv(home, full, tmp_path):
    target = tmp_path / "spans.csv"
    assert home.run("export", str(target), "--format", "csv").code == 0
    assert home.run("export", str(target), "--format", "csv").code == 0
    text = target.read_text()
    assert text.startswith("start,end,seconds,state,application,title")
    assert "'=cmd()" in text


def test_a_table_of_a_period(home, full, tmp_path):
    for start, lines in (("2026-03-04", 3), ("2026-03-04T09:30", 2), ("2026-03-05", 1)):
        ended = home.run("export", "-", "--format", "csv", "--from", start, "--to", "2026-03-06")
        assert len(ended.out.splitlines()) == lines
    assert home.run("export", "-", "--from", "2026-03-04").code == 2


def test_nothing_to_export(home):
    assert home.run("export", "-").code == 1


def test_import_into_another_home(home, full, tmp_path, agent):
    exported = home.run("export", "-").out
    (tmp_path / "e.json").write_text(exported)
    home.run("data", "erase", "--everything", "--yes")
    dry = home.run("import", str(tmp_path / "e.json"), "--dry-run", "--json").json
    assert (dry["dry_run"], dry["spans"]) == (True, 2)
    assert full.rows("SELECT count(*) FROM activity_logs") == [(0,)]
    shown = home.run("import", str(tmp_path / "e.json")).out
    assert "2 new spans" in shown
    again = home.run("import", str(tmp_path / "e.json"), "--json").json
    assert (again["spans"], again["spans_known"]) == (0, 2)
    assert "reload" in agent.names
    listed = home.run("import", "--list", "--json").json
    assert [(i["source"], i["spans"], i["file"]) for i in listed] == [("devpulse", 2, "e.json")]
    assert "2 spans" in home.run("import", "--undo").out
    assert full.rows("SELECT count(*) FROM activity_logs") == [(0,)]
    assert full.rows("SELECT count(*) FROM rollup_daily") == [(0,)]
    assert home.run("import", "--undo").code == 2
    assert home.run("import").code == 2
    assert home.run("import", "--list", "--undo").code == 2


def test_into_a_home_that_has_nothing_yet(home, full, tmp_path):
    home.run("settings", "set", "tracking.idle_after_s", "99")
    (tmp_path / "e.json").write_text(home.run("export", "-").out)
    new = type(home)(home.paths.discover({"DEVPULSE_HOME": str(tmp_path / "new")}), home.environ)
    assert new.run("import", str(tmp_path / "e.json")).code == 0
    assert new.run("settings", "get", "tracking.idle_after_s", "--json").json["value"] == 99
    assert new.run("export", "-").out == home.run("export", "-").out


@pytest.mark.parametrize(
    "content", ["", "{}", "\x00", '{"format":"devpulse-export","version":1,"records":[\n']
)
def test_what_is_no_export(home, full, tmp_path, content):
    (tmp_path / "x").write_text(content)
    ended = home.run("import", str(tmp_path / "x"), "--json")
    assert ended.code == 1
    assert ended.error["kind"] == "ImportRefused"
    assert full.rows("SELECT count(*) FROM activity_logs") == [(2,)]


def test_a_file_that_is_not_there(home, tmp_path):
    assert home.run("import", str(tmp_path / "none")).code == 1


@pytest.mark.parametrize("file", ["/dev/zero", "/dev/null", "/", "."])
def test_what_is_no_file_is_not_read(home, file):
    ended = home.run("import", file)
    assert ended.code == 2
    assert "no file" in ended.err
