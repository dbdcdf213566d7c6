"""What the pipeline is told of recorded projects: no file's language, and every folder of a name."""

import pytest

from app.models.cipher import Cipher
from app.models.projects import Projects
from app.models.store import Store
from app.models.values import Place
from app.paths import Paths
from app.tracking.project_book import ProjectBook


@pytest.fixture
def projects(tmp_path):
    from app.models.migrate import migrate

    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path / "home")}).create()
    migrate(paths)
    with Store.open(paths.database, Cipher(b"k" * 32)) as store:
        yield Projects(store)


def test_the_language_of_a_file_is_not_that_of_its_project(projects):
    book = ProjectBook(projects, lambda _: None)
    place = Place("alpha", "/x/alpha", "main", "example.org/o/a", "Markdown", "/x/alpha/README.md")
    made = book.project_of(place)
    assert made is not None
    stored = projects.get(made.id)
    assert stored is not None
    assert (stored.language, stored.remote) == (None, "example.org/o/a")


def test_two_projects_of_one_name_keep_all_their_folders(projects):
    book = ProjectBook(projects, lambda _: None)
    for folder in ("/a/api", "/b/api"):
        book.project_of(Place("api", folder))
    roots = book.roots()
    assert {name: set(folders) for name, folders in roots.items()} == {"api": {"/a/api", "/b/api"}}
    assert book.roots() is roots
