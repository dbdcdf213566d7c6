from __future__ import annotations

import socket

import pytest

from app.tracking.platform.bus_addresses import session_address, system_address


@pytest.fixture
def listening(tmp_path):
    path = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))
        yield path


def test_what_the_environment_says_comes_first(listening):
    assert system_address({"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/x"}, (listening,)) == "unix:path=/x"
    environ = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/y", "XDG_RUNTIME_DIR": str(listening.parent)}
    assert session_address(environ) == "unix:path=/y"


def test_else_the_usual_places(listening, tmp_path):
    assert system_address({}, (tmp_path / "not there", listening)) == f"unix:path={listening}"
    assert session_address({"XDG_RUNTIME_DIR": str(tmp_path)}) == f"unix:path={listening}"


def test_none_where_nothing_listens(tmp_path):
    (tmp_path / "bus").write_text("no socket")
    assert system_address({}, (tmp_path / "bus",)) is None
    assert session_address({"XDG_RUNTIME_DIR": str(tmp_path)}) is None
    assert session_address({}) is None


def test_no_bus_is_started_for_the_asking():
    assert session_address({"DBUS_SESSION_BUS_ADDRESS": "autolaunch:"}) is None
