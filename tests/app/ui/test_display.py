"""Displays that are there, are not, do not answer, die, and come back."""

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ui import display
from app.ui.display import Display, find
from tests.desktop.display import XServer
from tests.desktop.family import Family
from tests.desktop.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def family() -> Iterator[Family]:
    family = Family()
    yield family
    family.close()


@pytest.fixture
def server(family: Family) -> XServer:
    server = XServer(family, {"PATH": os.environ["PATH"]})
    server.start()
    return server


def _start(family: Family, program: str, **environ: str) -> subprocess.Popen[bytes]:
    base = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(family.folder)}
    code = textwrap.dedent(program)
    return family.start("program", [sys.executable, "-c", code], {**base, **environ})


def _said(family: Family) -> str:
    return (family.logs / "program.log").read_text()


def test_finds_a_real_x_server(server: XServer) -> None:
    assert find({"DISPLAY": server.name}) == Display("xcb")


@pytest.mark.parametrize("name", [":4711", "nonsense", ":", "host.invalid:0", ":0.0.0\n", "\udcff:1"])
def test_a_name_nobody_listens_to_is_told(name: str) -> None:
    found = find({"DISPLAY": name})
    assert found.platform == ""
    assert "cannot be opened" in found.trouble


def test_an_environment_without_a_display_is_told() -> None:
    assert find({}) == Display("", "Neither DISPLAY nor WAYLAND_DISPLAY is set.")


def test_a_stopped_x_server_does_not_keep_anybody_waiting(
    family: Family, server: XServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(display, "_PATIENCE_S", 0.5)
    [pid] = [pid for pid in family.members() if b"Xvfb" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(pid, signal.SIGSTOP)
    try:
        assert find({"DISPLAY": server.name}).trouble == f"The X display {server.name} does not answer."
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_wayland_session_is_drawn_on_directly_and_falls_back_to_x(server: XServer, tmp_path: Path) -> None:
    session = {
        "DISPLAY": server.name,
        "WAYLAND_DISPLAY": "wayland-9",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "XDG_SESSION_TYPE": "wayland",
    }
    assert find(session) == Display("xcb")
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-9"))
        compositor.listen()
        assert find(session) == Display("wayland")
        assert find({**session, "XDG_SESSION_TYPE": "x11"}) == Display("xcb")


def test_a_chosen_platform_is_tried_too() -> None:
    assert find({"QT_QPA_PLATFORM": "offscreen"}) == Display("offscreen")
    assert find({"QT_QPA_PLATFORM": "offscreen:size=1x1;xcb"}) == Display("offscreen")
    assert find({"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":4711"}).platform == ""
    assert find({"QT_QPA_PLATFORM": "toaster"}).trouble == "Qt has no platform called toaster."


def test_a_missing_system_library_is_named(family: Family, server: XServer, tmp_path: Path) -> None:
    # A file that is no library stands in the way of the one Qt's plugin needs.
    (tmp_path / "libxcb-cursor.so.0").write_bytes(b"")
    program = "from app.ui.display import find; print(find())"
    child = _start(family, program, DISPLAY=server.name, LD_LIBRARY_PATH=str(tmp_path))
    assert child.wait(30) == 0
    assert "A system library that Qt needs is missing" in _said(family)
    assert "libxcb-cursor.so.0" in _said(family)


APPLICATION = """
import logging, os, sys
logging.basicConfig(level="INFO")
from PyQt6.QtCore import QCoreApplication, QTimer
from app.ui.application import create_application, draws
from app.ui.display import DisplayWatch, install_display_guard, restart
def lost():
    print("lost after", len(kept), flush=True)
    restart()
kept = []
app = create_application(["devpulse"])
print("draws", draws(app), app.applicationName(), os.getpid(), flush=True)
"""


@pytest.mark.display
def test_a_process_survives_the_death_of_its_x_server(family: Family, server: XServer) -> None:
    program = APPLICATION + textwrap.dedent("""
        timer = QTimer(); timer.timeout.connect(lambda: kept.append(1)); timer.start(20)
        if draws(app):
            guard = install_display_guard(lost)
        else:
            watch = DisplayWatch(restart)
        print("returned", app.exec())
    """)
    child = _start(family, program, DISPLAY=server.name)
    wait_until(lambda: f"draws True devpulse {child.pid}" in _said(family), "the application")
    server.kill()
    wait_until(
        lambda: f"draws False devpulse {child.pid}" in _said(family), "the same process without display"
    )
    assert re.search(r"lost after \d+", _said(family))
    assert "no display: The X display" in _said(family)
    server.start()
    wait_until(lambda: _said(family).count("draws True") == 2, "the display to be found again")
    assert child.poll() is None
    assert "returned" not in _said(family)


@pytest.mark.display
def test_an_open_menu_does_not_keep_the_display_s_death_from_being_seen(
    family: Family, server: XServer
) -> None:
    program = APPLICATION + textwrap.dedent("""
        from PyQt6.QtWidgets import QMenu
        if not draws(app):
            print("headless", flush=True); sys.exit()
        guard = install_display_guard(lost)
        menu = QMenu(); menu.addAction("entry")
        menu.aboutToShow.connect(lambda: print("shown", flush=True))
        QTimer.singleShot(0, menu.exec)
        app.exec()
    """)
    child = _start(family, program, DISPLAY=server.name)
    wait_until(lambda: "shown" in _said(family), "the menu")
    server.kill()
    assert child.wait(30) == 0
    assert "headless" in _said(family)


@pytest.mark.display
def test_a_released_guard_calls_nobody(family: Family, server: XServer) -> None:
    program = APPLICATION + textwrap.dedent("""
        guard = install_display_guard(lost)
        guard.release()
        app.exec()
        print("ended", flush=True)
        os._exit(0)
    """)
    child = _start(family, program, DISPLAY=server.name)
    wait_until(lambda: "draws True" in _said(family), "the application")
    server.kill()
    child.wait(30)
    assert "lost" not in _said(family)


def test_without_a_display_there_is_an_application_all_the_same(family: Family) -> None:
    child = _start(family, APPLICATION + "print('QtWidgets' in str(sys.modules.keys()))")
    assert child.wait(30) == 0
    assert f"draws False devpulse {child.pid}" in _said(family)
    assert _said(family).endswith("False\n")


def test_qt_s_own_libraries_may_be_missing(family: Family, server: XServer, tmp_path: Path) -> None:
    (tmp_path / "libGL.so.1").write_bytes(b"")
    (tmp_path / "libEGL.so.1").write_bytes(b"")
    child = _start(family, APPLICATION, DISPLAY=server.name, LD_LIBRARY_PATH=str(tmp_path))
    assert child.wait(30) == 0
    assert "draws False" in _said(family)


def test_programs_of_the_agent_see_the_person_s_own_environment(family: Family, server: XServer) -> None:
    program = APPLICATION + "print({k: v for k, v in os.environ.items() if k.startswith('QT_')})"
    child = _start(family, program, DISPLAY=server.name, QT_QPA_PLATFORMTHEME="gtk3")
    assert child.wait(30) == 0
    assert "{'QT_QPA_PLATFORMTHEME': 'gtk3'}" in _said(family)
