"""Nothing a test starts reaches the person's own data, display, bus, keyring or git settings."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
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
