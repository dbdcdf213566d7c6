"""A home to import into: migrated, with the default categories and rules."""

from __future__ import annotations

import shutil

import pytest

from app.config import Settings
from app.importing.importer import Importer, Surroundings
from app.models.cipher import Cipher
from app.models.migrate import migrate
from app.models.store import Store
from app.paths import Paths, resources
from tests.app.importing.exports import T0

NOW = T0 + 30 * 86_400_000


class Desk:
    """A machine called "desk" that imports files."""

    def __init__(self, folder, empty):
        self.folder = folder
        self.paths = Paths.discover({"DEVPULSE_HOME": str(folder / "home")}).create()
        shutil.copy(empty.database, self.paths.database)
        self.store = Store.open(self.paths.database, Cipher(bytes(32)))
        self.settings = Settings()
        self.now_ms = NOW
        self.steps = []

    def take(self, content, name="file.json", tick=None, here="desk", **options):
        path = self.folder / name
        path.write_bytes(content)
        around = Surroundings(here, self.now_ms, str(self.folder), resources())
        return Importer(self.store, self.settings, around, tick or self.steps.append).run(path, **options)

    def rows(self, query, *values):
        return self.store.connection.execute(query, values).fetchall()

    def spans(self):
        """(seconds from T0, seconds, application or "idle", title, url, path, project, branch, language)."""
        text = self.store.text
        found = self.rows(_SPANS)
        return [
            ((s - T0) / 1000, (e - s) / 1000, "idle" if idle else app, text(title), text(url), text(path),
             project, branch, language)
            for s, e, idle, app, title, url, path, project, branch, language in found
        ]  # fmt: skip

    def short(self):
        return [span[:4] for span in self.spans()]

    def sums_hold(self):
        """Both rollups equal the raw sums."""
        raw = self.rows("SELECT state, sum(end_ms - start_ms) FROM activity_logs GROUP BY state")
        raw = dict(raw)
        for table in ("rollup_daily", "rollup_hourly"):
            ((active, idle),) = self.rows(
                f"SELECT ifnull(sum(active_ms), 0), ifnull(sum(idle_ms), 0) FROM {table}"
            )
            assert (active, idle) == (raw.get(0, 0), raw.get(1, 0))


_SPANS = """
    SELECT s.start_ms, s.end_ms, s.state, a.name, s.title_id, s.url_id, s.path_id, p.name, b.name, l.name
    FROM activity_logs s LEFT JOIN applications a ON a.id = s.application_id
        LEFT JOIN projects p ON p.id = s.project_id LEFT JOIN branches b ON b.id = s.branch_id
        LEFT JOIN languages l ON l.id = s.language_id
    ORDER BY s.device_id, s.id
"""


@pytest.fixture(scope="session")
def seeded_home(tmp_path_factory):
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path_factory.mktemp("seeded") / "home")})
    migrate(paths)
    return paths


@pytest.fixture
def desk(seeded_home, tmp_path):
    made = Desk(tmp_path, seeded_home)
    yield made
    made.store.close()
