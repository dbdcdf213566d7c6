"""Which recorded project another tracker means: by folder, remote or name. Looks only; makes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.models.projects import LONGEST_NAME, Project
from app.models.values import Place
from app.tracking.titles import cleaned

_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")
# Folders that are nobody's project.
_TOO_MUCH = frozenset({"/", "/home", "/root", "/tmp", "/Users"})  # noqa: S108 - names, not uses


@dataclass(frozen=True, slots=True)
class Wanted:
    """A project of an import. `id` None: it has to be made, with `root` as its folder where that is known."""

    name: str
    id: int | None = None
    root: str | None = field(default=None, repr=False)
    remote: str | None = field(default=None, repr=False)


class Matcher:
    """Finds projects among those recorded; what it does not find becomes one to be made, once."""

    def __init__(self, projects: Iterable[Project], home: str) -> None:
        self._by_root: dict[str, Wanted] = {}
        self._by_name: dict[str, Wanted] = {}
        self._by_remote: dict[str, Wanted] = {}
        self._refused = _TOO_MUCH | {home}
        for project in projects:
            known = Wanted(project.name, project.id)
            self._by_name.setdefault(project.name.casefold(), known)
            if project.remote:
                self._by_remote.setdefault(project.remote, known)
            for root in project.roots:
                self._by_root[root] = known

    @property
    def roots(self) -> Mapping[str, Wanted]:
        """Folders to their projects."""
        return self._by_root

    def at(self, place: Place) -> Wanted:
        """The project of a place on this machine."""
        found = self._by_root.get(place.root)
        if found is None and place.remote is not None:
            found = self._by_remote.get(place.remote)
        return found or self._new(place.name, place.root, place.remote)

    def told(self, project: str, *, here: bool) -> Wanted | None:
        """The project of a folder's path or a name, as a tracker tells it; `here`: of this machine."""
        if not _ABSOLUTE.match(project):
            name = cleaned(project, LONGEST_NAME)
            return (self._by_name.get(name.casefold()) or self._new(name)) if name else None
        folder = project.replace("\\", "/").rstrip("/") or "/"
        name = cleaned(folder.rpartition("/")[2], LONGEST_NAME)
        if folder in self._refused or not name:
            return None
        found = self._above(folder)
        if found is None and not here:
            found = self._by_name.get(name.casefold())
        return found or self._new(name, folder if here and project.startswith("/") else None)

    def _above(self, folder: str) -> Wanted | None:
        while folder:
            if folder in self._by_root:
                return self._by_root[folder]
            folder = folder.rpartition("/")[0]
        return None

    def _new(self, name: str, root: str | None = None, remote: str | None = None) -> Wanted:
        made = Wanted(name, root=root, remote=remote)
        self._by_name.setdefault(name.casefold(), made)
        if root is not None:
            self._by_root[root] = made
        return made
