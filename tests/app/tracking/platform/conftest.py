"""A real X server, window managers and windows for the tests of this folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest
from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import BadWindow, ConnectionClosedError
from Xlib.protocol import event as xevent

from app.loop import Loop
from app.models.values import WindowSample
from app.tracking.platform.x11_connection import X11Connection

PATIENCE_S = 30.0


@dataclass
class Server:
    """An Xvfb and the programs started on it."""

    name: str
    process: subprocess.Popen[bytes]
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="devpulse-x-")))

    @property
    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "DISPLAY": self.name,
            "XAUTHORITY": "/nonexistent",
            "LC_ALL": "C.UTF-8",
            # A bus that ends with the server: window managers would start one that outlives them.
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.folder}/bus",
            "NO_AT_BRIDGE": "1",
            "GTK_A11Y": "none",
            "HOME": str(self.folder),
        }

    def run(self, *command: str) -> subprocess.Popen[bytes]:
        program = subprocess.Popen(
            command, env=self.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self.programs.append(program)
        return program

    def do(self, *command: str) -> str:
        return subprocess.run(
            command, env=self.environ, check=True, capture_output=True, timeout=PATIENCE_S
        ).stdout.decode()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        for program in self.programs:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_bus(self) -> None:
        """The session bus that xfwm4 reads its settings by."""
        if not (self.folder / "bus").exists():
            address = self.environ["DBUS_SESSION_BUS_ADDRESS"]
            self.run("dbus-daemon", "--session", "--nofork", f"--address={address}")
            wait_for((self.folder / "bus").exists, "the session bus")


def start_server(name: str = "", *options: str) -> Server:
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [
            "Xvfb", *([name] if name else []), "-displayfd", str(writing), "-screen", "0", "800x600x24",
            "-nolisten", "tcp", "-noreset", *options,
        ],
        pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as answer:
        told = answer.readline().strip()
    assert told, "Xvfb did not start"
    return Server(f":{told}", process)


@pytest.fixture
def server() -> Iterator[Server]:
    """An X server with no window manager."""
    running = start_server()
    yield running
    running.end()


def wait_for(condition: Callable[[], object], what: str = "") -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, f"waited in vain: {what}"
        time.sleep(0.02)


def start_manager(server: Server, name: str = "openbox") -> subprocess.Popen[bytes]:
    """Start a window manager and wait until it announces itself."""
    options = {"openbox": ["--sm-disable"], "metacity": ["--sm-disable", "--no-composite"]}
    server.start_bus()
    manager = server.run(name, *options.get(name, []))
    with Windows(server) as windows:
        wait_for(windows.managed, f"{name} to start")
        # It announces itself before it takes windows; one shown in between is forgotten.
        probe = windows.make("probe")
        wait_for(lambda: windows.mapped(probe), f"{name} to take windows")
        probe.destroy()
        windows.display.sync()
    return manager


class Windows:
    """Windows of our own making, with any property a program could set."""

    def __init__(self, server: Server) -> None:
        self.display = Display(server.name)
        self.root = self.display.screen().root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(ConnectionClosedError, OSError):
            self.display.close()

    def atom(self, name: str) -> int:
        return self.display.intern_atom(name)

    def managed(self) -> bool:
        check = self.atom("_NET_SUPPORTING_WM_CHECK")
        named = self.root.get_full_property(check, Xatom.WINDOW)
        if named is None:
            return False
        try:
            window = self.display.create_resource_object("window", named.value[0])
            return window.get_full_property(check, Xatom.WINDOW) is not None
        except BadWindow:
            return False

    def mapped(self, window) -> bool:
        window.map()
        self.display.sync()
        return window.get_full_property(self.atom("WM_STATE"), X.AnyPropertyType) is not None

    def make(self, title: str = "", application: str = "Test", *, pid: bool = True, menu: bool = False):
        window = self.root.create_window(
            50, 50, 200, 100, 0, X.CopyFromParent, X.InputOutput, X.CopyFromParent,
            event_mask=X.StructureNotifyMask, override_redirect=int(menu),
        )  # fmt: skip
        if application:
            window.set_wm_class(application.lower(), application)
        if title:
            self.name(window, title)
        if pid:
            window.change_property(self.atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [os.getpid()])
        self.display.flush()
        return window

    def show(self, title: str = "", application: str = "Test", **options: bool):
        window = self.make(title, application, **options)
        window.map()
        self.display.sync()
        wait_for(lambda: window.get_attributes().map_state == X.IsViewable, "window to show")
        return window

    def name(self, window: object, title: str) -> None:
        data = title.encode("utf-8", "surrogateescape")
        window.change_property(self.atom("_NET_WM_NAME"), self.atom("UTF8_STRING"), 8, data)
        self.display.flush()

    def ask(self, window, message: str, *numbers: int) -> None:
        """Send the window manager a request about a window."""
        data = (32, [*numbers, *[0] * (5 - len(numbers))])
        sent = xevent.ClientMessage(window=window, client_type=self.atom(message), data=data)
        self.root.send_event(sent, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self.display.flush()

    def activate(self, window) -> None:
        self.ask(window, "_NET_ACTIVE_WINDOW", 2, X.CurrentTime)

    def focus(self, window) -> None:
        window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self.display.sync()


@pytest.fixture
def windows(server: Server) -> Iterator[Windows]:
    with Windows(server) as made:
        yield made


class Watcher:
    """A loop in the test's own thread, and what was reported in it."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.seen: list[WindowSample | None] = []
        self.lost = 0

    def on_window(self, sample: WindowSample | None) -> None:
        self.seen.append(sample)

    def on_lost(self) -> None:
        self.lost += 1

    @property
    def last(self) -> WindowSample | None:
        return self.seen[-1]

    @property
    def title(self) -> str | None:
        return self.last.title if self.last is not None else None

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        limit = time.monotonic() + PATIENCE_S
        while not condition():
            titles = [sample and sample.title for sample in self.seen[-9:]]
            assert time.monotonic() < limit, f"waited in vain: {what}; seen {titles}"
            self.loop.run_once(0.05)
        assert self.loop.failures == 0

    def work(self, seconds: float) -> int:
        """Let the loop work for so long; returns how often it woke."""
        until, woke = time.monotonic() + seconds, 0
        while (left := until - time.monotonic()) > 0:
            self.loop.run_once(left)
            woke += 1
        assert self.loop.failures == 0
        return woke - 1


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    loop = Loop()
    yield Watcher(loop)
    loop.close()


@pytest.fixture
def connection(server: Server) -> X11Connection:
    return X11Connection(server.name)
