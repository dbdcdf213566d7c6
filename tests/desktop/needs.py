"""What the virtual desktop needs of the machine: programs, and the Debian packages they come in."""

from __future__ import annotations

import shutil

PACKAGES = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "tint2": "tint2",
    "xfce4-panel": "xfce4-panel",
    "xdotool": "xdotool",
    "xterm": "xterm",
    "mousepad": "mousepad",
    "chromium": "chromium",
    "dbus-daemon": "dbus-daemon",
    "import": "imagemagick",
    "git": "git",
    "xprop": "x11-utils",
    "xsetroot": "x11-xserver-utils",
    "xwininfo": "x11-utils",
}


class MissingPrograms(RuntimeError):
    """The machine lacks programs; the text says how to get them."""


def check(*programs: str) -> None:
    """Raise `MissingPrograms` when one of `programs` (all of them when none is named) is not installed."""
    missing = sorted({PACKAGES[name] for name in programs or PACKAGES if shutil.which(name) is None})
    if missing:
        raise MissingPrograms(
            "The virtual desktop needs some programs that are not installed here.\n"
            f"Install them with: sudo apt-get install --no-install-recommends {' '.join(missing)}"
        )
