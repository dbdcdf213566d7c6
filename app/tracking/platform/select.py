"""Which sources see this machine: chosen once, at start."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from app.loop import Loop
from app.tracking.platform.base import (
    HoldSource,
    InputSource,
    Limit,
    Processes,
    SessionSource,
    Sources,
    WindowSource,
)
from app.tracking.platform.null import (
    NullHoldSource,
    NullInputSource,
    NullSessionSource,
    NullWindowSource,
)

# For tests and support: "x11", "pywinctl" or "null".
FORCE = "DEVPULSE_SOURCE"

WAYLAND = Limit(
    "This is a Wayland session; DevPulse cannot see its windows yet, so it records none.",
    "Log out and choose the X11 (Xorg) session of your desktop; `devpulse focus` works in any session.",
)
NO_DISPLAY = Limit(
    "There is no display: DISPLAY is not set.",
    "Start DevPulse within your desktop session.",
)
FORCED = Limit(f"{FORCE}=null: windows are not looked at, on purpose.")


@dataclass(frozen=True, slots=True)
class _Face:
    """How windows and input are seen."""

    windows: WindowSource
    input: InputSource
    notes: tuple[Limit, ...] = ()


def select_sources(
    environ: Mapping[str, str], loop: Loop | None = None, platform: str = sys.platform
) -> Sources:
    """The sources for this environment; none of them is started.

    Without a `loop` (for telling what would be used) nothing looks for holds.
    """
    face = _face(environ, platform)
    return Sources(
        face.windows,
        face.input,
        _session(environ, platform),
        _holds(environ, loop, platform),
        _processes(platform),
        face.notes,
    )


def _face(environ: Mapping[str, str], platform: str) -> _Face:
    forced = environ.get(FORCE, "")
    if forced == "null":
        return _blind(FORCED)
    if forced == "pywinctl":
        return _portable(environ, platform)
    if forced == "x11":
        return _x11(environ)
    note = Limit(f"{FORCE} names no source; it is x11, pywinctl or null.") if forced else None
    face = _usual_face(environ, platform)
    return face if note is None else _Face(face.windows, face.input, (*face.notes, note))


def _usual_face(environ: Mapping[str, str], platform: str) -> _Face:
    if platform in ("darwin", "win32"):
        return _portable(environ, platform)
    # Through XWayland only some of the windows would be seen, and the rest would look like idleness.
    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE") == "wayland":
        return _blind(WAYLAND)
    return _x11(environ) if environ.get("DISPLAY") else _blind(NO_DISPLAY)


def _blind(why: Limit) -> _Face:
    return _Face(NullWindowSource(why), NullInputSource(why), (why,))


def _x11(environ: Mapping[str, str]) -> _Face:
    from app.tracking.platform.x11 import X11WindowSource
    from app.tracking.platform.x11_connection import X11Connection
    from app.tracking.platform.x11_input import X11InputSource

    name = environ.get("DISPLAY", "")
    if not name:
        return _blind(NO_DISPLAY)
    connection = X11Connection(name)
    return _Face(X11WindowSource(connection), X11InputSource(connection))


def _portable(environ: Mapping[str, str], platform: str) -> _Face:
    from app.tracking.platform.portable import PortableWindowSource

    windows = PortableWindowSource()
    if platform in ("darwin", "win32"):
        from app.tracking.platform.portable_input import PortableInputSource

        return _Face(windows, PortableInputSource(platform))
    return _Face(windows, _x11(environ).input)


def _session(environ: Mapping[str, str], platform: str) -> SessionSource:
    if platform != "linux":
        return NullSessionSource(
            Limit("Locking and sleep are not announced here; idle time and the clock tell them later.")
        )
    from app.tracking.platform.session import LinuxSessionSource

    return LinuxSessionSource(environ)


def _holds(environ: Mapping[str, str], loop: Loop | None, platform: str) -> HoldSource:
    if platform != "linux":
        return NullHoldSource((Limit("Calls and playing media are not noticed on this system."),))
    if loop is None:
        return NullHoldSource()
    from app.tracking.platform.holds import ChildHoldSource

    return ChildHoldSource(loop, environ)


def _processes(platform: str) -> Processes:
    if platform == "linux":
        from app.tracking.platform.linux_processes import LinuxProcesses

        return LinuxProcesses()
    from app.tracking.platform.portable_processes import PortableProcesses

    return PortableProcesses()
