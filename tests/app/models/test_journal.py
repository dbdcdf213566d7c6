from __future__ import annotations

import pytest

from app.errors import StorageError
from app.models.cipher import Cipher
from app.models.journal import Journal
from app.models.pulse import Pulse
from app.models.spans_table import LONGEST_MS, first_id
from app.models.store import Store
from app.models.values import Activity, Recorded, Span, State
from tests.app.models.rolled import expected, stored

T = 1_700_000_000_000
HOUR = 3_600_000


def span(start=T, length=60_000, *, application="editor", offset=3600, switched=True, **rest):
    return Span(start, start + length, offset, State.ACTIVE, Activity(application, **rest), switched)


def idle(start=T, length=60_000):
    return Span(start, start + length, 3600, State.IDLE, None)


def raw(journal, columns="start_ms, end_ms"):
    query = f"SELECT {columns} FROM activity_logs ORDER BY id"
    return journal.store.connection.execute(query).fetchall()


def add_projects(journal, *names):
    for number, name in enumerate(names, 1):
        journal.store.connection.execute(
            "INSERT INTO projects (id, uuid, name, color, created_ms) VALUES (?, ?, ?, '#000000', 0)",
            (number, name, name),
        )
        journal.store.connection.execute(
            "INSERT INTO categories (id, uuid, name, color, position) VALUES (?, ?, ?, '#000000', 0)",
            (number, name, name),
        )


def rollups_agree(journal):
    return stored(journal.store.connection) == expected(journal.store.connection)


def test_a_span_is_stored_with_all_it_has(journal):
    add_projects(journal, "a")
    journal.append(
        span(title="T", url="U", path="P", project_id=1, branch="main", language="Python", category_id=1)
    )
    row = raw(
        journal,
        "start_ms, end_ms, utc_offset_s, state, switched, title_id, url_id, path_id, project_id, "
        "category_id, branch_id, language_id, application_id, device_id, assigned",
    )[0]
    assert row[:5] == (T, T + 60_000, 3600, 0, 1)
    assert [journal.store.text(text) for text in row[5:8]] == ["T", "U", "P"]
    assert row[8:] == (1, 1, 1, 1, 1, 1, 0)
    assert rollups_agree(journal)


def test_titles_are_not_in_the_file(journal, home):
    journal.append(span(title="the secret title", application="an application"))
    journal.flush()
    content = home.database.read_bytes() + home.database.with_name("devpulse.db-wal").read_bytes()
    assert b"an application" in content
    assert b"secret title" not in content


def test_equal_titles_are_stored_once(journal):
    for n in range(10):
        journal.append(span(T + n * 60_000, title=f"title {n % 2}"))
    assert journal.store.connection.execute("SELECT count(*) FROM texts").fetchone() == (2,)


def test_equal_titles_are_found_again_after_a_restart(home, cipher):
    for n in range(3):
        journal = Journal.open(home.database, cipher)
        journal.append(span(T + n * 60_000, title="a title"))
        journal.close()
    journal = Journal.open(home.database, cipher)
    assert journal.store.connection.execute("SELECT count(*) FROM texts").fetchone() == (1,)
    journal.close()


def test_without_a_key_texts_are_left_out_and_time_is_kept(home):
    journal = Journal.open(home.database, None)
    journal.append(span(title="T", branch="main"))
    assert raw(journal, "title_id, branch_id, end_ms - start_ms") == [(None, 1, 60_000)]
    journal.close()


def test_broken_unicode_stops_nothing(journal):
    journal.append(span(title="half \ud800 pair", application="app \udfff", branch="b\ud800"))
    assert journal.store.text(raw(journal, "title_id")[0][0]) == "half \ud800 pair"
    assert rollups_agree(journal)


