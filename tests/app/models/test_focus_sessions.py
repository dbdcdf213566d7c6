from __future__ import annotations

from dataclasses import replace

import pytest

from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.projects import Projects
from app.models.store import Store

T = 1_700_000_000_000


@pytest.fixture
def sessions(store):
    return FocusSessions(store)


def test_saved_changed_and_found(sessions, store):
    project = Projects(store).add("a")
    session = sessions.save(
        StoredSession("running", T, 3600, T, planned_ms=1_500_000, project_id=project, note="a note")
    )
    assert sessions.unfinished() == session
    paused = sessions.save(
        replace(session, state="paused", focused_ms=60_000, updated_ms=T + 60_000, interruptions=2)
    )
    assert paused.id == session.id
    assert sessions.unfinished() == paused
    done = sessions.save(replace(paused, state="completed", ended_ms=T + 1_500_000))
    assert sessions.unfinished() is None
    assert sessions.between(T, T + 1) == [done]
    assert sessions.between(T + 1, T + 2) == []
    assert sessions.delete(done.uuid)
    assert not sessions.delete(done.uuid)


def test_survives_a_restart(home, cipher):
    with Store.open(home.database, cipher) as store:
        saved = FocusSessions(store).save(StoredSession("running", T, 0, T, note="n"))
    with Store.open(home.database, cipher) as store:
        assert FocusSessions(store).unfinished() == saved


def test_a_locked_key_loses_no_note(home, cipher):
    with Store.open(home.database, cipher) as store:
        saved = FocusSessions(store).save(StoredSession("running", T, 0, T, note="n"))
    with Store.open(home.database, None) as store:
        seen = FocusSessions(store).unfinished()
        assert seen.note is None
        FocusSessions(store).save(replace(seen, state="stopped"))
    with Store.open(home.database, cipher) as store:
        assert FocusSessions(store).between(T, T + 1)[0].note == saved.note


def test_other_machines_sessions_are_not_mine(sessions, store):
    store.connection.execute("INSERT INTO devices (id, uuid, name) VALUES (2, 'other', 'other')")
    sessions.save(StoredSession("running", T, 0, T, device_id=2))
    assert sessions.unfinished() is None


def test_an_unknown_state_is_refused(sessions):
    with pytest.raises(ValueError, match="no such state"):
        sessions.save(StoredSession("asleep", T, 0, T))
