"""NetworkManager asked over a bus that speaks D-Bus for real."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.sync.link.metered import is_metered

_MANAGER = """
import sys
from PyQt6.QtCore import QCoreApplication, QObject, pyqtClassInfo, pyqtProperty
from PyQt6.QtDBus import QDBusConnection, QDBusArgument
from PyQt6.QtCore import QMetaType
application = QCoreApplication([])

@pyqtClassInfo("D-Bus Interface", "org.freedesktop.NetworkManager")
class Manager(QObject):
    @pyqtProperty("uint")
    def Metered(self):
        return int(sys.argv[2])

bus = QDBusConnection.connectToBus(sys.argv[1], "manager")
manager = Manager()
assert bus.registerObject(
    "/org/freedesktop/NetworkManager", manager, QDBusConnection.RegisterOption.ExportAllProperties)
assert bus.registerService("org.freedesktop.NetworkManager")
print("up", flush=True)
application.exec()
"""


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[dict[str, str]]:
    socket = tmp_path / "bus"
    daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address=unix:path={socket}"])
    try:
        until = time.monotonic() + 10
        while not socket.exists():
            assert time.monotonic() < until
            time.sleep(0.02)
        yield {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={socket}"}
    finally:
        daemon.kill()
        daemon.wait()


@pytest.fixture
def manager(bus: dict[str, str]) -> Iterator[Callable[[int], None]]:
    running: list[subprocess.Popen[str]] = []

    def run(value: int) -> None:
        words = [sys.executable, "-c", _MANAGER, bus["DBUS_SYSTEM_BUS_ADDRESS"], str(value)]
        running.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
        assert running[-1].stdout is not None
        assert running[-1].stdout.readline() == "up\n"

    yield run
    for process in running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.parametrize(("value", "metered"), [(1, True), (3, True), (2, False), (4, False), (0, False)])
def test_what_the_manager_says(
    bus: dict[str, str], manager: Callable[[int], None], value: int, metered: bool
) -> None:
    manager(value)
    assert is_metered(bus) is metered


def test_without_a_manager_or_a_bus_it_is_not_metered(bus: dict[str, str], tmp_path: Path) -> None:
    assert not is_metered(bus)
    assert not is_metered({"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/none"})