def test_an_idle_span_counts_under_nothing(journal):
    journal.append(idle())
    assert stored(journal.store.connection)[0] == {(T // 86_400_000, 1, 0, 0, 0): (0, 60_000, 0)}


@pytest.mark.parametrize("length", [-1, LONGEST_MS + 1])
def test_a_span_too_long_or_backwards_is_refused(journal, length):
    with pytest.raises(ValueError, match="24 h"):
        journal.append(span(length=length))
    assert raw(journal) == []


def test_an_end_moves_both_ways(journal):
    number = journal.append(span(length=0))
    for end in (T + 90_000, T + 5 * HOUR, T + 1, T, T + LONGEST_MS):
        assert journal.set_end(number, end)
        assert raw(journal) == [(T, end)]
        assert rollups_agree(journal)


@pytest.mark.parametrize("end", [T - 1, T + LONGEST_MS + 1])
def test_an_end_out_of_bounds_is_refused_and_changes_nothing(journal, end):
    number = journal.append(span())
    with pytest.raises(ValueError, match="24 h"):
        journal.set_end(number, end)
    assert raw(journal) == [(T, T + 60_000)]
    assert journal.append(span(T + 60_000))


def test_the_end_of_an_erased_span_is_not_set(journal):
    number = journal.append(span())
    journal.delete(from_ms=T)
    assert journal.set_end(number, T + 90_000) is False
    assert rollups_agree(journal)


def test_spans_that_start_together_have_different_ids(journal):
    numbers = [journal.append(span(length=0)) for _ in range(5)]
    assert numbers == [first_id(T) + n for n in range(5)]


def test_more_spans_than_an_instant_can_hold_are_refused(journal):
    journal.insert(span(length=0) for _ in range(1024))
    with pytest.raises(ValueError, match="millisecond"):
        journal.append(span(length=0))


def test_several_operations_are_one_transaction(journal):
    first = journal.append(span())
    with pytest.raises(RuntimeError), journal.transaction():
        journal.set_end(first, T + 120_000)
        journal.append(span(T + 120_000, title="new"))
        raise RuntimeError
    assert raw(journal) == [(T, T + 60_000)]
    assert rollups_agree(journal)
    journal.append(span(T + 120_000, title="new", application="other"))
    assert rollups_agree(journal)


def test_a_failed_part_dooms_the_whole(journal):
    with pytest.raises(StorageError, match="not stored"), journal.transaction():
        journal.append(span())
        with pytest.raises(ValueError, match="split"):
            journal.split(1, T)
    assert raw(journal) == []
    assert journal.append(span())


def test_discarding_leaves_nothing(journal):
    number = journal.append(span())
    assert journal.discard(number)
    assert not journal.discard(number)
    assert stored(journal.store.connection) == ({}, {})


def test_a_bulk_insert_is_whole_or_not_at_all(journal):
    with pytest.raises(ValueError, match="24 h"):
        journal.insert([span(), span(length=-5)])
    assert raw(journal) == []
    made = journal.insert(Recorded(span(T + n * 60_000), assigned=n % 2 == 1, note="N") for n in range(5000))
    assert len(set(made)) == 5000
    assert rollups_agree(journal)


def test_reassigning_moves_time(journal):
    add_projects(journal, "a", "b")
    numbers = [journal.append(span(T + n * 60_000, project_id=1)) for n in range(3)]
    numbers.append(journal.append(idle(T + 180_000)))
    assert journal.reassign([*numbers, 12345], project_id=2, category_id=1) == 3
    assert raw(journal, "project_id, category_id, assigned") == [(2, 1, 0)] * 3 + [(None, None, 0)]
    assert rollups_agree(journal)
    assert journal.reassign(numbers, project_id=None) == 3
    assert raw(journal, "project_id, category_id")[0] == (None, 1)
    assert rollups_agree(journal)


def test_rules_do_not_change_what_a_person_chose(journal):
    add_projects(journal, "a", "b")
    number = journal.append(span(category_id=1))
    assert journal.reassign([number], category_id=2, by_hand=True) == 1
    assert journal.reassign([number], category_id=1) == 0
    assert raw(journal, "category_id, assigned") == [(2, 1)]
    assert journal.reassign([number], category_id=1, by_hand=True) == 1


def test_splitting_keeps_all_time(journal):
    number = journal.append(span(title="T"))
    second = journal.split(number, T + 20_000)
    assert raw(journal, "start_ms, end_ms, switched") == [(T, T + 20_000, 1), (T + 20_000, T + 60_000, 0)]
    assert raw(journal, "title_id")[0] == raw(journal, "title_id")[1]
    assert second == first_id(T + 20_000)
    assert rollups_agree(journal)


@pytest.mark.parametrize("at", [T, T + 60_000, T - 1])
def test_a_split_outside_is_refused(journal, at):
    number = journal.append(span())
    with pytest.raises(ValueError, match="inside"):
        journal.split(number, at)


def test_erasing_a_stretch_cuts_what_reaches_into_it(journal):
    journal.append(span(T, 30_000))
    journal.append(span(T + 30_000, 60_000))
    journal.append(span(T + 90_000, 30_000))
    assert journal.delete(from_ms=T + 40_000, to_ms=T + 100_000) == 2
    assert raw(journal) == [(T, T + 30_000), (T + 30_000, T + 40_000), (T + 100_000, T + 120_000)]
    assert rollups_agree(journal)


def test_erasing_the_middle_of_a_span_leaves_both_ends(journal):
    journal.append(span(T, 60_000))
    assert journal.delete(from_ms=T + 10_000, to_ms=T + 20_000) == 1
    assert raw(journal, "start_ms, end_ms, switched") == [(T, T + 10_000, 1), (T + 20_000, T + 60_000, 0)]
    assert rollups_agree(journal)


def test_erasing_finds_the_longest_span_that_reaches_in(journal):
    journal.append(span(T, LONGEST_MS))
    assert journal.delete(from_ms=T + LONGEST_MS - 1) == 1
    assert raw(journal) == [(T, T + LONGEST_MS - 1)]


def test_erasing_takes_the_texts_and_names_along(journal, home):
    journal.append(span(title="gone", application="gone too", branch="gone"))
    journal.append(span(T + 60_000, title="stays", application="stays"))
    assert journal.delete(application="gone too") == 1
    connection = journal.store.connection
    assert connection.execute("SELECT name FROM applications").fetchall() == [("stays",)]
    assert connection.execute("SELECT count(*) FROM texts").fetchone() == (1,)
    assert connection.execute("SELECT count(*) FROM branches").fetchone() == (0,)
    assert rollups_agree(journal)
    content = b"".join(file.read_bytes() for file in home.data.iterdir() if file.is_file())
    assert b"gone" not in content
    journal.append(span(T + 120_000, title="gone", application="gone too", branch="gone"))
    assert rollups_agree(journal)


def test_erasing_by_project(journal):
    add_projects(journal, "a", "b")
    journal.append(span(project_id=1))
    journal.append(span(T + 60_000, project_id=2))
    assert journal.delete(project_id=1) == 1
    assert raw(journal, "project_id") == [(2,)]
    assert rollups_agree(journal)


def test_flushing_brings_everything_into_the_file(journal, home):
    journal.append(span(application="in the log"))
    assert b"in the log" not in home.database.read_bytes()
    journal.flush()
    assert b"in the log" in home.database.read_bytes()


def test_erasing_nothing_in_particular_is_refused(journal):
    with pytest.raises(ValueError, match="what to erase"):
        journal.delete()


def test_merging_projects_and_categories(journal):
    add_projects(journal, "a", "b")
    for n in range(4):
        journal.append(span(T + n * HOUR, HOUR, project_id=1 + n % 2, category_id=1 + n // 2))
    assert journal.merge_projects(1, 2) == 2
    assert rollups_agree(journal)
    assert journal.merge_categories(2, None) == 2
    assert rollups_agree(journal)
    assert journal.merge_projects(2, 2) == 0


def test_two_writers_see_each_others_names(home, cipher):
    """A cached id must not outlive what another process deleted."""
    one, two = Journal.open(home.database, cipher), Journal.open(home.database, cipher)
    one.append(span(title="T", application="x"))
    two.delete(application="x")
    one.append(span(title="T", application="x", start=T + 60_000))
    assert one.store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    two.append(span(title="T", application="x", start=T + 120_000))
    assert one.store.connection.execute("SELECT count(*) FROM applications").fetchone() == (1,)
    assert one.store.connection.execute("SELECT count(*) FROM texts").fetchone() == (1,)
    one.close()
    two.close()


def test_the_cache_is_bounded(journal):
    for n in range(3000):
        journal.append(span(T + n * 1000, 1000, title=f"title {n}", application=f"app {n}"))
    interning = journal.store.interning
    assert len(interning._cache) <= 256
    assert len(interning._texts) <= 1000


@pytest.fixture
def pulse(home):
    made = Pulse(home.pulse)
    yield made
    made.close()


def test_the_pulse_gives_the_end_of_a_killed_span(journal, pulse):
    number = journal.append(span(length=1000))
    pulse.write(number, T + 2 * HOUR)
    assert journal.recover(pulse, now_ms=T + 3 * HOUR) == 2 * HOUR - 1000
    assert raw(journal) == [(T, T + 2 * HOUR)]
    assert rollups_agree(journal)
    assert journal.recover(pulse, now_ms=T + 3 * HOUR) == 0


@pytest.mark.parametrize(
    ("end", "now"),
    [
        (T + 500, T + HOUR),  # backwards
        (T + HOUR, T + HOUR - 5_001),  # in the future
        (T + LONGEST_MS + 1, T + 3 * LONGEST_MS),  # longer than a span can be
    ],
)
def test_a_pulse_that_cannot_be_true_is_left_alone(journal, pulse, end, now):
    number = journal.append(span(length=1000))
    pulse.write(number, end)
    assert journal.recover(pulse, now_ms=now) == 0
    assert raw(journal) == [(T, T + 1000)]


def test_a_pulse_of_a_span_that_is_not_there_is_left_alone(journal, pulse):
    journal.append(span(length=1000))
    pulse.write(99, T + 5000)
    assert journal.recover(pulse, now_ms=T + HOUR) == 0
    assert journal.recover(Pulse(journal_less := pulse._path.with_name("none")), now_ms=T) == 0
    assert not journal_less.exists()


def test_another_key_is_refused_before_anything_is_sealed(home, cipher):
    with Store.open(home.database, cipher):
        pass
    from app.errors import KeyUnavailable

    with pytest.raises(KeyUnavailable, match="does not belong"):
        Journal.open(home.database, Cipher(b"x" * 32))
    Journal.open(home.database, cipher).close()
    Journal.open(home.database, None).close()
