from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.loop import Loop
from app.paths import resources
from app.tracking.platform.base import Hold
from app.tracking.platform.hold_probe import looks, run
from app.tracking.platform.holds import ChildHoldSource, is_video_application
from app.tracking.platform.inhibitors import holds_off_idle

from .message_buses import LOGIN, MOCK, MockedLogin, PrivateBus

PATIENCE_S = 30.0
ALL = frozenset(Hold)
MICROPHONE, MEDIA, INHIBITOR = Hold.MICROPHONE, Hold.MEDIA_PLAYING, Hold.IDLE_INHIBITOR


@pytest.fixture
def loop():
    made = Loop()
    yield made
    assert made.failures == 0
    made.close()


def look(loop: Loop, source: ChildHoldSource, wanted: frozenset[Hold] = ALL) -> frozenset[Hold]:
    """Check, and wait for the answer; it comes exactly once, in this thread."""
    answers: list[frozenset[Hold]] = []

    def answer(found: frozenset[Hold]) -> None:
        assert threading.current_thread() is threading.main_thread()
        answers.append(found)

    source.check(wanted, answer)
    assert answers == []
    until = time.monotonic() + PATIENCE_S
    while not answers:
        assert time.monotonic() < until, "no answer"
        loop.run_once(0.2)
    for _ in range(3):
        loop.run_once(0.02)
    (found,) = answers
    return found


def saying(loop: Loop, code: str, longest_s: float = 20.0) -> ChildHoldSource:
    """A source whose child does this instead."""
    return ChildHoldSource(loop, command=(sys.executable, "-c", code), longest_s=longest_s)


class TestVideoApplications:
    @pytest.mark.parametrize("name", ["mpv", "VLC", " firefox ", "Google-chrome", "org.gnome.Totem", "zoom"])
    def test_players_and_browsers(self, name):
        assert is_video_application(name)

    @pytest.mark.parametrize("name", ["", "XTerm", "code", "libreoffice-impress", "unknown"])
    def test_what_is_worked_with_in_full_screen(self, name):
        assert not is_video_application(name)

    def test_the_list_is_in_order_and_in_small_letters(self):
        names = json.loads((resources() / "video_applications.json").read_text())["applications"]
        assert len(names) == len(set(names))
        assert all(name == name.lower().strip() for name in names)


class TestChild:
    def test_what_the_child_found_and_could_not_see(self, loop):
        source = saying(loop, "print('microphone'); print('-media_playing'); print('nonsense')")
        assert look(loop, source) == {MICROPHONE}
        assert len(source.limits) == 1
        assert "media" in source.limits[0].what
        assert look(loop, source, frozenset({INHIBITOR})) == set()

    def test_only_what_was_wanted_is_answered(self, loop):
        source = saying(loop, "print('microphone'); print('media_playing')")
        assert look(loop, source, frozenset({MEDIA})) == {MEDIA}
        assert look(loop, source, frozenset()) == set()
        assert look(loop, source, frozenset({Hold.FULLSCREEN_VIDEO})) == set()

    def test_the_child_gets_the_names_of_what_is_wanted(self, loop):
        source = saying(loop, "import sys; print(*sys.argv[1:], sep='\\n')")
        assert look(loop, source) == {MICROPHONE, MEDIA, INHIBITOR}

    def test_a_child_that_hangs_is_ended_and_what_it_said_counts(self, loop, tmp_path):
        mark = tmp_path / "pid"
        code = f"""
import os, time
open({str(mark)!r}, "w").write(str(os.getpid()))
print("microphone", flush=True)
time.sleep(600)
"""
        source = saying(loop, code, longest_s=2.0)
        assert look(loop, source) == {MICROPHONE}
        assert not Path(f"/proc/{mark.read_text()}").exists()

    def test_a_child_that_ignores_everything_is_ended_too(self, loop):
        code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
        assert look(loop, saying(loop, code, longest_s=1.0)) == set()

    def test_a_child_that_talks_without_end(self, loop):
        assert look(loop, saying(loop, "while True: print('x' * 1000)")) == set()

    def test_a_child_that_says_what_is_no_text(self, loop):
        code = "import os; os.write(1, b'\\xff\\xfe microphone\\n')"
        assert look(loop, saying(loop, code)) == {MICROPHONE}

    def test_a_child_that_cannot_be_started(self, loop):
        source = ChildHoldSource(loop, command=("/nonexistent/python",))
        assert look(loop, source) == set()

    def test_several_looks_at_a_time(self, loop):
        source = saying(loop, "import sys; print(*sys.argv[1:], sep='\\n')")
        answers: list[frozenset[Hold]] = []
        for hold in (MICROPHONE, MEDIA, INHIBITOR):
            source.check(frozenset({hold}), answers.append)
        until = time.monotonic() + PATIENCE_S
        while len(answers) < 3 and time.monotonic() < until:
            loop.run_once(0.2)
        assert set(answers) == {frozenset({hold}) for hold in (MICROPHONE, MEDIA, INHIBITOR)}

    def test_nothing_is_left_behind(self, loop):
        source = saying(loop, "print('microphone')")
        look(loop, source)
        before = sorted(entry.name for entry in Path("/proc/self/fd").iterdir())
        for _ in range(5):
            look(loop, source)
        assert sorted(entry.name for entry in Path("/proc/self/fd").iterdir()) == before


