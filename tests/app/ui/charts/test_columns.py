from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ui.charts.columns import Blocks, drawn
from tests.app.ui.charts.conftest import DAY, blocks_of

DAY_END = DAY + 86_400_000


def test_a_block_of_a_second_is_seen_in_a_day() -> None:
    found = drawn(blocks_of((10, 10 + 1 / 3600, 0)), DAY, DAY_END, 1_000, 1)
    assert found.left.tolist() == [416]
    assert found.right.tolist() == [417]


def test_a_block_without_length_is_seen() -> None:
    found = drawn(blocks_of((10, 10, 0)), DAY, DAY_END, 1_000, 1)
    assert found.right.tolist() == [417]


def test_a_column_shows_what_had_most_of_its_time() -> None:
    # One column is 86.4 s wide: 30 s of the first, then 50 s of the second.
    second = 1 / 3600
    found = drawn(blocks_of((0, 30 * second, 0), (30 * second, 80 * second, 1)), DAY, DAY_END, 1_000, 2)
    assert found.kind.tolist() == [1]
    assert (found.left[0], found.right[0]) == (0, 1)


def test_what_is_short_lies_over_what_is_long() -> None:
    second = 1 / 3600
    found = drawn(blocks_of((0, 1, 0), (1, 1 + second, 1), (1 + second, 2, 0)), DAY, DAY_END, 1_000, 2)
    assert found.kind.tolist()[-1] == 1
    assert not found.wide[-1]


def test_only_what_touches_the_range_is_drawn() -> None:
    spans = blocks_of((0, 1, 0), (2, 3, 1), (4, 5, 2))
    found = drawn(spans, DAY + 1.5 * 3_600_000, DAY + 4 * 3_600_000, 500, 3)
    assert found.kind.tolist() == [1]


def test_fifty_thousand_blocks_make_no_more_rectangles_than_columns() -> None:
    edges = np.linspace(DAY, DAY_END, 50_001).astype(np.int64)
    many = Blocks(edges[:-1], edges[1:], np.arange(50_000) % 7, np.arange(50_000))
    found = drawn(many, DAY, DAY_END, 1_200, 7)
    assert len(found.left) <= 1_200
    covered = np.zeros(1_200, np.bool_)
    for left, right in zip(found.left, found.right, strict=True):
        covered[left:right] = True
    assert covered.all()


def test_overlapping_blocks_of_several_machines_are_found() -> None:
    spans = blocks_of((1, 10, 0), (2, 3, 1), (4, 5, 1))
    assert spans.at(DAY + 8 * 3_600_000) == 0
    assert spans.at(DAY + 2.5 * 3_600_000) == 1
    assert spans.at(DAY + 11 * 3_600_000) is None
    assert spans.within(DAY + 6 * 3_600_000, DAY + 7 * 3_600_000) == slice(0, 3)


spans_lists = st.lists(st.tuples(st.integers(0, 500_000), st.integers(0, 4)), min_size=1, max_size=60)


@settings(max_examples=200, deadline=None)
@given(spans_lists, st.integers(1, 900))
def test_every_block_has_its_pixel(lengths: list[tuple[int, int]], columns: int) -> None:
    ends = np.cumsum([length for length, _ in lengths])
    starts = ends - np.array([length for length, _ in lengths])
    kinds = np.array([kind for _, kind in lengths], np.int64)
    blocks = Blocks(starts, ends, kinds, np.arange(len(lengths)))
    top = max(1, int(ends[-1]))
    found = drawn(blocks, 0, top, columns, 5)
    covered = np.zeros(columns, np.bool_)
    for left, right in zip(found.left, found.right, strict=True):
        assert 0 <= left < right <= columns
        covered[left:right] = True
    # Whatever lies in the range makes its column filled.
    middles = (starts + ends) / 2
    inside = (starts < top) & (ends > 0)
    assert covered[np.clip((middles[inside] / top * columns).astype(int), 0, columns - 1)].all()
