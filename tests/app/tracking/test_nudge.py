from app.tracking.nudge import Nudge
from tests.fakes.clock import ManualClock


def test_it_is_said_once_in_a_session() -> None:
    clock, nudge = ManualClock(), Nudge()
    nudge.saw(clock.now(), "a", distracting=True)
    assert not nudge.due(clock.advance(59))
    assert nudge.due(clock.advance(1))
    assert not nudge.due(clock.advance(600))
    nudge.saw(clock.now(), "b", distracting=True)
    assert not nudge.due(clock.now())
    assert nudge.due(clock.advance(60))


def test_who_turns_back_in_time_hears_nothing() -> None:
    clock, nudge = ManualClock(), Nudge()
    nudge.saw(clock.now(), "a", distracting=True)
    nudge.saw(clock.advance(50), "a", distracting=False)
    nudge.saw(clock.advance(50), "a", distracting=True)
    assert not nudge.due(clock.advance(50))
    assert nudge.due(clock.advance(10))


def test_going_from_one_distraction_to_the_next_is_staying_in_it() -> None:
    clock, nudge = ManualClock(), Nudge()
    nudge.saw(clock.now(), "a", distracting=True)
    nudge.saw(clock.advance(40), "a", distracting=True)
    assert nudge.due(clock.advance(20))


def test_without_a_session_nothing_is_distracting() -> None:
    clock, nudge = ManualClock(), Nudge()
    nudge.saw(clock.now(), None, distracting=True)
    assert not nudge.due(clock.advance(600))
