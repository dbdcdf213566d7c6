from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.tracking.platform.idleness import LATEST_S, SOONEST_S, Change, Idleness

NOTHING = Change(input=False, idle=False)


def test_idle_begins_once_and_ends_once():
    idleness = Idleness(1000)
    assert idleness.see(999, 10.0) == NOTHING
    assert idleness.see(1000, 10.001) == Change(input=False, idle=True)
    assert idleness.see(5000, 14.001) == NOTHING
    assert idleness.see(0, 15.0) == Change(input=True, idle=False)
    assert idleness.see(10, 15.01) == NOTHING


def test_input_that_came_and_went_between_two_looks():
    idleness = Idleness(1000)
    idleness.see(3000, 10.0)
    assert idleness.see(3500, 20.0) == Change(input=True, idle=True)


def test_a_changed_limit_makes_and_ends_idle():
    idleness = Idleness(10_000)
    assert idleness.see(5000, 10.0) == NOTHING
    idleness.limit_ms = 1000
    assert idleness.see(5000, 10.0) == Change(input=False, idle=True)
    idleness.limit_ms = 10_000
    assert idleness.see(5000, 10.0) == Change(input=True, idle=False)


def test_a_meter_that_announces_nothing_is_asked_no_sooner_than_needed():
    idleness = Idleness(180_000)
    idleness.see(1000, 10.0)
    assert 179 <= idleness.look_again_s(1000) <= 180
    idleness.see(180_000, 189.0)
    assert idleness.look_again_s(180_000) == SOONEST_S
    assert idleness.look_again_s(360_000) == LATEST_S


@given(st.integers(1, 5000), st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=60))
def test_idle_and_input_take_turns(limit_ms, steps):
    """Whatever happens between looks: an input is told only after idle, and idle only after input."""
    idleness, now, last_input, told = Idleness(limit_ms), 1000.0, 1000.0, []
    for step, touched in steps:
        now += step
        if touched:
            last_input = now
        change = idleness.see(round((now - last_input) * 1000), now)
        told += [name for name in ("input", "idle") if getattr(change, name)]
    assert told == ["idle", "input"] * (len(told) // 2) + ["idle"] * (len(told) % 2)
