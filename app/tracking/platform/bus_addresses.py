"""Where the message buses listen, by the D-Bus specification ("Well-known Message Bus Instances").

libdbus would find them too, but it starts a session bus of its own where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_SYSTEM = (Path("/run/dbus/system_bus_socket"), Path("/var/run/dbus/system_bus_socket"))


def system_address(environ: Mapping[str, str], usual: tuple[Path, ...] = _SYSTEM) -> str | None:
    """The system bus; None when there is none."""
    return environ.get("DBUS_SYSTEM_BUS_ADDRESS") or _first_there(usual)


def session_address(environ: Mapping[str, str]) -> str | None:
    """The session bus; None when there is none."""
    given = environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if given and not given.startswith("autolaunch:"):
        return given
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    return _first_there((Path(runtime) / "bus",)) if runtime else None


def _first_there(paths: tuple[Path, ...]) -> str | None:
    return next((f"unix:path={path}" for path in paths if path.is_socket()), None)
