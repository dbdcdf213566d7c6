"""Lanes: nothing twice, nothing lost, small gaps closed."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.analytics.exchange.lanes import PULSE_MS, Cursor, lane
from app.analytics.exchange.observed import Events, Stretch

EVENTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.integers(0, 3)), max_size=25)


def laid(events, pulse=0):
    held = Events()
    for start, end, what in events:
        held.add(start, end, what)
    return list(lane(held.in_order(), pulse))


def test_what_begins_later_counts_and_the_earlier_goes_on_after_it():
    assert laid([(0, 100, 1), (10, 20, 2)]) == [(0, 10, 1), (10, 20, 2), (20, 100, 1)]


def test_duplicates_and_the_newest_first():
    assert laid([(10, 20, 2), (0, 10, 1), (0, 10, 1)]) == [(0, 10, 1), (10, 20, 2)]
    assert laid([(20, 30, 3), (10, 20, 2), (0, 10, 1)]) == [(0, 10, 1), (10, 20, 2), (20, 30, 3)]


def test_gaps_of_the_pulse_are_closed_and_no_longer_ones():
    near, far = PULSE_MS, PULSE_MS + 1
    assert laid([(0, 10, 1), (10 + near, 9000, 2)], PULSE_MS)[0] == (0, 10 + near, 1)
    assert laid([(0, 10, 1), (10 + far, 9000, 2)], PULSE_MS)[0] == (0, 10, 1)


def test_a_moment_lasts_until_the_next_one():
    assert laid([(0, 0, 1), (1000, 1000, 2), (2000, 2000, 2)], PULSE_MS) == [(0, 1000, 1), (1000, 2000, 2)]
    assert laid([(5, 5, 1)], PULSE_MS) == []


@given(EVENTS)
def test_the_lane_covers_what_the_events_cover(events):
    events = [(start, start + length, what) for start, length, what in events]
    made = laid(events)
    for before, after in pairwise(made):
        assert before.end <= after.start
        assert before.end < after.start or before.what != after.what
    for at in range(100):
        there = [e for e in events if e[0] <= at < e[1]]
        shown = [s for s in made if s.start <= at < s.end]
        assert bool(there) == bool(shown)
        if shown:
            latest = max(e[0] for e in there)
            assert shown[0].what in {e[2] for e in there if e[0] == latest}


@given(EVENTS, st.randoms())
def test_the_order_in_the_file_does_not_matter(events, random):
    events = [(start, start + length, start * 100 + length) for start, length, _ in events]
    mixed = list(events)
    random.shuffle(mixed)
    assert laid(events, 3) == laid(mixed, 3)


@given(EVENTS)
def test_laying_a_lane_again_changes_nothing(events):
    made = laid([(start, start + length, what) for start, length, what in events], 2)
    assert laid(made, 2) == made


def test_cursor():
    cursor = Cursor([Stretch(10, 20, 1), Stretch(20, 30, 2), Stretch(40, 50, 3)])
    assert cursor.at(0, 100) == (None, 10)
    assert cursor.at(10, 15) == (1, 15)
    assert cursor.at(15, 100) == (1, 20)
    assert cursor.at(30, 100) == (None, 40)
    assert cursor.at(45, 100) == (3, 50)
    assert cursor.at(50, 60) == (None, 60)
