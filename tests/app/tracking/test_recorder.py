from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import StorageError
from app.models import values
from app.models.values import Activity, State
from app.tracking.recorder import STORE_EVERY_MS, Recorder
from tests.fakes.clock import ManualClock
from tests.fakes.ledger import FakeLedger, FakePulse

CODE, WEB, MAIL = Activity("code", project_id=1), Activity("web"), Activity("mail")


class Bench:
    def __init__(self) -> None:
        self.clock, self.ledger, self.pulse = ManualClock(), FakeLedger(), FakePulse()
        self.kept: list[values.Span] = []
        self.recorder = Recorder(self.ledger, self.pulse, self.clock, self.kept.extend)

    def do(self, activity: Activity, seconds: float, every: float = 4) -> None:
        self.recorder.begin(self.clock.now(), State.ACTIVE, activity)
        self.go_on(seconds, every)

    def go_on(self, seconds: float, every: float = 4) -> None:
        while seconds > 0:
            self.recorder.advance(self.clock.advance(min(every, seconds)))
            seconds -= every

    def end(self) -> None:
        self.recorder.end(self.clock.now())


def test_what_is_done_becomes_spans_without_gaps() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.do(WEB, 3)
    bench.do(CODE, 5)
    bench.end()
    assert bench.ledger.told == [("code", 10), ("web", 3), ("code", 5)]


def test_a_new_span_is_stored_at_once() -> None:
    bench = Bench()
    bench.recorder.begin(bench.clock.now(), State.ACTIVE, CODE)
    assert bench.ledger.told == [("code", 0)]


@pytest.mark.parametrize("off_ms", [-400, -1, 0, 1, 400])
def test_a_new_span_is_stored_at_once_also_where_the_clocks_disagree_a_little(off_ms: int) -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.clock.slew(off_ms)
    bench.recorder.begin(bench.clock.now(), State.ACTIVE, WEB)
    assert [name for name, _ in bench.ledger.told] == ["code", "web"]
    bench.go_on(5)
    bench.end()
    code, web = bench.ledger.spans.values()
    assert code.end_ms <= web.start_ms
    assert web.end_ms - code.start_ms == 15_000 + off_ms


def test_the_same_again_goes_on_with_the_open_span() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.do(CODE, 10)
    bench.end()
    assert bench.ledger.told == [("code", 20)]


def test_the_end_of_the_open_span_stands_in_the_pulse_and_once_a_minute_in_the_journal() -> None:
    bench = Bench()
    bench.do(CODE, 30)
    assert bench.ledger.told == [("code", 0)]
    assert bench.recorder.unstored_ms == 30_000
    assert bench.pulse.beats[-1] == (1, bench.clock.now().wall_ms)
    bench.go_on(STORE_EVERY_MS / 1000)
    assert bench.ledger.told[0][1] >= 60
    bench.recorder.flush()
    assert bench.ledger.told == [("code", 90)]
    assert bench.recorder.unstored_ms == 0


def test_idle_is_dated_back_over_several_spans() -> None:
    bench = Bench()
    bench.do(CODE, 20)
    left = bench.clock.now()
    bench.do(WEB, 30)  # titles changed by themselves
    bench.do(MAIL, 30)
    bench.recorder.begin(left, State.IDLE, None)
    bench.go_on(10)
    bench.end()
    assert bench.ledger.told == [("code", 20), ("idle", 70)]


def test_going_back_into_the_middle_of_a_span_cuts_it() -> None:
    bench = Bench()
    bench.do(CODE, 100)
    left = bench.clock.now()
    bench.go_on(80)
    bench.recorder.begin(left, State.IDLE, None)
    bench.end()
    assert bench.ledger.told == [("code", 100), ("idle", 80)]


def test_a_full_disk_loses_nothing() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.ledger.full = True
    bench.do(WEB, 70)
    bench.do(MAIL, 10)
    assert bench.recorder.problem is not None
    bench.ledger.full = False
    bench.do(CODE, 5)
    bench.end()
    assert bench.recorder.problem is None
    assert bench.ledger.told == [("code", 10), ("web", 70), ("mail", 10), ("code", 5)]


def test_a_span_that_somebody_erased_is_begun_anew() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.recorder.flush()
    bench.ledger.spans.clear()
    bench.go_on(4)
    bench.recorder.flush()  # finds out
    bench.go_on(6)
    bench.end()
    assert bench.ledger.told == [("code", 10)]


def test_a_span_that_the_person_cut_stays_cut_and_the_rest_is_a_new_one() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.recorder.flush()
    cut = bench.ledger.spans[1]
    bench.ledger.spans[1] = replace(cut, end_ms=cut.end_ms - 3_000)
    bench.go_on(4)
    bench.do(WEB, 5)
    bench.end()
    assert bench.ledger.told == [("code", 7), ("code", 4), ("web", 5)]
    assert bench.ledger.spans[2].start_ms == cut.end_ms


