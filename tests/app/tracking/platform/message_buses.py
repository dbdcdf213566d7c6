"""Private message buses with mocked services, for the tests of this folder."""

from __future__ import annotations

import ast
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PyQt6.QtCore import QCoreApplication, QEventLoop

# Debian's own Python has dbus-python and dbusmock.
SYSTEM_PYTHON = "/usr/bin/python3"
PATIENCE_S = 30.0

LOGIN = "org.freedesktop.login1"
ROOT = "/org/freedesktop/login1"
MOCK = "org.freedesktop.DBus.Mock"


@dataclass
class PrivateBus:
    """One dbus-daemon and the services started on it."""

    socket: Path
    process: subprocess.Popen[bytes] | None = None
    services: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"unix:path={self.socket}"

    @property
    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "DBUS_SYSTEM_BUS_ADDRESS": self.address,
            "DBUS_SESSION_BUS_ADDRESS": self.address,
        }

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", f"--address={self.address}"], stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE_S
        while not self.socket.exists():
            assert time.monotonic() < until, "dbus-daemon did not start"
            time.sleep(0.02)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def end(self) -> None:
        for service in self.services:
            service.kill()
            service.wait()
        if self.process is not None:
            self.kill()

    def serve(self, *arguments: str, name: str) -> subprocess.Popen[bytes]:
        """Start a dbusmock and wait for its name."""
        service = subprocess.Popen(
            [SYSTEM_PYTHON, "-m", "dbusmock", *arguments],
            env=self.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.services.append(service)
        self._gdbus("wait", "--timeout", "20", name)
        return service

    def call(self, name: str, path: str, method: str, *arguments: str) -> object:
        """Call with arguments in GVariant's text form; the answer, as far as Python can read it."""
        told = self._gdbus("call", "-d", name, "-o", path, "-m", method, *arguments)
        told = told.replace("@as ", "").replace("true", "True").replace("false", "False")
        try:
            return ast.literal_eval(told.replace("uint32 ", ""))
        except (SyntaxError, ValueError):
            return told

    def emit(self, name: str, path: str, interface: str, signal: str, signature: str, *values: str) -> None:
        """Have a mocked object send a signal."""
        listed = "@av [" + ", ".join(f"<{value}>" for value in values) + "]"
        self.call(name, path, f"{MOCK}.EmitSignal", interface, signal, signature, listed)

    def _gdbus(self, verb: str, *words: str) -> str:
        done = subprocess.run(
            ["gdbus", verb, "--address", self.address, *words],
            env=self.environ, capture_output=True, text=True, timeout=PATIENCE_S,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@dataclass
class MockedLogin:
    """dbusmock's login manager with one session."""

    bus: PrivateBus
    session: str = f"{ROOT}/session/7"
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = self.bus.serve("--system", "--template", "logind", name=LOGIN)
        self.bus.call(LOGIN, ROOT, f"{MOCK}.AddSession", "7", "seat0", str(os.getuid()), "me", "true")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def signal(self, name: str, value: str) -> None:
        self.bus.emit(LOGIN, ROOT, f"{LOGIN}.Manager", name, "b", value)

    def on_session(self, method: str, *arguments: str) -> None:
        self.bus.call(LOGIN, self.session, f"{LOGIN}.Session.{method}", *arguments)

    def change(self, name: str, value: str) -> None:
        changed = f"{{'{name}': <{value}>}}"
        self.bus.call(LOGIN, self.session, f"{MOCK}.UpdateProperties", f"{LOGIN}.Session", changed)

    def method(self, name: str, takes: str, gives: str, code: str) -> None:
        self.bus.call(LOGIN, ROOT, f"{MOCK}.AddMethod", f"{LOGIN}.Manager", name, takes, gives, code)

    def inhibitors(self) -> list[tuple[str, ...]]:
        told = self.bus.call(LOGIN, ROOT, f"{LOGIN}.Manager.ListInhibitors")
        if not isinstance(told, tuple):
            return []
        return list(told[0])


def qt_until(condition: Callable[[], object], what: str = "") -> None:
    """Let Qt's event loop work until the condition holds."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, f"waited in vain: {what}"
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.005)


def qt_work(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.005)
