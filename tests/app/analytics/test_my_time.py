"""My time against somebody who looks at every ms."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analytics.my_time import my_time
from app.analytics.series import ACTIVE, BLOCK, IDLE


def spans_of(rows):
    found = np.zeros(len(rows), BLOCK)
    for n, (start, length, device, kind, switched) in enumerate(sorted(rows)):
        found[n]["id"], found[n]["start"], found[n]["end"] = n + 1, start, start + length
        found[n]["device"], found[n]["kind"], found[n]["switched"] = device, kind, switched
    return found


rows = st.lists(
    st.tuples(
        st.integers(0, 14),
        st.integers(0, 6),
        st.sampled_from([1, 2, 7]),
        st.sampled_from([ACTIVE, ACTIVE, IDLE]),
        st.booleans(),
    ),
    max_size=9,
)


def counted(spans):
    """For each ms the ids that count there."""
    return {(int(span["id"]), ms) for span in spans for ms in range(int(span["start"]), int(span["end"]))}


def by_hand(spans):
    found = set()
    for ms in range(25):
        there = [span for span in spans if span["start"] <= ms < span["end"]]
        several = len({int(span["device"]) for span in spans}) > 1
        active = [span for span in there if span["kind"] == ACTIVE]
        if not several:
            found |= {(int(span["id"]), ms) for span in there}
            continue
        for kind in (ACTIVE, IDLE):
            of = [span for span in there if span["kind"] == kind]
            if not of:
                continue
            winner = min(of, key=lambda span: (-int(span["start"]), int(span["device"])))["device"]
            for span in of:
                if span["device"] != winner:
                    continue
                if kind == IDLE and any(other["device"] != winner for other in active):
                    continue
                found.add((int(span["id"]), ms))
    return found


@settings(max_examples=400, deadline=None)
@given(rows)
def test_each_moment_counts_for_the_machine_that_was_turned_to_last(found):
    spans = spans_of(found)
    mine = my_time(spans)
    assert counted(mine) == by_hand(spans)
    assert (np.diff(mine["start"]) >= 0).all()


@settings(max_examples=200, deadline=None)
@given(rows)
def test_no_switch_is_lost_or_told_twice(found):
    spans = spans_of(found)
    mine = my_time(spans)
    told = sorted((int(s["id"]), int(s["start"])) for s in mine if s["switched"])
    assert told == sorted((int(s["id"]), int(s["start"])) for s in spans if s["switched"])


@settings(max_examples=200, deadline=None)
@given(rows)
def test_no_moment_counts_for_two_machines(found):
    mine = my_time(spans_of(found))
    for ms in range(25):
        there = [span for span in mine if span["start"] <= ms < span["end"]]
        assert len({int(span["device"]) for span in there}) <= 1


def test_one_machine_alone_is_left_as_it_is():
    spans = spans_of([(0, 5, 1, ACTIVE, True), (2, 5, 1, ACTIVE, False)])
    assert my_time(spans) is spans
