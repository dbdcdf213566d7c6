"""Focus blocks, fragmentation and the score on days reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from app.analytics.attention import SHORTEST_FOCUS_MS, attention, focus_blocks, focus_score, whole_points
from app.analytics.series import BLOCK, structured
from tests.app.analytics.spans import MINUTE, one_after_the_other, row_of


def blocks(*minutes):
    return [
        (block.project_id, block.focused_ms / MINUTE, block.interruptions)
        for block in attention(row_of(minutes)).blocks
    ]


def test_25_minutes_in_one_project_are_a_focus_block():
    assert blocks((0, 25, 1)) == [(1, 25, 0)]
    assert blocks((0, 24.99, 1)) == []
    assert blocks((0, 10, 1), (10, 25, 1)) == [(1, 25, 0)]


def test_an_interruption_under_two_minutes_does_not_end_it_and_is_not_counted_in():
    assert blocks((0, 15, 1), (15, 16.9, 2), (16.9, 27, 1)) == [(1, pytest.approx(25.1), 1)]
    assert blocks((0, 15, 1), (15, 17, 2), (17, 27, 1)) == []
    assert blocks((0, 15, 1), (15, 16.9, "idle"), (16.9, 27, 1)) == [(1, pytest.approx(25.1), 0)]
    assert blocks((0, 15, 1), (16.9, 27, 1)) == [(1, pytest.approx(25.1), 0)]


def test_the_time_of_interruptions_is_not_made_up_for():
    # 27 minutes long, but only 24 of them in the project.
    assert blocks((0, 12, 1), (12, 13.5, 2), (13.5, 25.5, 1), (25.5, 27, 2)) == []


def test_without_a_project_there_is_no_focus_block():
    assert blocks((0, 120, 0)) == []


def test_blocks_follow_each_other_and_never_overlap():
    assert blocks((0, 30, 1), (30, 60, 2), (60, 61, 1), (61, 62, 2)) == [(1, 30, 0), (2, 31, 1)]
    # What interrupted a block cannot begin one of its own inside it.
    day = [(n, n + 1, 1 + n % 2) for n in range(60)]
    assert blocks(*day) == [(1, 30, 29)]


def test_fragmentation_is_the_time_in_stretches_under_five_minutes():
    day = row_of([(0, 4, 1), (4, 8, 2), (8, 20, 1), (20, 24, 0, 5), (24, 28, 0, 5), (30, 32, 0, 5)])
    found = attention(day)
    # Stretches: 4, 4, 12, 8 (one application without a project), and after a break of two minutes 2.
    assert found.short_ms == 10 * MINUTE
    assert found.fragmentation == pytest.approx(10 / 30)


def test_the_score_is_the_sum_of_its_parts():
    hour = 60 * MINUTE
    # Half of it deep, 6 switches an hour, nothing in short stretches: all points.
    assert focus_score(2 * hour, hour, 0, 12).value == 100
    # A quarter deep (25), 18 an hour (half of 25), a fifth in short stretches (20).
    score = focus_score(4 * hour, hour, 48 * MINUTE, 72)
    assert [(p.name, p.points) for p in score.parts] == [
        ("deep", 25.0), ("calm", pytest.approx(12.5)), ("whole", pytest.approx(20.0))
    ]  # fmt: skip
    assert score.value == 58
    assert focus_score(hour, 0, hour, 500).value == 0
    assert focus_score(hour - 1, 0, 0, 0) is None


def test_nothing_has_no_shares():
    none = np.empty(0, np.int64)
    assert list(focus_blocks(none, none, none)) == []
    nothing = attention(row_of([]))
    assert (nothing.deep_share, nothing.fragmentation, nothing.switches_an_hour, nothing.score) == (None,) * 4


@given(spans=one_after_the_other())
def test_the_parts_of_a_day_fit_into_it(spans):
    rows = structured(
        (
            (n + 1, s.start_ms, s.end_ms, 0, int(s.activity is None), s.switched, False, 1, 1,
             s.activity.project_id or 0 if s.activity else 0, 0, 0, 0, 0, 0, 0, 0)
            for n, s in enumerate(spans)
        ),
        BLOCK, len(spans),
    )  # fmt: skip
    found = attention(rows)
    assert found.active_ms == sum(s.duration_ms for s in spans if s.activity)
    assert 0 <= found.focused_ms <= found.active_ms
    assert 0 <= found.short_ms <= found.active_ms
    for before, after in zip(found.blocks, found.blocks[1:], strict=False):
        assert before.end_ms <= after.start_ms
    for block in found.blocks:
        assert SHORTEST_FOCUS_MS <= block.focused_ms <= block.end_ms - block.start_ms
        assert block.project_id


def test_a_half_point_is_one_however_it_was_summed_up():
    points = np.array([48.5, 49.5, 49.5 - 1e-12, 49.49, 0.0, 100.0])
    assert whole_points(points).tolist() == [49, 50, 50, 49, 0, 100]