def test_a_span_that_the_person_cut_is_not_cut_again_by_what_is_dated_back() -> None:
    bench = Bench()
    bench.do(CODE, 20)
    left = bench.clock.now()
    bench.go_on(10)
    bench.recorder.flush()
    bench.ledger.spans[1] = replace(bench.ledger.spans[1], end_ms=bench.ledger.spans[1].end_ms - 15_000)
    bench.recorder.begin(left, State.IDLE, None)
    bench.go_on(10)
    bench.end()
    assert bench.ledger.told == [("code", 15), ("idle", 20)]


def test_sleep_is_not_recorded_even_when_nobody_announced_it() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.clock.sleep(3600)
    bench.go_on(5)
    bench.end()
    assert sum(seconds for _, seconds in bench.ledger.told) == 15


def test_a_clock_set_back_makes_no_negative_span() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.clock.set_wall(-3600)
    bench.go_on(10)
    bench.do(WEB, 10)
    bench.end()
    assert all(seconds >= 0 for _, seconds in bench.ledger.told)
    assert sum(seconds for _, seconds in bench.ledger.told) == 30


def test_another_zone_begins_another_span() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.clock.offset_s = 3600
    bench.go_on(10)
    bench.end()
    assert [(span.utc_offset_s, span.duration_ms) for span in bench.ledger.spans.values()] == [
        (0, 10_000),
        (3600, 10_000),
    ]


def test_switches_are_counted_by_application_and_project() -> None:
    bench = Bench()
    for activity in (CODE, WEB, Activity("web", title="other page"), CODE):
        bench.do(activity, 10)
    bench.end()
    assert [span.switched for span in bench.ledger.spans.values()] == [False, True, False, True]


def test_no_switch_after_a_long_absence() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.recorder.begin(bench.clock.now(), State.IDLE, None)
    bench.clock.advance(600)
    bench.do(WEB, 10)
    bench.end()
    assert [span.switched for span in bench.ledger.spans.values()] == [False, False, False]


def test_an_orderly_end_leaves_no_pulse() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    bench.recorder.stop(bench.clock.now())
    assert bench.pulse.cleared
    assert bench.ledger.flushes == 1


def test_what_cannot_be_stored_at_the_end_is_kept() -> None:
    bench = Bench()
    bench.do(CODE, 10)
    stored_until = max(span.end_ms for span in bench.ledger.spans.values())
    bench.ledger.full = True
    bench.do(WEB, 3)
    bench.recorder.stop(bench.clock.now())
    assert [span.duration_ms for span in bench.kept if span.activity == WEB] == [3_000]
    assert bench.kept[-1].end_ms - bench.kept[0].start_ms == sum(span.duration_ms for span in bench.kept)
    assert min(span.start_ms for span in bench.kept) >= stored_until
    assert bench.pulse.cleared


def test_where_nothing_can_be_kept_the_pulse_stays() -> None:
    def refuse(_: object) -> None:
        raise StorageError("The disk is full.")

    bench = Bench()
    bench.recorder = Recorder(bench.ledger, bench.pulse, bench.clock, refuse)
    bench.do(CODE, 10)
    bench.ledger.full = True
    bench.do(WEB, 1)
    bench.recorder.stop(bench.clock.now())
    assert not bench.pulse.cleared


def test_a_pulse_that_cannot_be_written_stops_nothing() -> None:
    bench = Bench()
    bench.pulse.broken = True
    bench.do(CODE, 10)
    bench.end()
    assert bench.ledger.told == [("code", 10)]


STEP = st.tuples(
    st.sampled_from(["code", "web", "idle", "nothing", "sleep", "clock", "full", "back"]),
    st.integers(1, 400),
)


@given(st.lists(STEP, max_size=40))
def test_whatever_happens_awake_time_is_recorded_once(steps: list[tuple[str, int]]) -> None:
    bench = Bench()
    recorded = 0
    for kind, seconds in steps:
        if kind in ("code", "web"):
            bench.do(Activity(kind), seconds)
            recorded += seconds
        elif kind == "idle":
            bench.recorder.begin(bench.clock.now(), State.IDLE, None)
            bench.clock.advance(seconds)
            bench.recorder.advance(bench.clock.now())
            recorded += seconds
        elif kind == "nothing":
            bench.end()
            bench.clock.advance(seconds)
        elif kind == "sleep":
            bench.end()
            bench.clock.sleep(seconds)
        elif kind == "clock":
            bench.clock.set_wall(seconds - 200)
        elif kind == "full":
            bench.ledger.full = not bench.ledger.full
    bench.ledger.full = False
    bench.end()
    assert all(span.end_ms >= span.start_ms for span in bench.ledger.spans.values())
    total = sum(span.duration_ms for span in bench.ledger.spans.values())
    # What a step of the clock hides under its tolerance (1 s each) may be cut off, never added.
    slack = 1_000 * sum(kind == "clock" for kind, _ in steps)
    assert recorded * 1000 - slack <= total <= recorded * 1000 + slack
