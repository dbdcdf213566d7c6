from __future__ import annotations

import ctypes
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Xlib import Xatom

from app.errors import DisplayUnavailable
from app.loop import Loop
from app.tracking.platform import x11_lib
from app.tracking.platform.x11_connection import Pace, Property, X11Connection
from app.tracking.platform.x11_lib import AlarmAttributes, Event, SyncValue, WindowAttributes, X11Library

from .conftest import Server, Watcher, Windows


@dataclass
class Listens:
    events: int = 0
    settled: int = 0
    lost: int = 0
    fails: bool = field(default=False)

    def on_event(self, event: Event) -> None:
        self.events += 1

    def settle(self) -> None:
        self.settled += 1
        if self.fails:
            raise RuntimeError

    def lose(self) -> None:
        self.lost += 1
        if self.fails:
            raise RuntimeError


def test_structures_have_the_sizes_of_the_c_headers():
    assert ctypes.sizeof(Event) == 24 * ctypes.sizeof(ctypes.c_long)
    assert ctypes.sizeof(WindowAttributes) == 136
    assert ctypes.sizeof(AlarmAttributes) == 40


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_sync_values_hold_64_bits(number):
    assert SyncValue.of(number).number == number


def test_a_missing_library_is_told(monkeypatch):
    monkeypatch.setattr(x11_lib, "_load", lambda *_: None)
    with pytest.raises(DisplayUnavailable) as told:
        X11Library()
    assert "libX11" in told.value.told()


def test_a_library_that_lacks_a_function_or_does_not_exist_is_none():
    assert x11_lib._load(("libnothing.so.77",), {}) is None
    assert x11_lib._load(("libX11.so.6",), {"XNoSuchFunction": (None, ())}) is None
    assert x11_lib._load(("libnothing.so.77", "libX11.so.6"), {}) is not None


def test_numbers_of_a_property():
    longs = (ctypes.c_ulong * 3)(1, 0xFFFFFFFF, 7)
    assert Property(1, 32, bytes(longs), cut=False).numbers() == (1, 0xFFFFFFFF, 7)
    assert Property(1, 8, b"12345678", cut=False).numbers() == ()


class TestPace:
    def test_a_burst_goes_at_once_and_then_ten_a_second(self):
        pace = Pace(burst=4, per_second=10)
        assert [pace.wait(100.0) for _ in range(4)] == [0, 0, 0, 0]
        assert pace.wait(100.0) == pytest.approx(0.1)
        assert pace.wait(100.05) == pytest.approx(0.05)
        assert pace.wait(100.101) == 0

    def test_rest_fills_it_up_again_and_no_further(self):
        pace = Pace(burst=2, per_second=10)
        pace.wait(0.0)
        assert [pace.wait(1e9) > 0 for _ in range(3)] == [False, False, True]

    @given(st.lists(st.floats(0, 0.5), min_size=1, max_size=200))
    def test_it_never_lets_more_through_than_burst_and_rate(self, steps):
        pace, now, passed = Pace(4, 10), 0.0, 0
        for step in steps:
            now += step
            passed += pace.wait(now) == 0
        assert passed <= 4 + 10 * now + 1e-6

    def test_a_clock_that_goes_back_does_no_harm(self):
        pace = Pace(1, 10)
        assert pace.wait(10.0) == 0
        assert pace.wait(5.0) > 0
        assert pace.wait(5.2) == 0


def stir(server: Server) -> None:
    """Change a property of the root window, from another connection."""
    with Windows(server) as windows:
        windows.root.change_property(windows.atom("STIRRED"), Xatom.STRING, 8, b"yes")
        windows.display.sync()


def descriptors() -> list[str]:
    return sorted(entry.name for entry in Path("/proc/self/fd").iterdir())


