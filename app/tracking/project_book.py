"""Recorded projects as the pipeline asks for them at every window: remembered, and made when new."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from app.errors import DevPulseError, StorageError
from app.models.projects import Projects
from app.models.values import Place
from app.tracking.pipeline import Project

logger = logging.getLogger(__name__)

_MOST_REMEMBERED = 512


class ProjectBook:
    """`on_new(project)` is called for a project or folder that was not known before."""

    def __init__(self, projects: Projects, on_new: Callable[[Project], None]) -> None:
        self._projects = projects
        self._on_new = on_new
        self._by_root: dict[str, Project] = {}
        self._roots: Mapping[str, Sequence[str]] | None = None

    def use(self, projects: Projects) -> None:
        """Go on with another store of the same database."""
        self._projects = projects
        self.forget()

    def forget(self) -> None:
        """Somebody renamed, merged or archived: ask the database again."""
        self._by_root.clear()
        self._roots = None

    def project_of(self, place: Place) -> Project | None:
        """The project of a place; None when it is new and cannot be stored now."""
        known = self._by_root.get(place.root)
        if known is not None:
            return known
        try:
            new = not self._projects.knows(place.root)
            # A place's language is that of the file in the window, not of the project.
            bare = Place(place.name, place.root, remote=place.remote)
            project = self.get(self._projects.find_or_create(bare))
        except StorageError as error:
            logger.warning("a project could not be stored: %s", error.title)
            return None
        if project is None:
            return None
        if len(self._by_root) >= _MOST_REMEMBERED:
            self._by_root.clear()
        self._by_root[place.root] = project
        if new:
            self._roots = None
            self._on_new(project)
        return project

    def get(self, project_id: int) -> Project | None:
        """A project by id; one that was merged away answers as what it became. Raises `StorageError`."""
        found = self._projects.get(project_id)
        return None if found is None else Project(found.id, found.name)

    def named(self, name: str) -> Project:
        """A project by name. Raises `DevPulseError` when there is none."""
        found = self._projects.named(name)
        if found is None:
            raise DevPulseError(
                "There is no project of that name.", advice="`devpulse projects list` shows them all."
            )
        return Project(found.id, found.name)

    def roots(self) -> Mapping[str, Sequence[str]]:
        """The folders of every project, by its name; the same object until one changes."""
        if self._roots is None:
            try:
                found = self._projects.all(archived=True)
            except StorageError:
                return {}
            roots: dict[str, tuple[str, ...]] = {}
            for project in found:
                roots[project.name] = (*roots.get(project.name, ()), *project.roots)
            self._roots = roots
        return self._roots
