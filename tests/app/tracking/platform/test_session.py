from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app.tracking.platform.base import SessionEvent
from app.tracking.platform.session import LinuxSessionSource

from .message_buses import LOGIN, MOCK, ROOT, SYSTEM_PYTHON, MockedLogin, PrivateBus, qt_until, qt_work

LOCKED, UNLOCKED = SessionEvent.LOCKED, SessionEvent.UNLOCKED
SLEEPING, WOKE = SessionEvent.SLEEPING, SessionEvent.WOKE

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def bus(tmp_path):
    made = PrivateBus(tmp_path / "bus")
    made.start()
    yield made
    made.end()


@pytest.fixture
def login(bus):
    made = MockedLogin(bus)
    made.start()
    return made


@pytest.fixture
def environ(bus) -> dict[str, str]:
    return {"DBUS_SYSTEM_BUS_ADDRESS": bus.address, "DBUS_SESSION_BUS_ADDRESS": bus.address}


@pytest.fixture
def make(environ):
    made: list[LinuxSessionSource] = []

    def make(**changes: str) -> tuple[LinuxSessionSource, list[SessionEvent]]:
        source = LinuxSessionSource({**environ, "XDG_SESSION_ID": "7", **changes}, confirm_within_ms=1500)
        events: list[SessionEvent] = []
        made.append(source)
        source.start(events.append)
        return source, events

    yield make
    for source in made:
        source.stop()


def delayed(login: MockedLogin) -> bool:
    return any(entry[0] == "sleep:shutdown" and entry[3] == "delay" for entry in login.inhibitors())


def test_lock_and_unlock_by_the_signals(login, make):
    source, events = make()
    qt_until(lambda: source.limits == (), "the session to be found")
    login.on_session("Lock")
    qt_until(lambda: events == [LOCKED])
    login.on_session("Unlock")
    qt_until(lambda: events == [LOCKED, UNLOCKED])


def test_lock_and_unlock_by_the_hint(login, make):
    source, events = make()
    qt_until(lambda: source.limits == ())
    login.on_session("SetLockedHint", "true")
    qt_until(lambda: events == [LOCKED])
    login.on_session("SetLockedHint", "true")
    login.on_session("SetLockedHint", "false")
    qt_until(lambda: events == [LOCKED, UNLOCKED])


def test_a_locker_that_confirms_stays_locked_and_one_that_never_does_is_not_believed(login, make):
    source, events = make()
    qt_until(lambda: source.limits == ())
    login.on_session("Lock")
    login.on_session("SetLockedHint", "true")
    qt_until(lambda: events == [LOCKED])
    qt_work(2.5)
    assert events == [LOCKED]
    login.on_session("SetLockedHint", "false")
    qt_until(lambda: events == [LOCKED, UNLOCKED])
    login.on_session("Lock")
    qt_until(lambda: events[2:] == [LOCKED])
    qt_until(lambda: events[3:] == [UNLOCKED], "the doubt")


def test_what_is_true_at_the_start_is_told(login, make):
    login.on_session("SetLockedHint", "true")
    login.change("Active", "false")
    _, events = make()
    qt_until(lambda: set(events) == {LOCKED, SessionEvent.SWITCHED_AWAY})


def test_another_session_takes_the_seat_and_gives_it_back(login, make):
    source, events = make()
    qt_until(lambda: source.limits == ())
    login.change("Active", "false")
    qt_until(lambda: events == [SessionEvent.SWITCHED_AWAY])
    login.change("Active", "false")
    login.change("Active", "true")
    qt_until(lambda: events == [SessionEvent.SWITCHED_AWAY, SessionEvent.SWITCHED_BACK])


def test_sleep_waits_until_it_is_released_and_is_delayed_again_after_waking(login, make):
    source, events = make()
    qt_until(lambda: source._login.delays_sleep)
    assert delayed(login)
    login.signal("PrepareForSleep", "true")
    qt_until(lambda: events == [SLEEPING])
    assert delayed(login)
    source.release_sleep()
    qt_until(lambda: not delayed(login), "the inhibitor to be given back")
    login.signal("PrepareForSleep", "false")
    qt_until(lambda: events == [SLEEPING, WOKE])
    qt_until(lambda: delayed(login), "the inhibitor to be taken again")
    source.stop()
    qt_until(lambda: not delayed(login), "the inhibitor to end with the source")


