"""Start with the desktop: a file in the autostart folder of XDG desktops, written and removed here alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from app.children import PACKAGE_HOME, command
from app.errors import StorageError
from app.paths import Paths

_NAME = "devpulse.desktop"
# Tells our file from one that a person or a package put there, and one home's from another's.
_MARK = "X-DevPulse-Home="
_RESERVED = " \t\n\"'\\><~|&;$*?#()`%"


def apply(on: bool, paths: Paths, environ: Mapping[str, str] = os.environ) -> None:  # noqa: FBT001 - a setting's value
    """Make the system start DevPulse at login, or not. Raises `StorageError` when it cannot be written.

    A file of the same name that somebody else wrote is left as it is.
    """
    file = place(environ)
    if file.exists() and not _ours(file, paths):
        return
    try:
        if on:
            wanted = entry(paths, environ)
            if not file.exists() or file.read_text(encoding="utf-8") != wanted:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(wanted, encoding="utf-8")
        else:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            "Starting with the system could not be changed.",
            detail=f"The autostart folder cannot be written ({error.strerror}).",
            advice="Check that the folder belongs to you.",
        ) from error


def place(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the file lies."""
    given = environ.get("XDG_CONFIG_HOME", "")
    base = Path(given) if given.startswith("/") else Path(environ.get("HOME", "") or Path.home()) / ".config"
    return base / "autostart" / _NAME


def entry(paths: Paths, environ: Mapping[str, str] = os.environ) -> str:
    """The file's text, after the Desktop Entry Specification 1.5."""
    words = _program()
    home = environ.get("DEVPULSE_HOME")
    if home:
        words = ["env", f"DEVPULSE_HOME={Path(home).expanduser().absolute()}", *words]
    return "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            "Name=DevPulse",
            "Comment=Records where your working time goes, on this machine only",
            f"Exec={' '.join(_quoted(word) for word in words)}",
            f"Path={PACKAGE_HOME}",
            "Icon=devpulse",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
            f"{_MARK}{paths.config}",
            "",
        )
    )


def _program() -> list[str]:
    """The installed command beside this Python, or this Python with the package."""
    beside = Path(sys.executable).with_name("devpulse")
    return [str(beside), "--tray"] if beside.is_file() else command("--tray")


def _quoted(word: str) -> str:
    """Quoted as the Exec key wants it, and then escaped as every text of such a file is."""
    if not set(word) & set(_RESERVED):
        return word
    quoted = "".join(f"\\{c}" if c in '"`$\\' else c for c in word)
    return f'"{quoted}"'.replace("%", "%%").replace("\\", "\\\\")


def _ours(file: Path, paths: Paths) -> bool:
    try:
        return f"{_MARK}{paths.config}" in file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False
