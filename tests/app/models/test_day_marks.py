"""A day's mark changes with every correction, and never by recording."""

from __future__ import annotations

import pytest

from app.models.cipher import Cipher
from app.models.day_marks import begin_marks, era, finished_before, read_marks
from app.models.journal import Journal
from app.models.pulse import Pulse
from app.models.rebuild import rebuild
from app.models.side_file import side_file
from app.models.steps import upgrade
from app.models.values import Activity, Span, State

DAY_MS = 86_400_000
DAY = 20_516


@pytest.fixture
def journal(tmp_path):
    upgrade(tmp_path / "devpulse.db")
    opened = Journal.open(tmp_path / "devpulse.db", Cipher(bytes(32)))
    opened.store.connection.execute(
        "INSERT INTO projects (id, uuid, name, color, created_ms) VALUES (1, 'a', 'a', '#000000', 0),"
        " (2, 'b', 'b', '#000000', 0)"
    )
    opened.store.connection.execute("INSERT OR IGNORE INTO devices (id, uuid, name) VALUES (1, 'd', 'd')")
    yield opened
    opened.close()


def at(day, hours=9.0, length=60_000, project=None):
    start = (DAY + day) * DAY_MS + int(hours * 3_600_000)
    return Span(start, start + length, 0, State.ACTIVE, Activity("Code", project_id=project))


def marks(journal):
    return {day - DAY: mark for day, mark in read_marks(journal.store.connection).items()}


def test_recording_leaves_no_mark(journal):
    assert finished_before(journal.store.connection) is None
    for day in range(5):
        span_id = journal.append(at(day))
        journal.set_end(span_id, at(day, length=120_000).end_ms)
        journal.discard(journal.append(at(day, 10)))
    assert marks(journal) == {}
    assert finished_before(journal.store.connection) == DAY + 3


def test_recording_on_a_finished_day_leaves_one(journal, tmp_path):
    early = journal.append(at(0))
    journal.append(at(1))
    journal.append(at(2))
    journal.append(at(1, 12))
    assert marks(journal) == {}
    journal.append(at(0, 12))
    assert list(marks(journal)) == [0]
    before = marks(journal)
    pulse = Pulse(tmp_path / "pulse")
    pulse.write(early, at(0, length=90_000).end_ms)
    assert journal.recover(pulse, at(3).start_ms) == 30_000
    assert marks(journal).keys() == before.keys()
    assert marks(journal) != before


def test_every_correction_marks_its_days(journal):
    ids = [journal.append(at(day, project=1)) for day in range(4)]

    def changed(action):
        before = marks(journal)
        action()
        after = marks(journal)
        return sorted(day for day in after if after[day] != before.get(day))

    assert changed(lambda: journal.insert([at(-3), at(2, 15)])) == [-3, 2]
    assert changed(lambda: journal.reassign(ids[1:3], project_id=2, by_hand=True)) == [1, 2]
    assert changed(lambda: journal.reassign(ids[1:3], project_id=2, by_hand=True)) == []
    assert changed(lambda: journal.merge_projects(1, 2)) == [0, 3]
    assert changed(lambda: journal.delete(from_ms=at(2).start_ms, to_ms=at(3, 0).start_ms)) == [2]
    assert changed(lambda: journal.delete(from_ms=at(3).start_ms)) == [3]


def test_what_is_made_anew_begins_another_era(journal):
    connection = journal.store.connection
    journal.insert([at(0)])
    before = era(connection)
    rebuild(connection)
    assert era(connection) != before
    assert marks(journal) == {}
    again = era(connection)
    begin_marks(connection)
    assert era(connection) != again


def test_an_erasure_takes_the_side_file_along(journal, tmp_path):
    journal.insert([at(0)])
    file = side_file(tmp_path / "devpulse.db")
    file.write_text("kept")
    file.with_name(f"{file.name}-journal").write_text("kept")
    journal.delete(from_ms=0)
    assert not list(tmp_path.glob("analytics-cache*"))
    journal.delete(from_ms=0)
