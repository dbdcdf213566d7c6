from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.sync.bodies.values import Hlc
from app.sync.merge.hlc import SKEW_MS, ahead_ms, later

moments = st.builds(
    Hlc, st.integers(0, 2**48 - 2), st.integers(0, 2**16 - 1), st.binary(min_size=16, max_size=16)
)


@given(moments, st.integers(-(10**6), 2**50), st.binary(min_size=16, max_size=16))
def test_a_change_is_later_than_what_it_follows_whatever_the_clock_says(than, at, device):
    made = later(than, at, device)
    assert made > than
    assert 0 <= made.ms < 1 << 48
    assert 0 <= made.counter < 1 << 16


@given(st.integers(0, 2**48 - 1), st.binary(min_size=16, max_size=16))
def test_the_first_change_has_the_clocks_time(at, device):
    assert later(None, at, device) == Hlc(at, 0, device)


def test_only_a_clock_days_ahead_is_told():
    assert ahead_ms(Hlc(5 + SKEW_MS, 0, b""), 5) == 0
    assert ahead_ms(Hlc(6 + SKEW_MS, 0, b""), 5) == SKEW_MS + 1
    assert ahead_ms(Hlc(0, 0, b""), 5) == 0
