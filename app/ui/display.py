"""Whether there is a display Qt can draw on, and what happens when it dies.

Qt aborts the whole process when it finds no display, and ends its event loop when the X server goes
away. The agent must outlive both, so the display is tried out before Qt sees it, and whoever keeps
recorded time is called before Qt ends.
"""

from __future__ import annotations

import atexit
import ctypes
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from PyQt6.QtCore import (
    QFileSystemWatcher,
    QLibraryInfo,
    QMessageLogContext,
    QObject,
    QPluginLoader,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)

logger = logging.getLogger(__name__)

# A display server that is stopped takes connections and never answers them.
_PATIENCE_S = 5.0
_X_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where every X server listens
_BROKE = ("The X11 connection broke", "The Wayland connection broke", "The Wayland connection experienced")


@dataclass(frozen=True, slots=True)
class Display:
    """What was found. `platform`: the Qt platform to use, "" for none; `trouble`: why there is none."""

    platform: str
    trouble: str = ""


def find(environ: Mapping[str, str] = os.environ) -> Display:
    """The display of this environment, tried out: Qt will come up on what is returned."""
    if sys.platform != "linux":
        return Display("native")
    troubles: list[str] = []
    for platform in _candidates(environ):
        trouble = _trouble_with(platform, environ)
        if not trouble:
            return Display(platform)
        troubles.append(trouble)
    return Display("", " ".join(troubles) or "Neither DISPLAY nor WAYLAND_DISPLAY is set.")


def _candidates(environ: Mapping[str, str]) -> list[str]:
    chosen = environ.get("QT_QPA_PLATFORM", "")
    if chosen:
        return [name.partition(":")[0] for name in chosen.split(";") if name]
    found: list[str] = []
    if environ.get("DISPLAY"):
        found.append("xcb")
    if environ.get("WAYLAND_DISPLAY"):
        # As Qt does: a Wayland session is drawn on directly, XWayland is the second choice.
        found.insert(0 if environ.get("XDG_SESSION_TYPE") == "wayland" else len(found), "wayland")
    return found


def _trouble_with(platform: str, environ: Mapping[str, str]) -> str:
    if platform == "xcb":
        trouble = _trouble_with_x(environ.get("DISPLAY", ""))
    elif platform == "wayland":
        trouble = _trouble_with_wayland(environ)
    else:
        trouble = ""
    return trouble or _trouble_with_plugin(platform)


def _trouble_with_x(name: str) -> str:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return "The system library libxcb is missing."
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    answers: list[bool] = []

    def connect() -> None:
        connection = xcb.xcb_connect(os.fsencode(name), None)
        answers.append(not xcb.xcb_connection_has_error(connection))
        xcb.xcb_disconnect(connection)

    # Without a thread a stopped X server would keep the agent waiting for ever.
    thread = threading.Thread(target=connect, daemon=True, name="display-probe")
    thread.start()
    thread.join(_PATIENCE_S)
    if not answers:
        return f"The X display {name} does not answer."
    return "" if answers[0] else f"The X display {name} cannot be opened."


def _trouble_with_wayland(environ: Mapping[str, str]) -> str:
    name = environ.get("WAYLAND_DISPLAY", "wayland-0")
    path = Path(environ.get("XDG_RUNTIME_DIR", "/"), name)
    with closing(socket.socket(socket.AF_UNIX)) as probe:
        probe.settimeout(_PATIENCE_S)
        try:
            probe.connect(str(path))
        except OSError:
            return f"The Wayland display {name} cannot be opened."
    return ""


def _trouble_with_plugin(platform: str) -> str:
    """Qt's plugin needs libraries of the system; without one of them Qt would abort."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms")
    plugin = folder / f"libq{platform}.so"
    if not plugin.is_file():
        return f"Qt has no platform called {platform}."
    loader = QPluginLoader(str(plugin))
    if loader.load():
        return ""
    # It says: Cannot load library …/libqxcb.so: libxcb-cursor.so.0: cannot open shared object …
    missing = loader.errorString().partition(f"{plugin.name}: ")[2].partition(":")[0]
    return f"A system library that Qt needs is missing: {missing or loader.errorString()}."


class DisplayGuard:
    """Calls `on_lost` once when Qt's display goes away, while Qt can still be left in order.

    It is called in the GUI thread, inside Qt's event dispatch. It must not use Qt or return to it for
    long: Qt ends its event loop right after (X11), or the process at once (Wayland), and taking down a
    `QApplication` without a display crashes. So: save what must be saved, then `restart()`.

    On the way every warning of Qt is passed to the log.
    """

    def __init__(self, on_lost: Callable[[], None]) -> None:
        self._on_lost: Callable[[], None] | None = on_lost
        self._log = logging.getLogger("qt")
        qInstallMessageHandler(self._heard)
        # A message after Python's end must not find a Python function.
        atexit.register(self.release)

    def release(self) -> None:
        """Stop listening."""
        self._on_lost = None
        qInstallMessageHandler(None)
        atexit.unregister(self.release)

    def _heard(self, kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
        words = text or ""
        self._log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", context.category or "qt", words)
        if words.startswith(_BROKE) and self._on_lost is not None:
            on_lost, self._on_lost = self._on_lost, None
            on_lost()


_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def install_display_guard(callback: Callable[[], None]) -> DisplayGuard:
    """Have `callback` called when the display goes away; see `DisplayGuard` for what it may do."""
    return DisplayGuard(callback)


class DisplayWatch(QObject):
    """For an agent without a display: calls `on_found` once one can be opened.

    It waits for the X server's socket to appear and polls nothing. The display's name is the one the
    environment had at start.
    """

    def __init__(
        self,
        on_found: Callable[[], None],
        *,
        environ: Mapping[str, str] = os.environ,
        sockets: Path = _X_SOCKETS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_found = on_found
        self._environ = environ
        folder = sockets if sockets.is_dir() else sockets.parent
        self._files = QFileSystemWatcher([str(folder)], self)
        # The socket is there a little before the server takes connections.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(1000)
        self._soon.timeout.connect(self._look)
        self._files.directoryChanged.connect(self._changed)

    def _changed(self, _: str) -> None:
        self._soon.start()

    def _look(self) -> None:
        if find(self._environ).platform:
            self._files.directoryChanged.disconnect()
            self._on_found()


def restart(arguments: list[str] | None = None) -> NoReturn:
    """Begin this process anew under the same pid: the way it was started, or with these arguments.

    Files and sockets of Python are closed by the system on the way, locks are let go. Raises OSError
    when the program is gone from the disk.
    """
    # A frozen program starts with itself; orig_argv then has no interpreter of its own.
    command = [sys.executable, *sys.orig_argv[1:]] if arguments is None else [sys.executable, *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - our own program, without a shell
