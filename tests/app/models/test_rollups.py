from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.models.rollups import HOUR_MS, Key, Tally, hour_of, hours_between

OFFSETS = st.sampled_from([0, 3600, 7200, -36000, 50400, 19800, 20700, -12600, 31500, 3_661])
TIMES = st.integers(-(10**13), 10**13)
LENGTHS = st.integers(0, 30 * HOUR_MS)


@given(TIMES, LENGTHS, OFFSETS)
def test_the_hours_cover_the_stretch_exactly(start, length, offset):
    parts = list(hours_between(start, start + length, offset))
    assert sum(ms for _, ms in parts) == length
    assert [hour for hour, _ in parts] == sorted({hour for hour, _ in parts})
    assert all(0 < ms <= HOUR_MS for _, ms in parts)
    if parts:
        assert parts[0][0] == hour_of(start, offset)
        assert parts[-1][0] == hour_of(start + length - 1, offset)


def test_a_half_hour_zone_has_whole_local_hours():
    # 2024-01-01 00:00 in India is 18:30 UTC the day before.
    midnight = 1_704_047_400_000
    assert list(hours_between(midnight, midnight + HOUR_MS, 19_800)) == [(19_723 * 24, HOUR_MS)]


def test_midnight_splits_by_local_time():
    # 23:30 to 00:30 in New York (UTC−5).
    start = 1_704_083_400_000
    assert [hour for hour, _ in hours_between(start, start + HOUR_MS, -18_000)] == [
        19_722 * 24 + 23,
        19_723 * 24,
    ]


@given(TIMES, LENGTHS, LENGTHS, OFFSETS)
def test_extending_and_shrinking_cancel_out(start, first, second, offset):
    tally, key = Tally(), Key(1, 2, 3, 4)
    tally.time(key, start, start + first, offset)
    tally.time(key, start + first, start + first + second, offset)
    tally.time(key, start, start + first + second, offset, sign=-1)
    assert not any(any(cell) for cell in tally.daily.values())
    assert not any(any(cell) for cell in tally.hourly.values())


def test_idle_counts_under_nothing_but_its_machine():
    assert Key.of(3, 1, 2, 4, idle=True) == Key(3, 0, 0, 0, idle=True)
    assert Key.of(3, 1, None, 4, idle=False) == Key(3, 1, 0, 4)
