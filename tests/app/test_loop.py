from __future__ import annotations

import logging
import socket
import threading
import time

import pytest

from app.loop import Loop, describe


@pytest.fixture
def loop():
    loop = Loop()
    yield loop
    loop.close()


def test_timers_fire_in_their_order(loop: Loop) -> None:
    fired: list[str] = []
    loop.call_later(0.02, lambda: fired.append("second"))
    loop.call_later(0.01, lambda: fired.append("first"))
    loop.call_later(0.03, loop.stop)
    loop.run()
    assert fired == ["first", "second"]


def test_a_cancelled_timer_never_fires(loop: Loop) -> None:
    timer = loop.call_later(0, lambda: pytest.fail("fired"))
    timer.cancel()
    assert not timer.pending
    loop.run_once(0.01)


def test_a_timer_may_cancel_another_that_is_due_as_well(loop: Loop) -> None:
    timers = []
    loop.call_later(0.0, lambda: timers[0].cancel())  # noqa: PLW0108 - not there yet
    timers.append(loop.call_later(0.0, lambda: pytest.fail("fired")))
    loop.run_once(0.01)
    assert not timers[0].pending


def test_posted_calls_run_in_the_loop_s_thread(loop: Loop) -> None:
    seen: list[int] = []
    thread = threading.Thread(target=loop.run)
    thread.start()
    loop.post(lambda: seen.append(threading.get_ident()))
    loop.post(loop.stop)
    thread.join(5)
    assert seen == [thread.ident]


def test_calls_posted_before_the_stop_are_still_run(loop: Loop) -> None:
    ran: list[int] = []
    loop.post(loop.stop)
    loop.post(lambda: ran.append(1))
    loop.run()
    assert ran == [1]


def test_a_posting_storm_wakes_the_loop_once_and_loses_nothing(loop: Loop) -> None:
    ran: list[int] = []
    for number in range(100_000):
        loop.post(lambda number=number: ran.append(number))
    while len(ran) < 100_000:
        loop.run_once(0.1)
    assert ran == sorted(ran)


def test_sockets_are_watched_until_they_are_not(loop: Loop) -> None:
    left, right = socket.socketpair()
    seen: list[bytes] = []
    loop.watch(left.fileno(), lambda: seen.append(left.recv(10)))
    right.send(b"one")
    loop.run_once(1)
    loop.unwatch(left.fileno())
    loop.unwatch(left.fileno())
    right.send(b"two")
    loop.run_once(0.01)
    assert seen == [b"one"]
    left.close()
    right.close()


def test_a_callback_may_unwatch_another_that_is_ready(loop: Loop) -> None:
    pairs = [socket.socketpair() for _ in range(2)]
    calls: list[int] = []

    def first_to_come() -> None:
        calls.append(1)
        for left, _ in pairs:
            loop.unwatch(left.fileno())

    for left, right in pairs:
        loop.watch(left.fileno(), first_to_come)
        right.send(b"x")
    loop.run_once(1)
    assert calls == [1]
    for left, right in pairs:
        left.close()
        right.close()


def test_a_failing_callback_stops_nothing_and_tells_no_value(
    loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        secret = "title of a window"
        raise ValueError(secret)

    ran: list[int] = []
    with caplog.at_level(logging.DEBUG):
        loop.post(fail)
        loop.post(lambda: ran.append(1))
        loop.run_once(0.1)
    assert ran == [1]
    assert loop.failures == 1
    assert "ValueError" in caplog.text and "fail" in caplog.text
    assert "title" not in caplog.text


def test_the_description_of_an_error_holds_no_message() -> None:
    try:
        raise RuntimeError("secret words")
    except RuntimeError as error:
        told = describe(error)
    assert "RuntimeError" in told and "secret" not in told


def test_waiting_for_nothing_uses_no_time(loop: Loop) -> None:
    before = time.process_time()
    loop.run_once(0.3)
    assert time.process_time() - before < 0.2
