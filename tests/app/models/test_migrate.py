from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from app.errors import DatabaseCorrupt, SchemaTooNew, StorageBusy, StorageError
from app.models import backups, steps
from app.models import migrate as module
from app.models.beginning import WHOLE
from app.models.database import SCHEMA_VERSION, connect, quick_check, reading
from app.models.exclusive import exclusive
from app.models.journal import Journal
from app.models.migrate import migrate
from app.models.rebuild import agree
from app.models.store import Store
from app.models.tables import metadata
from app.models.values import Activity, Span, State
from app.paths import Paths
from tests.app.models.first_schema import T, first_schema
from tests.app.models.whole_schema import whole


@pytest.fixture
def paths(tmp_path):
    return Paths.discover({"DEVPULSE_HOME": str(tmp_path / "home")})


def schema(path):
    with reading(path) as connection:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()
    return {
        (kind, name): re.sub(r"\s+", " ", sql or "") for kind, name, sql in rows if name != "alembic_version"
    }


def test_a_new_home(paths):
    done = migrate(paths)
    assert (done.before, done.after, done.backup) == (0, SCHEMA_VERSION, None)
    assert paths.database.stat().st_mode & 0o777 == 0o600
    with reading(paths.database) as connection:
        assert connection.execute("SELECT id FROM devices").fetchall() == [(1,)]
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_second_time_nothing_changes(paths):
    migrate(paths)
    before = paths.database.read_bytes()
    assert migrate(paths).before == SCHEMA_VERSION
    assert paths.database.read_bytes() == before
    assert backups.backups(paths) == []


def test_the_last_step_is_what_the_tables_say(paths):
    migrate(paths)
    engine = create_engine(f"sqlite:///{paths.database}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_last_step_makes_the_very_same_schema(paths, tmp_path):
    """Also what Alembic does not compare: checks, WITHOUT ROWID, names."""
    migrate(paths)
    engine = create_engine(f"sqlite:///{tmp_path / 'direct.db'}")
    metadata.create_all(engine)
    engine.dispose()

    # A column that was added later names its reference in its own words.
    added = re.compile(r"(\w+) INTEGER (CONSTRAINT \w+) REFERENCES")

    def flat(path):
        return {
            key: sorted(re.findall(r"[^\s,()]+", added.sub(r"\1 INTEGER \2 FOREIGN KEY \1 REFERENCES", sql)))
            for key, sql in schema(path).items()
        }

    made = {key: words for key, words in flat(paths.database).items() if "alembic" not in key[1]}
    assert made == flat(tmp_path / "direct.db")


def test_there_are_as_many_steps_as_the_version_says():
    scripts = ScriptDirectory(str(module.Path(module.__file__).parent / "migrations"))
    steps = list(scripts.walk_revisions())
    assert len(steps) == SCHEMA_VERSION
    assert scripts.get_heads() == [f"{SCHEMA_VERSION:04}"]


def test_a_newer_schema_is_left_untouched(home):
    connection = connect(home.database)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    before = home.database.read_bytes()
    with pytest.raises(SchemaTooNew):
        migrate(home)
    assert home.database.read_bytes() == before
    assert backups.backups(home) == []


def test_an_older_schema_is_backed_up_first(home, cipher, monkeypatch):
    Journal.open(home.database, cipher).close()
    monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    done = migrate(home)
    assert done.before == SCHEMA_VERSION
    with reading(done.backup) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def everything(path):
    """What each table holds, by column, with the version it was read under."""
    found = {}
    with reading(path) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in sorted(set(tables) - {"alembic_version"}):
            cursor = connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor]
    return found


def test_from_the_first_schema_everything_stays(paths, cipher):
    first_schema(paths, cipher)
    before = everything(paths.database)
    done = migrate(paths, resources_dir=paths.data / "none")
    assert (done.before, done.after) == (1, SCHEMA_VERSION)
    with reading(done.backup) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert everything(done.backup) == before
    after = everything(paths.database)
    assert all(row.pop("import_id") is None for row in after["activity_logs"])
    assert all(row.pop("owner") is None for row in after["devices"])
    assert [name for name in after.keys() - before.keys() if after.pop(name)] == []
    after["meta"] = [row for row in after["meta"] if row["key"] != "seeded"]
    assert after == before
    with Store.open(paths.database, cipher) as store:
        assert quick_check(store.connection) == []
        assert agree(store.connection)
        journal = Journal(store)
        made = journal.append(Span(T, T + 5, 0, State.ACTIVE, Activity("editor", title="new")))
        assert journal.set_end(made, T + 50)
        assert agree(store.connection)


