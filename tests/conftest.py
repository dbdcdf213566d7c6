"""Nothing a test starts reaches the person's own data, display, bus, keyring or git settings."""

from __future__ import annotations

import faulthandler
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from hypothesis import HealthCheck, settings

# Two noisy cores make a time limit for each example a matter of luck.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

_FORGET = (
    "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "WINDOWID", "PULSE_SERVER", "TMUX", "STY",
    "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND",
    "XDG_RUNTIME_DIR", "XDG_SESSION_ID", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
    "XDG_CACHE_HOME", "GIT_DIR", "GIT_WORK_TREE", "MAKEFLAGS", "MFLAGS",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """A home for this process alone, before anything reads the environment."""
    home = Path(tempfile.mkdtemp(prefix="devpulse-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name in _FORGET:
        os.environ.pop(name, None)
    os.environ.update(
        HOME=str(home),
        DEVPULSE_HOME=str(home / "devpulse"),
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_NOSYSTEM="1",
        # Qt would look for a display; what needs one starts its own.
        QT_QPA_PLATFORM="offscreen",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """End a process that hangs and keeps Python's lock, after its time limit: only C sees to that."""
    marker = item.get_closest_marker("timeout")
    limit_s = float(marker.args[0] if marker else item.config.getini("timeout"))
    faulthandler.dump_traceback_later(
        limit_s + 30, exit=True, file=item.config.stash[fault_handler_stderr_fd_key]
    )
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()
