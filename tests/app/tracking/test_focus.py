"""The focus session: its timer, its interruptions, and what it makes of sleep, restarts and odd clocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import Instant
from app.errors import UsageError
from app.models.focus_sessions import COMPLETED, PAUSED, RUNNING, STATES, STOPPED, StoredSession
from app.models.values import Activity
from app.tracking.focus import LEFT_ALONE_MS, Focus, Work, belongs
from app.tracking.presence import Presence

WALL = 1_700_000_000_000
AFTER = 15_000
MINUTE = 60_000
ON, OFF, OTHER = Activity("vim", project_id=1), Activity("chat"), Activity("vim", project_id=2)


def at(ms: int, *, slept: int = 0, stepped: int = 0) -> Instant:
    return Instant(WALL + ms + slept + stepped, 1_000 + ms, 1_000 + ms + slept)


def work(activity: Activity | None, productivity: int = 0) -> Work:
    return Work(Presence.ACTIVE, activity, productivity)


def gone(presence: Presence = Presence.IDLE) -> Work:
    return Work(presence)


def started(minutes: int | None = 25, project_id: int | None = 1) -> Focus:
    focus = Focus(at(0), interruption_after_ms=AFTER)
    focus.start(at(0), 3600, minutes=minutes, project_id=project_id)
    return focus


def now_of(focus: Focus) -> StoredSession:
    assert focus.session is not None
    return focus.session


def test_a_session_completes_at_its_planned_moment() -> None:
    focus = started(minutes=1)
    session = now_of(focus)
    assert (session.state, session.started_ms, session.utc_offset_s) == (RUNNING, WALL, 3600)
    assert (session.planned_ms, session.project_id, focus.remaining_ms) == (MINUTE, 1, MINUTE)
    focus.tick(at(20_000))
    assert (now_of(focus).focused_ms, focus.remaining_ms, focus.active) == (20_000, 40_000, True)
    focus.tick(at(75_000))
    done = now_of(focus)
    assert (done.state, done.focused_ms, done.ended_ms) == (COMPLETED, MINUTE, WALL + MINUTE)
    assert not focus.active
    assert focus.tick(at(90_000)) == done
    assert focus.saw(at(95_000), gone()) == done


def test_an_open_end() -> None:
    focus = started(minutes=None)
    assert focus.remaining_ms is None
    focus.tick(at(10 * 3_600_000))
    stopped = focus.stop(at(10 * 3_600_000))
    assert (stopped.state, stopped.focused_ms, stopped.ended_ms) == (STOPPED, 36_000_000, WALL + 36_000_000)


def test_pauses_do_not_count() -> None:
    focus = started()
    assert focus.pause(at(10_000)).state == PAUSED
    assert focus.pause(at(12_000)).state == PAUSED
    assert focus.resume(at(50_000)).state == RUNNING
    assert focus.resume(at(51_000)).state == RUNNING
    assert focus.stop(at(60_000)).focused_ms == 20_000


def test_what_is_too_late_is_completed() -> None:
    for name in ("pause", "stop"):
        assert getattr(started(minutes=1), name)(at(90_000)).state == COMPLETED


@pytest.mark.parametrize("name", ["pause", "resume", "stop"])
def test_without_a_session(name: str) -> None:
    focus = Focus(at(0), interruption_after_ms=AFTER)
    with pytest.raises(UsageError) as told:
        getattr(focus, name)(at(0))
    assert told.value.advice
    assert focus.tick(at(5)) is None
    assert focus.saw(at(6), gone()) is None
    assert focus.remaining_ms is None
    assert not focus.active


def test_one_at_a_time() -> None:
    focus = started(minutes=1)
    with pytest.raises(UsageError):
        focus.start(at(1_000), 0)
    assert focus.start(at(61_000), 0).state == RUNNING


@pytest.mark.parametrize("minutes", [0, -5, 24 * 60 + 1])
def test_lengths_that_make_no_sense(minutes: int) -> None:
    with pytest.raises(UsageError):
        Focus(at(0), interruption_after_ms=AFTER).start(at(0), 0, minutes=minutes)


@pytest.mark.parametrize(
    ("project_id", "done", "does_belong"),
    [
        (1, work(ON), True),
        (1, work(OTHER), False),
        (1, work(OFF), False),
        (1, work(ON, -1), True),
        (1, work(None), True),
        (None, work(OFF), True),
        (None, work(OFF, 1), True),
        (None, work(OFF, -1), False),
        (None, gone(), False),
        (1, gone(Presence.LOCKED), False),
    ],
)
def test_what_belongs_to_a_session(project_id: int | None, done: Work, does_belong: bool) -> None:
    session = StoredSession(RUNNING, 0, 0, 0, project_id=project_id)
    assert belongs(session, done) is does_belong


class TestInterruptions:
    def test_a_short_look_away_is_none(self) -> None:
        focus = started()
        focus.saw(at(1_000), work(ON))
        focus.saw(at(10_000), work(OFF))
        focus.saw(at(10_000 + AFTER), work(ON))
        focus.saw(at(60_000), work(OFF))
        focus.saw(at(60_000 + AFTER), work(ON))
        assert focus.stop(at(100_000)).interruptions == 0

    def test_a_long_one_is_one_however_long_and_through_whatever(self) -> None:
        focus = started()
        focus.saw(at(10_000), work(OFF))
        focus.tick(at(20_000))
        assert now_of(focus).interruptions == 0
        focus.saw(at(22_000), work(OTHER))
        focus.tick(at(10_000 + AFTER + 1))
        assert now_of(focus).interruptions == 1
        focus.saw(at(400_000), gone())
        focus.saw(at(500_000), gone(Presence.LOCKED))
        focus.tick(at(600_000))
        assert now_of(focus).interruptions == 1

    def test_back_and_away_again_is_another(self) -> None:
        focus = started()
        for begin in (0, 100_000, 200_000):
            focus.saw(at(begin), work(OFF))
            focus.saw(at(begin + 50_000), work(ON))
        assert now_of(focus).interruptions == 3

    def test_idle_is_known_late_and_counts_from_its_beginning(self) -> None:
        focus = started()
        focus.saw(at(0), work(ON))
        focus.tick(at(190_000))
        focus.saw(at(10_000), gone())
        assert now_of(focus).interruptions == 1
        assert now_of(focus).focused_ms == 190_000
        focus.tick(at(200_000))
        assert now_of(focus).focused_ms == 200_000
        assert now_of(focus).interruptions == 1

    def test_not_while_paused(self) -> None:
        focus = started()
        focus.pause(at(1_000))
        focus.saw(at(2_000), work(OFF))
        focus.tick(at(100_000))
        focus.saw(at(110_000), work(OTHER))
        assert focus.resume(at(200_000)).interruptions == 0
        focus.tick(at(200_000 + AFTER))
        assert now_of(focus).interruptions == 0
        focus.tick(at(200_001 + AFTER))
        assert now_of(focus).interruptions == 1


class TestSleep:
    def test_sleep_pauses_and_the_person_resumes(self) -> None:
        focus = started()
        focus.saw(at(0), work(ON))
        focus.saw(at(10_000), gone(Presence.ASLEEP))
        assert now_of(focus).state == PAUSED
        focus.saw(at(10_000, slept=3_600_000), gone())
        focus.tick(at(12_000, slept=3_600_000))
        assert (now_of(focus).state, now_of(focus).focused_ms) == (PAUSED, 10_000)
        focus.saw(at(15_000, slept=3_600_000), work(ON))
        assert now_of(focus).state == RUNNING
        assert focus.stop(at(20_000, slept=3_600_000)).focused_ms == 15_000

    def test_a_pause_by_the_person_outlasts_sleep(self) -> None:
        focus = started()
        focus.pause(at(5_000))
        focus.saw(at(10_000), gone(Presence.ASLEEP))
        focus.saw(at(15_000), work(ON))
        assert now_of(focus).state == PAUSED

    def test_pausing_while_asleep_is_a_pause_by_the_person(self) -> None:
        focus = started()
        focus.saw(at(10_000), gone(Presence.ASLEEP))
        focus.pause(at(11_000))
        focus.saw(at(15_000), work(ON))
        assert now_of(focus).state == PAUSED

    def test_sleep_that_nobody_announced_does_not_count(self) -> None:
        focus = started()
        focus.tick(at(10_000, slept=3_600_000))
        assert now_of(focus).focused_ms == 10_000


class TestClocks:
    @pytest.mark.parametrize("stepped", [-(10**10), -5_000, 5_000, 10**10])
    def test_setting_the_clock_changes_no_length(self, stepped: int) -> None:
        focus = started()
        focus.tick(at(10_000, stepped=stepped))
        done = focus.stop(at(20_000, stepped=stepped))
        assert done.focused_ms == 20_000
        assert done.ended_ms is not None
        assert done.ended_ms >= done.started_ms
        assert done.updated_ms >= done.started_ms


class TestRestart:
    STORED = StoredSession(
        RUNNING, WALL, 0, WALL + 300_000, focused_ms=300_000, planned_ms=1_500_000, interruptions=2
    )

    def test_the_time_between_does_not_count(self) -> None:
        focus = Focus(at(400_000), interruption_after_ms=AFTER, session=self.STORED)
        assert focus.active
        focus.tick(at(410_000))
        session = now_of(focus)
        assert (session.state, session.focused_ms, session.interruptions) == (RUNNING, 310_000, 2)
        assert session.uuid == self.STORED.uuid

    def test_left_alone_for_long_it_is_paused(self) -> None:
        late = at(300_000 + LEFT_ALONE_MS + 1)
        focus = Focus(late, interruption_after_ms=AFTER, session=self.STORED)
        assert now_of(focus).state == PAUSED
        assert focus.resume(late).state == RUNNING

    def test_paused_stays_paused(self) -> None:
        focus = Focus(at(310_000), interruption_after_ms=AFTER, session=replace(self.STORED, state=PAUSED))
        assert now_of(focus).state == PAUSED

    def test_a_clock_set_back_meanwhile(self) -> None:
        focus = Focus(at(0, stepped=-(10**9)), interruption_after_ms=AFTER, session=self.STORED)
        assert now_of(focus).state == RUNNING
        assert now_of(focus).updated_ms >= self.STORED.started_ms

    @pytest.mark.parametrize("state", [COMPLETED, STOPPED])
    def test_what_is_over_is_over(self, state: str) -> None:
        focus = Focus(at(0), interruption_after_ms=AFTER, session=replace(self.STORED, state=state))
        assert focus.session is None


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["run", "sleep"]), st.integers(0, 2_000_000)),
        st.tuples(st.just("step"), st.integers(-(10**9), 10**9)),
        st.tuples(st.just("start"), st.none() | st.integers(-2, 60)),
        st.tuples(st.sampled_from(["pause", "resume", "stop", "tick"])),
        st.tuples(
            st.just("saw"),
            st.builds(
                Work, st.sampled_from(list(Presence)), st.sampled_from([ON, OFF, None]), st.integers(-1, 1)
            ),
        ),
    ),
    max_size=50,
)


@given(_STEPS)
def test_no_order_of_events_counts_too_much(steps: list[tuple[Any, ...]]) -> None:
    now = at(0)
    focus = Focus(now, interruption_after_ms=AFTER)
    awake_at_start = now.awake_ms
    for name, *arguments in steps:
        if name in ("run", "sleep"):
            ran, passed = (arguments[0] if name == "run" else 0), arguments[0]
            now = Instant(now.wall_ms + passed, now.awake_ms + ran, now.boot_ms + passed)
            continue
        if name == "step":
            now = replace(now, wall_ms=now.wall_ms + arguments[0])
            continue
        try:
            if name == "start":
                focus.start(now, 0, minutes=arguments[0], project_id=1)
                awake_at_start = now.awake_ms
            else:
                getattr(focus, name)(now, *arguments)
        except UsageError as error:
            assert error.told()
        session = focus.session
        if session is None:
            continue
        assert session.state in STATES
        assert 0 <= session.focused_ms <= now.awake_ms - awake_at_start
        assert session.planned_ms is None or session.focused_ms <= session.planned_ms
        assert session.ended_ms is None or session.ended_ms >= session.started_ms
        assert (session.ended_ms is not None) == (session.state in (COMPLETED, STOPPED))
        assert (session.state == COMPLETED) <= (session.focused_ms == session.planned_ms)