def test_a_failing_step_leaves_the_old_schema(home, monkeypatch):
    monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)

    def fail(connection):
        connection.exec_driver_sql("DROP TABLE focus_sessions")
        connection.exec_driver_sql("ALTER TABLE projects ADD COLUMN half TEXT")
        connection.exec_driver_sql("nonsense")

    before = schema(home.database)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "_run", fail)
        with pytest.raises(Exception, match="nonsense"):
            migrate(home)
    assert schema(home.database) == before
    with reading(home.database) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    migrate(home)


KILLED = """
import os, time
from app.models import migrate, steps
from app.paths import Paths
run = steps._run
def slowly(connection):
    run(connection)
    print("in the middle", flush=True)
    time.sleep(600)
steps._run = slowly
migrate.migrate(Paths.discover(os.environ))
"""


def test_killed_in_the_middle_of_a_step_the_next_start_works(paths, cipher):
    first_schema(paths, cipher)
    environ = {**os.environ, "DEVPULSE_HOME": str(paths.data.parent)}
    with subprocess.Popen([sys.executable, "-c", KILLED], env=environ, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"in the middle\n"
        process.send_signal(signal.SIGKILL)
    assert migrate(paths).before == 1
    with reading(paths.database) as connection:
        assert quick_check(connection) == []


def places(path):
    """Everything the file's first page tells of its tables, with the pages where they begin."""
    with reading(path) as connection:
        query = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid"
        version = connection.execute("SELECT * FROM alembic_version").fetchall()
        return connection.execute(query).fetchall(), version


def test_a_new_database_is_what_all_steps_make(paths, tmp_path):
    migrate(paths)
    upgraded = tmp_path / "devpulse.db"
    steps.upgrade(upgraded)
    assert places(paths.database) == places(upgraded), "python -m tests.app.models.whole_schema"
    assert WHOLE.read_text() == whole()


@pytest.mark.parametrize("delay", [0.1, 0.15, 0.2, 0.3])
def test_killed_at_any_moment_the_next_start_works(paths, delay):
    environ = {**os.environ, "DEVPULSE_HOME": str(paths.data.parent)}
    code = (
        "import os; from app.paths import Paths; from app.models.migrate import migrate;"
        "migrate(Paths.discover(os.environ))"
    )
    with subprocess.Popen([sys.executable, "-c", code], env=environ) as process:
        time.sleep(delay)
        process.kill()
    migrate(paths)
    with reading(paths.database) as connection:
        assert quick_check(connection) == []
        assert connection.execute("SELECT count(*) FROM devices").fetchone() == (1,)


def test_two_at_once_are_one_after_the_other(paths):
    environ = {**os.environ, "DEVPULSE_HOME": str(paths.data.parent)}
    code = (
        "import os; from app.paths import Paths; from app.models.migrate import migrate;"
        "print(migrate(Paths.discover(os.environ)).before)"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code], env=environ, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = sorted(process.communicate(timeout=120)[0].strip() for process in processes)
    assert said == ["0"] + [str(SCHEMA_VERSION)] * 3


def test_one_who_waits_too_long_is_told(tmp_path):
    lock = tmp_path / "lock"
    with exclusive(lock), pytest.raises(StorageBusy), exclusive(lock, wait_s=0.1):
        pass
    with exclusive(lock, wait_s=0.1):
        pass


def test_somebody_elses_database_is_not_touched(paths):
    paths.create()
    connection = sqlite3.connect(paths.database)
    connection.execute("CREATE TABLE recipes (name)")
    connection.commit()
    connection.close()
    before = paths.database.read_bytes()
    with pytest.raises(StorageError, match="not DevPulse's"):
        migrate(paths)
    assert paths.database.read_bytes() == before


def test_garbage_is_told(paths):
    paths.create()
    paths.database.write_bytes(b"x" * 5000)
    with pytest.raises(DatabaseCorrupt):
        migrate(paths)


def test_a_home_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StorageError):
        migrate(Paths.discover({"DEVPULSE_HOME": str(tmp_path / "home")}))
