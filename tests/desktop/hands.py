"""The hands of a virtual person: pointer and keyboard by xdotool, and what the screen shows them."""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

from tests.desktop.waiting import wait_until


class Hands:
    """Real input events into one display."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def focus(self, window: int) -> None:
        """Make `window` the active one, and touch the pointer as a person would; returns when it is."""
        self._do("windowactivate", "--sync", window)
        self.touch()

    def touch(self) -> None:
        """The smallest input there is: the pointer moves by one pixel and back."""
        self._do("mousemove_relative", "--", 1, 0, "mousemove_relative", "--", -1, 0)

    def type(self, text: str) -> None:
        self._do("type", "--delay", 4, "--", text)

    def key(self, *keys: str) -> None:
        self._do("key", "--", *keys)

    def line(self, text: str) -> None:
        """Type a line into the active window and press Return."""
        self.type(text)
        self.key("Return")

    def click(self, x: int, y: int, button: int = 1) -> None:
        self._do("mousemove", x, y, "click", button)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press at one place, move in steps, and let go at another."""
        self._do("mousemove", *start, "mousedown", 1)
        for step in range(1, 9):
            x, y = (round(a + (b - a) * step / 8) for a, b in zip(start, end, strict=True))
            self._do("mousemove", x, y, "sleep", "0.05")
        self._do("mouseup", 1)

    def move(self, x: int, y: int) -> None:
        self._do("mousemove", x, y)

    def workspace(self, number: int) -> None:
        """Go to another workspace, counted from 0."""
        self._do("set_desktop", number)

    def close(self, window: int) -> None:
        """Ask the window to close, as its button does."""
        self._do("windowclose", window)

    def active(self) -> int | None:
        """The active window, or None."""
        told = self._ask("getactivewindow")
        return int(told[0]) if told else None

    def title(self, window: int) -> str:
        return "\n".join(self._ask("getwindowname", str(window)))

    def find(self, *, title: str = "", pid: int | None = None, class_name: str = "") -> list[int]:
        """The visible windows that match everything given (title and class are patterns)."""
        search = ["search", "--onlyvisible", "--all"]
        search += ["--pid", str(pid)] if pid is not None else []
        search += ["--name", title] if title else []
        search += ["--class", class_name] if class_name else []
        return [int(line) for line in self._ask(*search) if line.isdigit()]

    def wait_window(
        self,
        *,
        title: str = "",
        pid: int | None = None,
        class_name: str = "",
        known: Collection[int] = (),
        timeout_s: float = 30.0,
    ) -> int:
        """The first window that matches and is not among the `known`, as soon as it is there."""
        found = wait_until(
            lambda: [w for w in self.find(title=title, pid=pid, class_name=class_name) if w not in known],
            f"a window with title {title!r}, class {class_name!r}, pid {pid}",
            timeout_s=timeout_s,
            every_s=0.1,
        )
        return found[0]

    def place(self, window: int, x: int, y: int, width: int, height: int) -> None:
        self._do("windowsize", window, width, height, "windowmove", window, x, y)

    def geometry(self, window: int) -> tuple[int, int, int, int]:
        """x, y, width and height of a window on the screen."""
        told = dict(line.split("=") for line in self._ask("getwindowgeometry", "--shell", str(window)))
        return int(told["X"]), int(told["Y"]), int(told["WIDTH"]), int(told["HEIGHT"])

    def paint_background(self, colour: str) -> None:
        """Something nicer than black behind the windows; only pictures show it."""
        subprocess.run(["xsetroot", "-solid", colour], env=self._environ, check=True, timeout=30)

    def picture(self, file: Path, *, window: str = "root") -> Path:
        """Save what the screen shows as a small PNG."""
        file.parent.mkdir(parents=True, exist_ok=True)
        # 160 colours without dithering keep text sharp and the file small.
        smaller = ["+dither", "-colors", "160", "-strip", "-define", "png:compression-level=9"]
        subprocess.run(
            ["import", "-silent", "-window", window, *smaller, f"PNG8:{file}"],
            env=self._environ, check=True, timeout=60,
        )  # fmt: skip
        return file

    def _do(self, *words: str | int) -> None:
        argv = ["xdotool", *(str(word) for word in words)]
        subprocess.run(argv, env=self._environ, check=True, timeout=30, capture_output=True)

    def _ask(self, *words: str) -> list[str]:
        done = subprocess.run(
            ["xdotool", *words], env=self._environ, check=False, timeout=30, capture_output=True, text=True
        )
        return done.stdout.strip().splitlines()
