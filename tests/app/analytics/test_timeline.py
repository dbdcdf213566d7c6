"""Blocks as a sequence, and what lies where."""

from __future__ import annotations

import numpy as np
import pytest

from app.analytics.series import NOTHING
from app.analytics.timeline import Blocks, borders, cut, without_gaps
from tests.app.analytics.spans import DAY, HOUR, MIDNIGHT, MINUTE, row_of

END = MIDNIGHT + 24 * HOUR


def blocks(*minutes):
    return without_gaps(row_of(minutes), MIDNIGHT, END)


def test_blocks_are_a_sequence_of_values():
    found = blocks((60, 120, 1), (120, 130, "idle"))
    assert [b.kind for b in found] == [NOTHING, 0, 1, NOTHING]
    assert isinstance(found[1:3], Blocks)
    assert (len(found), len(found[1:3])) == (4, 2)
    assert [b.duration_ms for b in found[1:3]] == [HOUR, 10 * MINUTE]
    assert (found[-1].span_id, found[1].active, found[2].idle, found[1].has_note) == (0, True, True, False)
    assert (found.active_ms, found.idle_ms) == (HOUR, 10 * MINUTE)


def test_the_block_at_a_moment_is_the_last_that_began():
    # Two machines: a long span under a short one.
    found = blocks((60, 120, 1), (70, 80, 2))
    assert found[found.at(MIDNIGHT + 75 * MINUTE)].project_id == 2
    assert found[found.at(MIDNIGHT + 100 * MINUTE)].project_id == 1
    assert found[found.at(MIDNIGHT + 130 * MINUTE)].kind == NOTHING
    assert found.at(MIDNIGHT - 1) is None
    assert found.at(END) is None


def test_a_gap_keeps_the_offset_of_what_came_before():
    rows = row_of([(60, 120, 1)])
    rows["offset"] = 3600
    assert without_gaps(rows, MIDNIGHT, END).array["offset"].tolist() == [3600, 3600, 3600]


def test_a_day_of_travel_is_as_long_as_it_was():
    rows = row_of([(60, 120, 1), (600, 660, 1)])
    rows["offset"] = (9 * 3600, -8 * 3600)
    low, high = borders(rows, DAY, (0, 0))
    assert (high - low) == 41 * HOUR
    assert borders(rows[:0], DAY, (3600, 7200)) == (MIDNIGHT - HOUR, END - 2 * HOUR)


@pytest.mark.parametrize(("start", "end", "left"), [(0, 200, 2), (70, 80, 1), (120, 130, 0), (119, 131, 2)])
def test_cutting_takes_what_lies_inside(start, end, left):
    rows = cut(row_of([(60, 120, 1), (130, 140, 1)]), MIDNIGHT + start * MINUTE, MIDNIGHT + end * MINUTE)
    assert len(rows) == left
    assert (rows["end"] > rows["start"]).all()
    assert np.all(rows["start"] >= MIDNIGHT + start * MINUTE)
