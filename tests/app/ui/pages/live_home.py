"""A whole window over a small real database, with an agent that is only pretended."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from app.desktop import Windows, assemble
from app.models.cipher import Cipher
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.journal import Journal
from app.models.keyfile import Way
from app.models.keys import create_key, load_key
from app.models.migrate import migrate
from app.models.values import Activity, Span, State
from app.paths import Paths
from tests.fakes.agent import FakeAgent, status
from tests.fakes.clock import ManualClock

MINUTE = 60_000
HOUR = 60 * MINUTE
# Tuesday 30 June 2026, 15:42 UTC; the pretended clock stands in UTC, whatever zone the machine is in.
NOW = int(datetime(2026, 6, 30, 15, 42, tzinfo=UTC).timestamp() * 1000)
PATIENCE_S = 20.0
# Qt may still hold what Python would collect in the middle of another test.
_ENDED: list[Windows] = []


@dataclass
class Home:
    """The window, its agent and clock, and ways into the database."""

    windows: Windows
    agent: FakeAgent
    clock: ManualClock
    paths: Paths
    cipher: Cipher

    def open(self, page: str, **where: str) -> Any:
        """Show a page and wait until it is painted with its answers."""
        self.windows.window.open(page, where)
        self.settle()
        return self.windows.window._built[page].page

    def press(
        self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key on a widget of the main window; shortcuts hear it only in a window that is active."""
        self.windows.window.activateWindow()
        QTest.qWaitForWindowActive(self.windows.window)
        widget.setFocus()
        QTest.keyClick(widget, key, modifier)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is asked or changed any more."""
        until, calm = time.monotonic() + PATIENCE_S, 0
        while calm < 4:
            assert time.monotonic() < until, "still busy"
            QApplication.processEvents()
            time.sleep(0.005)
            calm = calm + 1 if self.windows.services.background.idle else 0

    def until(self, fits: Callable[[], bool]) -> None:
        """Wait for something that comes by a timer."""
        until = time.monotonic() + PATIENCE_S
        while not fits():
            assert time.monotonic() < until, "it did not come"
            QApplication.processEvents()
            time.sleep(0.01)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with closing(Journal.open(self.paths.database, self.cipher)) as journal:
            return journal.store.connection.execute(query, values).fetchall()

    def work(
        self, before_min: float, minutes: float, *, project: int | None = None, category: int | None = None,
        application: str = "code", title: str | None = None, branch: str | None = None,
    ) -> None:  # fmt: skip
        """Activity that began so many minutes before now."""
        start = NOW - round(before_min * MINUTE)
        activity = Activity(
            application, title=title, project_id=project, category_id=category, branch=branch,
            language="Python",
        )  # fmt: skip
        with closing(Journal.open(self.paths.database, self.cipher)) as journal:
            journal.append(
                Span(start, start + round(minutes * MINUTE), 0, State.ACTIVE, activity, switched=True)
            )

    def session(self, before_min: float, minutes: int, **values: Any) -> str:
        """A focus session that began so many minutes before now; its uuid."""
        start = NOW - round(before_min * MINUTE)
        given = {"state": "completed", "planned_ms": minutes * MINUTE, "focused_ms": minutes * MINUTE,
                 "ended_ms": start + minutes * MINUTE, **values}  # fmt: skip
        with closing(Journal.open(self.paths.database, self.cipher)) as journal:
            stored = StoredSession(
                started_ms=start, utc_offset_s=0, updated_ms=start + minutes * MINUTE, **given
            )
            return FocusSessions(journal.store).save(stored).uuid

    def categories(self) -> dict[str, int]:
        """The default categories by name."""
        return {name: identity for identity, name in self.rows("SELECT id, name FROM categories")}

    def project(self, name: str, color: str = "#4477aa") -> int:
        """A project of this name; its id."""
        with closing(Journal.open(self.paths.database, self.cipher)) as journal:
            made = journal.store.connection.execute(
                "INSERT INTO projects (uuid, name, color, created_ms) VALUES (?, ?, ?, 0)",
                (name, name, color),
            )
            return cast("int", made.lastrowid)


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path_factory.mktemp("home") / "devpulse")}).create()
    create_key(paths, Way.FILE)
    migrate(paths)
    return paths


@pytest.fixture
def home(
    qapp: QApplication, new_home: Paths, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Home]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    shutil.copytree(new_home.data.parent, tmp_path / "devpulse")
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path / "devpulse")})
    agent = FakeAgent(status(current=None, state="idle", today={"active_seconds": 0}))
    clock = ManualClock(wall_ms=NOW)
    windows = assemble(qapp, paths=paths, clock=clock, agent=cast("Any", agent), look="light")
    windows.window.show()
    found = Home(windows, agent, clock, paths, load_key(paths).cipher())
    yield found
    found.settle()
    windows.window.close()
    windows.services.freshness._settling.stop()
    _ENDED.append(windows)
    windows.window.deleteLater()
    windows.close()
    qapp.processEvents()
    monkeypatch.undo()
    time.tzset()