def test_shutdown_is_told_and_one_that_is_called_off_delays_again(login, make):
    source, events = make()
    qt_until(lambda: source._login.delays_sleep)
    login.signal("PrepareForShutdown", "true")
    qt_until(lambda: events == [SessionEvent.SHUTTING_DOWN])
    source.release_sleep()
    qt_until(lambda: not delayed(login))
    login.signal("PrepareForShutdown", "false")
    qt_until(lambda: delayed(login))
    assert events == [SessionEvent.SHUTTING_DOWN]


def test_the_session_is_found_by_the_process(login, make):
    login.method("GetSession", "s", "o", "raise dbus.exceptions.DBusException('none such')")
    login.method("GetSessionByPID", "u", "o", f"ret = '{login.session}'")
    source, events = make()
    qt_until(lambda: source.limits == ())
    login.on_session("SetLockedHint", "true")
    qt_until(lambda: events == [LOCKED])


def test_the_session_is_found_by_the_users_display(login, bus, make):
    user = f"{ROOT}/user/mine"
    login.method("GetUser", "u", "o", f"ret = '{user}'")
    properties = f"{{'Display': <('7', objectpath '{login.session}')>}}"
    bus.call(LOGIN, ROOT, f"{MOCK}.AddObject", user, f"{LOGIN}.User", properties, "@a(ssss) []")
    source, events = make(XDG_SESSION_ID="")
    qt_until(lambda: source.limits == ())
    login.on_session("SetLockedHint", "true")
    qt_until(lambda: events == [LOCKED])


def test_a_login_manager_that_knows_no_session_of_ours(login, make):
    login.method("GetSession", "s", "o", "raise dbus.exceptions.DBusException('none such')")
    source, events = make()
    qt_until(lambda: source._login.delays_sleep)
    assert "No login manager" in source.limits[0].what
    login.signal("PrepareForSleep", "true")
    qt_until(lambda: events == [SLEEPING])


def test_the_login_manager_starts_later_and_restarts(login, make):
    login.kill()
    source, events = make()
    qt_work(0.3)
    assert source.limits
    login.start()
    qt_until(lambda: source.limits == () and source._login.delays_sleep, "the login manager to be picked up")
    login.signal("PrepareForSleep", "true")
    qt_until(lambda: events == [SLEEPING])
    login.kill()
    qt_until(lambda: events == [SLEEPING, WOKE])
    login.start()
    qt_until(lambda: source.limits == () and source._login.delays_sleep)
    assert delayed(login)
    login.on_session("SetLockedHint", "true")
    qt_until(lambda: events[2:] == [LOCKED])


def test_the_bus_dies_and_comes_back(login, bus, make):
    source, events = make()
    qt_until(lambda: source.limits == ())
    login.on_session("SetLockedHint", "true")
    qt_until(lambda: events == [LOCKED])
    bus.kill()
    qt_until(lambda: events == [LOCKED, UNLOCKED])
    bus.start()
    login.start()
    qt_until(lambda: source.limits == (), "the bus to be picked up")
    login.on_session("SetLockedHint", "true")
    qt_until(lambda: events[2:] == [LOCKED])


SAVERS = ("org.freedesktop.ScreenSaver", "org.xfce.ScreenSaver", "org.gnome.ScreenSaver")


@pytest.mark.parametrize("name", SAVERS)
def test_the_desktops_screen_saver_locks_and_unlocks(name, bus, make):
    path = "/" + name.replace(".", "/")
    _, events = make()
    bus.serve("--session", name, path, name, name=name)
    bus.emit(name, path, name, "ActiveChanged", "b", "true")
    qt_until(lambda: events == [LOCKED])
    bus.emit(name, path, name, "ActiveChanged", "b", "false")
    qt_until(lambda: events == [LOCKED, UNLOCKED])


