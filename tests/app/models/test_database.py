from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from app.errors import (
    DatabaseCorrupt,
    SchemaOutdated,
    SchemaTooNew,
    StorageBusy,
    StorageError,
    StorageFull,
    StorageReadOnly,
)
from app.models import database
from app.models.database import (
    connect,
    connect_read_only,
    quick_check,
    reading,
    require_schema,
    tell,
    tell_os,
    translated,
)


def pragma(connection, name):
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_writer_has_its_pragmas(home):
    connection = connect(home.database)
    found = {
        name: pragma(connection, name)
        for name in (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "busy_timeout",
            "secure_delete",
            "page_size",
        )
    }
    connection.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "secure_delete": 1,
        "page_size": database.PAGE_SIZE,
    }


def test_the_file_is_for_its_owner_alone(tmp_path):
    path = tmp_path / "a ü?#%.db"
    connection = connect(path, create=True)
    connection.execute("CREATE TABLE t (x)")
    assert path.stat().st_mode & 0o777 == 0o600
    connection.close()
    assert [file.name for file in tmp_path.iterdir()] == ["a ü?#%.db"]


def test_a_reader_cannot_write(home):
    with reading(home.database) as connection, pytest.raises(sqlite3.OperationalError):
        connection.execute("INSERT INTO branches (name) VALUES ('x')").fetchall()
    with pytest.raises(StorageReadOnly), reading(home.database) as connection:
        connection.execute("INSERT INTO branches (name) VALUES ('x')")


def test_a_reader_sees_what_a_writer_commits(home):
    writer, reader = connect(home.database), connect_read_only(home.database)
    before = pragma(reader, "data_version")
    writer.execute("INSERT INTO branches (name) VALUES ('main')")
    assert pragma(reader, "data_version") != before
    assert reader.execute("SELECT name FROM branches").fetchall() == [("main",)]
    writer.close()
    reader.close()


def test_a_missing_file_is_not_made_by_reading(tmp_path):
    for opening in (connect, connect_read_only):
        with pytest.raises(StorageError, match="cannot be opened"):
            opening(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_its_place_is_told(tmp_path):
    path = tmp_path / "devpulse.db"
    path.mkdir()
    for opening in (connect, connect_read_only):
        with pytest.raises(StorageError, match="cannot be opened") as caught:
            opening(path)
        assert caught.value.advice


@pytest.mark.parametrize("content", [b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_told(tmp_path, content):
    path = tmp_path / "devpulse.db"
    path.write_bytes(content)
    for opening in (connect, connect_read_only):
        with pytest.raises(DatabaseCorrupt):
            opening(path)
    assert path.read_bytes() == content


def test_a_full_database_is_told_and_nothing_half_is_kept(journal):
    from tests.app.models.test_journal import span

    connection = journal.store.connection
    connection.execute(f"PRAGMA max_page_count = {pragma(connection, 'page_count') + 20}")
    stored = 0
    with pytest.raises(StorageFull) as caught:
        for n in range(10_000):
            journal.append(span(1_700_000_000_000 + n * 1000, 1000, title=f"a title {n}"))
            stored += 1
    assert "space" in caught.value.advice
    assert stored > 10
    assert connection.execute("SELECT count(*) FROM activity_logs").fetchone() == (stored,)
    connection.execute("PRAGMA max_page_count = 1000000")
    assert journal.append(span(1_800_000_000_000))
    assert quick_check(connection) == []


def test_a_busy_database_is_told(home):
    one, two = connect(home.database), connect(home.database)
    one.execute("BEGIN IMMEDIATE")
    two.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(StorageBusy), translated():
        two.execute("BEGIN IMMEDIATE")
    one.close()
    two.close()


def test_the_version_decides(home):
    connection = connect(home.database)
    require_schema(connection)
    connection.execute(f"PRAGMA user_version = {database.SCHEMA_VERSION + 1}")
    with pytest.raises(SchemaTooNew):
        require_schema(connection)
    connection.execute("PRAGMA user_version = 0")
    with pytest.raises(SchemaOutdated):
        require_schema(connection)
    connection.close()


def test_quick_check_finds_damage(home):
    with reading(home.database) as connection:
        assert quick_check(connection) == []
        pages = pragma(connection, "page_count")
    with home.database.open("r+b") as file:
        for page in range(10, pages):
            file.seek(page * database.PAGE_SIZE)
            file.write(b"\xa5" * 100)
    with suppress(DatabaseCorrupt), reading(home.database) as connection:
        assert quick_check(connection)


def test_a_bug_of_ours_stays_a_bug(home):
    with pytest.raises(sqlite3.OperationalError), reading(home.database) as connection:
        connection.execute("SELECT nothing FROM nowhere")
    assert tell(sqlite3.OperationalError("without a code")) is None


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StorageFull),
        (errno.EDQUOT, StorageFull),
        (errno.EROFS, StorageReadOnly),
        (errno.EACCES, StorageReadOnly),
        (errno.EIO, StorageError),
    ],
)
def test_errors_of_the_file_system_are_told(number, kind):
    assert type(tell_os(OSError(number, os.strerror(number)))) is kind


@pytest.mark.parametrize("number", [errno.ENOTDIR, errno.EEXIST, errno.EISDIR])
def test_what_lies_in_the_way_is_named(number):
    assert "/home/file" in tell_os(OSError(number, os.strerror(number), "/home/file")).detail
    assert tell_os(OSError(number, os.strerror(number))).detail == ""


INSIDE = Path(__file__).with_name("on_a_disk.py")


def on_a_disk(home, *, kind):
    """Run the helper in a mount namespace of its own, where `home.data` is a small or a read-only disk."""
    done = subprocess.run(
        ["unshare", "-Urm", sys.executable, str(INSIDE), kind, str(home.data)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split()


def test_a_full_disk(home):
    """Real ENOSPC on a tmpfs of 1 MB: what was stored stays, and recording goes on when there is space."""
    assert on_a_disk(home, kind="full") == ["StorageFull", "kept", "sound", "goes-on"]


def test_a_read_only_disk(home):
    """A real read-only mount: writing is refused in words, reading works."""
    assert on_a_disk(home, kind="read-only") == ["StorageReadOnly", "readable", "StorageReadOnly"]


def test_files_of_somebody_else(home):
    """No permission: told, not crashed."""
    assert on_a_disk(home, kind="no-permission")[0] in ("StorageReadOnly", "StorageError")


def test_a_limit_on_file_size(home):
    """RLIMIT_FSIZE: the write fails in the middle; what was stored before stays."""
    assert on_a_disk(home, kind="limited") == ["told", "kept", "sound"]
