from __future__ import annotations

import subprocess
import sys

import pytest

from app.loop import Loop
from app.tracking.platform.base import Hold, SessionEvent
from app.tracking.platform.null import NullHoldSource, NullInputSource, NullSessionSource, NullWindowSource
from app.tracking.platform.select import NO_DISPLAY, WAYLAND, select_sources

X11 = {"DISPLAY": ":7"}


def names(environ, platform="linux") -> tuple[str, str]:
    sources = select_sources(environ, platform=platform)
    return sources.windows.name, sources.input.name


@pytest.mark.parametrize(
    ("environ", "platform", "chosen"),
    [
        (X11, "linux", ("x11", "x11")),
        (X11 | {"XDG_SESSION_TYPE": "x11"}, "linux", ("x11", "x11")),
        (X11 | {"XDG_SESSION_TYPE": "wayland"}, "linux", ("null", "null")),
        (X11 | {"WAYLAND_DISPLAY": "wayland-0"}, "linux", ("null", "null")),
        (X11 | {"WAYLAND_DISPLAY": "", "XDG_SESSION_TYPE": ""}, "linux", ("x11", "x11")),
        ({}, "linux", ("null", "null")),
        ({"DISPLAY": ""}, "linux", ("null", "null")),
        ({}, "darwin", ("pywinctl", "portable")),
        ({}, "win32", ("pywinctl", "portable")),
        (X11 | {"DEVPULSE_SOURCE": "null"}, "linux", ("null", "null")),
        (X11 | {"DEVPULSE_SOURCE": "pywinctl"}, "linux", ("pywinctl", "x11")),
        ({"DEVPULSE_SOURCE": "pywinctl"}, "linux", ("pywinctl", "null")),
        (X11 | {"DEVPULSE_SOURCE": "x11", "WAYLAND_DISPLAY": "wayland-0"}, "linux", ("x11", "x11")),
        ({"DEVPULSE_SOURCE": "x11"}, "linux", ("null", "null")),
        (X11 | {"DEVPULSE_SOURCE": "magic"}, "linux", ("x11", "x11")),
        (X11, "freebsd14", ("x11", "x11")),
    ],
)
def test_what_sees_this_machine(environ, platform, chosen):
    assert names(environ, platform) == chosen


def test_wayland_and_no_display_are_explained():
    wayland = select_sources(X11 | {"WAYLAND_DISPLAY": "wayland-0"}, platform="linux")
    assert wayland.windows.limits == (WAYLAND,)
    assert wayland.notes == (WAYLAND,)
    assert "X11" in WAYLAND.advice
    assert select_sources({}, platform="linux").notes == (NO_DISPLAY,)
    assert select_sources(X11, platform="linux").notes == ()


def test_a_word_that_names_no_source_is_told():
    (note,) = select_sources(X11 | {"DEVPULSE_SOURCE": "magic"}, platform="linux").notes
    assert "DEVPULSE_SOURCE" in note.what


def test_sessions_holds_and_processes_of_other_systems():
    sources = select_sources({}, platform="darwin")
    assert sources.session.name == "null"
    assert sources.session.limits
    assert sources.holds.limits
    assert type(sources.processes).__name__ == "PortableProcesses"


def test_with_a_loop_holds_are_looked_for():
    loop = Loop()
    assert type(select_sources(X11, loop, "linux").holds).__name__ == "ChildHoldSource"
    assert type(select_sources(X11, None, "linux").holds).__name__ == "NullHoldSource"
    loop.close()


def test_null_sources_say_why_and_keep_still():
    loop, seen = Loop(), []
    windows, inputs = NullWindowSource(NO_DISPLAY), NullInputSource(NO_DISPLAY)
    session = NullSessionSource(NO_DISPLAY)
    windows.start(loop, seen.append, lambda: seen.append("lost"))
    inputs.start(loop, 1, seen.append, lambda: seen.append("input"))
    inputs.set_idle_after(2)
    session.start(lambda event: seen.append(SessionEvent(event)))
    session.release_sleep()
    NullHoldSource().check(frozenset(Hold), seen.append)
    assert seen == [None, frozenset()]
    assert inputs.idle_ms() == 0
    for source in (windows, inputs, session):
        assert source.limits == (NO_DISPLAY,)
        source.stop()
    loop.close()


_HEAVY = ("psutil", "pywinctl", "Xlib", "pulsectl", "asyncio", "PyQt6.QtGui", "sqlalchemy")


@pytest.mark.parametrize("environ", [X11, {}, X11 | {"WAYLAND_DISPLAY": "w"}])
def test_choosing_loads_nothing_heavy(environ):
    code = (
        "import sys; from app.tracking.platform.select import select_sources; from app.loop import Loop;"
        f"select_sources({environ!r}, Loop()); print([n for n in {_HEAVY!r} if n in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert told.stdout == "[]\n", told.stderr
