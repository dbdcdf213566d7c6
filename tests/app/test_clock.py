from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import Instant, SystemClock, elapsed, next_midnight_ms

INSTANT = st.builds(Instant, st.integers(0, 2**42), st.integers(0, 2**40), st.integers(0, 2**40))


@given(INSTANT, INSTANT)
def test_no_time_is_negative(earlier: Instant, later: Instant) -> None:
    passed = elapsed(earlier, later)
    assert passed.awake_ms >= 0
    assert passed.asleep_ms >= 0


def test_awake_asleep_and_stepped_are_told_apart() -> None:
    passed = elapsed(Instant(1_000, 0, 0), Instant(100_000, 5_000, 65_000))
    assert (passed.awake_ms, passed.asleep_ms, passed.stepped_ms) == (5_000, 60_000, 34_000)
    assert passed.stepped


def test_slewing_is_no_step() -> None:
    assert not elapsed(Instant(0, 0, 0), Instant(60_900, 60_000, 60_000)).stepped


def test_the_system_s_clocks_go_forward() -> None:
    clock = SystemClock()
    before = clock.now()
    time.sleep(0.02)
    passed = elapsed(before, clock.now())
    assert passed.awake_ms >= 15
    assert not passed.stepped


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch):
    def set_zone(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


def test_a_changed_zone_is_noticed(zone) -> None:
    clock = SystemClock()
    zone("UTC")
    assert clock.utc_offset_s(1_700_000_000_000) == 0
    zone("IST-5:30")
    assert clock.utc_offset_s(1_700_000_000_000) == 19_800


def test_midnight_on_days_of_23_and_25_hours(zone) -> None:
    zone("CET-1CEST,M3.5.0,M10.5.0/3")
    spring = 1_774_738_800_000  # 2026-03-29 00:00 CET
    autumn = 1_792_879_200_000  # 2026-10-25 00:00 CEST
    assert next_midnight_ms(spring) - spring == 23 * 3_600_000
    assert next_midnight_ms(autumn) - autumn == 25 * 3_600_000


def test_a_system_without_tzset_keeps_the_zone_it_started_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(time, "tzset")
    monkeypatch.delattr(time, "CLOCK_BOOTTIME")
    clock = SystemClock()
    assert clock.utc_offset_s(0) == time.localtime(0).tm_gmtoff
    now = clock.now()
    assert now.boot_ms == now.awake_ms
