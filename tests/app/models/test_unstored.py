from __future__ import annotations

from app.models import unstored
from app.models.cipher import Cipher
from app.models.journal import Journal
from app.models.store import Store
from app.models.values import Activity, Span, State

SPANS = [
    Span(1_000, 5_000, 3600, State.ACTIVE, Activity("xterm", "a secret title", project_id=77), switched=True),
    Span(5_000, 9_000, 3600, State.IDLE, None),
]


def test_what_is_kept_is_taken_in_once(home, cipher, journal):
    path = home.data / "unstored"
    unstored.save(path, cipher, SPANS[:1])
    unstored.save(path, cipher, SPANS[1:])
    assert b"secret" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert unstored.take_in(path, journal) == 2
    assert unstored.take_in(path, journal) == 0
    rows = journal.store.connection.execute(
        "SELECT start_ms, end_ms FROM activity_logs ORDER BY id"
    ).fetchall()
    assert rows == [(1_000, 5_000), (5_000, 9_000)]
    title = journal.store.connection.execute("SELECT title_id FROM activity_logs ORDER BY id").fetchone()[0]
    assert journal.store.text(title) == "a secret title"


def test_without_a_key_no_text_is_kept(home, journal):
    path = home.data / "unstored"
    unstored.save(path, None, SPANS)
    assert b"secret" not in path.read_bytes()
    assert unstored.take_in(path, journal) == 2


def test_what_is_sealed_waits_for_its_key(home, cipher):
    path = home.data / "unstored"
    unstored.save(path, cipher, SPANS)
    with Store.open(home.database, None) as locked:
        assert unstored.take_in(path, Journal(locked)) == 0
    assert path.exists()


def test_a_torn_line_and_another_key_hold_nothing(home, cipher, journal):
    path = home.data / "unstored"
    unstored.save(path, Cipher(b"x" * 32), SPANS)
    unstored.save(path, cipher, SPANS)
    path.write_bytes(path.read_bytes() + b'S1234\nP[{"start_ms": 1}]\nP[')
    assert unstored.take_in(path, journal) == 2


def test_what_was_stored_before_the_file_could_be_removed_is_not_stored_twice(home, cipher, journal):
    path = home.data / "unstored"
    unstored.save(path, cipher, SPANS)
    line = path.read_bytes()
    assert unstored.take_in(path, journal) == 2
    path.write_bytes(line)
    assert unstored.take_in(path, journal) == 0
    assert not unstored.waits(path)
    assert journal.store.connection.execute("SELECT count(*) FROM activity_logs").fetchone() == (2,)
