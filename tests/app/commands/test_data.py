"""`devpulse data`, its key, and `devpulse unlock`."""

# ruff: noqa: DTZ001 - local wall-clock times are the subject

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta

import pytest

from app.models.backups import backups
from app.models.exclusive import exclusive
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.keys import load_key, unlock
from app.models.rebuild import agree

NINE = datetime(2026, 3, 4, 9, 0)
SECRET = "a title nobody may read"


@pytest.fixture
def full(recording):
    recording.add(NINE, 600, title=SECRET, project_id=recording.project)
    recording.add(NINE + timedelta(hours=1), 600, "xterm", title="other")
    recording.add(NINE + timedelta(days=1), 600, "xterm")
    with recording.store() as store:
        started = round(NINE.timestamp() * 1000)
        FocusSessions(store).save(StoredSession("completed", started, 0, started, 60_000, note="my note"))
    return recording


def spans(recording):
    return recording.rows("SELECT count(*) FROM activity_logs")[0][0]


def test_erase_shows_asks_and_then_erases(home, full):
    ended = home.run("data", "erase", "--from", "2026-03-04", "--to", "2026-03-04", typed="n\n")
    assert ended.code == 1
    assert "2 activities (20 m) and 1 focus session." in ended.out
    assert spans(full) == 3
    ended = home.run("data", "erase", "--from", "2026-03-04", "--to", "2026-03-04", typed="yes\n")
    assert ended.code == 0
    assert spans(full) == 1
    assert full.rows("SELECT count(*) FROM focus_sessions") == [(0,)]
    assert full.rows("SELECT count(*) FROM texts") == [(0,)]
    with full.store() as store:
        assert agree(store.connection)


def test_nobody_to_ask_means_no(home, full):
    assert home.run("data", "erase", "--everything", typed="").code == 1
    assert spans(full) == 3


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["--application", "xterm"], 1),
        (["--application", "nothing"], 3),
        (["--project", "devpulse"], 2),
        (["--project", "DevPulse", "--from", "2026-03-05"], 3),
        (["--from", "2026-03-04T09:30"], 1),
        (["--to", "2026-03-04"], 1),
        (["--everything"], 0),
    ],
)
def test_what_is_chosen_and_nothing_else(home, full, words, left):
    assert home.run("data", "erase", *words, "--yes", "--json").code == 0
    assert spans(full) == left


def test_a_span_that_reaches_out_is_cut(home, full):
    told = home.run(
        "data", "erase", "--from", "2026-03-04T09:05", "--to", "2026-03-04T09:06", "--yes", "--json"
    )
    assert told.json == {
        "erased": True, "activities": 1, "seconds": 60, "focus_sessions": 0, "backups_replaced": 0,
        "days": [{"date": "2026-03-04", "activities": 1, "seconds": 60}],
    }  # fmt: skip
    report = home.run("report", "2026-03-04", "--json").json
    assert report["active_seconds"] == 1140


@pytest.mark.parametrize(
    "words",
    [[], ["--yes"], ["--everything", "--from", "today"], ["--project", "none"], ["--from", "x"],
     ["--from", "2026-03-05", "--to", "2026-03-04"]],
)  # fmt: skip
def test_an_unclear_wish_erases_nothing(home, full, words):
    assert home.run("data", "erase", *words, typed="y\n").code == 2
    assert spans(full) == 3


def test_it_is_gone_from_backups_too_and_the_agent_is_told(home, full, agent):
    home.run("data", "backup")
    home.run("data", "backup")
    before = {backup.path for backup in backups(home.paths)}
    assert home.run("data", "erase", "--everything", "--yes").code == 0
    after = {backup.path for backup in backups(home.paths)}
    assert len(after) == 1
    assert {p.stat().st_ino for p in after} & {p.stat().st_ino for p in before if p.exists()} == {
        p.stat().st_ino for p in after & before
    }
    assert agent.names[0] == "flush"
    assert agent.names[-1] == "reload"
    with full.store() as store:
        assert store.connection.execute("SELECT count(*) FROM texts").fetchone() == (0,)


def test_backups_may_be_kept(home, full):
    home.run("data", "backup")
    [kept] = backups(home.paths)
    home.run("data", "erase", "--everything", "--yes", "--keep-backups")
    assert [b.path for b in backups(home.paths)] == [kept.path]


def test_without_backups_none_is_made(home, full):
    home.run("data", "erase", "--everything", "--yes")
    assert backups(home.paths) == []


def test_no_byte_of_an_erased_application_stays(home, full):
    full.add(NINE + timedelta(days=2), 60, "VerySpecialProgram")
    home.run("data", "backup")
    home.run("data", "erase", "--application", "VerySpecialProgram", "--yes")
    for path in home.paths.data.rglob("*"):
        assert not path.is_file() or b"VerySpecialProgram" not in path.read_bytes(), path


