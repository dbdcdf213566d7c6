"""The hands on a tray: real clicks on an XEmbed icon, and what a panel does over D-Bus."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.desktop.buses import Bus
from tests.desktop.hands import Hands
from tests.desktop.waiting import wait_until

_LINE = re.compile(r'(0x[0-9a-f]+) "devpulse": .*? (\d+)x(\d+)\S+ +\+(-?\d+)\+(-?\d+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle of the screen."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


class EmbeddedTray:
    """DevPulse's icon in a panel that embeds windows (tint2)."""

    def __init__(self, hands: Hands, environ: Mapping[str, str]) -> None:
        self._hands = hands
        self._environ = environ

    def icon(self) -> Place | None:
        """Where the icon is, or None."""
        told = subprocess.run(
            ["xwininfo", "-root", "-tree"], env=self._environ, capture_output=True, text=True, check=True
        ).stdout
        for found in _LINE.finditer(told):
            width, height, x, y = (int(number) for number in found.groups()[1:])
            if width == height and width > 10 and self._shown(found[1]):
                return Place(x, y, width, height)
        return None

    def wait_icon(self, *, timeout_s: float = 15.0) -> Place:
        return wait_until(self.icon, "the tray icon", timeout_s=timeout_s, every_s=0.1)

    def open_menu(self) -> Place:
        """Right-click the icon; returns where the menu is."""
        before = set(self._menus())
        self._hands.click(*self.wait_icon().middle, button=3)
        found = wait_until(lambda: set(self._menus()) - before, "the tray's menu", every_s=0.05)
        menu = Place(*self._hands.geometry(found.pop()))
        # It takes no keys before it is painted.
        time.sleep(0.3)
        return menu

    def choose(self, *keys: str) -> None:
        """Open the menu by a click and choose by keys, as "Down", "Right", "Return"."""
        self.open_menu()
        for key in keys:
            self._hands.key(key)
            time.sleep(0.1)
        wait_until(lambda: not self._menus(), "the menu to close")

    def click_last(self) -> None:
        """Open the menu and click its last line."""
        menu = self.open_menu()
        self._hands.click(menu.x + menu.width // 3, menu.y + menu.height - 12)

    def _menus(self) -> list[int]:
        # Menus are the only visible windows of the agent that are larger than its icon.
        found = self._hands.find(class_name="devpulse")
        return [window for window in found if self._hands.geometry(window)[3] > 40]

    def _shown(self, window: str) -> bool:
        told = subprocess.run(
            ["xwininfo", "-id", window], env=self._environ, capture_output=True, text=True, check=False
        ).stdout
        return "IsViewable" in told


class Labels(dict[str, Any]):
    """One line of a menu that a panel would draw."""

    @property
    def label(self) -> str:
        # A single underscore marks the letter that a panel underlines.
        return re.sub(r"_(.)", r"\1", str(self.get("label", "")))


class BusTray:
    """DevPulse's item as a panel sees it over D-Bus (StatusNotifier and dbusmenu)."""

    _WATCHER = "org.kde.StatusNotifierWatcher"
    _ITEM = "org.kde.StatusNotifierItem"
    _MENU = "com.canonical.dbusmenu"
    _GET = "org.freedesktop.DBus.Properties.Get"

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def items(self) -> list[tuple[str, str]]:
        """The name on the bus and the path of every item."""
        if self._WATCHER not in self._bus.names():
            return []
        told = self._bus.call(
            self._WATCHER, "/StatusNotifierWatcher", self._GET,
            self._WATCHER, "RegisteredStatusNotifierItems", typed="ss",
        )  # fmt: skip
        return [(name, "/" + path) for name, _, path in (item.partition("/") for item in told)]

    def wait_item(self, *, timeout_s: float = 20.0) -> tuple[str, str]:
        found = wait_until(self.items, "an item in the tray", timeout_s=timeout_s, every_s=0.2)
        return found[0]

    def property(self, name: str) -> Any:
        """A property of the item, as `IconName`, `ToolTip`, `Status`."""
        item, path = self.wait_item()
        return self._bus.call(item, path, self._GET, self._ITEM, name, typed="ss")

    def lines(self) -> list[Labels]:
        """Every visible line of the menu, submenus included, in their order."""
        item, _ = self.wait_item()
        _, layout = self._bus.call(
            item, self.property("Menu"), f"{self._MENU}.GetLayout", 0, -1, [], typed="iias"
        )
        return list(_flat(layout))

    def labels(self) -> list[str]:
        return [line.label for line in self.lines() if line.get("type") != "separator"]

    def click(self, label: str) -> None:
        """What a panel does when the person clicks the line with `label`."""
        found = [line for line in self.lines() if line.label == label]
        if not found:
            raise AssertionError(f"the menu has no line {label!r}, only {self.labels()}")
        item, _ = self.wait_item()
        asked = (found[0]["id"], "clicked", 0, 0)
        self._bus.call(item, self.property("Menu"), f"{self._MENU}.Event", *asked, typed="isvu")


def _flat(node: list[Any]) -> Iterator[Labels]:
    number, properties, children = node
    if number and properties.get("visible", True):
        yield Labels(properties, id=number)
    if properties.get("visible", True):
        for child in children:
            yield from _flat(child)
