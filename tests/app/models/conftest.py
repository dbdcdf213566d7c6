"""A migrated database of its own for each test, copied from one that is made once."""

from __future__ import annotations

import shutil

import pytest

from app.models.cipher import Cipher
from app.models.journal import Journal
from app.models.migrate import migrate
from app.models.store import Store
from app.paths import Paths


@pytest.fixture(scope="session")
def migrated_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("migrated")
    paths = Paths.discover({"DEVPULSE_HOME": str(folder / "home")})
    migrate(paths, resources_dir=folder / "none")
    return paths


@pytest.fixture
def home(migrated_home, tmp_path):
    """A home with an empty, migrated database, without categories and rules."""
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path / "home")}).create()
    shutil.copyfile(migrated_home.database, paths.database)
    return paths


@pytest.fixture
def cipher():
    return Cipher(b"k" * 32)


@pytest.fixture
def store(home, cipher):
    with Store.open(home.database, cipher) as opened:
        yield opened


@pytest.fixture
def journal(store):
    return Journal(store)
