"""Every kind of damage: the start goes on, the damaged file is kept, and what can be read is there again."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from app.errors import DatabaseCorrupt, StorageError
from app.models import backups
from app.models.categories import Categories
from app.models.cipher import Cipher
from app.models.database import PAGE_SIZE, quick_check, reading
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.goals import Aim, Goal, Goals, Period, Subject
from app.models.journal import Journal
from app.models.migrate import migrate
from app.models.projects import Projects
from app.models.recovery import is_sound, recover
from app.models.rules import Rules
from app.models.store import Store
from app.models.values import Activity, Place, Span, State
from app.paths import Paths
from tests.app.models.first_schema import first_schema
from tests.app.models.rolled import expected, stored

T = 1_700_000_000_000
COUNT = 3000


@pytest.fixture
def full(home, cipher):
    """A home with some days in it, closed and in one file."""
    with Store.open(home.database, cipher) as store:
        project = Projects(store).find_or_create(Place("pulse", "/work/pulse", remote="host/pulse"))
        category = Categories(store).add("Code", color="#ff0000")
        Rules(store).add(category.id, [{"field": "application"}])
        FocusSessions(store).save(StoredSession("completed", T, 0, T, note="a note"))
        Journal(store).insert(
            Span(
                T + n * 60_000,
                T + n * 60_000 + 60_000,
                3600,
                State.ACTIVE,
                Activity(f"app{n % 5}", title=f"title {n}", project_id=project, category_id=category.id),
                True,
            )
            for n in range(COUNT)
        )
    return home


def check(home, cipher):
    """What every recovery must leave: a sound, current database that the agent can go on with."""
    migrate(home, resources_dir=home.data / "none")
    with Store.open(home.database, cipher) as store:
        assert quick_check(store.connection) == []
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert stored(store.connection) == expected(store.connection)
        count = store.connection.execute("SELECT count(*) FROM activity_logs").fetchone()[0]
        titles = [
            store.text(row[0])
            for row in store.connection.execute("SELECT title_id FROM activity_logs LIMIT 50")
        ]
        assert all(title is None or title.startswith("title") for title in titles)
        assert sum(title is not None for title in titles) >= len(titles) // 2
        Journal(store).append(Span(T * 2, T * 2 + 1, 0, State.ACTIVE, Activity("later", title="title")))
    assert is_sound(home)
    return count


def overwrite(path, at, content):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def test_a_sound_database_loses_nothing(full, cipher):
    found = recover(full)
    assert found.complete
    assert found.salvaged["activity_logs"] == COUNT
    assert "Nothing was lost" in found.told
    assert check(full, cipher) == COUNT
    with Store.open(full.database, cipher) as store:
        assert Projects(store).all()[0].remote == "host/pulse"
        assert FocusSessions(store).between(T, T + 1)[0].note == "a note"
        assert len(Rules(store).all()) == 1


@pytest.mark.parametrize("length", [16, 100, PAGE_SIZE])
def test_an_overwritten_header(full, cipher, length):
    overwrite(full.database, 0, os.urandom(length))
    with pytest.raises(DatabaseCorrupt):
        Journal.open(full.database, cipher)
    before = full.database.read_bytes()
    found = recover(full)
    assert found.aside.read_bytes() == before
    assert check(full, cipher) == COUNT


@pytest.fixture
def old(tmp_path, cipher):
    """A home whose database was begun under the first schema."""
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path / "old")})
    first_schema(paths, cipher, COUNT)
    return paths


@pytest.mark.parametrize("at", [0, 300_000])
def test_a_database_of_the_first_schema_is_recovered_into_the_present_one(old, cipher, at):
    overwrite(old.database, at, os.urandom(100))
    recover(old)
    assert check(old, cipher) > COUNT * 0.98


@pytest.mark.parametrize("at", [0, 300_000])
def test_a_database_that_was_brought_up_is_recovered(old, cipher, at):
    migrate(old, resources_dir=old.data / "none")
    backups.discard(old)
    with Store.open(old.database, cipher) as store:
        Goals(store).add(Goal(Aim.AT_LEAST, Subject.PROJECT, Period.DAY, 1000, 1))
        Journal(store).insert(
            Span(T * 2 + n * 60_000 - 10**9, T * 2 + n * 60_000 - 10**9 + 5, 0, State.ACTIVE, Activity("new"))
            for n in range(500)
        )
    overwrite(old.database, at, os.urandom(100))
    recover(old)
    assert check(old, cipher) > (COUNT + 500) * 0.98
    if at:
        with Store.open(old.database, cipher) as store:
            assert len(Goals(store).all()) == 1


def test_rows_of_both_schemas_come_from_pages_without_a_way_to_them(old, cipher):
    migrate(old, resources_dir=old.data / "none")
    backups.discard(old)
    with Store.open(old.database, cipher) as store:
        Journal(store).insert(
            Span(T * 2 + n * 60_000 - 10**9, T * 2 + n * 60_000 - 10**9 + 5, 0, State.ACTIVE, Activity("new"))
            for n in range(500)
        )
    overwrite(old.database, 0, os.urandom(16_384))
    recover(old)
    assert check(old, cipher) > (COUNT + 500) * 0.9


def test_a_backup_of_the_first_schema_fills_the_gaps(old, cipher):
    made = migrate(old, resources_dir=old.data / "none").backup
    os.truncate(old.database, old.database.stat().st_size // 2)
    found = recover(old)
    assert found.backup == made
    assert check(old, cipher) > COUNT * 0.98


def test_a_goal_about_a_lost_project_goes_with_it(full, cipher):
    with Store.open(full.database, cipher) as store:
        Goals(store).add(Goal(Aim.AT_LEAST, Subject.PROJECT, Period.DAY, 1000, 1))
        store.connection.execute("PRAGMA foreign_keys = OFF")
        store.connection.execute("DELETE FROM projects")
    recover(full)
    check(full, cipher)
    with Store.open(full.database, cipher) as store:
        assert Goals(store).all() == []


def test_a_beginning_that_is_gone_comes_from_the_backup(full, cipher):
    made = backups.back_up(full, keep=3)
    overwrite(full.database, 0, os.urandom(16_384))
    found = recover(full)
    assert found.backup == made.path
    assert made.path.name in found.told
    assert check(full, cipher) == COUNT


def test_a_beginning_that_is_gone_without_a_backup(full, cipher):
    overwrite(full.database, 0, os.urandom(16_384))
    found = recover(full)
    assert found.backup is None
    assert found.aside.exists()
    assert "no backup" in found.told
    assert check(full, cipher) > COUNT * 0.9


def test_a_beginning_that_is_gone_gives_what_is_younger_than_the_backup(full, cipher):
    backups.back_up(full, keep=3)
    with Store.open(full.database, cipher) as store:
        Journal(store).insert(
            Span(T + n * 60_000, T + n * 60_000 + 1, 0, State.ACTIVE, Activity("app1", title=f"title {n}"))
            for n in range(COUNT, 2 * COUNT)
        )
    overwrite(full.database, 0, os.urandom(16_384))
    recover(full)
    assert check(full, cipher) > COUNT * 1.9


@pytest.mark.parametrize("share", [0.9, 0.5, 0.2])
def test_a_truncated_file(full, cipher, share):
    size = full.database.stat().st_size
    os.truncate(full.database, int(size * share))
    found = recover(full)
    assert not found.complete
    count = check(full, cipher)
    assert 0 < count < COUNT or share == 0.2


def test_a_truncated_file_is_completed_from_the_backup(full, cipher):
    backups.back_up(full, keep=3)
    os.truncate(full.database, full.database.stat().st_size // 2)
    found = recover(full)
    assert found.from_backup["activity_logs"] > 0
    assert check(full, cipher) == COUNT


def test_a_file_of_no_length_with_a_backup(full, cipher):
    backups.back_up(full, keep=3)
    os.truncate(full.database, 0)
    with pytest.raises(DatabaseCorrupt):
        migrate(full)
    recover(full)
    assert check(full, cipher) == COUNT


def test_a_file_of_no_length_without_a_backup_begins_anew(full, cipher):
    os.truncate(full.database, 0)
    migrate(full)
    assert check(full, cipher) == 0


@pytest.mark.parametrize("backup", [True, False])
def test_a_file_of_garbage(full, cipher, backup):
    if backup:
        backups.back_up(full, keep=3)
    full.database.write_bytes(os.urandom(300_000))
    with pytest.raises(DatabaseCorrupt):
        migrate(full)
    recover(full)
    assert check(full, cipher) == (COUNT if backup else 0)


@pytest.mark.parametrize("seed", range(12))
def test_bytes_flipped_all_over(full, cipher, seed):
    """Whatever is hit, the rest is saved and what is saved is consistent."""
    randomly = random.Random(seed)
    size = full.database.stat().st_size
    for _ in range(randomly.choice([1, 5, 40])):
        overwrite(
            full.database,
            randomly.randrange(PAGE_SIZE, size),
            randomly.randbytes(randomly.choice([1, 8, 600])),
        )
    recover(full)
    assert check(full, cipher) > COUNT * 0.7


def test_flipped_bytes_are_completed_from_the_backup(full, cipher):
    backups.back_up(full, keep=3)
    size = full.database.stat().st_size
    for n in range(10):
        overwrite(full.database, size * (n + 5) // 20, os.urandom(700))
    found = recover(full)
    assert not found.complete
    assert found.from_backup
    assert check(full, cipher) > COUNT * 0.98


def test_what_was_erased_does_not_come_back_from_a_backup(full, cipher):
    backups.back_up(full, keep=3)
    with Store.open(full.database, cipher) as store:
        Journal(store).delete(from_ms=T, to_ms=T + 1000 * 60_000)
    overwrite(full.database, 0, os.urandom(100))
    recover(full)
    assert check(full, cipher) == COUNT - 1000


def test_a_backup_of_another_line_fills_no_gap(full, cipher):
    old = backups.back_up(full, keep=9)
    with Store.open(full.database, cipher) as store:
        Journal(store).append(Span(T - 10, T - 5, 0, State.ACTIVE, Activity("other line")))
    backups.back_up(full, keep=9)
    backups.restore(full, old.path)
    os.truncate(full.database, full.database.stat().st_size // 2)
    found = recover(full)
    assert found.backup is None
    with reading(full.database) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM applications")]
    assert "other line" not in names
    check(full, cipher)


def test_a_missing_log_loses_only_what_was_in_it(full, cipher, tmp_path):
    journal = Journal.open(full.database, cipher)
    journal.append(Span(T * 2 - 10, T * 2 - 5, 0, State.ACTIVE, Activity("in the log")))
    copy = tmp_path / "copy.db"
    shutil.copyfile(full.database, copy)
    journal.close()
    copy.replace(full.database)
    assert check(full, cipher) == COUNT


def test_a_log_of_garbage_is_no_danger(full, cipher):
    full.database.with_name("devpulse.db-wal").write_bytes(os.urandom(100_000))
    full.database.with_name("devpulse.db-shm").write_bytes(os.urandom(32_768))
    assert check(full, cipher) == COUNT


def test_a_half_written_log_is_no_danger(full, cipher):
    journal = Journal.open(full.database, cipher)
    for n in range(20):
        journal.append(Span(T * 2 - 900 + n, T * 2 - 899 + n, 0, State.ACTIVE, Activity("in the log")))
    log = full.database.with_name("devpulse.db-wal")
    content, file = log.read_bytes(), full.database.read_bytes()
    journal.close()
    full.database.write_bytes(file)
    log.write_bytes(content[: len(content) * 2 // 3])
    assert COUNT < check(full, cipher) < COUNT + 20


def test_what_is_only_in_the_log_is_saved_too(full, cipher):
    journal = Journal.open(full.database, cipher)
    journal.append(Span(T * 2 - 10, T * 2 - 5, 0, State.ACTIVE, Activity("in the log")))
    files = {name: full.data / name for name in ("devpulse.db", "devpulse.db-wal")}
    contents = {name: file.read_bytes() for name, file in files.items()}
    journal.close()
    for name, content in contents.items():
        files[name].write_bytes(content)
    overwrite(full.database, 0, os.urandom(100))
    found = recover(full)
    assert found.salvaged["activity_logs"] == COUNT + 1
    assert found.aside.with_name(found.aside.name + "-wal").exists()
    check(full, cipher)


def test_a_folder_in_the_place(full, cipher):
    backups.back_up(full, keep=3)
    full.database.unlink()
    full.database.mkdir()
    (full.database / "something").write_text("mine")
    with pytest.raises(StorageError):
        migrate(full)
    found = recover(full)
    assert (found.aside / "something").read_text() == "mine"
    assert check(full, cipher) == COUNT


def test_a_disk_too_full_to_recover_leaves_everything(full, monkeypatch):
    overwrite(full.database, 0, os.urandom(100))
    before = full.database.read_bytes()

    def no_space(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", no_space)
    with pytest.raises(StorageError, match="full"):
        recover(full)
    assert full.database.read_bytes() == before
    assert sorted(file.suffix for file in full.data.iterdir() if file.name.startswith("devpulse")) == [".db"]


def test_a_lost_mark_of_the_key_is_found_again_by_the_texts(full, cipher):
    from app.errors import KeyUnavailable

    with Store.open(full.database, cipher) as store:
        store.connection.execute("DELETE FROM meta")
    recover(full)
    with pytest.raises(KeyUnavailable):
        Store.open(full.database, Cipher(b"x" * 32))
    assert check(full, cipher) == COUNT


def test_recovering_again_and_again_ends(full, cipher):
    overwrite(full.database, full.database.stat().st_size // 2, os.urandom(5000))
    asides = {recover(full).aside for _ in range(4)}
    assert len(asides) == 4
    assert all(aside.exists() for aside in asides)
    check(full, cipher)
