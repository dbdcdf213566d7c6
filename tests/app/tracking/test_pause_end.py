from __future__ import annotations

import pytest

from app.loop import Loop
from app.tracking.pause_end import LONGEST_WAIT_S, PauseEnd
from app.tracking.switches import Switches
from tests.fakes.clock import ManualClock


class Bench:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.over: list[Switches] = []
        self.loop = Loop(monotonic=lambda: self.clock.now().awake_ms / 1000)
        self.end = PauseEnd(self.loop, self.clock, self.over.append)

    def paused(self, seconds: float) -> Switches:
        return Switches(paused=True, paused_until_ms=self.clock.now().wall_ms + round(seconds * 1000))

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.loop.run_once(0)


@pytest.fixture
def bench():
    bench = Bench()
    yield bench
    bench.loop.close()


def test_a_pause_is_over_when_its_time_has_come(bench: Bench) -> None:
    bench.end.wait(bench.paused(60))
    bench.wait(59)
    assert bench.over == []
    bench.wait(2)
    assert bench.over == [Switches()]


def test_another_pause_takes_the_place_of_the_first(bench: Bench) -> None:
    bench.end.wait(bench.paused(60))
    bench.end.wait(Switches())
    bench.wait(100)
    assert bench.over == []


def test_the_time_the_machine_sleeps_counts(bench: Bench) -> None:
    bench.end.wait(bench.paused(8 * 3600))
    bench.clock.sleep(9 * 3600)
    bench.wait(LONGEST_WAIT_S + 1)
    assert bench.over == [Switches()]


def test_a_clock_that_was_set_back_makes_it_wait_on(bench: Bench) -> None:
    bench.end.wait(bench.paused(60))
    bench.clock.set_wall(-600)
    bench.wait(61)
    assert bench.over == []
    bench.wait(LONGEST_WAIT_S + 1)
    bench.wait(LONGEST_WAIT_S + 1)
    assert bench.over == [Switches()]
