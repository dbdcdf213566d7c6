"""A window goes on with the database that is there, whatever is put in its place while it is open."""

from __future__ import annotations

import shutil
from contextlib import closing

from app.analytics.search_words import parse
from app.errors import ChangedSince, DevPulseError
from app.models.journal import Journal
from tests.app.ui.pages.live_home import Home, home, new_home

__all__ = ["home", "new_home"]


def put_in_its_place(home: Home) -> None:
    """What `devpulse data restore` does: the database as it was, under the same name."""
    with closing(Journal.open(home.paths.database, home.cipher)) as journal:
        journal.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = home.paths.database.with_name("restored.db")
    shutil.copyfile(home.paths.database, copy)
    copy.replace(home.paths.database)


def test_a_change_goes_into_the_file_that_was_restored(home: Home) -> None:
    alpha = home.project("alpha")
    services = home.windows.services
    services.edits.run(lambda editing: editing.projects.rename(alpha, "beta"))
    home.settle()
    put_in_its_place(home)
    services.edits.run(lambda editing: editing.projects.rename(alpha, "gamma"))
    home.settle()
    assert home.rows("SELECT name FROM projects WHERE id = ?", alpha) == [("gamma",)]


def test_what_was_changed_before_it_is_not_taken_back_any_more(home: Home) -> None:
    alpha = home.project("alpha")
    services = home.windows.services
    services.edits.run(lambda editing: editing.projects.rename(alpha, "beta"))
    home.settle()
    put_in_its_place(home)
    refused: list[DevPulseError] = []
    services.changes.failed.connect(refused.append)
    services.changes.undo()
    home.settle()
    assert [type(error) for error in refused] == [ChangedSince]
    assert home.rows("SELECT name FROM projects WHERE id = ?", alpha) == [("beta",)]


def test_a_search_looks_into_the_file_that_was_restored(home: Home) -> None:
    library = home.windows.services.library
    assert list(library.search.run(parse("lamp"))) == []
    put_in_its_place(home)
    home.work(60, 30, title="a lamp in the harbour")
    (hits,) = library.search.run(parse("lamp"))
    assert [hit.title for hit in hits] == ["a lamp in the harbour"]
