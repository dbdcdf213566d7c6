"""Real programs with real windows: terminals with shells, an editor, a browser."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.desktop.family import Family
from tests.desktop.hands import Hands
from tests.desktop.waiting import wait_until

# The shell says its folder in the title, as Debian's default shell set-up does.
BASHRC = r"""
branch() { local b; b=$(git branch --show-current 2>/dev/null) && [ -n "$b" ] && echo " ($b)"; }
PS1='\[\e]0;ada@desk: \w\a\]\[\e[32m\]\w\[\e[0m\]$(branch)$ '
unset HISTFILE
"""

_QUIET_BROWSER = (
    "--no-sandbox", "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions",
    "--disable-gpu", "--disable-dev-shm-usage", "--disable-breakpad", "--metrics-recording-only",
    "--password-store=basic", "--use-mock-keychain", "--disable-domain-reliability",
    "--disable-client-side-phishing-detection", "--no-pings", "--test-type",
    "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """A window on the desktop: its X id and the process that was started for it."""

    id: int
    process: subprocess.Popen[bytes]


class Programs:
    """Starts programs on one desktop and finds the windows they open."""

    def __init__(self, family: Family, environ: Mapping[str, str], hands: Hands, home: Path) -> None:
        self._family = family
        self._environ = environ
        self._hands = hands
        self._home = home
        self._count = 0

    def terminal(
        self,
        folder: Path,
        *,
        application: str = "XTerm",
        title: str = "",
        command: tuple[str, ...] = ("bash", "-i"),
        where: str = "90x24",
    ) -> Window:
        """An xterm with a shell in `folder`. `application` is its window class, `title` fixes its title."""
        look = ["-fa", "DejaVu Sans Mono", "-fs", "11", "-bg", "#1d2129", "-fg", "#d8dee9"]
        named = ["-class", application, "-name", application.lower(), "-geometry", where]
        fixed = ["-T", title, "-xrm", "*allowTitleOps: false"] if title else []
        process = self._start("xterm", ["xterm", *look, *named, *fixed, "-e", *command], cwd=folder)
        return Window(self._hands.wait_window(pid=process.pid), process)

    def editor(self, file: Path) -> Window:
        """mousepad with `file` open."""
        process = self._start("mousepad", ["mousepad", "--disable-server", file], cwd=file.parent)
        return Window(self._hands.wait_window(title=file.name, pid=process.pid), process)

    def gvim(self, file: Path) -> Window:
        """GVim with `file` open."""
        process = self._start("gvim", ["gvim", "-f", file], cwd=file.parent)
        return Window(self._hands.wait_window(title=file.name), process)

    def browser(self, address: str, title: str, *, private: bool = False) -> Window:
        """A Chromium window showing `address`, whose page has `title`; with `private`, an incognito one.

        Chromium's incognito windows look to X like its others, but for the start command.
        """
        # A profile each, so that a private window is a process of its own that can be ended alone.
        self._count += 1
        known = self._hands.find(title=title)
        profile = self._home / f".browser-{self._count}"
        extra = ["--incognito"] if private else []
        size = ["--window-size=1000,640", f"--user-data-dir={profile}"]
        argv = ["chromium", *_QUIET_BROWSER, *extra, *size, "--new-window", address]
        process = self._start("chromium", argv, cwd=self._home)
        return Window(self._hands.wait_window(title=title, known=known, timeout_s=60), process)

    def private_window(self, browser: Window, address: str, title: str) -> Window:
        """An incognito window as a person opens it from `browser`: Ctrl+Shift+N, then the address."""
        first_page = "^New Incognito Tab"
        known = self._hands.find(title=first_page)
        self._hands.focus(browser.id)
        self._hands.key("ctrl+shift+n")
        window = self._hands.wait_window(title=first_page, known=known)
        self._hands.focus(window)
        self._hands.key("ctrl+l")
        self._hands.line(address)
        wait_until(lambda: title in self._hands.title(window), f"the private page {title!r}")
        return Window(window, browser.process)

    def program(self, name: str, argv: list[str], folder: Path, *, title: str = "") -> Window:
        """Any other program."""
        process = self._start(name, argv, cwd=folder)
        return Window(self._hands.wait_window(title=title, pid=None if title else process.pid), process)

    def close(self, window: Window) -> None:
        """Let the program end, as when its window is closed."""
        self._family.end(window.process)
        wait_until(lambda: window.id not in self._hands.find(title="."), "the window to close")

    def _start(self, name: str, argv: list[str | Path], cwd: Path) -> subprocess.Popen[bytes]:
        return self._family.start(name, argv, self._environ, cwd=cwd)