def test_a_screen_saver_that_is_active_at_the_start_and_then_crashes(bus, make):
    name = SAVERS[0]
    path = "/" + name.replace(".", "/")
    saver = bus.serve("--session", name, path, name, name=name)
    bus.call(name, path, f"{MOCK}.AddMethod", name, "GetActive", "", "b", "ret = True")
    _, events = make()
    qt_until(lambda: events == [LOCKED])
    saver.kill()
    saver.wait()
    qt_until(lambda: events == [LOCKED, UNLOCKED])


def test_words_of_the_wrong_kind_are_passed_over(login, bus, make):
    name = SAVERS[0]
    path = "/" + name.replace(".", "/")
    source, events = make()
    qt_until(lambda: source.limits == ())
    bus.serve("--session", name, path, name, name=name)
    bus.emit(name, path, name, "ActiveChanged", "s", "'yes'")
    bus.emit(LOGIN, ROOT, f"{LOGIN}.Manager", "PrepareForSleep", "s", "'now'")
    bus.emit(LOGIN, ROOT, f"{LOGIN}.Manager", "PrepareForShutdown", "i", "1")
    login.change("LockedHint", "'maybe'")
    login.change("Active", "5")
    login.on_session("Lock")
    qt_until(lambda: events)
    assert events == [LOCKED]


def test_without_any_bus_the_limits_tell(tmp_path):
    source = LinuxSessionSource({"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/none"})
    events: list[SessionEvent] = []
    source.start(events.append)
    qt_work(0.1)
    assert events == []
    assert source.name == "none"
    assert ["message bus" in limit.what for limit in source.limits] == [True, True]
    source.release_sleep()
    source.stop()
    source.stop()


def test_nothing_is_told_after_the_stop(login, make):
    source, events = make()
    qt_until(lambda: source.limits == ())
    source.stop()
    login.on_session("Lock")
    qt_work(0.5)
    assert events == []


def test_it_can_be_started_and_stopped_again_and_again_while_signals_rain(login, make):
    source, _ = make()
    for _ in range(40):
        events: list[SessionEvent] = []
        source.start(events.append)
        qt_work(0.01)
    login.on_session("SetLockedHint", "true")
    qt_until(lambda: events == [LOCKED])


# In a process of its own: two threads that wait for each other can only be killed.
_AGAIN_AND_AGAIN = """
import os
from pathlib import Path
from PyQt6.QtCore import QCoreApplication, QTimer
from app.tracking.platform.session import LinuxSessionSource

application = QCoreApplication([])
source = LinuxSessionSource({**os.environ, "XDG_SESSION_ID": "7"})
descriptors = lambda: len(os.listdir("/proc/self/fd"))
most = descriptors() + 12
left = 60

def round():
    global left
    source.stop()
    if left == 0 and descriptors() < most:
        application.quit()
        return
    left = max(0, left - 1)
    if left:
        source.start(lambda event: None)
    QTimer.singleShot(left % 4 * 15, round)

round()
application.exec()
source.start(lambda event: None)
source.stop()
os._exit(0)  # as the agent ends
"""


def test_connections_are_given_back_and_no_two_threads_wait_for_each_other(login, bus, environ):
    rain = textwrap.dedent("""
        import dbus, sys, time
        bus = dbus.bus.BusConnection(sys.argv[1])
        while True:
            signal = dbus.lowlevel.SignalMessage("/x", "org.gnome.ScreenSaver", "ActiveChanged")
            signal.append(True)
            bus.send_message(signal)
            bus.request_name("org.mate.ScreenSaver")
            bus.release_name("org.mate.ScreenSaver")
            time.sleep(0.002)
    """)
    raining = subprocess.Popen([SYSTEM_PYTHON, "-c", rain, bus.address])
    try:
        asked = {**os.environ, **environ, "PYTHONPATH": str(Path.cwd())}
        subprocess.run([sys.executable, "-c", _AGAIN_AND_AGAIN], env=asked, timeout=60, check=True)
    finally:
        raining.kill()
        raining.wait()
