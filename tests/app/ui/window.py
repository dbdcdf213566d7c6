"""The whole window in the tests' own process, on a home with made-up data, without an agent's process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from datetime import time as time_of_day
from pathlib import Path

from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop import Windows, assemble
from app.models.database import connect
from app.models.keyfile import Way
from app.models.keys import create_key, load_key
from app.models.migrate import migrate
from app.paths import Paths
from app.ui.services import Services
from app.ui.shell.window import MainWindow
from app.ui.sync.program import Program
from tests.benchmarks.history import LAST_DAY, make_history
from tests.fakes.agent import FakeAgent
from tests.fakes.clock import ManualClock


@dataclass(frozen=True)
class Opened:
    """A window that is shown, and all that belongs to it."""

    windows: Windows
    agent: FakeAgent
    clock: ManualClock
    paths: Paths

    @property
    def window(self) -> MainWindow:
        return self.windows.window

    @property
    def services(self) -> Services:
        return self.windows.services

    def settle(self, qtbot: QtBot) -> None:
        """Return when the page is there, no question is open and every answer is shown."""
        qtbot.wait(20)
        qtbot.waitUntil(lambda: not self.window.coming and self.services.background.idle, timeout=20_000)
        qtbot.wait(20)


def make_home(folder: Path, *, days: int = 0, per_day: int = 120) -> Paths:
    """A home of its own, with so many days of work up to 30 June 2026."""
    paths = Paths.discover({"DEVPULSE_HOME": str(folder)}).create()
    create_key(paths, Way.FILE)
    migrate(paths)
    if days:
        make_history(paths.database, days / 365.25, per_day, cipher=load_key(paths).cipher())
        with closing(connect(paths.database)) as connection:
            # A name that no other one begins with, so that its bytes can be looked for.
            connection.execute("UPDATE applications SET name = 'zebra-notes' WHERE name = 'application-1'")
    return paths


@contextmanager
def opened(
    qtbot: QtBot, paths: Paths, *, look: str = "light", program: Program | None = None
) -> Iterator[Opened]:
    """The window on this home, at 17:42 of the last day. `program`: runs commands about the account."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    now = datetime.combine(LAST_DAY, time_of_day(17, 42)).astimezone()
    clock, agent = ManualClock(wall_ms=int(now.timestamp() * 1000)), FakeAgent()
    windows = assemble(application, paths=paths, clock=clock, agent=agent, look=look, program=program)
    made = Opened(windows, agent, clock, paths)
    windows.window.resize(1280, 800)
    with qtbot.waitActive(windows.window):
        windows.window.show()
        windows.window.activateWindow()
    try:
        yield made
    finally:
        made.settle(qtbot)
        windows.window.close()
        windows.window.deleteLater()
        windows.close()
        application.setStyleSheet("")