def test_backup_list_and_restore(home, full):
    made = home.run("data", "backup", "--json").json
    assert [b["file"] for b in home.run("data", "backup", "--list", "--json").json] == [made["file"]]
    home.run("data", "erase", "--everything", "--yes", "--keep-backups")
    name = made["file"].rsplit("/", 1)[1]
    assert home.run("data", "restore", name, typed="no\n").code == 1
    assert spans(full) == 0
    assert home.run("data", "restore", name, "--yes").code == 0
    assert spans(full) == 3
    assert home.run("data", "restore", "nothing.db").code == 2


def test_restore_refuses_while_an_agent_runs_and_for_garbage(home, full, tmp_path):
    made = home.run("data", "backup", "--json").json
    with exclusive(home.paths.lock):
        ended = home.run("data", "restore", made["file"], "--yes")
    assert (ended.code, "devpulse quit" in ended.err) == (1, True)
    (tmp_path / "garbage.db").write_bytes(b"garbage" * 1000)
    assert home.run("data", "restore", str(tmp_path / "garbage.db"), "--yes").code == 1
    assert spans(full) == 3


def test_check(home, full):
    assert home.run("data", "check", "--json").json == {"sound": True, "problems": []}
    with full.store() as store:
        store.connection.execute("UPDATE rollup_daily SET active_ms = active_ms + 1")
    ended = home.run("data", "check")
    assert ended.code == 1
    assert "sums" in ended.out


def test_check_and_recover_a_damaged_file(home, full):
    for n in range(300):
        full.add(NINE + timedelta(days=3, minutes=n), 30, f"app{n}", title=f"t{n}")
    with full.store() as store:
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(home.paths.database.read_bytes())
    middle = len(content) // 2 // 1024 * 1024
    content[middle : middle + 2048] = b"\xff" * 2048
    home.paths.database.write_bytes(content)
    assert home.run("data", "check").code == 1
    told = home.run("data", "recover", "--json").json["told"]
    assert "recovered" in told
    assert home.run("data", "check").code == 0
    assert "sound" in home.run("data", "recover").out


def test_recover_leaves_a_running_agent_alone(home, full, agent):
    ended = home.run("data", "recover")
    assert ended.code == 1
    assert "devpulse quit" in ended.err


def test_migrate(home):
    assert home.run("data", "migrate", "--json").json["before"] == 0
    assert "up to date" in home.run("data", "migrate").out


@pytest.mark.parametrize("words", [["check"], ["backup"], ["erase", "--everything"], ["recover"]])
def test_before_anything_was_recorded(home, words):
    ended = home.run("data", *words)
    assert ended.code == 1
    assert "Nothing has been recorded" in ended.err


def test_the_key_moves_to_a_passphrase_and_back(home, full):
    value = load_key(home.paths).value
    assert home.run("data", "key", "status", "--json").json["way"] == "file"
    secrets = json.dumps({"new_passphrase": "correct horse"})
    ended = home.run("data", "key", "move", "passphrase", "--secrets-stdin", typed=secrets)
    assert (ended.code, ended.err) == (0, "")
    assert "correct horse" not in ended.out
    assert unlock(home.paths, "correct horse").value == value
    assert home.run("export", "-").code == 2  # nobody is there to type it
    given = json.dumps({"passphrase": "correct horse"})
    assert SECRET in home.run("export", "-", "--secrets-stdin", typed=given).out
    wrong = home.run("export", "-", "--secrets-stdin", typed='{"passphrase": "wrong one"}')
    assert wrong.code == 1
    assert "wrong one" not in wrong.err
    home.run("data", "key", "move", "file", "--secrets-stdin", typed=given)
    assert load_key(home.paths).value == value


@pytest.mark.parametrize(
    "typed", ["", "{", "[]", "{}", '{"new_passphrase": 5}', '{"other": "x"}', "[" * 99_999]
)
def test_secrets_that_are_none(home, full, typed):
    ended = home.run("data", "key", "move", "passphrase", "--secrets-stdin", typed=typed)
    assert ended.code == 2
    assert home.run("data", "key", "status", "--json").json["way"] == "file"


def test_a_short_passphrase_is_refused(home, full):
    typed = '{"new_passphrase": "short"}'
    assert home.run("data", "key", "move", "passphrase", "--secrets-stdin", typed=typed).code == 2


def test_unlock_sends_the_key_over_the_socket(home, full, agent):
    typed = '{"new_passphrase": "correct horse"}'
    home.run("data", "key", "move", "passphrase", "--secrets-stdin", typed=typed)
    given = '{"passphrase": "correct horse"}'
    assert home.run("unlock", "--secrets-stdin", typed=given).code == 0
    [request] = [r for r in agent.asked if r["do"] == "unlock"]
    assert base64.b64decode(request["key"]) == unlock(home.paths, "correct horse").value


