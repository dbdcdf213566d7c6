"""A migrated database of its own for each test, with projects and categories."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.analytics.questions import Questions
from app.analytics.service import Service
from app.clock import Instant
from app.models.cipher import Cipher
from app.models.engine import read_engine
from app.models.journal import Journal
from app.models.migrate import migrate
from app.paths import Paths

# Wednesday 4 March 2026, 12:00 UTC.
NOON = 1_772_625_600_000


@dataclass
class TurnedClock:
    """A clock turned by hand; the machine stands in one zone."""

    wall_ms: int = NOON
    offset_s: int = 0

    def now(self):
        return Instant(self.wall_ms, 0, 0)

    def utc_offset_s(self, wall_ms):
        return self.offset_s


@dataclass
class Records:
    """A journal to write to, and the service that reads."""

    paths: Paths
    journal: Journal
    service: Service
    projects: list[int]
    categories: list[int]
    questions: Questions
    clock: TurnedClock


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    paths = Paths.discover({"DEVPULSE_HOME": str(folder / "home")})
    migrate(paths, resources_dir=folder / "no-resources")
    return paths


@pytest.fixture
def records(empty_home, tmp_path):
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path / "home")}).create()
    paths.database.write_bytes(empty_home.database.read_bytes())
    journal = Journal.open(paths.database, Cipher(bytes(32)))
    connection = journal.store.connection
    for n in (1, 2, 3):
        connection.execute(
            "INSERT INTO projects (id, uuid, name, color, created_ms) VALUES (?, ?, ?, '#000000', 0)",
            (n, f"p{n}", f"project {n}"),
        )
        connection.execute(
            "INSERT INTO categories (id, uuid, name, color, position) VALUES (?, ?, ?, '#000000', ?)",
            (n, f"c{n}", f"category {n}", n),
        )
    engine = read_engine(paths.database)
    clock = TurnedClock()
    questions = Questions(paths.database, journal.store.cipher, clock)
    yield Records(paths, journal, Service(engine), [1, 2, 3], [1, 2, 3], questions, clock)
    questions.close()
    engine.dispose()
    journal.close()
