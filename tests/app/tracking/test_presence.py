"""Whether the person is there, whatever events come, and in whatever order."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import Instant
from app.tracking.platform.base import SessionEvent
from app.tracking.presence import (
    ANSWER_WITHIN_MS,
    FALLING_ASLEEP_MS,
    LOOK_AGAIN_MS,
    Presence,
    PresenceMachine,
    Transition,
)

IDLE_AFTER, LONGEST = 180_000, 7_200_000
ACTIVE, IDLE, LOCKED, ASLEEP, AWAY = Presence
BEGIN = Instant(1_700_000_000_000, 1_000_000, 2_000_000)


@dataclass
class World:
    """A clock that is turned by hand, and the machine."""

    now: Instant = BEGIN
    machine: PresenceMachine = field(
        default_factory=lambda: PresenceMachine(BEGIN, idle_after_ms=IDLE_AFTER, longest_hold_ms=LONGEST)
    )
    made: list[Transition] = field(default_factory=list)

    def run(self, ms: int) -> None:
        now = self.now
        self.now = Instant(now.wall_ms + ms, now.awake_ms + ms, now.boot_ms + ms)

    def sleep(self, ms: int) -> None:
        self.now = Instant(self.now.wall_ms + ms, self.now.awake_ms, self.now.boot_ms + ms)

    def do(self, name: str, *arguments: Any) -> list[Transition]:
        made = getattr(self.machine, name)(self.now, *arguments)
        self.made += made
        return list(made)

    def at(self, ms: int) -> Instant:
        """The moment `ms` after the beginning, awake throughout."""
        return Instant(BEGIN.wall_ms + ms, BEGIN.awake_ms + ms, BEGIN.boot_ms + ms)


@pytest.fixture
def world() -> World:
    return World()


def quiet(world: World, ms: int = IDLE_AFTER) -> None:
    """No input for `ms` since the beginning; the holds are asked for."""
    world.run(ms)
    assert world.do("idle", ms) == []
    assert world.machine.should_look(world.now)


def test_idle_is_dated_back_to_the_last_input(world: World) -> None:
    world.run(20_000)
    world.do("input")
    world.run(IDLE_AFTER)
    assert world.do("idle", IDLE_AFTER) == []
    assert world.machine.presence is ACTIVE
    assert world.machine.should_look(world.now)
    assert not world.machine.should_look(world.now)
    world.run(300)
    assert world.do("holds", False) == [Transition(IDLE, world.at(20_000))]
    assert world.machine.since == world.at(20_000)
    world.run(5_000)
    assert world.do("input") == [Transition(ACTIVE, world.now)]


def test_idle_is_never_dated_before_the_state_before_it(world: World) -> None:
    world.run(50_000)
    world.do("session", SessionEvent.LOCKED)
    world.run(50_000)
    world.do("session", SessionEvent.UNLOCKED)
    world.run(1_000)
    world.do("idle", 500_000)
    world.machine.should_look(world.now)
    assert world.do("holds", False) == [Transition(IDLE, world.at(100_000))]


def test_nobody_answers_about_holds(world: World) -> None:
    quiet(world)
    world.run(ANSWER_WITHIN_MS)
    assert world.do("tick") == []
    world.run(1)
    assert world.do("tick") == [Transition(IDLE, world.at(0))]
    assert world.do("holds", True) == []


def test_an_input_before_the_answer(world: World) -> None:
    quiet(world)
    world.do("input")
    assert world.do("holds", False) == []
    assert world.machine.presence is ACTIVE
    assert not world.machine.should_look(world.now)


class TestHolds:
    def test_a_call_keeps_the_person_present_to_its_end(self, world: World) -> None:
        quiet(world)
        assert world.do("holds", True) == []
        assert world.machine.held
        assert world.machine.watching
        assert not world.machine.should_look(world.now)
        last = world.now
        for _ in range(30):
            world.run(LOOK_AGAIN_MS)
            world.do("tick", None)
            assert world.machine.should_look(world.now)
            assert world.do("holds", True) == []
            last = world.now
        world.run(LOOK_AGAIN_MS)
        assert world.machine.should_look(world.now)
        assert world.do("holds", False) == [Transition(IDLE, last)]
        assert not world.machine.held

    def test_moving_the_mouse_in_a_call_begins_anew(self, world: World) -> None:
        quiet(world)
        world.do("holds", True)
        world.run(60_000)
        assert world.do("input") == []
        assert not world.machine.held
        assert not world.machine.watching

    def test_however_long_the_film_runs(self, world: World) -> None:
        quiet(world)
        world.do("holds", True)
        world.run(LONGEST - IDLE_AFTER - 1)
        assert world.do("tick") == []
        world.run(5_000)
        assert world.do("tick") == [Transition(IDLE, world.at(LONGEST))]

    def test_the_longest_time_may_be_over_before_a_hold_is_found(self, world: World) -> None:
        world.run(LONGEST + 5_000)
        assert world.do("idle", LONGEST + 5_000) == [Transition(IDLE, world.at(0))]
        world = World()
        quiet(world, LONGEST - 10)
        world.run(20)
        assert world.do("holds", True) == [Transition(IDLE, world.at(LONGEST))]

    def test_locking_ends_a_hold_at_once(self, world: World) -> None:
        quiet(world)
        world.do("holds", True)
        world.run(5_000)
        assert world.do("session", SessionEvent.LOCKED) == [Transition(LOCKED, world.now)]


class TestSession:
    def test_lock_and_unlock_count_at_once(self, world: World) -> None:
        world.run(5_000)
        assert world.do("session", SessionEvent.LOCKED) == [Transition(LOCKED, world.at(5_000))]
        world.run(5_000)
        assert world.do("input") == []
        assert world.do("idle", IDLE_AFTER) == []
        assert world.do("tick", 0) == []
        assert world.do("session", SessionEvent.UNLOCKED) == [Transition(ACTIVE, world.at(10_000))]

    def test_a_lock_while_nobody_answered_is_idle_before(self, world: World) -> None:
        quiet(world)
        assert world.do("session", SessionEvent.LOCKED) == [
            Transition(IDLE, world.at(0)),
            Transition(LOCKED, world.at(IDLE_AFTER)),
        ]

    def test_sleep_and_waking(self, world: World) -> None:
        world.run(5_000)
        assert world.do("session", SessionEvent.SLEEPING) == [Transition(ASLEEP, world.at(5_000))]
        assert world.machine.watching
        world.sleep(3_600_000)
        assert world.do("session", SessionEvent.WOKE) == [Transition(IDLE, world.now)]
        world.run(2_000)
        assert world.do("input") == [Transition(ACTIVE, world.now)]

    def test_waking_locked_stays_locked(self, world: World) -> None:
        world.do("session", SessionEvent.LOCKED)
        world.do("session", SessionEvent.SLEEPING)
        world.sleep(60_000)
        assert world.do("session", SessionEvent.WOKE) == [Transition(LOCKED, world.now)]
        assert world.do("session", SessionEvent.UNLOCKED) == [Transition(ACTIVE, world.now)]

    def test_another_session(self, world: World) -> None:
        assert world.do("session", SessionEvent.SWITCHED_AWAY) == [Transition(AWAY, world.now)]
        assert world.do("session", SessionEvent.LOCKED) == []
        assert world.do("session", SessionEvent.SWITCHED_BACK) == [Transition(LOCKED, world.now)]
        assert world.do("session", SessionEvent.UNLOCKED) == [Transition(ACTIVE, world.now)]

    def test_input_means_that_this_session_has_the_seat(self, world: World) -> None:
        world.do("session", SessionEvent.SWITCHED_AWAY)
        assert world.do("input") == [Transition(ACTIVE, world.now)]

    def test_shutting_down_ends_activity_until_somebody_goes_on(self, world: World) -> None:
        assert world.do("session", SessionEvent.SHUTTING_DOWN) == [Transition(ASLEEP, world.now)]
        world.run(1_000)
        assert world.do("input") == [Transition(ACTIVE, world.now)]

    @pytest.mark.parametrize("event", list(SessionEvent))
    def test_twice_is_as_good_as_once(self, world: World, event: SessionEvent) -> None:
        world.do("session", event)
        assert world.do("session", event) == []

    @pytest.mark.parametrize("event", [SessionEvent.UNLOCKED, SessionEvent.WOKE, SessionEvent.SWITCHED_BACK])
    def test_an_end_without_a_beginning(self, world: World, event: SessionEvent) -> None:
        assert world.do("session", event) == []
        assert world.machine.presence is ACTIVE


class TestMissingEvents:
    def test_sleep_that_nobody_announced(self, world: World) -> None:
        world.do("tick", 0)
        world.run(2_000)
        world.sleep(3_600_000)
        world.run(500)
        made = world.do("tick", 0)
        assert [t.to for t in made] == [ASLEEP, IDLE]
        assert made[0].at == world.at(2_500)
        assert made[1].at == world.now
        world.run(1_500)
        assert world.do("tick", 0) == [Transition(ACTIVE, world.now)]

    def test_unannounced_sleep_of_somebody_who_had_gone(self, world: World) -> None:
        quiet(world)
        world.sleep(3_600_000)
        made = world.do("tick", IDLE_AFTER)
        assert [t.to for t in made] == [IDLE, ASLEEP, IDLE]
        assert made[0].at == world.at(0)

    def test_unannounced_sleep_in_a_call(self, world: World) -> None:
        quiet(world)
        world.do("holds", True)
        world.sleep(3_600_000)
        assert [t.to for t in world.do("tick")] == [ASLEEP, IDLE]

    def test_waking_that_nobody_announced(self, world: World) -> None:
        world.do("session", SessionEvent.SLEEPING)
        world.sleep(60_000)
        assert world.do("tick") == [Transition(IDLE, world.now)]
        assert world.do("session", SessionEvent.WOKE) == []

    def test_a_sleep_that_did_not_happen(self, world: World) -> None:
        world.do("session", SessionEvent.SLEEPING)
        world.run(3_000)
        assert world.do("tick", 0) == []  # the hand was still on the mouse
        world.run(FALLING_ASLEEP_MS)
        assert world.do("tick", 0) == [Transition(ACTIVE, world.now)]

    def test_an_alarm_that_never_came(self, world: World) -> None:
        world.run(IDLE_AFTER + 20_000)
        assert world.do("tick", IDLE_AFTER + 5_000) == []
        assert world.machine.should_look(world.now)
        assert world.do("holds", False) == [Transition(IDLE, world.at(15_000))]

    def test_an_input_that_nobody_told(self, world: World) -> None:
        quiet(world)
        world.run(4_000)
        assert world.do("tick", 2_500) == []
        assert not world.machine.watching
        quiet_again = World()
        quiet(quiet_again)
        quiet_again.do("holds", False)
        quiet_again.run(10_000)
        assert quiet_again.do("tick", 400) == [Transition(ACTIVE, quiet_again.at(IDLE_AFTER + 9_600))]

    def test_a_second_alarm_knows_better(self, world: World) -> None:
        quiet(world)
        world.run(200_000)
        world.do("idle", IDLE_AFTER)
        assert world.do("holds", False) == [Transition(IDLE, world.at(200_000))]

    def test_a_second_alarm_that_knows_nothing_new(self, world: World) -> None:
        quiet(world)
        world.run(5_000)
        world.do("idle", IDLE_AFTER + 5_000)
        assert world.do("holds", False) == [Transition(IDLE, world.at(0))]

    def test_an_answer_nobody_asked_for(self, world: World) -> None:
        assert world.do("holds", False) == []

    def test_a_moment_before_the_one_before(self, world: World) -> None:
        world.run(10_000)
        world.do("session", SessionEvent.LOCKED)
        world.now = BEGIN
        assert world.do("session", SessionEvent.UNLOCKED) == [Transition(ACTIVE, world.at(10_000))]


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("run"), st.integers(0, 400_000)),
        st.tuples(st.just("sleep"), st.integers(0, 10**8)),
        st.tuples(st.just("step"), st.integers(-(10**8), 10**8)),
        st.tuples(st.just("input")),
        st.tuples(st.just("idle"), st.integers(0, 10**7)),
        st.tuples(st.just("holds"), st.booleans()),
        st.tuples(st.just("session"), st.sampled_from(list(SessionEvent))),
        st.tuples(st.just("tick"), st.none() | st.integers(0, 10**7)),
        st.tuples(st.just("look")),
    ),
    max_size=60,
)


@given(_STEPS)
def test_in_any_order_transitions_go_forward_and_sleep_is_never_active(steps: list[tuple[Any, ...]]) -> None:
    world = World()
    for name, *arguments in steps:
        if name == "run":
            world.run(arguments[0])
        elif name == "sleep":
            world.sleep(arguments[0])
        elif name == "step":
            world.now = Instant(world.now.wall_ms + arguments[0], world.now.awake_ms, world.now.boot_ms)
        elif name == "look":
            world.machine.should_look(world.now)
        else:
            world.do(name, *arguments)
    world.do("tick")
    made = world.made
    states = [ACTIVE, *(t.to for t in made)]
    assert all(a is not b for a, b in itertools.pairwise(states))
    assert states[-1] is world.machine.presence
    moments = [BEGIN.boot_ms, *(t.at.boot_ms for t in made)]
    assert moments == sorted(moments)
    assert moments[-1] <= world.now.boot_ms
    # By the time awake, no more can be active than the machine was awake.
    active = 0
    points = [(ACTIVE, BEGIN), *((t.to, t.at) for t in made), (None, world.now)]
    for (state, since), (_, until) in itertools.pairwise(points):
        if state is ACTIVE:
            active += max(0, until.awake_ms - since.awake_ms)
            assert until.boot_ms - since.boot_ms - (until.awake_ms - since.awake_ms) <= 1_000 * (
                1 + len(steps)
            )
    assert active <= world.now.awake_ms - BEGIN.awake_ms


@given(_STEPS, st.booleans())
def test_after_anything_a_plain_return_to_work_is_active(steps: list[tuple[Any, ...]], woke: bool) -> None:
    world = World()
    for name, *arguments in steps:
        if name in ("run", "sleep"):
            getattr(world, name)(*arguments)
        elif name in ("input", "idle", "holds", "session", "tick"):
            world.do(name, *arguments)
    if woke:
        world.do("session", SessionEvent.WOKE)
    world.do("session", SessionEvent.SWITCHED_BACK)
    world.do("session", SessionEvent.UNLOCKED)
    world.do("input")
    assert world.machine.presence is ACTIVE
    world.run(IDLE_AFTER)
    world.do("tick", IDLE_AFTER)
    if world.machine.should_look(world.now):
        world.do("holds", False)
    assert world.machine.presence is IDLE
