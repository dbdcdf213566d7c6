"""A home of its own for each test, with two projects and two categories, and the door to change it."""

from __future__ import annotations

import shutil

import pytest

from app.changes.editing import Editing
from app.models.cipher import Cipher
from app.models.journal import Journal
from app.models.migrate import migrate
from app.models.store import Store
from app.models.values import Activity, Recorded, Span, State
from app.paths import Paths

T = 1_700_000_400_000
MINUTE = 60_000


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("changes")
    paths = Paths.discover({"DEVPULSE_HOME": str(folder / "home")})
    migrate(paths, resources_dir=folder / "none")
    return paths


@pytest.fixture
def paths(empty, tmp_path):
    made = Paths.discover({"DEVPULSE_HOME": str(tmp_path / "home")}).create()
    shutil.copyfile(empty.database, made.database)
    return made


@pytest.fixture
def told():
    return []


@pytest.fixture
def editing(paths, told):
    store = Store.open(paths.database, Cipher(bytes(32)))
    fill(store)
    made = Editing(store, paths, told.append, lambda: T + 10_000 * MINUTE)
    yield made
    made.close()


@pytest.fixture
def db(editing):
    return editing._store.connection


@pytest.fixture
def agent(paths, editing):
    """The journal of another process."""
    journal = Journal.open(paths.database, Cipher(bytes(32)))
    yield journal
    journal.close()


def fill(store):
    run = store.connection.execute
    for n, name in ((1, "api"), (2, "site")):
        run(
            "INSERT INTO projects (id, uuid, name, color, created_ms) VALUES (?, ?, ?, '#000000', 0)",
            (n, f"p{n}", name),
        )
        run(
            "INSERT INTO categories (id, uuid, name, color, position) VALUES (?, ?, ?, '#000000', ?)",
            (n, f"c{n}", f"kind {n}", n),
        )


def span(start, minutes, application="editor", idle=False, switched=False, **activity):
    """A span from `start` minutes after T on."""
    what = None if idle else Activity(application, **activity)
    at = T + round(start * MINUTE)
    return Span(at, at + round(minutes * MINUTE), 3600, State.IDLE if idle else State.ACTIVE, what, switched)


def put(editing, *spans):
    """Record spans; returns their ids."""
    return Journal(editing._store).insert(
        one if isinstance(one, (Span, Recorded)) else span(*one) for one in spans
    )


TABLES = ("activity_logs", "projects", "project_roots", "categories", "rules", "goals", "focus_sessions",
          "rollup_daily", "rollup_hourly")  # fmt: skip


def content(db):
    """All that a change may touch, each table's rows in their order."""
    found = {}
    for table in TABLES:
        order = "1, 2, 3, 4, 5" if table.startswith("rollup") else "1"
        found[table] = db.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall()
    return found
