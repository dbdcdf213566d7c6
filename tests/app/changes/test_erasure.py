"""Erased means gone: from the database, its log, free pages, backups, and whatever else lies in the home."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from app.changes.erasure import Erasing, Erasure, matching
from app.errors import InvalidPattern, KeyUnavailable, StorageFull
from app.models import unstored
from app.models.backups import back_up, backups
from app.models.cipher import Cipher
from app.models.database import connect_read_only
from app.models.erasure import Day, Selection
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.goals import Aim, Goal, Goals, Period, Subject
from app.models.journal import Journal
from app.models.projects import Projects
from app.models.pulse import Pulse
from app.models.rebuild import agree
from app.models.store import Store
from app.models.values import Recorded
from tests.app.changes.conftest import MINUTE, T, fill, span
from tests.app.changes.traces import bearing, opened, sealed_pieces

KEY = Cipher(bytes(32))
SECRET = "Wombat merger"
DAY = 24 * 60


@pytest.fixture
def full(paths):
    """Months of activity; in it a secret project with its own application, branch, titles and notes."""
    with Store.open(paths.database, KEY) as store:
        fill(store)
        secret = Projects(store).add("wombat-project", root="/home/ann/wombat-folder")
        journal = Journal(store)
        for day in range(40):
            journal.insert(
                span(day * DAY + n * 5, 5, f"app{n % 4}", title=f"page {day} {n}", project_id=1 + n % 2)
                for n in range(40)
            )
            if day % 4 == 0:
                journal.insert(
                    Recorded(
                        span(
                            day * DAY + 300 + n, 1, "WombatTool",
                            title=f"{SECRET} {day} {n}", path=f"/home/ann/{SECRET}", url="wombat.example",
                            project_id=secret, branch="wombat-branch", language="Wombatish",
                        ),
                        note=f"{SECRET} note",
                    )
                    for n in range(10)
                )  # fmt: skip
        sessions = FocusSessions(store)
        sessions.save(StoredSession("completed", T, 0, T, 5, note=f"{SECRET} session", project_id=secret))
        sessions.save(StoredSession("completed", T, 0, T, 5, note="another"))
        Goals(store).add(Goal(Aim.AT_LEAST, Subject.PROJECT, Period.DAY, 5, secret))
    return paths


@pytest.fixture
def erasing(full):
    return Erasing(full, KEY, lambda _: None)


def secret_project(paths):
    with Store.open(paths.database, KEY) as store:
        found = Projects(store).named("wombat-project")
    return found.id


def litter(paths):
    """Everything in which a copy may lie: backups, a damaged file, an interrupted backup."""
    back_up(paths, keep=9)
    back_up(paths, keep=9)
    for name in ("devpulse.damaged-20260101-000000.db", "devpulse.recovering.db", "backups/devpulse-1.new"):
        shutil.copyfile(paths.database, paths.data / name)
    with Store.open(paths.database, KEY) as store:
        span_id = Journal(store).append(span(50 * DAY, 1, "other", title="last"))
    Pulse(paths.pulse).write(span_id, T + 50 * DAY * MINUTE + 5)


CLEAR = [b"WombatTool", b"wombat-branch", b"Wombatish"]


@pytest.mark.parametrize("how", ["project", "application", "title", "everything"])
def test_no_byte_of_it_stays_in_any_file(full, erasing, how):
    if how == "application":  # a session's note tells of none
        with Store.open(full.database, KEY) as store:
            FocusSessions(store).delete(FocusSessions(store).between(T, T + 1)[0].uuid)
    litter(full)
    pieces = sealed_pieces(full, KEY, SECRET)
    assert len(pieces) > 100
    assert bearing(full, pieces)
    assert bearing(full, CLEAR)
    done = erasing.erase(
        {
            "project": Selection(project_id=secret_project(full)),
            "application": Selection(applications=("WombatTool",)),
            "title": Selection(matches=matching("(?i)wombat MERGER")),
            "everything": Selection(),
        }[how]
    )
    assert done.left == ()
    assert done.backups == 5
    assert len(backups(full)) == 1
    gone = [piece for piece in pieces if bearing(full, [piece])]
    assert gone == []
    assert bearing(full, CLEAR) == []
    assert not any(SECRET in text for text in opened(full, KEY))
    if how == "project":
        assert not any("wombat-folder" in text for text in opened(full, KEY))
        assert bearing(full, [b"wombat-project"]) == []
    with Store.open(full.database, KEY) as store:
        assert agree(store.connection)
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        kept = store.connection.execute("SELECT count(*) FROM activity_logs").fetchone()[0]
        assert kept == (0 if how == "everything" else 1601)
        if kept:
            assert any(text.startswith("page 3 ") for text in opened(full, KEY))


def test_the_look_for_traces_finds_them(full):
    """Deleted without care, everything is still there to be found."""
    pieces = sealed_pieces(full, KEY, SECRET)
    connection = sqlite3.connect(full.database)
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM texts")
    connection.execute("DELETE FROM applications")
    connection.commit()
    connection.close()
    assert bearing(full, pieces) == ["devpulse.db"]
    assert bearing(full, CLEAR[:1]) == ["devpulse.db"]


def test_the_preview_tells_how_much_and_which_days(full, erasing):
    found = erasing.preview(Selection(project_id=secret_project(full)))
    assert (found.spans, found.ms, found.sessions) == (100, 100 * MINUTE, 1)
    assert len(found.days) == 10
    assert found.days[0] == Day((T + 300 * MINUTE + 3_600_000) // 86_400_000, 10, 10 * MINUTE)
    assert found.days[1].day == found.days[0].day + 4
    some = erasing.preview(Selection(T + 301 * MINUTE + 30_000, T + 303 * MINUTE))
    assert (some.spans, some.ms) == (2, 90_000)
    assert erasing.preview(Selection()).spans == 1700
    assert erasing.preview(Selection(matches=matching("no such thing"))).days == ()
    assert erasing.preview(Selection(applications=())).spans == 0


def test_a_title_is_looked_for_in_titles_addresses_paths_and_notes(full, erasing):
    for pattern in ("Wombat merger 4 ", "^wombat.example$", "/ann/Wombat", "merger note"):
        assert erasing.preview(Selection(matches=matching(pattern))).spans >= 10


def test_titles_need_the_key_and_a_pattern_that_is_one(full):
    with pytest.raises(KeyUnavailable):
        Erasing(full, None, lambda _: None).preview(Selection(matches=lambda _: True))
    with pytest.raises(InvalidPattern):
        matching("(")


def test_a_part_of_a_project_leaves_the_project(full, erasing):
    secret = secret_project(full)
    done = erasing.erase(Selection(to_ms=T + DAY * MINUTE, project_id=secret))
    assert done.spans == 10
    with Store.open(full.database, KEY) as store:
        assert Projects(store).get(secret).roots == ("/home/ann/wombat-folder",)
        assert len(Goals(store).all()) == 1


def test_a_whole_project_takes_its_folders_goals_and_what_was_merged_into_it_along(full, erasing):
    secret = secret_project(full)
    with Store.open(full.database, KEY) as store:
        projects = Projects(store)
        projects.merge(projects.add("wombat-before"), secret)
        running = FocusSessions(store).save(StoredSession("running", T, 0, T, project_id=secret))
    erasing.erase(Selection(project_id=secret))
    with Store.open(full.database, KEY) as store:
        assert [p.name for p in Projects(store).all(archived=True)] == ["api", "site"]
        assert Goals(store).all() == []
        assert FocusSessions(store).get(running.uuid).project_id is None
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_backups_can_be_kept_and_that_is_told(full, erasing):
    kept = back_up(full, keep=9)
    done = erasing.erase(Selection(applications=("WombatTool",)), keep_backups=True)
    assert done.left == ("Backups still hold it.",)
    assert [backup.path for backup in backups(full)] == [kept.path]


def test_a_reader_that_holds_the_log_is_told_of_and_what_it_held_goes_with_it(full, erasing, monkeypatch):
    from app.models import database, erasure

    monkeypatch.setattr(erasure, "_TRIES", 1)
    monkeypatch.setattr(database, "_WRITER_PRAGMAS", database._WRITER_PRAGMAS.replace("5000", "50"))
    pieces = sealed_pieces(full, KEY, SECRET)
    reader = connect_read_only(full.database)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM texts").fetchone()
    done = erasing.erase(Selection(project_id=secret_project(full)))
    assert "log is emptied" in done.left[0]
    reader.execute("ROLLBACK")
    reader.close()
    with Store.open(full.database, KEY):
        pass
    assert bearing(full, pieces) == []


def test_the_mark_of_a_killed_agent_goes_with_its_span(full, erasing):
    with Store.open(full.database, KEY) as store:
        span_id = Journal(store).append(span(60 * DAY, 1, "WombatTool"))
    Pulse(full.pulse).write(span_id, 5)
    erasing.erase(Selection(applications=("app1",)))
    assert Pulse(full.pulse).read() is not None
    erasing.erase(Selection(applications=("WombatTool",)))
    assert Pulse(full.pulse).read() is None


def test_a_disk_without_room_for_a_new_backup_is_told(full, erasing, monkeypatch):
    from app.changes import erasure

    back_up(full, keep=9)

    def refuse(*_, **__):
        raise StorageFull("The disk is full.")

    monkeypatch.setattr(erasure, "back_up", refuse)
    done = erasing.erase(Selection(applications=("app1",)))
    assert done == Erasure(400, 0, 1, done.left)
    assert "The disk is full." in done.left[0]
    assert backups(full) == []


def test_where_no_agent_answers_it_is_erased_all_the_same(full):
    assert Erasing(full, KEY).erase(Selection(applications=("app1",))).spans == 400


def waiting(paths, cipher):
    unstored.save(paths.unstored, cipher, [span(-60, 1, "WombatTool", title=SECRET), span(-30, 1, "kept")])


def test_what_waits_to_be_stored_is_erased_with_the_rest(full, erasing):
    waiting(full, KEY)
    selection = Selection(applications=("WombatTool",))
    assert erasing.preview(selection).spans == 101
    waiting(full, KEY)
    assert erasing.erase(selection).spans == 101
    assert bearing(full, CLEAR) == []
    assert not unstored.waits(full.unstored)
    with Store.open(full.database, KEY) as store:
        kept = (
            "SELECT count(*) FROM activity_logs s JOIN applications a ON a.id = application_id WHERE name = ?"
        )
        assert store.connection.execute(kept, ("kept",)).fetchone() == (1,)


def test_where_it_cannot_be_looked_into_nothing_is_erased_but_everything_can_be(full):
    waiting(full, KEY)
    locked = Erasing(full, None, lambda _: None)
    with pytest.raises(KeyUnavailable):
        locked.erase(Selection(applications=("WombatTool",)))
    assert bearing(full, CLEAR)
    locked.erase(Selection())
    assert not unstored.waits(full.unstored)


def test_what_the_agent_cannot_store_now_keeps_it_from_being_erased(full):
    def full_disk(name):
        if name == "flush":
            raise StorageFull("The disk is full.")

    with pytest.raises(StorageFull):
        Erasing(full, KEY, full_disk).erase(Selection())
    assert bearing(full, CLEAR)
