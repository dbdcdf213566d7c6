from __future__ import annotations

import os
import threading

import pytest

from app.errors import DatabaseCorrupt, StorageError
from app.models import backups
from app.models.database import quick_check, reading
from app.models.journal import Journal
from app.models.lineage import lineage
from app.models.values import Activity, Span, State

T = 1_700_000_000_000


@pytest.fixture
def journal(home, cipher):
    opened = Journal.open(home.database, cipher)
    yield opened
    opened.close()


def record(journal, count, start=T):
    for n in range(count):
        at = start + n * 1000
        journal.append(Span(at, at + 1000, 0, State.ACTIVE, Activity("editor", title=f"t{n}")))


def spans(path):
    with reading(path) as connection:
        return connection.execute("SELECT count(*) FROM activity_logs").fetchone()[0]


def test_a_backup_of_a_database_in_use(home, journal):
    record(journal, 50)
    made = backups.back_up(home, keep=7)
    assert spans(made.path) == 50
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.name.startswith("devpulse-")
    assert backups.backups(home) == [made]
    assert [file.name for file in home.backups.iterdir()] == [made.path.name]


def test_a_backup_while_another_thread_writes(home, journal, cipher):
    record(journal, 2000)
    stop = threading.Event()

    def write():
        other = Journal.open(home.database, cipher)
        at = T * 2
        while not stop.is_set():
            other.append(Span(at, at + 1, 0, State.ACTIVE, Activity("x", title=str(at))))
            at += 1
        other.close()

    thread = threading.Thread(target=write)
    thread.start()
    made = [backups.back_up(home, keep=7) for _ in range(3)]
    stop.set()
    thread.join()
    for backup in made:
        with reading(backup.path) as connection:
            assert quick_check(connection) == []
            raw = connection.execute("SELECT sum(end_ms - start_ms) FROM activity_logs").fetchone()
            assert raw == connection.execute("SELECT sum(active_ms) FROM rollup_daily").fetchone()


def test_old_ones_go_and_strangers_stay(home):
    made = [backups.back_up(home, keep=3) for _ in range(5)]
    stranger = home.backups / "holiday.db"
    stranger.write_bytes(b"mine")
    backups.back_up(home, keep=3)
    kept = backups.backups(home)
    assert len(kept) == 3
    assert kept[1:] == made[:2:-1]
    assert stranger.exists()


def test_one_is_always_kept(home):
    backups.back_up(home, keep=0)
    assert len(backups.backups(home)) == 1


def test_one_is_due_each_day(home):
    assert backups.due(home)
    made = backups.back_up(home, keep=3)
    assert not backups.due(home, made.path.stat().st_mtime)
    assert backups.due(home, made.path.stat().st_mtime + 86_400)


def damage(path):
    with path.open("r+b") as file:
        for page in range(12, path.stat().st_size // 512, 3):
            file.seek(page * 512)
            file.write(os.urandom(200))


def test_a_damaged_database_leaves_the_good_backups_alone(home, journal):
    record(journal, 500)
    good = [backups.back_up(home, keep=2) for _ in range(2)]
    journal.close()
    damage(home.database)
    with pytest.raises(DatabaseCorrupt):
        backups.back_up(home, keep=2)
    assert {backup.path for backup in backups.backups(home)} == {backup.path for backup in good}
    assert not list(home.backups.glob("*.new*"))


def test_restoring_keeps_what_was_there(home, journal):
    record(journal, 10)
    made = backups.back_up(home, keep=3)
    record(journal, 10, T + 10**6)
    journal.close()
    aside = backups.restore(home, made.path)
    assert spans(home.database) == 10
    assert spans(aside) == 20
    with reading(home.database) as now, reading(made.path) as before:
        assert lineage(now) != lineage(before)


def test_restoring_something_damaged_changes_nothing(home, journal):
    record(journal, 500)
    made = backups.back_up(home, keep=3)
    journal.close()
    damage(made.path)
    before = home.database.read_bytes()
    with pytest.raises(DatabaseCorrupt):
        backups.restore(home, made.path)
    assert home.database.read_bytes() == before
    with pytest.raises((DatabaseCorrupt, StorageError)):
        backups.restore(home, home.backups / "none.db")
    assert home.database.read_bytes() == before


def test_a_foreign_log_does_not_spoil_what_is_restored(home, journal):
    record(journal, 10)
    made = backups.back_up(home, keep=3)
    record(journal, 500, T + 10**6)
    log = home.database.with_name("devpulse.db-wal")
    kept = log.read_bytes()
    journal.close()
    log.write_bytes(kept)
    backups.restore(home, made.path)
    assert spans(home.database) == 10


def test_discarding_takes_everything(home, journal):
    record(journal, 10)
    made = backups.back_up(home, keep=3)
    journal.close()
    backups.restore(home, made.path)
    assert backups.discard(home) == 2
    assert backups.backups(home) == []
    assert [file.name for file in home.data.glob("*.db")] == ["devpulse.db"]


def test_what_an_interrupted_one_left_is_cleared_away(home):
    home.backups.mkdir()
    (home.backups / "devpulse-20260101-000000.new").write_bytes(b"half")
    made = backups.back_up(home, keep=3)
    assert list(home.backups.iterdir()) == [made.path]


def test_a_place_that_cannot_be_used_is_told(home, journal):
    made = backups.back_up(home, keep=3)
    journal.close()
    moved = home.data / "moved.db"
    made.path.replace(moved)
    home.backups.rmdir()
    home.backups.write_text("a file in the way")
    with pytest.raises(StorageError):
        backups.back_up(home, keep=3)
    assert backups.backups(home) == []
    assert backups.restore(home, moved)


def test_a_full_disk_while_copying_is_told_and_leaves_nothing(home, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(home.database), "replace", full)
    with pytest.raises(StorageError, match="full"):
        backups.back_up(home, keep=3)
    assert list(home.backups.iterdir()) == []


def test_without_hard_links_the_old_file_is_moved(home, journal, monkeypatch):
    record(journal, 10)
    made = backups.back_up(home, keep=3)
    journal.close()

    def none(*_, **__):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    assert spans(backups.restore(home, made.path)) == 10
    assert spans(home.database) == 10


def test_no_backups_in_a_new_home(home):
    assert backups.backups(home) == []
