"""Streaks on calendars reckoned by hand."""

from __future__ import annotations

import pytest

from app.analytics.streaks import Streaks, streaks


@pytest.mark.parametrize(
    ("good", "worked", "found"),
    [
        ((), (), Streaks(0, 0, None)),
        ((8, 9, 10), (8, 9, 10), Streaks(3, 3, 10)),
        # Today (10) is not over: it breaks nothing.
        ((8, 9), (8, 9, 10), Streaks(2, 2, 9)),
        ((8, 9), (8, 9), Streaks(2, 2, 9)),
        # A working day without focus breaks, a day off does not.
        ((6, 7, 9), (6, 7, 8, 9), Streaks(1, 2, 7)),
        ((4, 5, 8, 9), (4, 5, 8, 9), Streaks(4, 4, 9)),
        ((1, 2, 3), (1, 2, 3, 5), Streaks(0, 3, 3)),
        # Of equally long ones the first; days to come do not count.
        ((1, 2, 5, 6, 11), (1, 2, 3, 5, 6), Streaks(2, 2, 2)),
    ],
)
def test_streaks(good, worked, found):
    assert streaks(good, worked, 10) == found
