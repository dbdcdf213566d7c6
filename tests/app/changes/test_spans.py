from __future__ import annotations

import pytest

from app.errors import ChangedSince, KeyUnavailable, UsageError
from app.models.by_hand import Missed, TimeTaken
from app.models.overlaps import Stretch
from app.models.store import Store
from app.models.values import Recorded
from tests.app.changes.conftest import MINUTE, T, content, put, span
from tests.app.models.rolled import expected, stored


def rows(db):
    """(start and end in minutes after T, application, project, note id) of each span."""
    return [
        ((start - T) / MINUTE, (end - T) / MINUTE, name, project)
        for start, end, name, project in db.execute(
            "SELECT start_ms, end_ms, a.name, project_id FROM activity_logs s "
            "LEFT JOIN applications a ON a.id = application_id ORDER BY s.id"
        )
    ]


@pytest.fixture(autouse=True)
def _sums(db):
    yield
    assert stored(db) == expected(db)


def test_three_activities_go_to_a_project_and_back(editing, db, told):
    ids = put(editing, (0, 5), (5, 5), (10, 5), (15, 5, "x", True))
    undo = editing.spans.reassign(ids, project_id=1)
    assert undo.sentence == "3 activities moved to project api"
    assert undo.touched == {"activity_logs": 3}
    assert [row[3] for row in rows(db)] == [1, 1, 1, None]
    assert told == ["flush", "flush"]
    before = content(db)
    back = editing.undo()
    assert back.undone
    assert [row[3] for row in rows(db)] == [None] * 4
    assert not editing.redo().undone
    assert content(db) == before


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({"project_id": None}, "1 activity taken out of their project"),
        ({"category_id": 2}, "1 activity moved to category kind 2"),
        ({"category_id": None}, "1 activity taken out of their category"),
        ({"project_id": 1, "category_id": 2}, "1 activity moved to project api and category kind 2"),
    ],
)
def test_what_was_moved_is_told(editing, named, sentence):
    ids = put(editing, span(0, 5, project_id=2, category_id=1))
    assert editing.spans.reassign(ids, **named).sentence == sentence


def test_nothing_chosen_and_what_is_not_there_is_refused(editing):
    for change in (editing.spans.reassign, editing.spans.merge, editing.spans.delete):
        with pytest.raises(UsageError):
            change([])
    with pytest.raises(UsageError):
        editing.spans.reassign([1], project_id=99)
    with pytest.raises(UsageError):
        editing.spans.split(1, 5)
    with pytest.raises(UsageError):
        editing.spans.set_bounds(1, T, T + MINUTE)


def test_split_and_merge(editing, db):
    (one,) = put(editing, span(0, 10, project_id=1, title="a", switched=True))
    with pytest.raises(UsageError):
        editing.spans.split(one, T)
    undo = editing.spans.split(one, T + 4 * MINUTE)
    assert rows(db) == [(0, 4, "editor", 1), (4, 10, "editor", 1)]
    assert len(undo.made) == 1
    editing.spans.merge([one, *undo.made])
    assert rows(db) == [(0, 10, "editor", 1)]


def test_merged_spans_are_as_the_longest_and_keep_their_notes(editing, db):
    store = editing._store
    ids = put(
        editing,
        Recorded(span(0, 2, "short", project_id=1), note="one"),
        Recorded(span(2, 8, "long", project_id=2), note="two"),
        (10.5, 1, "end"),
    )
    before = content(db)
    editing.spans.merge(ids)
    assert rows(db) == [(0, 11.5, "long", 2)]
    assert store.text(db.execute("SELECT note_id FROM activity_logs").fetchone()[0]) == "one\ntwo"
    editing.undo()
    assert content(db) == before


@pytest.mark.parametrize(
    "spans",
    [
        [(0, 5)],
        [(0, 5), (7, 5)],
        [(0, 5), (5, 5, "x", True)],
        [(0, 800), (800, 700)],
    ],
)
def test_what_cannot_be_made_one(editing, spans):
    ids = put(editing, *spans)
    with pytest.raises(UsageError):
        editing.spans.merge(ids)


def test_what_lies_between_is_not_swallowed(editing):
    first, _, last = put(editing, (0, 5), (5, 0.5), (5.5, 5))
    with pytest.raises(UsageError, match="lies between"):
        editing.spans.merge([first, last])


def test_notes(editing, db):
    ids = put(editing, (0, 5), (5, 5))
    assert editing.spans.annotate(ids, " a thought ").sentence == "Note added to 2 activities"
    note_id = db.execute("SELECT note_id FROM activity_logs").fetchone()[0]
    assert editing._store.text(note_id) == "a thought"
    assert editing.spans.annotate(ids[:1], None).sentence == "Note taken from 1 activity"
    editing.undo()
    editing.undo()
    assert db.execute("SELECT count(note_id) FROM activity_logs").fetchone() == (0,)


def test_notes_need_the_key(editing, paths):
    ids = put(editing, (0, 5))
    editing._store.cipher = None
    with pytest.raises(KeyUnavailable):
        editing.spans.annotate(ids, "words")
    with pytest.raises(KeyUnavailable):
        editing.spans.add(Missed(T + 9 * MINUTE, T + 10 * MINUTE, 0, note="words"))
    editing.spans.annotate(ids, None)


def missed(start, minutes, **named):
    return Missed(T + round(start * MINUTE), T + round((start + minutes) * MINUTE), 3600, **named)


def test_missed_time_is_added_by_hand(editing, db):
    put(editing, (0, 5))
    undo = editing.spans.add(missed(5, 30, project_id=1, category_id=2, note="on the phone"))
    assert undo.sentence == "Missed time added"
    assert rows(db)[1] == (5, 35, "manual", 1)
    assert db.execute("SELECT assigned, switched FROM activity_logs WHERE id = ?", undo.made).fetchone() == (
        1,
        0,
    )
    editing.undo()
    assert len(rows(db)) == 1


