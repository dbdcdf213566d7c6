from __future__ import annotations

import time

import pytest

from app.errors import DisplayUnavailable
from app.tracking.platform.x11 import X11WindowSource
from app.tracking.platform.x11_connection import X11Connection
from app.tracking.platform.x11_input import ScreenSaverIdleMeter, SyncIdleMeter, X11InputSource
from app.tracking.platform.x11_lib import X11Library

from .conftest import Server, Watcher


class Told:
    """What the source said, in order: milliseconds for idle, "input" for input."""

    def __init__(self) -> None:
        self.said: list[int | str] = []

    def on_idle(self, idle_ms: int) -> None:
        self.said.append(idle_ms)

    def on_input(self) -> None:
        self.said.append("input")


@pytest.fixture
def told() -> Told:
    return Told()


def touch(server: Server) -> None:
    server.do("xdotool", "key", "shift")


@pytest.fixture(params=["alarms", "asking"])
def source(request, connection: X11Connection, watcher: Watcher):
    meter = SyncIdleMeter if request.param == "alarms" else ScreenSaverIdleMeter
    made = X11InputSource(connection, (meter.of,))
    yield made
    made.stop()


pytestmark = pytest.mark.display


def test_idle_and_input_again_and_again(server, source, watcher, told):
    touch(server)
    source.start(watcher.loop, 1.0, told.on_idle, told.on_input)
    # A look that comes late finds input and idle at once, so there may be more than was waited for.
    for round_ in range(3):
        watcher.until(lambda wanted=2 * round_ + 1: len(told.said) >= wanted, "idle")
        touch(server)
        watcher.until(lambda wanted=2 * round_ + 2: len(told.said) >= wanted, "input")
    assert all(isinstance(said, int) and said >= 1000 for said in told.said[::2])
    assert set(told.said[1::2]) == {"input"}


def test_idle_that_began_before_the_start_is_told_at_once(server, source, watcher, told):
    touch(server)
    time.sleep(1.5)
    source.start(watcher.loop, 1.0, told.on_idle, told.on_input)
    assert len(told.said) == 1
    assert 1400 <= told.said[0] <= 20_000
    touch(server)
    watcher.until(lambda: told.said[1:2] == ["input"])


def test_input_is_not_missed_when_it_is_idle_again_by_the_time_of_looking(server, source, watcher, told):
    touch(server)
    time.sleep(1.5)
    source.start(watcher.loop, 0.3, told.on_idle, told.on_input)
    touch(server)
    time.sleep(0.8)
    watcher.until(lambda: len(told.said) >= 3)
    assert told.said[1] == "input"
    assert told.said[2] >= 300


def test_the_limit_can_change_both_ways(server, source, watcher, told):
    touch(server)
    time.sleep(1.5)
    source.start(watcher.loop, 600, told.on_idle, told.on_input)
    assert told.said == []
    source.set_idle_after(1)
    assert len(told.said) == 1
    source.set_idle_after(600)
    assert told.said[1:] == ["input"]
    source.set_idle_after(0)
    assert len(told.said) == 3


def test_idle_time_counts_from_the_last_input(server, source, watcher, told):
    source.start(watcher.loop, 600, told.on_idle, told.on_input)
    time.sleep(1.2)
    assert source.idle_ms() >= 1100
    touch(server)
    assert source.idle_ms() < 1100


def test_nothing_is_said_after_the_stop(server, source, watcher, told):
    touch(server)
    source.start(watcher.loop, 1, told.on_idle, told.on_input)
    source.stop()
    watcher.work(2)
    assert told.said == []
    assert source.idle_ms() == 0
    source.start(watcher.loop, 0.5, told.on_idle, told.on_input)
    watcher.until(lambda: told.said)


def test_alarms_need_no_wakeups_and_asking_few(server, source, watcher, told):
    touch(server)
    source.start(watcher.loop, 600, told.on_idle, told.on_input)
    watcher.work(0.5)
    assert watcher.work(3) == 0
    source.set_idle_after(1)
    watcher.until(lambda: told.said)
    watcher.work(0.3)
    assert watcher.work(4) <= (0 if source.limits == () else 5)


def test_a_display_without_either_extension(connection, watcher, told):
    source = X11InputSource(connection, ())
    source.start(watcher.loop, 1, told.on_idle, told.on_input)
    watcher.work(1.5)
    assert told.said == []
    assert source.idle_ms() == 0
    assert "idle time counts as work" in source.limits[0].what
    source.stop()
    assert source.limits == ()


class WithoutExtensions(X11Library):
    def sync(self):
        return None

    def screen_saver(self):
        return None


def test_the_libraries_of_the_extensions_are_missing(server, watcher, told):
    source = X11InputSource(X11Connection(server.name, WithoutExtensions))
    source.start(watcher.loop, 1, told.on_idle, told.on_input)
    assert "idle time counts as work" in source.limits[0].what
    source.set_idle_after(2)
    source.stop()


def test_the_display_goes_away(server, connection, watcher, told):
    """The window source tells of the loss; the input source falls silent and can be started again."""
    windows, source = X11WindowSource(connection), X11InputSource(connection)
    source.start(watcher.loop, 1, told.on_idle, told.on_input)
    windows.start(watcher.loop, watcher.on_window, watcher.on_lost)
    server.kill()
    watcher.until(lambda: watcher.lost)
    assert source.idle_ms() == 0
    source.set_idle_after(1)
    source.stop()
    with pytest.raises(DisplayUnavailable):
        source.start(watcher.loop, 1, told.on_idle, told.on_input)


def test_the_display_goes_away_during_a_question(server, connection, watcher, told):
    source = X11InputSource(connection)
    source.start(watcher.loop, 600, told.on_idle, told.on_input)
    server.kill()
    source.idle_ms()
    watcher.work(0.5)
    assert not connection.is_open
    assert told.said == []


def test_windows_and_input_share_one_connection(server, connection, watcher, told):
    windows, source = X11WindowSource(connection), X11InputSource(connection)
    windows.start(watcher.loop, watcher.on_window, watcher.on_lost)
    touch(server)
    source.start(watcher.loop, 1, told.on_idle, told.on_input)
    watcher.until(lambda: told.said, "idle")
    windows.stop()
    assert connection.is_open
    touch(server)
    watcher.until(lambda: told.said[-1] == "input")
    source.stop()
    assert not connection.is_open
