"""The private message buses of a desktop, and the login manager that tests turn by hand."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.desktop.family import Family
from tests.desktop.waiting import wait_until

# dbus-python and python-dbusmock are Debian packages of Debian's own Python.
SYSTEM_PYTHON = "/usr/bin/python3"
_CALLER = Path(__file__).with_name("bus_caller.py")

# Only these may be started by the bus: anything else (keyrings, portals) would differ by machine.
_ACTIVATABLE = ("org.xfce.Xfconf.service",)
_SERVICES = Path("/usr/share/dbus-1/services")

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>{kind}</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


class Bus:
    """One private dbus-daemon."""

    def __init__(self, family: Family, environ: Mapping[str, str], kind: str) -> None:
        self._family = family
        self._environ = environ
        self._kind = kind
        self._socket = family.folder / f"{kind}-bus"
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"unix:path={self._socket}"

    def start(self) -> None:
        """Start and wait for its socket."""
        services = self._family.folder / f"{self._kind}-services"
        services.mkdir(exist_ok=True)
        if self._kind == "session":
            for name in _ACTIVATABLE:
                if (_SERVICES / name).exists() and not (services / name).exists():
                    (services / name).symlink_to(_SERVICES / name)
        config = self._family.folder / f"{self._kind}.conf"
        config.write_text(_CONFIG.format(kind=self._kind, socket=self._socket, services=services))
        self._socket.unlink(missing_ok=True)
        self._process = self._family.start(
            f"{self._kind}-bus", ["dbus-daemon", "--nofork", f"--config-file={config}"], self._environ
        )
        wait_until(self._socket.exists, f"the {self._kind} bus")

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def call(self, name: str, path: str, method: str, *arguments: Any, typed: str = "") -> Any:
        """Call `interface.method` on an object; the answer as plain JSON values.

        `typed`: the D-Bus signature, where the object does not tell it by introspection.
        """
        asked = [self.address, name, path, method, typed, json.dumps(arguments)]
        done = subprocess.run(
            [SYSTEM_PYTHON, str(_CALLER), *asked],
            capture_output=True, text=True, timeout=30, env={"PATH": os.defpath}, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{method} on {name}{path}: {done.stderr.strip().splitlines()[-1:]}")
        return json.loads(done.stdout)

    def names(self) -> Sequence[str]:
        """The names owned on the bus."""
        return self.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames", typed="")


class Login:
    """A login manager (python-dbusmock's logind) with one session that locks and sleeps on demand."""

    _NAME = "org.freedesktop.login1"
    _ROOT = "/org/freedesktop/login1"
    _MOCK = "org.freedesktop.DBus.Mock"
    _PROPERTIES = "org.freedesktop.DBus.Properties"
    session_id = "1"

    def __init__(self, family: Family, environ: Mapping[str, str], bus: Bus) -> None:
        self._family = family
        self._environ = environ
        self._bus = bus
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def session(self) -> str:
        return f"{self._ROOT}/session/{self.session_id}"

    def start(self) -> None:
        argv = [SYSTEM_PYTHON, "-m", "dbusmock", "--system", "--template", "logind"]
        self._process = self._family.start("logind", argv, self._environ)
        wait_until(lambda: self._NAME in self._bus.names(), "the login manager")
        user = pwd.getpwuid(os.getuid()).pw_name
        self._mock("AddSession", self.session_id, "seat0", os.getuid(), user, True)
        session = f"ret = '{self.session}'"
        for method, takes in (("GetSessionByPID", "u"), ("GetSessionByPid", "u")):
            self._mock("AddMethod", "org.freedesktop.login1.Manager", method, takes, "o", session)

    def stop(self) -> None:
        assert self._process is not None
        self._family.end(self._process)

    def lock(self) -> None:
        """As a screen lock does: the signal, then the hint."""
        self._on_session("org.freedesktop.login1.Session.Lock")
        self._hint_locked(locked=True)

    def unlock(self) -> None:
        self._on_session("org.freedesktop.login1.Session.Unlock")
        self._hint_locked(locked=False)

    def prepare_for_sleep(self, *, before: bool) -> None:
        """The announcement before the machine sleeps (`before`), or after it woke."""
        self._emit("PrepareForSleep", "b", [before])

    def prepare_for_shutdown(self) -> None:
        self._emit("PrepareForShutdown", "b", [True])

    def switch_away(self) -> None:
        """Another session takes the seat."""
        self._bus.call(
            self._NAME, self.session, f"{self._MOCK}.UpdateProperties",
            "org.freedesktop.login1.Session", {"Active": False}, typed="sa{sv}",
        )  # fmt: skip

    def switch_back(self) -> None:
        self._bus.call(
            self._NAME, self.session, f"{self._MOCK}.UpdateProperties",
            "org.freedesktop.login1.Session", {"Active": True}, typed="sa{sv}",
        )  # fmt: skip

    def inhibitors(self) -> Sequence[Sequence[Any]]:
        """What programs asked the login manager to wait for: (what, who, why, mode, user, process)."""
        return self._bus.call(self._NAME, self._ROOT, "org.freedesktop.login1.Manager.ListInhibitors")

    def _on_session(self, method: str) -> None:
        self._bus.call(self._NAME, self.session, method)

    def _hint_locked(self, *, locked: bool) -> None:
        self._bus.call(
            self._NAME, self.session, "org.freedesktop.login1.Session.SetLockedHint", locked, typed="b"
        )

    def _emit(self, signal: str, takes: str, arguments: list[Any]) -> None:
        self._bus.call(
            self._NAME, self._ROOT, f"{self._MOCK}.EmitSignal",
            "org.freedesktop.login1.Manager", signal, takes, arguments, typed="sssav",
        )  # fmt: skip

    def _mock(self, method: str, *arguments: Any) -> None:
        self._bus.call(self._NAME, self._ROOT, f"{self._MOCK}.{method}", *arguments)
