"""The account as the window follows it: how syncing stands, live by hints while the window is open.

A command of its own (`devpulse sync --live`) holds the line to the service and syncs when a hint comes, or
when something was changed in this window. Here is only what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, cast

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.errors import DevPulseError, NotSignedIn
from app.paths import Paths
from app.ui.changes import Changes
from app.ui.freshness import EVERYTHING, Freshness, Topic
from app.ui.settings_store import SettingsStore
from app.ui.sync.facts import Account, Status, account_of, heard_of, status_of
from app.ui.sync.program import Program, Running

# Several changes in a row go out together.
_GATHER_MS = 150
_AGAIN_MS = (2_000, 10_000, 60_000)
_LIVE = ("sync", "--live")
_ACTIVITY = frozenset({Topic.ACTIVITY, Topic.FOCUS})


class SyncSession(QObject):
    """`changed()`: anything below is another. `signed_in_changed(bool)`.

    `share`: how far a sync is that runs now, 0 to 1 (-1: nobody knows), None while none runs. `listening`:
    hints come at once. `error`: why the last run, or the line, failed.
    """

    changed = pyqtSignal()
    signed_in_changed = pyqtSignal(bool)

    def __init__(
        self,
        paths: Paths,
        program: Program,
        settings: SettingsStore,
        freshness: Freshness,
        changes: Changes,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.program = program
        self._paths = paths
        self._settings = settings
        self._freshness = freshness
        self.account: Account | None = None
        self.status = Status()
        self.heard: Mapping[str, int] = {}
        self.share: float | None = None
        self.listening = False
        self.error: DevPulseError | None = None
        self._signed_in = self._file_there()
        self._live: Running | None = None
        self._once: Running | None = None
        self._started = False
        self._failures = 0
        self._again = _timer(self, _AGAIN_MS[0], self._begin)
        self._gather = _timer(self, _GATHER_MS, self._push)
        changes.made.connect(self._made)
        settings.changed.connect(self._settings_changed)

    @property
    def signed_in(self) -> bool:
        """Whether this machine has the keys of an account."""
        return self._signed_in

    def start(self) -> None:
        """Follow the account from now on."""
        self._started = True
        self.look_again()

    def stop(self) -> None:
        """Follow it no more, and end every command that runs."""
        self._started = False
        self._again.stop()
        self._gather.stop()
        self._end_live()
        self.program.close()

    def look_again(self) -> None:
        """The person has just signed in or out, or the key was unlocked."""
        self._failures = 0
        there = self._file_there()
        if there != self._signed_in:
            self._signed_in = there
            self.account, self.status, self.error, self.heard = None, Status(), None, {}
            self.signed_in_changed.emit(there)
        if there and self._started:
            self._end_live()
            self._begin()
        elif not there:
            self._end_live()
        self.changed.emit()

    def sync_now(self) -> None:
        """Sync at once, whatever the settings say of syncing by itself."""
        if self._live is not None:
            self._live.say({"do": "sync"})
        elif self._once is None and self.signed_in:
            self._once = running = self.program.run(("sync",))
            self._syncing(-1.0)
            running.finished.connect(self._once_done)
            running.failed.connect(self._once_failed)

    def ask_status(self) -> None:
        """Have the numbers told anew: something was decided, or read."""
        if self._live is not None:
            self._live.say({"do": "status"})

    def took_in(self, topics: AbstractSet[Topic] = EVERYTHING) -> None:
        """Something from another machine has come into the database."""
        self._freshness.tell(topics)

    def _begin(self) -> None:
        if self._live is not None or not self._started or not self._file_there():
            return
        self._live = running = self.program.run(_LIVE, open_ended=True)
        running.told.connect(self._heard)
        running.finished.connect(self._live_ended)
        running.failed.connect(self._live_failed)

    def _end_live(self) -> None:
        live, self._live = self._live, None
        self.listening, self.share = False, None
        if live is not None:
            live.cancel()

    def _heard(self, told: dict[str, Any]) -> None:
        self._failures = 0
        event = told.get("event")
        if event == "status":
            self._take_status(told)
        elif event == "listening":
            self.listening = bool(told.get("on"))
        elif event == "syncing":
            total = told.get("total") or 0
            self.share = min(1.0, float(told.get("done") or 0) / total) if total else -1.0
        elif event == "synced":
            self._synced(told)
        elif event == "failed":
            from app.errors import from_json

            self.share = None
            self.error = from_json(cast("dict[str, str]", told.get("error") or {}))
        self.changed.emit()

    def _take_status(self, told: Mapping[str, Any]) -> None:
        account = told.get("account")
        if isinstance(account, dict):
            self.account = account_of(cast("dict[str, Any]", account))
        self.status = status_of(told)
        self.heard = heard_of(told)

    def _synced(self, tally: Mapping[str, Any]) -> None:
        self.share, self.error = None, None
        if tally.get("records") or tally.get("erased"):
            self.took_in()
        elif tally.get("spans"):
            self.took_in(_ACTIVITY)

    def _live_ended(self, _: object) -> None:
        self._live_failed(None)

    def _live_failed(self, error: DevPulseError | None) -> None:
        self._live, self.listening, self.share = None, False, None
        if error is not None:
            self.error = error
        if isinstance(error, NotSignedIn) and not self._file_there():
            self.look_again()
            return
        wait = _AGAIN_MS[min(self._failures, len(_AGAIN_MS) - 1)]
        self._failures += 1
        if self._started:
            self._again.start(wait)
        self.changed.emit()

    def _once_done(self, tally: dict[str, Any]) -> None:
        self._once = None
        self._synced(tally)
        self.changed.emit()

    def _once_failed(self, error: DevPulseError) -> None:
        self._once, self.share, self.error = None, None, error
        self.changed.emit()

    def _syncing(self, share: float) -> None:
        self.share = share
        self.changed.emit()

    def _made(self, topics: object) -> None:
        if topics and self._live is not None:
            self._gather.start()

    def _push(self) -> None:
        if self._live is not None:
            wanted = self._settings.text("sync.when") == "automatic"
            self._live.say({"do": "sync" if wanted else "status"})

    def _settings_changed(self, keys: frozenset[str]) -> None:
        if any(key.startswith("sync.") for key in keys) and self._live is not None:
            self._end_live()
            self._begin()

    def _file_there(self) -> bool:
        return self._paths.account.exists()


def _timer(owner: QObject, wait_ms: int, ring: Any) -> QTimer:
    made = QTimer(owner)
    made.setSingleShot(True)
    made.setInterval(wait_ms)
    made.timeout.connect(ring)
    return made
