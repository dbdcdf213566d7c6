"""Qt's application: the agent's, with a display or without one, and the windows'."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

from PyQt6.QtCore import QCoreApplication

from app.ui.display import Display, find
from app.version import __version__

logger = logging.getLogger(__name__)

_NAME = "devpulse"
# Only while Qt comes up, so that programs the agent starts see the person's own environment.
_LEAN = {
    # On GNOME, Xfce and their like Qt would otherwise load all of GTK for its colours: 72 MB.
    "QT_QPA_PLATFORMTHEME": "generic",
    # The agent takes no text, so it needs no input method and none of its D-Bus traffic.
    "QT_IM_MODULE": "none",
    "QT_IM_MODULES": "none",
    # It opens no files and addresses through the desktop's portal, so it does not register there.
    "QT_NO_XDG_DESKTOP_PORTAL": "1",
    # The agent draws no 3D.
    "QT_XCB_GL_INTEGRATION": "none",
}


def create_application(argv: Sequence[str], *, display: Display | None = None) -> QCoreApplication:
    """A `QApplication` where a display can be opened, else a `QCoreApplication`; never Qt's abort.

    `display`: what `find()` told, when the caller has asked already. Tell them apart by `draws`.
    """
    found = find() if display is None else display
    application = _drawing(argv, found) if found.platform else None
    if application is None:
        logger.warning("no display: %s", found.trouble or "Qt's libraries cannot be loaded")
        application = QCoreApplication(list(argv))
    application.setApplicationName(_NAME)
    application.setApplicationVersion(__version__)
    return application


def create_windows_application(argv: Sequence[str], display: Display) -> QCoreApplication:
    """The application of the windows' process, on a display that `find()` told can be opened."""
    with _environment({k: v for k, v in _lean(display.platform).items() if not k.startswith("QT_IM")}):
        from PyQt6.QtWidgets import QApplication

        application = QApplication(list(argv))
    application.setApplicationName(_NAME)
    application.setApplicationVersion(__version__)
    application.setDesktopFileName(_NAME)
    application.setApplicationDisplayName("DevPulse")
    return application


def draws(application: QCoreApplication) -> bool:
    """Whether the application has a display."""
    return application.inherits("QApplication")


def _drawing(argv: Sequence[str], found: Display) -> QCoreApplication | None:
    try:
        from PyQt6.QtWidgets import QApplication
    except ImportError:  # libGL or another library of the system is missing
        return None
    with _environment(_lean(found.platform)):
        application = QApplication(list(argv))
    application.setApplicationDisplayName("DevPulse")
    application.setDesktopFileName(_NAME)
    application.setQuitOnLastWindowClosed(False)
    return application


def _lean(platform: str) -> Mapping[str, str]:
    if sys.platform != "linux":
        return {}
    # Whoever names a platform with options ("offscreen:size=…") keeps them.
    given = os.environ.get("QT_QPA_PLATFORM", "")
    return {**_LEAN, "QT_QPA_PLATFORM": given if given.startswith(platform) else platform}


@contextmanager
def _environment(values: Mapping[str, str]) -> Generator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
