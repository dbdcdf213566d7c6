"""From a folder or file to the project that holds it: repository, known folder, or marked folder."""
# Paths are texts here: at every look pathlib would take longer than the disk.
# ruff: noqa: PTH120

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from app.models.values import Place
from app.tracking.markers import MarkerNames, Markers
from app.tracking.repository import Checkouts, Repository, find, name_of
from app.tracking.smallfiles import RemoteMounts, is_folder, real_path

# Folders that hold too much to be one project, besides the home and what is above it.
_TOO_MUCH = ("/", "/tmp", "/var", "/var/tmp", "/usr", "/opt", "/srv", "/mnt", "/media")  # noqa: S108
_LEVELS = 64

# Project names to their folders; the same object as long as nothing changed.
KnownRoots = Callable[[], Mapping[str, Sequence[str]]]


class Places:
    """Looks at the disk, never at a remote one, and remembers what did not change."""

    def __init__(
        self,
        *,
        home: str,
        markers: MarkerNames,
        known_roots: KnownRoots,
        remote: Callable[[str], bool] | None = None,
    ) -> None:
        self._remote = remote or RemoteMounts(home)
        self._refused = frozenset(_TOO_MUCH) | frozenset(_with_all_above(home))
        self._markers = Markers(markers, home=home, refused=self._refused)
        self._checkouts = Checkouts()
        self._known_roots = known_roots
        self._last: Mapping[str, Sequence[str]] | None = None
        self._roots: frozenset[str] = frozenset()
        self._by_name: dict[str, list[str]] = {}

    def at(self, path: str) -> Place | None:
        """The project that holds an absolute path, without language and file; None when none does."""
        self._refresh()
        real = real_path(path, self._remote)
        if real is None:
            # What lies on another machine's disk is known by its text alone.
            root = self._known(os.path.normpath(path)) if path.startswith("/") else None
            return None if root is None else Place(name_of(root), root)
        repository = find(real, self._refused - self._roots, self._remote)
        return self._in_repository(real, repository) if repository else self._elsewhere(real)

    def named(self, name: str) -> list[str]:
        """The known folders of a project of that name, or with a folder of that name; those that exist."""
        self._refresh()
        return [root for root in self._by_name.get(name.casefold(), ()) if self.exists(root)]

    def exists(self, folder: str) -> bool:
        """Whether that folder can be looked at, and is there."""
        real = real_path(folder, self._remote)
        return real is not None and is_folder(real)

    def has(self, path: str) -> bool:
        """Whether something lies at that path."""
        real = real_path(path, self._remote)
        return real is not None and os.path.lexists(real)

    def _in_repository(self, path: str, repository: Repository) -> Place:
        # A part of a repository that the person made a project of is one.
        root = self._known(path, below=repository.folder) or self._markers.made_by_hand(
            path, repository.folder
        )
        name = repository.name if root is None else self._name(root)
        return Place(
            name=name,
            root=root or repository.root,
            branch=self._checkouts.branch(repository),
            remote=self._checkouts.remote(repository) if root is None else None,
        )

    def _elsewhere(self, path: str) -> Place | None:
        root = self._known(path)
        marked = self._markers.find(path)
        if marked is not None and (root is None or len(marked) > len(root)):
            # A part found by its marker inside a folder that the person added belongs to that folder.
            root = marked if root is None or self._markers.made_by_hand(path, root) else root
        return None if root is None else Place(self._name(root), root)

    def _name(self, root: str) -> str:
        return self._markers.name_in(root) or name_of(root)

    def _known(self, path: str, below: str | None = None) -> str | None:
        for folder in _with_all_above(path)[:_LEVELS]:
            if folder == below:
                return None
            if folder in self._roots:
                return folder
        return None

    def _refresh(self) -> None:
        known = self._known_roots()
        if known is self._last:
            return
        self._last = known
        self._roots = frozenset(root for roots in known.values() for root in roots)
        self._by_name = {}
        for name, roots in known.items():
            for root in roots:
                for key in {name.casefold(), name_of(root).casefold()}:
                    self._by_name.setdefault(key, []).append(root)


def _with_all_above(folder: str) -> list[str]:
    found = [folder]
    while (above := os.path.dirname(found[-1])) != found[-1]:
        found.append(above)
    return found
