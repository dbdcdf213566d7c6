"""From a page to another, by the window around both."""

from __future__ import annotations

from typing import Protocol


class Leads(Protocol):
    def lead_to(self, key: str, where: dict[str, str] | None = None) -> None: ...


class WindowNavigator:
    """Made before the window, because the window is given the services that hold it."""

    def __init__(self) -> None:
        self._window: Leads | None = None

    def lead(self, window: Leads) -> None:
        """From now on lead within this window."""
        self._window = window

    def open(self, key: str, **where: str) -> None:
        """Show the page, at a certain thing if it is named."""
        if self._window is not None:
            self._window.lead_to(key, where)
