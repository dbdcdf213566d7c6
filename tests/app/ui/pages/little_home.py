"""A home with two days of work whose every number is known, and the windows on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.config import Settings, save
from app.desktop import Windows, assemble
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.journal import Journal
from app.models.keyfile import Way
from app.models.keys import create_key, load_key
from app.models.migrate import migrate
from app.models.projects import Projects
from app.models.store import Store
from app.models.values import Activity, Recorded, Span, State
from app.paths import Paths
from tests.fakes.agent import FakeAgent
from tests.fakes.clock import ManualClock

DAY = date(2026, 6, 30)
HOUR = 3_600_000
MIDNIGHT = round(datetime(2026, 6, 30, tzinfo=UTC).timestamp() * 1000)
NOON = MIDNIGHT + 12 * HOUR
NOW = MIDNIGHT + 18 * HOUR


def at(hours: float, day: int = 0) -> int:
    """ms UTC, hours after midnight; `day` -1 is the day before."""
    return round(MIDNIGHT + day * 24 * HOUR + hours * HOUR)


def span(start: float, end: float, application: str, title: str, *, day: int = 0, **more: object) -> Recorded:
    activity = Activity(application, title, **more)  # type: ignore[arg-type]
    return Recorded(Span(at(start, day), at(end, day), 0, State.ACTIVE, activity, switched=True))


def fill(paths: Paths) -> dict[str, int]:
    """Two projects, seven spans today, two yesterday, a focus session; returns the projects' ids."""
    with Store.open(paths.database, load_key(paths).cipher()) as store:
        projects = Projects(store)
        api = projects.add("api", color="#4477aa")
        site = projects.add("site", color="#ee6677")
        Journal(store).insert(
            [
                span(9, 11, "editor", "queue.py — api", day=-1, project_id=api, category_id=1),
                span(11, 12, "browser", "Queues explained", day=-1),
                span(9, 10, "editor", "queue.py — api", project_id=api, category_id=1),
                span(10, 10.25, "browser", "Retry policies", project_id=api),
                span(10.25, 11, "editor", "worker.py — api", project_id=api, category_id=1),
                Recorded(Span(at(11), at(11.5), 0, State.IDLE, None)),
                span(13, 13 + 1 / 3600, "terminal", "a second"),
                span(14, 15, "editor", "index.html — site", project_id=site, category_id=1),
                span(15, 16, "editor", "style.css — site", project_id=site, category_id=1),
            ]
        )
        FocusSessions(store).save(
            StoredSession(
                state="completed", started_ms=at(9), utc_offset_s=0, updated_ms=at(9.5), focused_ms=HOUR // 2,
                planned_ms=HOUR // 2, ended_ms=at(9.5), project_id=api,
            )
        )  # fmt: skip
    return {"api": api, "site": site}


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("little")
    paths = Paths.discover({"DEVPULSE_HOME": str(folder / "home")}).create()
    save(paths.settings, Settings())
    create_key(paths, Way.FILE)
    migrate(paths)
    return folder / "home"


@pytest.fixture
def empty_home(migrated: Path, tmp_path: Path) -> Paths:
    shutil.copytree(migrated, tmp_path / "home")
    return Paths.discover({"DEVPULSE_HOME": str(tmp_path / "home")})


@pytest.fixture
def home(empty_home: Paths) -> Paths:
    fill(empty_home)
    return empty_home


Opened = Callable[[Paths], Windows]


@pytest.fixture
def open_windows(qapp: QApplication, qtbot: QtBot) -> Iterator[Opened]:
    """Opens the windows' process on a home, at six in the evening."""
    opened: list[Windows] = []

    def open_(paths: Paths) -> Windows:
        windows = assemble(qapp, paths=paths, clock=ManualClock(NOW), agent=FakeAgent(), look="light")
        opened.append(windows)
        windows.window.resize(1280, 800)
        windows.window.show()
        return windows

    yield open_
    for windows in opened:
        windows.window.hide()
        windows.close()
        windows.window.deleteLater()


def settle(qtbot: QtBot, windows: Windows) -> None:
    """Wait until no question is open, and texts that came into sight are asked for."""
    for _ in range(3):
        qtbot.waitUntil(lambda: windows.services.background.idle, timeout=10_000)
        qtbot.wait(50)