class TestProbe:
    def test_each_is_told_as_soon_as_it_is_known_and_one_that_hangs_is_dropped(self):
        told: list[str] = []
        began = time.monotonic()
        ended = threading.Event()
        run(
            {MICROPHONE: lambda: ended.wait(60), MEDIA: lambda: True, INHIBITOR: lambda: None},
            told.append,
            longest_s=0.5,
        )
        assert set(told) == {"media_playing", "-idle_inhibitor"}
        assert time.monotonic() - began < 30
        ended.set()

    def test_one_that_fails_is_not_found(self):
        def fail() -> bool:
            raise RuntimeError("a bus broke")

        told: list[str] = []
        run({MICROPHONE: fail, MEDIA: lambda: False, INHIBITOR: lambda: True}, told.append)
        assert set(told) == {"-microphone", "idle_inhibitor"}

    def test_it_looks_for_all_but_windows(self):
        assert set(looks()) == ALL - {Hold.FULLSCREEN_VIDEO}


@pytest.mark.parametrize(
    ("inhibitors", "holds"),
    [
        ([["idle", "mpv", "plays", "block", 1000, 5]], True),
        ([["sleep:idle:handle-lid-switch", "x", "y", "block", 1000, 5]], True),
        ([["idle", "mpv", "plays", "delay", 1000, 5]], False),
        ([["sleep", "x", "y", "block", 1000, 5]], False),
        ([["idleness", "x", "y", "block", 1000, 5]], False),
        ([["idle", "somebody else", "y", "block", 1001, 5]], False),
        ([["idle"], "idle", None, 7, ["sleep", "x", "y", "block", 1000, 5]], False),
        ([], False),
        (None, False),
        ("idle", False),
    ],
)
def test_who_holds_off_idle(inhibitors, holds):
    assert holds_off_idle(inhibitors, 1000) is holds


@pytest.fixture
def bus(tmp_path):
    made = PrivateBus(tmp_path / "bus")
    made.start()
    yield made
    made.end()


def source_on(loop: Loop, bus: PrivateBus) -> ChildHoldSource:
    return ChildHoldSource(loop, {**bus.environ, "PULSE_SERVER": "unix:/nonexistent"})


PLAYER = "org.mpris.MediaPlayer2.fake"


def play(bus: PrivateBus, name: str, status: str) -> subprocess.Popen[bytes]:
    path, interface = "/org/mpris/MediaPlayer2", "org.mpris.MediaPlayer2.Player"
    player = bus.serve("--session", name, path, interface, name=name)
    bus.call(name, path, f"{MOCK}.AddProperty", interface, "PlaybackStatus", f"<{status}>")
    return player


class TestBuses:
    @pytest.mark.parametrize(
        ("status", "found"), [("'Playing'", {MEDIA}), ("'Paused'", set()), ("'Stopped'", set()), ("7", set())]
    )
    def test_a_media_player(self, loop, bus, status, found):
        play(bus, PLAYER, status)
        assert look(loop, source_on(loop, bus), frozenset({MEDIA})) == found

    def test_a_player_that_hangs_does_not_hide_one_that_plays(self, loop, bus):
        hangs = play(bus, f"{PLAYER}.a", "'Playing'")
        hangs.send_signal(19)
        play(bus, f"{PLAYER}.b", "'Playing'")
        assert look(loop, source_on(loop, bus), frozenset({MEDIA})) == {MEDIA}

    def test_an_inhibitor_at_the_login_manager(self, loop, bus):
        login = MockedLogin(bus)
        login.start()
        source = source_on(loop, bus)
        assert look(loop, source, frozenset({INHIBITOR})) == set()
        listed = f"ret = [('idle', 'mpv', 'plays', 'block', {os.getuid()}, 5)]"
        login.method("ListInhibitors", "", "a(ssssuu)", listed)
        assert look(loop, source, frozenset({INHIBITOR})) == {INHIBITOR}

    @pytest.mark.parametrize(
        ("name", "path", "method", "takes"),
        [
            ("org.gnome.SessionManager", "/org/gnome/SessionManager", "IsInhibited", "u"),
            (
                "org.freedesktop.PowerManagement.Inhibit", "/org/freedesktop/PowerManagement/Inhibit",
                "HasInhibit", "",
            ),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("inhibited", [True, False])
    def test_an_inhibitor_at_the_desktop(self, loop, bus, name, path, method, takes, inhibited):
        bus.serve("--session", name, path, name, name=name)
        bus.call(name, path, f"{MOCK}.AddMethod", name, method, takes, "b", f"ret = {inhibited}")
        found = look(loop, source_on(loop, bus), frozenset({INHIBITOR}))
        assert found == ({INHIBITOR} if inhibited else set())

    def test_a_bus_that_hangs(self, loop, bus):
        assert bus.process is not None
        bus.process.send_signal(19)
        began = time.monotonic()
        assert look(loop, source_on(loop, bus)) == set()
        assert time.monotonic() - began < 20
        bus.process.send_signal(18)

    def test_no_bus_and_no_sound_server_at_all(self, loop, tmp_path):
        environ = {**os.environ, "PULSE_SERVER": "unix:/nonexistent", "XDG_RUNTIME_DIR": str(tmp_path)}
        environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={tmp_path}/none"
        environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
        source = ChildHoldSource(loop, environ)
        assert look(loop, source) == set()
        assert len(source.limits) == 3

    def test_with_both_buses_only_the_sound_server_is_missing(self, loop, bus):
        source = source_on(loop, bus)
        assert look(loop, source) == set()
        assert ["Calls" in limit.what for limit in source.limits] == [True]
        assert LOGIN
