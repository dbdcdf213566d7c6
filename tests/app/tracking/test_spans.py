"""Beats become spans: nothing lost, nothing twice, nothing negative."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import Instant
from app.models.values import Activity, State
from app.tracking.spans import (
    ABSENCE_MS,
    DAY_MS,
    Action,
    Beat,
    Close,
    Cut,
    Extend,
    Insert,
    Laid,
    Open,
    OpenSpan,
    apply,
    back_date,
    beat_between,
    is_fresh,
    is_switch,
    merge,
)

PULSE = 5_000
A, B = Activity("a"), Activity("b")


def beat(start: int, end: int, activity: Activity | None = A, **more: int | bool) -> Beat:
    state = State.IDLE if activity is None else State.ACTIVE
    made = Beat(start, end, 0, state, activity)
    return replace(made, **more)  # type: ignore[arg-type]


def span(start: int, end: int, activity: Activity | None = A, offset: int = 0) -> OpenSpan:
    return OpenSpan(start, end, offset, State.IDLE if activity is None else State.ACTIVE, activity)


@pytest.mark.parametrize(
    ("now_open", "next_beat", "actions"),
    [
        (None, beat(0, 10), (Open(span(0, 10)),)),
        (None, beat(7, 7), (Open(span(7, 7)),)),
        (None, beat(10, 5), ()),
        (span(0, 10), beat(10, 5), ()),
        # merging
        (span(0, 10), beat(10, 20), (Extend(20),)),
        (span(0, 10), beat(10 + PULSE, 9_000), (Extend(9_000),)),
        (span(0, 10), beat(10, 10), ()),
        (span(0, 10), beat(3, 8), ()),
        (span(0, 10), beat(3, 10), ()),
        (span(0, 10), beat(3, 30), (Extend(30),)),
        # gaps
        (span(0, 10), beat(11 + PULSE, 9_000), (Close(10), Open(span(11 + PULSE, 9_000)))),
        (span(0, 10), beat(12, 20, B), (Close(10), Open(span(12, 20, B)))),
        # something else
        (span(0, 10), beat(10, 10, B), (Close(10), Open(span(10, 10, B)))),
        (span(0, 10), beat(10, 20, None), (Close(10), Open(span(10, 20, None)))),
        (span(0, 10), beat(4, 20, B), (Close(10), Open(span(10, 20, B)))),
        (span(0, 10), beat(4, 9, B), ()),
        # zones
        (span(0, 10), beat(10, 20, utc_offset_s=3600), (Close(10), Open(span(10, 20, A, 3600)))),
        # late ones
        (span(9_000, 9_500), beat(1_000, 2_000), (Insert(span(1_000, 2_000)),)),
        (span(9_000, 9_500), beat(1_000, 9_200, B), (Insert(span(1_000, 9_000, B)),)),
        (span(9_000, 9_500), beat(8_500, 9_700), (Extend(9_700),)),
        (span(9_000, 9_500), beat(1_000, 1_000), ()),
        (
            span(9_000, 9_500),
            beat(1_000, 9_900, B),
            (Insert(span(1_000, 9_000, B)), Close(9_500), Open(span(9_500, 9_900, B))),
        ),
        # the clock was set
        (span(9_000, 9_500), beat(100, 200, fresh=True), (Close(9_500), Open(span(100, 200)))),
        # a day
        (span(0, 10), beat(10, DAY_MS), (Extend(DAY_MS),)),
        (
            span(0, DAY_MS - 10),
            beat(DAY_MS - 10, DAY_MS + 10),
            (Close(DAY_MS), Open(span(DAY_MS, DAY_MS + 10))),
        ),
        (
            None,
            beat(0, 2 * DAY_MS + 1),
            (
                Open(span(0, DAY_MS)),
                Close(DAY_MS),
                Open(span(DAY_MS, 2 * DAY_MS)),
                Close(2 * DAY_MS),
                Open(span(2 * DAY_MS, 2 * DAY_MS + 1)),
            ),
        ),
    ],
)  # fmt: skip
def test_the_rules(now_open: OpenSpan | None, next_beat: Beat, actions: tuple[Action, ...]) -> None:
    assert merge(now_open, next_beat, PULSE) == actions


def test_extending_nothing_changes_nothing() -> None:
    assert apply(None, [Extend(3), Close(3), Insert(span(0, 1))]) is None
    assert apply(span(0, 1), [Insert(span(5, 6)), Extend(3)]) == span(0, 3)
    assert apply(span(0, 1), [Close(1)]) is None


def record(beats: list[Beat]) -> list[OpenSpan]:
    """All spans that a journal would hold after these beats."""
    done: list[OpenSpan] = []
    now_open: OpenSpan | None = None
    for next_beat in beats:
        for action in merge(now_open, next_beat, PULSE):
            if isinstance(action, Insert):
                done.append(action.span)
            elif isinstance(action, Close):
                assert now_open is not None
                assert action.end_ms >= now_open.end_ms
                done.append(replace(now_open, end_ms=action.end_ms))
            now_open = apply(now_open, [action])
    return [*done, now_open] if now_open is not None else done


_BEATS = st.lists(
    st.builds(
        lambda start, length, activity, offset: beat(start, start + length, activity, utc_offset_s=offset),
        st.integers(0, 60_000), st.integers(0, 20_000),
        st.sampled_from([A, B, None]), st.sampled_from([0, 3600]),
    ),
    max_size=25,
)  # fmt: skip


def _in_order(beats: list[Beat]) -> list[Beat]:
    """The beats as one thread makes them: each begins where or after the one before ended."""
    ordered, end = [], 0
    for given_beat in beats:
        start = end + given_beat.start_ms % 9_000
        length = given_beat.end_ms - given_beat.start_ms
        ordered.append(replace(given_beat, start_ms=start, end_ms=start + length))
        end = start + length
    return ordered


@given(_BEATS)
def test_beats_in_order_are_recorded_to_the_millisecond(beats: list[Beat]) -> None:
    beats = _in_order(beats)
    spans = record(beats)
    for earlier, later in itertools.pairwise(spans):
        assert earlier.end_ms <= later.start_ms
    for kind in (A, B, None):
        beaten = sum(b.end_ms - b.start_ms for b in beats if b.activity == kind)
        recorded = sum(s.end_ms - s.start_ms for s in spans if s.activity == kind)
        bridged = sum(
            later.start_ms - earlier.end_ms
            for earlier, later in itertools.pairwise(beats)
            if later.start_ms - earlier.end_ms <= PULSE
            and (earlier.activity, earlier.utc_offset_s) == (later.activity, later.utc_offset_s)
            and later.activity == kind
        )
        assert recorded == beaten + bridged


@given(_BEATS)
def test_beats_twice_are_recorded_once(beats: list[Beat]) -> None:
    beats = _in_order(beats)
    doubled = [b for each in beats for b in (each, each)]
    assert [s for s in record(doubled) if s.end_ms > s.start_ms] == [
        s for s in record(beats) if s.end_ms > s.start_ms
    ]


@given(_BEATS)
def test_in_any_order_no_span_is_negative_or_shrinks(beats: list[Beat]) -> None:
    for made in record(beats):
        assert 0 <= made.end_ms - made.start_ms <= DAY_MS


class TestClocks:
    START = Instant(1_000_000, 5_000, 5_000)

    def test_a_beat_lasts_as_long_as_the_machine_was_awake(self) -> None:
        later = Instant(1_000_000 + 4_000, 9_000, 9_000)
        made = beat_between(self.START, later, 3600, State.ACTIVE, A)
        assert made == Beat(1_000_000, 1_004_000, 3600, State.ACTIVE, A)

    def test_sleep_does_not_count(self) -> None:
        later = Instant(1_000_000 + 3_604_000, 9_000, 3_609_000)
        assert beat_between(self.START, later, 0, State.ACTIVE, A).end_ms == 1_004_000
        assert not is_fresh(self.START, later)

    @pytest.mark.parametrize("step_ms", [-7_200_000, -2_000, 2_000, 7_200_000])
    def test_setting_the_clock_changes_no_length(self, step_ms: int) -> None:
        later = Instant(1_000_000 + 4_000 + step_ms, 9_000, 9_000)
        assert beat_between(self.START, later, 0, State.ACTIVE, A).end_ms == 1_004_000
        assert is_fresh(self.START, later)

    def test_slewing_is_no_step(self) -> None:
        assert not is_fresh(self.START, Instant(1_004_300, 9_000, 9_000))

    def test_a_reading_out_of_order_is_an_empty_beat(self) -> None:
        made = beat_between(self.START, Instant(0, 0, 0), 0, State.ACTIVE, A, fresh=True)
        assert (made.start_ms, made.end_ms, made.fresh) == (1_000_000, 1_000_000, True)

    @given(
        st.lists(
            st.tuples(st.integers(0, 5_000), st.integers(0, 50_000), st.integers(-(10**7), 10**7)),
            max_size=20,
        )
    )
    def test_the_sum_is_the_time_awake_whatever_the_clock_does(
        self, steps: list[tuple[int, int, int]]
    ) -> None:
        now, beats, fresh, awake = self.START, [], False, 0
        for ran, slept, stepped in steps:
            # A real clock is slewed below the tolerance and stepped beyond it.
            step = stepped if abs(stepped) > 1_000 else 0
            nap = slept if slept > PULSE + 1_000 else 0
            later = Instant(now.wall_ms + ran + nap + step, now.awake_ms + ran, now.boot_ms + ran + nap)
            beats.append(beat_between(now, later, 0, State.ACTIVE, A, fresh=fresh))
            fresh, now, awake = is_fresh(now, later), later, awake + ran
        assert sum(s.end_ms - s.start_ms for s in record(beats)) == awake


class TestBackDating:
    @staticmethod
    def laid(key: int, awake: int, start: int, end: int) -> Laid:
        return Laid(key, Instant(start, awake, awake), start, end)

    def test_what_reaches_beyond_is_cut(self) -> None:
        spans = [self.laid(1, 0, 100, 200), self.laid(2, 100, 200, 300), self.laid(3, 200, 300, 400)]
        assert back_date(spans, Instant(10**9, 150, 150)) == (Cut(2, 250), Cut(3, 300))
        assert back_date(spans, Instant(10**9, 300, 300)) == ()
        assert back_date(spans, Instant(10**9, -50, 0)) == (Cut(1, 100), Cut(2, 200), Cut(3, 300))
        assert back_date([], Instant(0, 0, 0)) == ()

    def test_what_follows_begins_where_the_cut_span_ends(self) -> None:
        """Two clocks rounded to ms differ by one now and then; spans must not overlap by that."""
        spans = [self.laid(1, 1_000, 9_000_000, 9_000_100)]
        assert back_date(spans, Instant(9_000_039, 1_040, 1_040)) == (Cut(1, 9_000_039),)
        assert back_date(spans, Instant(9_000_041, 1_040, 1_040)) == (Cut(1, 9_000_041),)
        assert back_date(spans, Instant(8_999_999, 999, 999)) == (Cut(1, 9_000_000),)

    def test_a_clock_set_meanwhile_does_not_matter(self) -> None:
        assert back_date([self.laid(1, 0, 9_000_000, 9_000_100)], Instant(7, 40, 40)) == (Cut(1, 9_000_040),)


@pytest.mark.parametrize(
    ("previous", "current", "gap_ms", "switch"),
    [
        (None, Activity("a"), 0, False),
        (Activity("a"), Activity("a", "other title"), 0, False),
        (Activity("a"), Activity("b"), 0, True),
        (Activity("a", project_id=1), Activity("a", project_id=2), 0, True),
        (Activity("a", project_id=1), Activity("a"), 0, True),
        (Activity("a", project_id=1), Activity("b", project_id=1), 0, True),
        (Activity("a", project_id=1, branch="x"), Activity("a", project_id=1, branch="y"), 0, False),
        (Activity("a"), Activity("b"), ABSENCE_MS - 1, True),
        (Activity("a"), Activity("b"), ABSENCE_MS, False),
    ],
)
def test_context_switches(previous: Activity | None, current: Activity, gap_ms: int, switch: bool) -> None:
    assert is_switch(previous, current, gap_ms) is switch
