"""Real writers on a real database: whatever writes, what others must know is noted with it."""

from __future__ import annotations

import pytest

from app.errors import UsageError
from app.models import by_hand, corrections, erasure
from app.models.categories import Categories
from app.models.changelog import ChangeLog
from app.models.erasure import Selection
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.journal import Journal
from app.models.outbox import (
    CREATED,
    DELETED,
    HOUR_MS,
    Corrected,
    Noting,
    note_everything,
    noting,
    noting_only,
    set_noting,
)
from app.models.projects import Projects
from app.models.rules import Rules
from app.models.values import Activity, Place, Recorded, Span, State

T = 472_222 * HOUR_MS
HOUR = T // HOUR_MS


def span(start: int = T, length: int = 60_000, **what: object) -> Span:
    return Span(start, start + length, 0, State.ACTIVE, Activity("editor", title="title", **what))  # type: ignore[arg-type]


@pytest.fixture
def noted(store):
    set_noting(store.connection, Noting.ALL)
    return store


@pytest.fixture
def other(store):
    """Another machine of the account."""
    store.connection.execute("INSERT INTO devices (id, uuid, name, owner) VALUES (2, 'o', 'laptop', x'02')")
    return 2


def slots(store):
    return {
        (d, h): e for d, h, e in store.connection.execute("SELECT device_id, hour, erased FROM outbox_slots")
    }


def rows(store):
    return {
        (d, s): Corrected(m)
        for d, s, m in store.connection.execute("SELECT device_id, start_ms, mask FROM outbox_rows")
    }


def fields(store):
    return {tuple(row) for row in store.connection.execute("SELECT type, uuid, field FROM outbox_fields")}


def emptied(store):
    for table in ("outbox_slots", "outbox_rows", "outbox_fields", "outbox_erasures", "outbox_heirs"):
        store.connection.execute(f"DELETE FROM {table}")


def test_nothing_is_noted_without_an_account(store):
    Journal(store).append(span())
    Projects(store).add("api")
    erasure.erase(store, Selection(T, T + 5))
    assert (slots(store), rows(store), fields(store)) == ({}, {}, set())
    assert store.connection.execute("SELECT count(*) FROM outbox_erasures").fetchone() == (0,)
    with noting_only(store.connection, Noting.OWN):
        assert noting(store.connection) is Noting.NOTHING


def test_recording_notes_its_hour_once(noted):
    journal = Journal(noted)
    made = journal.append(span())
    journal.set_end(made, T + 90_000)
    journal.append(span(T + HOUR_MS - 1))
    journal.append(span(T + HOUR_MS))
    assert slots(noted) == {(1, HOUR): 0, (1, HOUR + 1): 0}
    assert rows(noted) == {}


@pytest.mark.parametrize(
    ("change", "erased"),
    [
        (lambda store, made: corrections.split(store, made, T + 5), 0),
        (lambda store, made: by_hand.annotate(store, [made], "mine"), 0),
        (lambda store, made: by_hand.delete(store, [made]), 1),
        (lambda store, made: erasure.strip(store, T + 1), 1),
        (lambda store, made: Journal(store).reassign([made], category_id=None, by_hand=True), 0),
        (lambda store, made: erasure.erase(store, Selection(applications=("editor",))), 1),
        (lambda store, made: erasure.erase(store, Selection()), 1),
    ],
)
def test_every_correction_notes_its_hour(noted, change, erased):
    made = Journal(noted).append(span())
    emptied(noted)
    change(noted, made)
    assert slots(noted) == {(1, HOUR): erased}


def test_an_undo_is_noted_too(noted):
    made = Journal(noted).append(span())
    log = ChangeLog(noted)
    with log.recording() as number:
        by_hand.delete(noted, [made])
    emptied(noted)
    log.revert(number)
    assert slots(noted) == {(1, HOUR): 0}


def test_a_correction_that_was_rolled_back_leaves_nothing(noted):
    with pytest.raises(RuntimeError), noted.transaction():
        Journal(noted).append(span())
        raise RuntimeError
    assert slots(noted) == {}


