"""A whole virtual desktop: display, buses, login manager, window manager, tray, programs and a person."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.desktop import needs
from tests.desktop.buses import Bus, Login
from tests.desktop.display import XServer
from tests.desktop.family import Family
from tests.desktop.hands import Hands
from tests.desktop.pages import Pages
from tests.desktop.panels import Panel, prepare
from tests.desktop.repositories import make_repository
from tests.desktop.waiting import wait_until
from tests.desktop.windows import BASHRC, Programs

_ALWAYS = (
    "Xvfb",
    "openbox",
    "xdotool",
    "xterm",
    "dbus-daemon",
    "import",
    "git",
    "xprop",
    "xsetroot",
    "xwininfo",
)


class Desktop:
    """A context manager; everything in it ends with it, also when the test is interrupted or killed.

    `home` is the person's home folder, `devpulse_home` the one of DevPulse. `size` is in pixels.
    """

    def __init__(
        self,
        *,
        panel: Panel = Panel.TINT2,
        login: bool = True,
        window_manager: bool = True,
        display: bool = True,
        size: str = "1280x800",
        dpi: int = 96,
    ) -> None:
        needs.check(*_ALWAYS)
        self._parts = (display, login, window_manager)
        self.family = Family()
        self.home = self.family.folder / "home"
        self.devpulse_home = self.family.folder / "devpulse"
        self.environ = self._surroundings()
        self.display = XServer(self.family, self.environ, size=size, dpi=dpi)
        self.session_bus = Bus(self.family, self.environ, "session")
        self.system_bus = Bus(self.family, self.environ, "system")
        self.login = Login(self.family, self.environ, self.system_bus)
        self.hands = Hands(self.environ)
        self.programs = Programs(self.family, self.environ, self.hands, self.home)
        self.panel = panel
        self._window_manager: subprocess.Popen[bytes] | None = None
        self._panel: subprocess.Popen[bytes] | None = None
        self._pages: Pages | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(self.family.said())
        self.close()

    def _surroundings(self) -> dict[str, str]:
        runtime = self.family.folder / "runtime"
        runtime.mkdir(mode=0o700)
        self.home.mkdir()
        (self.home / ".bashrc").write_text(BASHRC)
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/games",
            "HOME": str(self.home),
            "USER": os.environ.get("USER", "root"),
            "SHELL": "/bin/bash",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TZ": "Europe/Berlin",
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_SESSION_ID": Login.session_id,
            "XDG_SESSION_TYPE": "x11",
            "XDG_CURRENT_DESKTOP": "XFCE",
            "DEVPULSE_HOME": str(self.devpulse_home),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.family.folder}/session-bus",
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.family.folder}/system-bus",
            "NO_AT_BRIDGE": "1",
            "GTK_A11Y": "none",
            "GSETTINGS_BACKEND": "memory",
            "GTK_THEME": "Adwaita",
        }

    def _start(self) -> None:
        display, login, window_manager = self._parts
        self.session_bus.start()
        if login:
            self.system_bus.start()
            self.login.start()
        if not display:
            return
        self.start_display()
        self.hands.paint_background("#2b3440")
        if window_manager:
            self.start_window_manager()
        if self.panel is not Panel.NONE:
            self.start_panel()

    def start_display(self) -> None:
        """Start the X server; programs started from now on see it."""
        self.display.start()
        self.environ["DISPLAY"] = self.display.name

    def start_window_manager(self) -> None:
        """Start openbox and wait until it manages the display."""
        self._window_manager = self.family.start("openbox", ["openbox", "--sm-disable"], self.environ)
        wait_until(self._managed, "openbox", every_s=0.05)

    def kill_window_manager(self) -> None:
        assert self._window_manager is not None
        self._window_manager.kill()
        self._window_manager.wait()

    def start_panel(self, panel: Panel | None = None) -> None:
        """Start the desktop's panel (or another one) and wait until it can be seen."""
        panel = panel or self.panel
        needs.check(panel.value)
        self._panel = self.family.start(panel.value, prepare(panel, self.home), self.environ)
        self.hands.wait_window(class_name=panel.value)

    def stop_panel(self) -> None:
        assert self._panel is not None
        self._panel.kill()
        self._panel.wait()

    def page(self, title: str) -> str:
        """The address of a page of this machine that has `title`."""
        self._pages = self._pages or Pages()
        return f"{self._pages.address}/{title.replace(' ', '%20')}"

    def repository(self, name: str, *, branch: str = "main", also: tuple[str, ...] = ()) -> Path:
        """A new git repository in the person's home."""
        return make_repository(self.home / "code" / name, branch=branch, also=also)

    def picture(self, file: Path) -> Path:
        return self.hands.picture(file)

    def close(self) -> None:
        """End everything this desktop started."""
        if self._pages is not None:
            self._pages.close()
            self._pages = None
        self.family.close()

    def _managed(self) -> bool:
        """Whether the window by which a manager says that it is there lives; a killed one leaves its name."""
        window = self._property("-root", "_NET_SUPPORTING_WM_CHECK").partition("# ")[2].strip()
        return bool(window) and "Openbox" in self._property("-id", window, "_NET_WM_NAME")

    def _property(self, *words: str) -> str:
        return subprocess.run(
            ["xprop", *words], env=self.environ, capture_output=True, text=True, check=False
        ).stdout
