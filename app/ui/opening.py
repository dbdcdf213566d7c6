"""The window's life beside the agent: opened, raised, told when the agent goes or comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, cast

from PyQt6.QtCore import QTimer

from app.errors import DevPulseError
from app.ui.freshness import EVERYTHING
from app.ui.live import Live
from app.ui.reckoning import Catching
from app.ui.said import said_error
from app.ui.services import Services
from app.ui.shell.notice import Notice
from app.ui.shell.place import WindowPlace, load_place, save_place
from app.ui.shell.window import MainWindow
from app.ui.theme.system import SystemLook
from app.ui.words import tr

# An agent that begins anew (its display or database changed) is back sooner than this.
_MIND_AFTER_MS = 3_000
_TRAY_WITHIN_MS = 3_000
_SYNC_AFTER_MS = 800


class Opening:
    """`ensure_agent()`: starts the agent where none runs; blocks, so it runs in a thread of its own."""

    def __init__(
        self, services: Services, window: MainWindow, live: Live, ensure_agent: Callable[[], object]
    ) -> None:
        self._services = services
        self._window = window
        self._live = live
        self._ensure_agent = ensure_agent
        self._starting = False
        self._told_no_tray = False
        self._look = SystemLook()
        self._catching = Catching(services.background, services.paths.database, services.freshness, window)
        self._absent = QTimer(window)
        self._absent.setSingleShot(True)
        self._absent.setInterval(_MIND_AFTER_MS)
        self._absent.timeout.connect(self._tell_absence)

    def begin(self, page: str, where: Mapping[str, str] | None) -> None:
        """Show the window as it was, or at `page`, and begin to follow the agent."""
        place = load_place(self._services.paths.window)
        self._told_no_tray = place.told_no_tray
        self._window.restore(place.geometry)
        first = "" if self._services.paths.welcomed.exists() else "welcome"
        self._look.changed.connect(lambda dark: self._services.theme.system(dark=dark))
        self._live.present_changed.connect(self._presence)
        # An agent that runs has answered by the time the window is painted: it says nothing else in between.
        self._live.start()
        self._window.show()
        self._window.lead_to(page or first or place.page, where)
        # What can wait until the window is painted does.
        QTimer.singleShot(0, self._follow)

    def show(self, page: str, where: Mapping[str, str] | None) -> None:
        """A second start: come to the front, at `page` if it names one."""
        if page:
            self._window.lead_to(page, where)
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()

    def end(self) -> None:
        """Remember where the window was."""
        self._catching.end()
        self._absent.stop()
        place = WindowPlace(
            self._window.geometry_text(), self._window.shown or self._window.coming, self._told_no_tray
        )
        save_place(self._services.paths.window, place)

    def _follow(self) -> None:
        self._look.start()
        self._start_agent()
        self._absent.start()
        self._catching.begin()
        # The account can wait until the day is shown.
        QTimer.singleShot(_SYNC_AFTER_MS, self._services.sync.start)

    def _start_agent(self) -> None:
        if self._starting:
            return
        self._starting = True

        def run() -> None:
            trouble: DevPulseError | None = None
            try:
                self._ensure_agent()
            except DevPulseError as error:
                trouble = error
            self._services.background.call_in_gui(lambda: self._started(trouble))

        threading.Thread(target=run, name="start-agent", daemon=True).start()

    def _started(self, trouble: DevPulseError | None) -> None:
        self._starting = False
        if trouble is None:
            self._live.connect_now()
        else:
            self._absent.stop()
            words = said_error(trouble).replace("\n", " ")
            self._window.show_notice(Notice(words, tr("Try again"), self._start_agent, kind="danger"))

    def _presence(self, present: bool) -> None:
        if present:
            self._absent.stop()
            self._window.show_notice(None)
            # In a new home it is the agent that makes the key.
            if self._services.library.look_again():
                self._services.freshness.tell(EVERYTHING)
            self._offer_unlocking()
            # The agent's icon comes up after the agent does.
            QTimer.singleShot(_TRAY_WITHIN_MS, self._ask_for_tray)
        else:
            self._absent.start()

    def _ask_for_tray(self) -> None:
        if not self._told_no_tray:
            self._live.request("doctor", then=self._heard_checks)

    def _heard_checks(self, answer: dict[str, Any]) -> None:
        checks = cast("list[dict[str, str]]", answer.get("checks", []))
        if not any(c["name"] == "tray" and c["state"] == "missing" for c in checks):
            return
        words = tr("This desktop shows no tray icons. DevPulse works without: all of it is in this window.")
        self._window.show_notice(Notice(words, tr("Understood"), self._know_no_tray, kind="info"))

    def _know_no_tray(self) -> None:
        self._told_no_tray = True
        self._window.show_notice(None)
        self._offer_unlocking()

    def _offer_unlocking(self) -> None:
        if self._services.library.wants_passphrase:
            words = tr("Your titles are locked by a passphrase.")
            self._window.show_notice(Notice(words, tr("Unlock…"), self._unlock, kind="info"))

    def _unlock(self) -> None:
        from app.ui.unlocking import UnlockDialog

        dialog = UnlockDialog(self._services, self._window)
        dialog.accepted.connect(lambda: self._window.show_notice(None))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _tell_absence(self) -> None:
        if self._live.present or self._starting:
            return
        words = tr("DevPulse is not recording: its agent does not run. What was recorded is safe.")
        self._window.show_notice(Notice(words, tr("Start recording"), self._start_agent))
