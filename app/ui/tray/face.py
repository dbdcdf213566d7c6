"""The agent's face: tray icon and notifications over one status, and the person's wishes to the agent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QCoreApplication

from app.config import Settings
from app.ui.translation import Translation
from app.ui.tray.notifications import DesktopNotifications, Notifier
from app.ui.tray.tray import Tray

# ask(request, values): hand a request to the agent and return at once.
Ask = Callable[..., None]


class Wishes:
    """`TrayActions` as requests of the control socket."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def pause(self, seconds: int | None) -> None:
        self._ask("pause", seconds=seconds)

    def pause_until_tomorrow(self) -> None:
        self._ask("pause", until="tomorrow")

    def resume(self) -> None:
        self._ask("resume")

    def private(self, on: bool) -> None:
        self._ask("private", on=on)

    def focus_start(self, minutes: int | None) -> None:
        self._ask("focus", action="start", minutes=minutes)

    def focus_pause(self) -> None:
        self._ask("focus", action="pause")

    def focus_resume(self) -> None:
        self._ask("focus", action="resume")

    def focus_stop(self) -> None:
        self._ask("focus", action="stop")

    def switch_project(self, name: str | None) -> None:
        self._ask("project", name=name)

    def quit(self) -> None:
        self._ask("quit")


class Face:
    """Belongs to Qt's thread. `settings()`: those in force. `after_menu`: see `Tray`."""

    def __init__(
        self,
        parent: QCoreApplication,
        ask: Ask,
        *,
        settings: Callable[[], Settings],
        after_menu: Callable[[], None],
        open_window: Callable[[str], None] | None = None,
    ) -> None:
        # Before the menu is made of words.
        self._translation = Translation(parent)
        self._translation.use(settings().text("appearance.language"))
        self._settings = settings
        self._presets = tuple(settings().get("focus.presets_min"))
        self._tray = Tray(
            parent,
            Wishes(ask),
            presets_min=self._presets,
            open_window=open_window,
            after_menu=after_menu,
        )
        self._notifications = DesktopNotifications(self._tray.message, parent=parent)
        self._notifier = Notifier(self._notifications.send, lambda key: settings().switch(key))

    @property
    def tray_kind(self) -> str:
        """`status-notifier`, `xembed` or `none`."""
        return self._tray.kind

    def show(self, status: dict[str, Any]) -> None:
        """The agent's status has changed."""
        self._translation.use(self._settings().text("appearance.language"))
        self._tray.show(status)
        self._notifier.problems(status.get("problems", ()))
        presets = tuple(self._settings().get("focus.presets_min"))
        if presets != self._presets:
            self._presets = presets
            self._tray.offer(presets)

    def focus_ended(self, focus: dict[str, Any]) -> None:
        """A focus session reached its planned length."""
        self._notifier.focus_ended(focus)

    def remind(self, reminder: dict[str, Any]) -> None:
        """Something the person asked to be told of."""
        self._notifier.remind(reminder)

    def refused(self, words: str) -> None:
        """What the person asked for could not be done."""
        self._notifications.send("DevPulse", words)

    def close(self) -> None:
        self._tray.close()