@pytest.mark.display
class TestConnection:
    def test_one_listener_that_fails_does_not_harm_the_other(self, server: Server):
        loop, connection = Loop(), X11Connection(server.name)
        bad, good = Listens(fails=True), Listens()
        for listener in (bad, good):
            connection.attach(loop, listener)
        connection.select(connection.root, x11_lib.PROPERTY_CHANGE)
        connection.called()
        stir(server)
        while not good.settled:
            loop.run_once(1)
        assert good.events == bad.events > 0
        assert loop.failures > 0
        server.kill()
        while not good.lost:
            loop.run_once(1)
        assert bad.lost == 1
        loop.close()

    def test_attached_twice_is_attached_once(self, connection: X11Connection, watcher: Watcher):
        listener = Listens()
        connection.attach(watcher.loop, listener)
        connection.attach(watcher.loop, listener)
        connection.detach(listener)
        assert not connection.is_open
        connection.detach(listener)
        connection.called()

    def test_events_read_by_a_call_are_not_left_lying(self, server, connection, watcher):
        listener = Listens()
        connection.attach(watcher.loop, listener)
        connection.select(connection.root, x11_lib.PROPERTY_CHANGE)
        connection.atoms(["A"])
        stir(server)
        connection.atoms(["B"])  # takes the events along from the socket
        connection.called()
        watcher.until(lambda: listener.events)
        connection.detach(listener)

    @pytest.mark.parametrize("count", [1, 30])
    def test_opening_and_closing_leaves_nothing_behind(self, count, server, watcher: Watcher):
        before = descriptors()
        for _ in range(count):
            connection, listener = X11Connection(server.name), Listens()
            connection.attach(watcher.loop, listener)
            connection.detach(listener)
        assert descriptors() == before


# Qt's xcb plugin in the same process: BadWindow on our connection harms nobody, and Qt goes on painting.
_BESIDE_QT = """
import sys, threading
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication, QLabel
from app.loop import Loop
from app.tracking.platform.x11 import X11WindowSource
from app.tracking.platform.x11_connection import X11Connection, VanishedError

application = QApplication([])
label = QLabel("words")
label.show()
loop = Loop()
connection = X11Connection(sys.argv[1])
source = X11WindowSource(connection)
result = []

def work():
    source.start(loop, lambda _: None, lambda: None)
    for window in range(500):
        try:
            connection.property(0x7f0000 + window, 39)
        except VanishedError:
            result.append(window)
        connection.select(0x7f0000 + window, 1 << 22)
    connection.called()
    loop.call_later(1, loop.stop)
    loop.run()
    source.stop()
    QTimer.singleShot(0, application, application.quit)

worker = threading.Thread(target=work)
QTimer.singleShot(0, worker.start)
steady = QTimer()
steady.timeout.connect(lambda: label.setText(label.text()[:40] + "x"))
steady.start(5)
worker_done = QTimer()
worker_done.timeout.connect(lambda: None if worker.is_alive() or not result else application.quit())
worker_done.start(200)
application.exec()
worker.join()
print("fine", application.platformName(), len(result))
"""


@pytest.mark.display
def test_beside_qt_in_one_process(server: Server):
    ran = subprocess.run(
        [sys.executable, "-c", _BESIDE_QT, server.name],
        env={**server.environ, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.stdout == "fine xcb 500\n", ran.stderr


# Qt sets its own handlers after ours; when the server dies, neither Qt's nor Xlib's may end the process
# before the source has told.
_DYING_BESIDE_QT = """
import os, signal, sys, threading, time
from app.loop import Loop
from app.tracking.platform.x11 import X11WindowSource
from app.tracking.platform.x11_connection import X11Connection

loop = Loop()
source = X11WindowSource(X11Connection(sys.argv[1]))
started = threading.Event()

def lost():
    print("lost", flush=True)
    os._exit(7)

def work():
    source.start(loop, lambda _: None, lost)
    started.set()
    loop.run()

threading.Thread(target=work).start()
started.wait()
from PyQt6.QtWidgets import QApplication
application = QApplication([])
print("up", flush=True)
threading.Event().wait()  # Qt's own loop would end the process by itself
"""


@pytest.mark.display
def test_a_server_that_dies_beside_qt_is_told(server: Server):
    running = subprocess.Popen(
        [sys.executable, "-c", _DYING_BESIDE_QT, server.name],
        env={**server.environ, "QT_QPA_PLATFORM": "xcb"}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        stir(server)  # an event, after which the handlers are ours again
        server.kill()
        assert running.stdout.readline() == "lost\n"
        assert running.wait(30) == 7
    finally:
        running.kill()
        running.wait()
        running.stdout.close()
