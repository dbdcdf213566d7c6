from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.changes.retention import Tidied, midnight_before, tidy
from app.config import Settings
from app.models.cipher import Cipher
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.journal import Journal
from app.models.rebuild import agree
from app.models.store import Store
from app.models.values import Recorded
from tests.app.changes.conftest import MINUTE, T, fill, span
from tests.app.changes.traces import bearing, opened, sealed_pieces

KEY = Cipher(bytes(32))
DAY = 24 * 60
NOW = datetime.fromtimestamp((T + 30 * DAY * MINUTE) / 1000, UTC)


@pytest.fixture
def full(paths):
    with Store.open(paths.database, KEY) as store:
        fill(store)
        Journal(store).insert(
            Recorded(span(day * DAY, 5, f"app{day}", title=f"title {day}."), note=f"note {day}.")
            for day in range(30)
        )
        FocusSessions(store).save(StoredSession("completed", T, 0, T, 5))
    return paths


def kept(paths, **settings):
    values = {f"storage.{name}": value for name, value in settings.items()}
    with Store.open(paths.database, None) as store:
        done = tidy(store, Settings(values), NOW)
        assert agree(store.connection)
        spans = store.connection.execute("SELECT count(*) FROM activity_logs").fetchone()[0]
    return done, spans


def test_everything_is_kept_until_the_person_says_otherwise(full):
    assert kept(full) == (Tidied(), 30)


def test_what_is_older_is_erased(full):
    pieces = sealed_pieces(full, KEY, "title 3.")
    done, spans = kept(full, keep_days=10)
    assert spans == done.erased * -1 + 30
    assert spans in (9, 10)
    assert bearing(full, [*pieces, b"app3"]) == []
    with Store.open(full.database, KEY) as store:
        assert FocusSessions(store).between(0, T + 1) == []
    assert kept(full, keep_days=10) == (Tidied(), spans)


def test_titles_go_before_their_time_and_notes_stay(full):
    pieces = sealed_pieces(full, KEY, "title 3.")
    done, spans = kept(full, keep_titles_days=10)
    assert spans == 30
    assert done.titles_dropped in (20, 21)
    assert bearing(full, pieces) == []
    texts = opened(full, KEY)
    assert "note 3." in texts
    assert "title 29." in texts
    assert kept(full, keep_titles_days=10)[0] == Tidied()


def test_both_together(full):
    done, spans = kept(full, keep_days=20, keep_titles_days=10)
    assert spans in (19, 20)
    assert done.titles_dropped in (9, 10, 11)


def test_what_was_deleted_by_hand_is_swept(full):
    pieces = sealed_pieces(full, KEY, "title 3.")
    with Store.open(full.database, KEY) as store:
        from app.models import by_hand

        by_hand.delete(store, [span(3 * DAY, 1).start_ms * 1024])
    assert "title 3." in opened(full, KEY)
    done, _ = kept(full)
    assert done.swept == 3
    assert bearing(full, [*pieces, b"app3\x00"]) == []


def test_a_day_ends_at_local_midnight():
    now = datetime.fromisoformat("2026-03-04T15:00:00").astimezone()
    at = datetime.fromtimestamp(midnight_before(now, 1) / 1000).astimezone()
    assert at == datetime.fromisoformat("2026-03-04T00:00:00").astimezone()
    assert midnight_before(now, 2) < midnight_before(now, 1)
