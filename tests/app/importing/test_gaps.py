"""Around what is recorded: every ms either there or here, never both."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.analytics.exchange.observed import Stretch
from app.importing.gaps import DAY_MS, Taken, pieces, together
from app.importing.zones import Offsets, zone_offset

INTERVALS = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 30)), max_size=12)


@given(INTERVALS, st.integers(0, 60), st.integers(1, 40))
def test_only_what_is_free(given_, start, length):
    intervals = sorted((s, s + n) for s, n in given_)
    parts = list(Taken(intervals).around(Stretch(start, start + length, 7)))
    taken = {ms for s, e in intervals for ms in range(s, e)}
    free = {ms for ms in range(start, start + length) if ms not in taken}
    assert {ms for p in parts for ms in range(p.start, p.end)} == free
    assert sum(p.end - p.start for p in parts) == len(free)
    assert all(p.what == 7 and p.start < p.end for p in parts)


def test_a_change_of_clocks_begins_another_piece():
    # Berlin leaves winter time on 2026-03-29 at 01:00 UTC.
    change = 1_774_746_000_000
    offset_s = Offsets(zone_offset("Europe/Berlin"))
    assert list(pieces(Stretch(change - 5000, change + 7000, 1), offset_s)) == [
        (Stretch(change - 5000, change, 1), 3600),
        (Stretch(change, change + 7000, 1), 7200),
    ]


def test_no_piece_lasts_over_a_day():
    made = list(pieces(Stretch(0, 2 * DAY_MS + 5, 1), lambda _: 0))
    assert [(s.start, s.end) for s, _ in made] == [
        (0, DAY_MS), (DAY_MS, 2 * DAY_MS), (2 * DAY_MS, 2 * DAY_MS + 5)
    ]  # fmt: skip


def test_neighbours_of_one_kind_become_one():
    given_ = [Stretch(0, 5, 1), Stretch(5, 9, 1), Stretch(10, 12, 1), Stretch(12, 13, 2)]
    assert list(together(given_)) == [(0, 9, 1), (10, 12, 1), (12, 13, 2)]
    assert list(together([])) == []