def test_missed_time_over_activity_is_refused_or_fills_the_gaps(editing, db):
    put(editing, (0, 5), (10, 5), (15.01, 5))
    before = content(db)
    with pytest.raises(TimeTaken) as refused:
        editing.spans.add(missed(3, 20))
    assert refused.value.stretches[0] == Stretch(T, T + 5 * MINUTE)
    assert content(db) == before
    undo = editing.spans.add(missed(3, 20), fill_gaps=True)
    assert undo.sentence == "Missed time added in 2 pieces"
    assert [row[:2] for row in rows(db) if row[2] == "manual"] == [(5, 10), (20.01, 23)]
    with pytest.raises(TimeTaken):
        editing.spans.add(missed(3, 20), fill_gaps=True)


def test_idle_time_gives_way_to_missed_time(editing, db):
    put(editing, (0, 60, "", True))
    before = content(db)
    editing.spans.add(missed(10, 20))
    assert [(a, b) for a, b, *_ in rows(db)] == [(0, 10), (10, 30), (30, 60)]
    editing.undo()
    assert content(db) == before


@pytest.mark.parametrize("minutes", [0, -5, 24 * 60 + 1])
def test_missed_time_has_a_length(editing, minutes):
    with pytest.raises(UsageError):
        editing.spans.add(missed(0, minutes))


def test_missed_time_is_not_to_come(editing):
    with pytest.raises(UsageError, match="not come yet"):
        editing.spans.add(missed(9_990, 20))


def test_missed_time_of_an_unknown_project_is_refused(editing):
    for named in ({"project_id": 9}, {"category_id": 9}):
        with pytest.raises(UsageError, match="There is no such"):
            editing.spans.add(missed(0, 5, **named))


def test_other_bounds(editing, db):
    one, two, three = put(editing, (0, 5), (10, 5), (20, 5, "", True))
    editing.spans.set_bounds(one, T, T + 7 * MINUTE)
    undo = editing.spans.set_bounds(two, T + 8 * MINUTE, T + 22 * MINUTE)
    assert [row[:2] for row in rows(db)] == [(0, 7), (8, 22), (22, 25)]
    before = content(db)
    with pytest.raises(TimeTaken):
        editing.spans.set_bounds(undo.made[0], T + 6 * MINUTE, T + 9 * MINUTE)
    assert content(db) == before
    with pytest.raises(UsageError):
        editing.spans.set_bounds(one, T + 5, T)
    assert editing.spans.set_bounds(one, T, T + 7 * MINUTE).touched == {}
    editing.spans.set_bounds(one, T + 100 * MINUTE, T + 101 * MINUTE)
    assert rows(db)[-1][:2] == (100, 101)
    for _ in range(4):
        editing.undo()
    assert [row[:2] for row in rows(db)] == [(0, 5), (10, 15), (20, 25)]
    assert three in [row[0] for row in db.execute("SELECT id FROM activity_logs")]


def test_deleted_spans_do_not_come_back_into_time_that_was_taken_since(editing, db):
    ids = put(editing, (0, 5), (5, 5))
    gone = editing.spans.delete(ids)
    assert gone.sentence == "2 activities deleted"
    taken = editing.spans.add(missed(2, 1))
    with pytest.raises(ChangedSince, match="takes that time"):
        editing.undo(gone)
    editing.undo(taken)
    with pytest.raises(ChangedSince):
        editing.undo(taken)
    # A refused undo is not offered again by itself, but can be asked for.
    editing.undo(gone)
    assert len(rows(db)) == 2


def test_two_that_shared_their_time_before_may_again(editing, db):
    ids = put(editing, (0, 5), (2, 5))
    editing.spans.delete(ids[:1])
    editing.undo()
    assert len(rows(db)) == 2


def test_the_open_span_is_corrected_while_it_grows(editing, agent, db):
    """As the agent does it: it only extends what ends where it left it."""
    span_id = agent.append(span(0, 5, project_id=2))
    undo = editing.spans.reassign([span_id], project_id=1)
    assert agent.set_end(span_id, T + 6 * MINUTE, T + 5 * MINUTE)
    assert rows(db) == [(0, 6, "editor", 1)]
    editing.undo(undo)
    assert rows(db) == [(0, 6, "editor", 2)]
    cut = editing.spans.split(span_id, T + 3 * MINUTE)
    assert not agent.set_end(span_id, T + 8 * MINUTE, T + 6 * MINUTE)
    assert rows(db) == [(0, 3, "editor", 2), (3, 6, "editor", 2)]
    editing.undo(cut)
    assert rows(db) == [(0, 6, "editor", 2)]


def test_what_the_agent_changed_since_is_not_forced(editing, agent, db):
    span_id = agent.append(span(0, 5))
    cut = editing.spans.set_bounds(span_id, T, T + 3 * MINUTE)
    agent.set_end(span_id, T + 4 * MINUTE)
    before = content(db)
    with pytest.raises(ChangedSince, match="changed again"):
        editing.undo(cut)
    assert content(db) == before


def test_nothing_comes_back_after_an_erasure(editing, db, paths):
    ids = put(editing, span(0, 5, title="secret"), span(10, 5, title="other"))
    gone = editing.spans.delete(ids[:1])
    with Store.open(paths.database, editing._store.cipher) as other:
        from app.models.journal import Journal

        Journal(other).delete(from_ms=T + 9 * MINUTE, to_ms=T + 20 * MINUTE)
    with pytest.raises(ChangedSince, match="erased for good"):
        editing.undo(gone)
    assert rows(db) == []
