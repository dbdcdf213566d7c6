from __future__ import annotations

import pytest

from app.models.migrate import migrate
from app.paths import Paths
from tests.app.sync.state.world import Home, Service, copied


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    paths = Paths.discover({"DEVPULSE_HOME": str(folder / "home")})
    migrate(paths, resources_dir=folder / "none")
    return paths.database


@pytest.fixture
def service():
    return Service()


@pytest.fixture
def homes(empty_database, tmp_path, service):
    """Makes homes by name; they are closed at the end."""
    made: list[Home] = []

    def make(name: str, **more):
        home = Home(copied(empty_database, tmp_path / name / "devpulse.db"), name, service, **more)
        made.append(home)
        return home

    yield make
    for home in made:
        home.close()
