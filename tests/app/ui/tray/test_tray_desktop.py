"""The tray on real panels: seen as pixels, used by a real pointer and keyboard, and over D-Bus."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
from PyQt6.QtGui import QColor, QImage

from tests.desktop.desktop import Desktop
from tests.desktop.panels import Panel
from tests.desktop.waiting import wait_until

pytestmark = pytest.mark.display

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = Path(__file__).with_name("tray_program.py")
PICTURES = os.environ.get("DEVPULSE_PICTURES")

TEAL, AMBER, BLUE, VIOLET = "#129a8e", "#c9820a", "#3b82d8", "#7f62c9"
WATCHER = "org.kde.StatusNotifierWatcher"
GET = "org.freedesktop.DBus.Properties.Get"
MENU = "com.canonical.dbusmenu"

TRACKING: dict[str, Any] = {
    "state": "tracking",
    "since": "2026-03-02T14:32:00+00:00",
    "current": {
        "application": "code",
        "title": "a secret title",
        "project": "my_project R&D",
        "branch": "feature/x",
        "category": "Coding",
        "since": "2026-03-02T14:32:00+00:00",
    },
    "today": {"active_seconds": 12299, "idle_seconds": 5, "by_project": []},
    "paused_until": None,
    "private": False,
    "focus": None,
    "problems": [],
    "projects": ["devpulse", "my_project R&D", "website"],
}
FOCUS = {
    "state": "running",
    "started": "2026-03-02T14:00:00+00:00",
    "planned_seconds": 1500,
    "focused_seconds": 500,
    "remaining_seconds": 1000,
    "project": "devpulse",
    "interruptions": 0,
}


class Program:
    """The tray's process, and what it says."""

    def __init__(self, desktop: Desktop, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), *words],
            env={**desktop.environ, **desktop.family.mark, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said: Queue[list[Any]] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self.hear() == ["ready"]

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(json.loads(line))

    def tell(self, **what: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def hear(self, timeout_s: float = 20.0) -> list[Any]:
        try:
            return self._said.get(timeout=timeout_s)
        except Empty:
            raise AssertionError("the tray's process says nothing") from None

    def silent(self) -> bool:
        return self._said.empty()

    def kind(self) -> str:
        self.tell(ask=1)
        answer = self.hear()
        assert answer[0] == "is"
        return answer[1]

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(20) == 0


@contextmanager
def running(desktop: Desktop, *words: str) -> Iterator[Program]:
    program = Program(desktop, *words)
    try:
        yield program
        program.close()
    finally:
        program.process.kill()
        program.process.wait()


def picture(desktop: Desktop) -> QImage:
    file = desktop.family.folder / "seen.png"
    subprocess.run(
        ["import", "-silent", "-window", "root", f"PNG24:{file}"], env=desktop.environ, check=True, timeout=60
    )
    return QImage(str(file))


def spot(desktop: Desktop, colour: str) -> tuple[int, int] | None:
    """The middle of what has this colour in the panel, if there is enough of it."""
    image, wanted = picture(desktop), QColor(colour)
    found = [
        (x, y)
        for y in range(image.height() - 60, image.height())
        for x in range(image.width())
        if _alike(image.pixelColor(x, y), wanted)
    ]
    if len(found) < 25:
        return None
    return sum(x for x, _ in found) // len(found), sum(y for _, y in found) // len(found)


def _alike(one: QColor, other: QColor) -> bool:
    return (
        max(abs(one.red() - other.red()), abs(one.green() - other.green()), abs(one.blue() - other.blue()))
        <= 6
    )


def icon(desktop: Desktop, colour: str = TEAL) -> tuple[int, int]:
    return wait_until(lambda: spot(desktop, colour), f"an icon of colour {colour} in the panel", every_s=0.3)


def keep(desktop: Desktop, name: str) -> None:
    if PICTURES:
        desktop.picture(Path(PICTURES) / f"{name}.png")


# --- a panel that takes XEmbed icons -----------------------------------------------------------------


@pytest.fixture(scope="module")
def tint2() -> Iterator[Desktop]:
    with Desktop(panel=Panel.TINT2, login=False) as desktop:
        yield desktop


def menu_windows(desktop: Desktop, program: Program) -> list[int]:
    # The icon itself is a window of 22 pixels.
    windows = desktop.hands.find(pid=program.process.pid)
    return [window for window in windows if desktop.hands.geometry(window)[2] > 60]


def open_menu(desktop: Desktop, program: Program, *, button: int = 3, colour: str = TEAL) -> None:
    place = icon(desktop, colour)
    # Two clicks within 0.4 s are a double click, which opens nothing.
    time.sleep(0.5)
    desktop.hands.click(*place, button)
    wait_until(lambda: menu_windows(desktop, program), "the menu")


def closed(desktop: Desktop, program: Program) -> None:
    wait_until(lambda: not menu_windows(desktop, program), "the menu to close")


def test_the_icon_tells_the_state(tint2: Desktop) -> None:
    with running(tint2) as program:
        program.tell(show=TRACKING)
        icon(tint2, TEAL)
        assert program.kind() == "xembed"
        program.tell(show={**TRACKING, "state": "paused"})
        icon(tint2, AMBER)
        program.tell(show={**TRACKING, "private": True})
        icon(tint2, VIOLET)
        program.tell(show={**TRACKING, "focus": FOCUS})
        icon(tint2, BLUE)
    wait_until(lambda: spot(tint2, BLUE) is None, "the icon to go", every_s=0.3)


def test_the_menu_is_used_by_pointer_and_keys(tint2: Desktop) -> None:
    with running(tint2) as program:
        program.tell(show=TRACKING)
        open_menu(tint2, program)
        keep(tint2, "tint2-menu")
        # The first line that can be chosen is the focus submenu: into it, and its first preset.
        tint2.hands.key("Down", "Right", "Return")
        assert program.hear() == ["did", "focus_start", 25]
        closed(tint2, program)

        open_menu(tint2, program)
        tint2.hands.key("Down", "Down", "Right", "Down", "Return")
        assert program.hear() == ["did", "pause", 3600]
        closed(tint2, program)

        open_menu(tint2, program)
        tint2.hands.key("Down", "Down", "Down", "Down", "Right")
        wait_until(lambda: len(menu_windows(tint2, program)) == 2, "the submenu")
        keep(tint2, "tint2-projects")
        tint2.hands.key("Down", "Return")
        assert program.hear() == ["did", "switch_project", "devpulse"]
        closed(tint2, program)

        open_menu(tint2, program, button=1)
        tint2.hands.key("Up", "Return")
        assert program.hear() == ["did", "quit"]


def test_private_mode_is_marked_when_the_agent_says_so_and_not_before(tint2: Desktop) -> None:
    with running(tint2) as program:
        program.tell(show=TRACKING)
        for status, colour, wanted in (
            (TRACKING, TEAL, True),
            (TRACKING, TEAL, True),
            ({**TRACKING, "private": True}, VIOLET, False),
        ):
            program.tell(show=status)
            open_menu(tint2, program, colour=colour)
            tint2.hands.key("Down", "Down", "Down", "Return")
            assert program.hear() == ["did", "private", wanted]
            closed(tint2, program)


def test_an_open_menu_stays_as_it_is_while_its_words_follow(tint2: Desktop) -> None:
    with running(tint2) as program:
        program.tell(show=TRACKING)
        open_menu(tint2, program)
        [window] = menu_windows(tint2, program)
        problem = {"title": "The disk is full", "detail": "Nothing is stored.", "advice": "Make room."}
        program.tell(show={**TRACKING, "problems": [problem], "today": {"active_seconds": 12400}})
        program.kind()
        assert menu_windows(tint2, program) == [window]
        tint2.hands.key("Escape")
        closed(tint2, program)
        # Now the problem has its line, above the last one.
        open_menu(tint2, program)
        keep(tint2, "tint2-problem")
        tint2.hands.key("Up", "Up", "Right")
        wait_until(lambda: len(menu_windows(tint2, program)) == 2, "the problem's submenu")
        tint2.hands.key("Escape", "Escape")


def test_a_click_opens_the_window_when_there_is_one(tint2: Desktop) -> None:
    with running(tint2, "--window") as program:
        program.tell(show=TRACKING)
        tint2.hands.click(*icon(tint2))
        assert program.hear() == ["did", "open_window", ""]
        assert menu_windows(tint2, program) == []


# --- panels that come late, die, and return ----------------------------------------------------------


@pytest.mark.parametrize(("panel", "kind"), [(Panel.TINT2, "xembed"), (Panel.XFCE, "status-notifier")])
def test_a_panel_that_comes_late_or_again_gets_the_icon(panel: Panel, kind: str) -> None:
    with Desktop(panel=Panel.NONE, login=False) as desktop, running(desktop) as program:
        program.tell(show=TRACKING)
        assert program.kind() == "none"
        for _ in range(3):
            desktop.start_panel(panel)
            icon(desktop)
            assert program.kind() == kind
            desktop.stop_panel()
            wait_until(lambda: program.kind() == "none", "the icon to be homeless")


def test_another_kind_of_panel_takes_over() -> None:
    with Desktop(panel=Panel.XFCE, login=False) as desktop, running(desktop) as program:
        program.tell(show=TRACKING)
        icon(desktop)
        assert program.kind() == "status-notifier"
        desktop.stop_panel()
        desktop.start_panel(Panel.TINT2)
        icon(desktop)
        assert program.kind() == "xembed"
        open_menu(desktop, program)
        desktop.hands.key("Up", "Return")
        assert program.hear() == ["did", "quit"]


def test_a_session_without_a_bus_has_its_icon_too() -> None:
    with Desktop(panel=Panel.TINT2, login=False) as desktop:
        desktop.session_bus.kill()
        with running(desktop) as program:
            program.tell(show=TRACKING)
            icon(desktop)
            assert program.kind() == "xembed"


def test_a_bus_that_dies_does_not_take_the_tray_with_it() -> None:
    with Desktop(panel=Panel.TINT2, login=False) as desktop, running(desktop) as program:
        program.tell(show=TRACKING)
        icon(desktop)
        desktop.session_bus.kill()
        program.tell(show={**TRACKING, "state": "paused"})
        icon(desktop, AMBER)


# --- a panel that takes StatusNotifier items ---------------------------------------------------------


class Item:
    """The icon as a panel sees it over D-Bus."""

    def __init__(self, desktop: Desktop) -> None:
        self.bus = desktop.session_bus
        [name] = wait_until(self._registered, "the item to register")
        self.service = name.partition("/")[0]

    def _registered(self) -> list[str]:
        try:
            return self.bus.call(
                WATCHER, "/StatusNotifierWatcher", GET, WATCHER, "RegisteredStatusNotifierItems", typed="ss"
            )
        except RuntimeError:
            return []

    def tooltip(self) -> str:
        return self.bus.call(
            self.service, "/StatusNotifierItem", GET, "org.kde.StatusNotifierItem", "ToolTip", typed="ss"
        )[2]

    def activate(self) -> None:
        self.bus.call(
            self.service, "/StatusNotifierItem", "org.kde.StatusNotifierItem.Activate", 10, 10, typed="ii"
        )

    def lines(self, inside: str = "") -> dict[str, tuple[int, dict[str, Any]]]:
        """The menu's visible lines by their label, each with its id and properties."""
        menu = self.bus.call(self.service, "/MenuBar", f"{MENU}.GetLayout", 0, -1, [], typed="iias")[1]
        if inside:
            menu = next(line for line in menu[2] if line[1].get("label") == inside)
        return {
            line[1]["label"]: (line[0], line[1])
            for line in menu[2]
            if line[1].get("visible", True) and "label" in line[1]
        }

    def choose(self, label: str, *, inside: str = "") -> None:
        number = self.lines(inside)[label][0]
        self.bus.call(self.service, "/MenuBar", f"{MENU}.Event", number, "clicked", 0, 0, typed="isvu")


@pytest.fixture(scope="module")
def xfce() -> Iterator[Desktop]:
    with Desktop(panel=Panel.XFCE, login=False) as desktop:
        yield desktop


def test_a_panel_sees_state_and_menu_over_the_bus(xfce: Desktop) -> None:
    with running(xfce) as program:
        program.tell(show=TRACKING)
        icon(xfce)
        item = Item(xfce)
        assert program.kind() == "status-notifier"
        wait_until(lambda: "feature/x" in item.tooltip(), "the tooltip")
        assert item.tooltip() == "DevPulse\nmy_project R&D · feature/x\nToday: 3 h 24 m"
        assert list(item.lines()) == [
            "Today: 3 h 24 m",
            "my\u02cdproject R_&D · feature/x",
            "Start focus",
            "Pause tracking",
            "Private mode",
            "Project",
            "Quit DevPulse",
        ]
        assert item.lines()["Today: 3 h 24 m"][1]["enabled"] is False
        item.choose("50 minutes", inside="Start focus")
        assert program.hear() == ["did", "focus_start", 50]
        item.choose("Until tomorrow", inside="Pause tracking")
        assert program.hear() == ["did", "pause_until_tomorrow"]
        item.choose("my\u02cdproject R_&D", inside="Project")
        assert program.hear() == ["did", "switch_project", "my_project R&D"]

        program.tell(show={**TRACKING, "focus": FOCUS, "state": "paused", "private": True})
        wait_until(lambda: "Stop focus" in item.lines(), "the menu to follow")
        assert list(item.lines())[2:7] == [
            "Focus: 17 m left", "Pause focus", "Stop focus", "Resume tracking", "Private mode"
        ]  # fmt: skip
        assert item.lines()["Private mode"][1]["toggle-state"] == 1
        item.choose("Private mode")
        assert program.hear() == ["did", "private", False]
        item.choose("Stop focus")
        assert program.hear() == ["did", "focus_stop"]


def test_the_panel_s_own_menu_works_by_pointer(xfce: Desktop) -> None:
    with running(xfce) as program:
        program.tell(show=TRACKING)
        x, y = icon(xfce)
        xfce.hands.click(x, y, 3)
        # GTK's menus are windows without a name or class: what appears above the panel is white.
        white = QColor("#ffffff")
        wait_until(lambda: picture(xfce).pixelColor(x, y - 45) == white, "the panel's menu", every_s=0.3)
        keep(xfce, "xfce-menu")
        xfce.hands.key("Up", "Return")
        assert program.hear() == ["did", "quit"]


def test_activating_the_item_opens_the_window(xfce: Desktop) -> None:
    with running(xfce, "--window") as program:
        program.tell(show=TRACKING)
        icon(xfce)
        Item(xfce).activate()
        assert program.hear() == ["did", "open_window", ""]


def test_the_panel_is_told_only_of_what_changes(xfce: Desktop) -> None:
    with running(xfce) as program:
        program.tell(show=TRACKING)
        icon(xfce)
        item = Item(xfce)
        program.kind()
        monitor = subprocess.Popen(
            ["dbus-monitor", "--address", xfce.session_bus.address, f"type='signal',sender='{item.service}'"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert monitor.stdout is not None
        heard: list[str] = []

        def listen() -> None:
            heard.extend(line for line in monitor.stdout or () if line.startswith("signal"))

        threading.Thread(target=listen, daemon=True).start()
        try:
            # Its own name on the bus is the first thing a monitor hears, once it listens.
            wait_until(lambda: heard, "the monitor to listen")
            heard.clear()
            for _ in range(50):
                program.tell(show=TRACKING)
            program.tell(show={**TRACKING, "state": "paused"})
            wait_until(lambda: any("NewIcon" in line for line in heard), "the new icon to be told")
            program.kind()
        finally:
            monitor.terminate()
            monitor.wait()
        # Icon, tooltip, headline, and the two lines that take each other's place.
        assert len(heard) < 20, heard