def test_unlock_without_agent(home, full):
    assert home.run("unlock").code == 3


@pytest.fixture
def gone(home, full):
    """A database with three activities that vanished, and its backup."""
    home.run("data", "backup")
    for file in home.paths.data.glob("devpulse.db*"):
        file.unlink()
    return full


def test_a_database_that_is_gone_is_told_and_restored(home, gone):
    for words in (["report"], ["data", "check"], ["doctor"], ["export", "-"], ["projects", "list"]):
        ended = home.run(*words)
        assert "devpulse data restore" in ended.out + ended.err, words
    home.run("rules", "list")  # makes a new one
    for _ in range(9):
        home.run("data", "backup")
    assert "devpulse data restore" in home.run("doctor").out
    assert spans(gone) == 0
    assert home.run("data", "restore", typed="y\n").code == 0
    assert spans(gone) == 3
    assert "devpulse data restore" not in home.run("doctor").out


@pytest.mark.parametrize("begun", [True, False])
def test_a_person_may_go_on_without_it(home, gone, agent, begun):
    if begun:
        home.run("data", "migrate")
    ended = home.run("data", "restore", "--none")
    assert (ended.code, agent.names[-1]) == (0, "reload")
    assert spans(gone) == 0
    assert home.run("data", "restore", "--none").out.startswith("No database was lost")
    assert "gone" not in home.run("report").err
    assert len(backups(home.paths)) == 1


def test_none_and_a_file_are_two_wishes(home, gone):
    assert home.run("data", "restore", "--none", "x.db").code == 2


def test_restore_without_a_name_takes_the_newest(home, full):
    assert home.run("data", "restore").code == 2
    home.run("data", "backup")
    home.run("data", "erase", "--everything", "--yes", "--keep-backups")
    assert home.run("data", "restore", "--yes").code == 0
    assert spans(full) == 3


def test_erase_by_title_shows_the_days_first(home, full):
    seen = home.run("data", "erase", "--title", "(?i)NOBODY may", "--preview")
    assert seen.code == 0
    assert "1 activity (10 m)." in seen.out
    assert "2026-03-04        10 m" in seen.out
    assert spans(full) == 3
    told = home.run("data", "erase", "--title", "nobody", "--yes", "--json").json
    assert (told["erased"], told["activities"]) == (True, 1)
    assert spans(full) == 2
    assert home.run("data", "erase", "--title", "(", "--yes").code == 2


def test_a_preview_of_many_days_is_cut_short(home, full):
    for day in range(20):
        full.add(NINE + timedelta(days=10 + day), 60, "xterm")
    shown = home.run("data", "erase", "--everything", "--dry-run").out
    assert "… and 12 more days, up to 2026-04-02" in shown


def test_a_project_erased_as_a_whole_is_gone_itself(home, full):
    assert home.run("data", "erase", "--project", "devpulse", "--yes").code == 0
    assert full.rows("SELECT count(*) FROM projects") == [(0,)]


def test_tidy_keeps_what_should_be_kept(home, full):
    assert home.run("data", "tidy").out.startswith("0 activities erased")
    assert home.run("data", "tidy", "--and-back-up").code == 0
    assert len(home.run("data", "backup", "--list", "--json").json) == 1
    home.run("settings", "set", "storage.keep_titles_days", "1")
    told = home.run("data", "tidy", "--json").json
    assert told["titles_dropped"] == 2
    assert full.rows("SELECT count(title_id) FROM activity_logs") == [(0,)]
    home.run("settings", "set", "storage.keep_days", "1")
    assert home.run("data", "tidy", "--json").json["erased"] == 3
    assert spans(full) == 0


def test_an_application_is_excluded_from_the_past_too(home, full, agent):
    assert home.run("privacy", "exclude", "xterm", "--history", typed="n\n").code == 1
    assert spans(full) == 3
    ended = home.run("privacy", "exclude", "xterm", "--history", typed="y\n")
    assert "Recorded of it: xterm." in ended.out
    assert "2 activities" in ended.out
    assert spans(full) == 1
    assert "reload" in agent.names
    told = home.run("privacy", "exclude", "Code", "--history", "--yes", "--json").json
    assert (told["erased"], told["activities"]) == (["Code"], 1)


def test_a_title_rule_changes_the_past_too(home, full):
    assert home.run("privacy", "redact", "nobody", "--history", typed="n\n").code == 1
    ended = home.run("privacy", "redact", "nobody", "--replace", "[x]", "--history", "--yes")
    assert "titles of 1 recorded" in ended.out
    with full.store() as store:
        texts = [store.text(row[0]) for row in store.connection.execute("SELECT id FROM texts")]
    assert "a title [x] may read" in texts
    assert SECRET not in texts
    assert home.run("privacy", "redact", "other", "--history", "--yes", "--json").json["activities"] == 1
