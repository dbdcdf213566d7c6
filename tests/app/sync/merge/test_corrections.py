from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.sync.bodies.values import SpanRow
from app.sync.merge.corrections import DONE, corrected, erased, field_name, piece_starts, said_in


def row(start: int, end: int, **what: object) -> SpanRow:
    return SpanRow(start, end, 0, False, True, False, "editor")._replace(**what)


def test_what_is_said_of_a_span_holds_for_it_alone():
    rows = [row(0, 10), row(10, 20)]
    found = corrected(rows, {field_name(10, "project"): "p", field_name(10, "note"): "mine"})
    assert found == [row(0, 10), row(10, 20, project="p", note="mine")]


def test_pieces_of_pieces():
    fields = {
        field_name(0, "pieces"): [[0, 4], [4, 10]],
        field_name(4, "pieces"): [[4, 6]],
        field_name(4, "note"): "cut",
    }
    assert corrected([row(0, 10)], fields) == [row(0, 4), row(4, 6, note="cut", switched=False)]
    assert sorted(piece_starts(fields)) == [0, 4, 4]


def test_a_span_that_grew_meanwhile_is_cut_where_it_was_said():
    assert corrected([row(0, 99)], {field_name(0, "pieces"): [[0, 5]]}) == [row(0, 5)]
    assert corrected([row(0, 99)], {field_name(0, "pieces"): []}) == []


def test_what_is_done_or_strange_says_nothing():
    fields = {
        field_name(0, "note"): DONE, "x/note": "a", field_name(0, "pieces"): [["a"]], "device": "b",
        "0/dream": 1,
    }  # fmt: skip
    assert corrected([row(0, 10)], fields) == [row(0, 10)]
    assert said_in({field_name(0, "note"): DONE, field_name(0, "project"): None}) == ["0/project"]


def test_idle_time_has_no_project():
    assert corrected([row(0, 10, idle=True)], {field_name(0, "project"): "p"}) == [row(0, 10, idle=True)]


stretches = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9)), max_size=5)


@given(stretches, st.integers(0, 20), st.integers(1, 10))
def test_erased_is_exactly_what_lies_within(found, low, length):
    rows = [row(start, start + more) for start, more in sorted(found)]
    left = erased(rows, low, low + length)

    def moments(spans):
        return sorted(ms for span in spans for ms in range(span.start_ms, span.end_ms))

    assert moments(left) == [ms for ms in moments(rows) if not low <= ms < low + length]
