from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.tracking.platform.lock_state import LockState


def test_the_signals_alone():
    state = LockState()
    assert state.lock()
    assert not state.unlock()


def test_a_hint_counts_when_it_changes():
    state = LockState()
    assert state.lock()
    # The first words about a session that is being locked: not yet.
    assert state.hint(False)
    assert state.hint(True)
    assert not state.hint(False)


def test_a_lock_nobody_confirms_is_doubted():
    state = LockState()
    state.lock()
    assert not state.doubt()


def test_a_confirmed_lock_is_not_doubted():
    by_hint, by_saver = LockState(), LockState()
    by_hint.lock()
    by_hint.hint(True)
    assert by_hint.doubt()
    by_saver.lock()
    by_saver.saver("a", True)
    assert by_saver.doubt()


def test_the_first_to_tell_of_the_end_is_believed():
    state = LockState()
    state.hint(True)
    state.saver("a", True)
    assert not state.saver("a", False)
    assert not state.hint(False)


def test_two_savers_end_with_the_last():
    state = LockState()
    state.saver("a", True)
    state.saver("b", True)
    assert state.saver("a", False)
    assert not state.saver("b", False)


events = st.one_of(
    st.tuples(st.just("lock")),
    st.tuples(st.just("unlock")),
    st.tuples(st.just("doubt")),
    st.tuples(st.just("hint"), st.booleans()),
    st.tuples(st.just("saver"), st.sampled_from("ab"), st.booleans()),
)


@given(st.lists(events, max_size=30))
def test_after_everybody_says_unlocked_it_is_unlocked(history):
    state = LockState()
    for name, *arguments in history:
        told = getattr(state, name)(*arguments)
        assert told == state.locked
    state.hint(False)
    state.saver("a", False)
    state.saver("b", False)
    assert not state.doubt()
    assert state.lock()
