from hypothesis import given
from hypothesis import strategies as st

from app.tracking.break_watch import BREAK_MS, BreakWatch
from tests.fakes.clock import ManualClock

MINUTE = 60.0


def test_a_break_is_due_once_after_the_set_time() -> None:
    clock, watch = ManualClock(), BreakWatch()
    watch.saw(clock.now(), present=True)
    assert watch.due(clock.advance(89 * MINUTE), 90) is None
    assert watch.due(clock.advance(2 * MINUTE), 90) == 91
    assert watch.due(clock.advance(60 * MINUTE), 90) is None


def test_zero_is_never() -> None:
    clock, watch = ManualClock(), BreakWatch()
    watch.saw(clock.now(), present=True)
    assert watch.due(clock.advance(600 * MINUTE), 0) is None


def test_a_short_absence_is_no_break_and_a_long_one_is() -> None:
    clock, watch = ManualClock(), BreakWatch()
    watch.saw(clock.now(), present=True)
    watch.saw(clock.advance(50 * MINUTE), present=False)
    watch.saw(clock.advance(4 * MINUTE), present=True)
    assert watch.due(clock.advance(7 * MINUTE), 60) == 61
    watch.saw(clock.now(), present=False)
    watch.saw(clock.sleep(6 * MINUTE), present=True)
    assert watch.due(clock.advance(59 * MINUTE), 60) is None
    assert watch.due(clock.advance(1 * MINUTE), 60) == 60


def test_nothing_is_due_while_nobody_is_there() -> None:
    clock, watch = ManualClock(), BreakWatch()
    assert watch.due(clock.now(), 1) is None
    watch.saw(clock.now(), present=True)
    watch.saw(clock.advance(30 * MINUTE), present=False)
    assert watch.due(clock.advance(10), 20) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=30), st.integers(1, 60))
def test_it_is_told_at_most_once_between_two_breaks(steps: list[tuple[bool, int]], after: int) -> None:
    clock, watch = ManualClock(), BreakWatch()
    absent, told = 0.0, 0
    for present, minutes in steps:
        watch.saw(clock.now(), present=present)
        absent = 0.0 if present else absent
        clock.advance(minutes * MINUTE)
        absent += 0 if present else minutes * MINUTE * 1000
        if absent >= BREAK_MS:
            told = 0
        told += watch.due(clock.now(), after) is not None
        assert told <= 1
