"""The view model of Projects: the list, and every change of a project."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PyQt6.QtCore import QObject, pyqtSignal

from app.analytics.projects import ProjectLine
from app.analytics.ranges import Days
from app.ui.background import BackgroundQuery
from app.ui.pages.projects.listing import Column, Listing, Which, listed
from app.ui.pages.projects.scanning import Found, scan
from app.ui.services import Services

# What the sparkline and the first sum are of.
RECENT_DAYS = 30


class ProjectsModel(QObject):
    """`changed()`: other lines are shown. `scanned(Found)`: a search for repositories is over."""

    changed = pyqtSignal()
    scanned = pyqtSignal(object)
    failed = pyqtSignal(object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._query = BackgroundQuery(services.background, self)
        self._all: tuple[ProjectLine, ...] | None = None
        self.listing = Listing()
        self.lines: list[ProjectLine] = []

    @property
    def known(self) -> bool:
        """Whether the projects have been read."""
        return self._all is not None

    @property
    def all(self) -> tuple[ProjectLine, ...]:
        """All projects, the archived ones too."""
        return self._all or ()

    def line(self, project_id: int) -> ProjectLine | None:
        """The line of a project; None when it is gone."""
        return next((line for line in self.all if line.label.id == project_id), None)

    def ask(self) -> None:
        """Ask for all projects anew."""
        library = self._services.library

        def work() -> tuple[ProjectLine, ...]:
            questions = library.questions
            today = questions.today_date()
            return questions.projects(Days(today - timedelta(days=RECENT_DAYS - 1), today), archived=True)

        self._query.ask(work, self._show, failed=self.failed.emit)

    def forget(self) -> None:
        self._query.forget()

    def search(self, words: str) -> None:
        """List those that hold all of these words."""
        self._list(replace(self.listing, words=words))

    def choose(self, which: Which) -> None:
        """List those in use, those put away, or all."""
        self._list(replace(self.listing, which=which))

    def sort(self, by: Column, *, descending: bool) -> None:
        """List in this order."""
        self._list(replace(self.listing, by=by, descending=descending))

    def create(self, name: str, color: str | None, root: str | None) -> None:
        """A project made by hand."""
        self._services.edits.run(lambda editing: editing.projects.create(name, color=color, root=root)[1])

    def rename(self, project_id: int, name: str) -> None:
        self._services.edits.run(lambda editing: editing.projects.rename(project_id, name))

    def recolor(self, project_id: int, color: str) -> None:
        """`color` is '#rrggbb'."""
        self._services.edits.run(lambda editing: editing.projects.recolor(project_id, color))

    def archive(self, project_id: int, *, archived: bool) -> None:
        """Put a project away, or take it back."""
        self._services.edits.run(lambda editing: editing.projects.archive(project_id, archived=archived))

    def merge(self, source_id: int, target_id: int) -> None:
        """Make one project part of another."""
        self._services.edits.run(lambda editing: editing.projects.merge(source_id, target_id))

    def add_folder(self, project_id: int, folder: str) -> None:
        self._services.edits.run(lambda editing: editing.projects.add_root(project_id, folder))

    def remove_folder(self, project_id: int, folder: str) -> None:
        self._services.edits.run(lambda editing: editing.projects.remove_root(project_id, folder))

    def scan(self) -> None:
        """Search the folders of the setting `projects.folders` for repositories."""

        def then(done: object) -> None:
            value = getattr(done, "value", None)
            if isinstance(value, Found):
                self.scanned.emit(value)

        self._services.changes.run(scan, then=then, long=True)

    def _list(self, listing: Listing) -> None:
        if listing != self.listing:
            self.listing = listing
            self._relist()

    def _show(self, lines: tuple[ProjectLine, ...]) -> None:
        self._all = lines
        self._relist()

    def _relist(self) -> None:
        self.lines = listed(self.all, self.listing)
        self.changed.emit()