def test_of_another_machines_spans_each_correction_is_noted(noted, other):
    with noted.transaction(), noting_only(noted.connection, Noting.NOTHING):
        first, second, third = Journal(noted).insert(
            [Recorded(span(T + n * 60_000), device_id=other) for n in range(3)]
        )
    assert (slots(noted), rows(noted)) == ({}, {})
    project = Projects(noted).add("api")
    Journal(noted).reassign([first], project_id=project, by_hand=True)
    by_hand.annotate(noted, [first], "mine")
    corrections.split(noted, second, T + 70_000)
    by_hand.delete(noted, [third])
    assert slots(noted) == {}
    assert rows(noted) == {
        (other, T): Corrected.PROJECT | Corrected.ASSIGNED | Corrected.NOTE,
        (other, T + 60_000): Corrected.BOUNDS,
        (other, T + 70_000): Corrected.BOUNDS,
        (other, T + 120_000): Corrected.GONE,
    }
    before = noted.connection.execute("SELECT end_ms FROM outbox_rows WHERE start_ms = ?", (T + 60_000,))
    assert before.fetchone() == (T + 120_000,)


def test_what_moves_in_time_is_changed_where_it_was_recorded(noted, other):
    first, second = Journal(noted).insert([Recorded(span(T + n * 60_000), device_id=other) for n in range(2)])
    with pytest.raises(UsageError, match="laptop"):
        by_hand.merge(noted, [first, second])
    with pytest.raises(UsageError, match="laptop"):
        by_hand.set_bounds(noted, first, T, T + 30_000, T + 10 * HOUR_MS)


def test_only_own_things_are_noted_during_retention(noted, other):
    Journal(noted).insert([Recorded(span()), Recorded(span(T + 60_000), device_id=other)])
    emptied(noted)
    with noting_only(noted.connection, Noting.OWN):
        erasure.erase(noted, Selection(to_ms=T + HOUR_MS))
    assert slots(noted) == {(1, HOUR): 1}
    assert rows(noted) == {}
    assert noted.connection.execute("SELECT count(*) FROM outbox_erasures").fetchone() == (0,)
    assert noting(noted.connection) is Noting.ALL


def test_an_erasure_of_a_stretch_is_noted_as_one(noted, other):
    erasure.erase(noted, Selection(T, T + 5))
    erasure.erase(noted, Selection(T, None, applications=("editor",)))
    assert noted.connection.execute("SELECT from_ms, to_ms FROM outbox_erasures").fetchall() == [(T, T + 5)]


def test_of_a_record_each_field_is_noted_with_its_time(noted):
    projects = Projects(noted)
    made = projects.get(projects.add("api"))
    assert fields(noted) == {("project", made.uuid, CREATED)}
    emptied(noted)
    projects.rename(made.id, "api")
    assert fields(noted) == set()
    projects.rename(made.id, "service")
    projects.archive(made.id)
    projects.add_root(made.id, "/home/x/service")
    assert fields(noted) == {("project", made.uuid, name) for name in ("name", "archived", "roots")}
    assert (
        noted.connection.execute(
            "SELECT abs(at_ms / 1000.0 - unixepoch()) < 60 FROM outbox_fields"
        ).fetchall()
        == [(1,)] * 3
    )


def test_the_agents_own_way_to_a_project_is_noted(noted):
    projects = Projects(noted)
    uuid = projects.get(projects.find_or_create(Place("api", "/home/x/api", remote="example.org/api"))).uuid
    assert ("project", uuid, CREATED) in fields(noted)
    emptied(noted)
    projects.set_identity(1, "c0ffee")
    assert fields(noted) == {("project", uuid, "root_commit")}


def test_a_deleted_category_names_its_heir(noted):
    categories = Categories(noted)
    old, new = (categories.add(name, color="#112233") for name in ("old", "new"))
    rule = Rules(noted).add(old.id, [{"application": "x"}])
    emptied(noted)
    categories.delete(old.id, move_to=new.id)
    assert fields(noted) == {("category", old.uuid, DELETED), ("rule", rule.uuid, DELETED)}
    assert noted.connection.execute("SELECT * FROM outbox_heirs").fetchall() == [
        ("category", old.uuid, new.uuid)
    ]


def test_a_focus_session_is_noted_when_it_ends(noted):
    sessions = FocusSessions(noted)
    running = sessions.save(StoredSession("running", T, 0, T))
    assert fields(noted) == set()
    sessions.save(StoredSession("completed", T, 0, T, uuid=running.uuid))
    assert ("focus_session", running.uuid, "state") in fields(noted)
    sessions.delete(running.uuid)
    assert ("focus_session", running.uuid, DELETED) in fields(noted)


def test_everything_there_is_can_be_noted_at_once(store, other):
    Journal(store).insert([Recorded(span()), Recorded(span(T + HOUR_MS), device_id=other)])
    project = Projects(store).get(Projects(store).add("api"))
    set_noting(store.connection, Noting.ALL)
    note_everything(store.connection)
    assert slots(store) == {(1, HOUR): 0}
    assert fields(store) == {("project", project.uuid, CREATED)}
