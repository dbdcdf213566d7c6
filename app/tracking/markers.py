"""Projects without git: folders with a file that only a project's own folder has, such as `Cargo.toml`."""
# Paths are texts here: at every look pathlib would take longer than the disk.
# ruff: noqa: PTH116, PTH118, PTH120

from __future__ import annotations

import itertools
import json
import os
from dataclasses import dataclass
from typing import Any

from app.tracking.smallfiles import read_small

_LEVELS = 64
_MOST_ENTRIES = 2_000
_MOST_KEPT = 256
_LONGEST_NAME = 100
# Of a project in parts (`app/Makefile`, `packages/a/package.json`) the folder above all parts is the project.
_STEPS_BETWEEN_PARTS = 2


@dataclass(frozen=True, slots=True)
class MarkerNames:
    """What marks a project. `always`: made by a person for DevPulse, so the nearest one decides.

    `outside`: folders of other people's code; nothing in them is a project.
    """

    always: frozenset[str]
    names: frozenset[str]
    endings: tuple[str, ...]
    outside: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> MarkerNames:
        """The table in `resources/markers.json`."""
        content: dict[str, Any] = json.loads(text)
        return cls(
            frozenset(content["always"]),
            frozenset(content["files"]) | frozenset(content["folders"]),
            tuple(content["endings"]),
            frozenset(content["outside"]),
        )


class Markers:
    """Finds the marked folder that holds a path, and lists a folder again only after it changed."""

    def __init__(self, names: MarkerNames, *, home: str, refused: frozenset[str]) -> None:
        self._names = names
        self._home = home
        self._refused = refused
        self._seen: dict[str, tuple[int, frozenset[str]]] = {}

    def made_by_hand(self, path: str, below: str | None = None) -> str | None:
        """The nearest folder from `path` up that a person marked for DevPulse, if it is inside `below`."""
        for folder in _upwards(path):
            if folder == below:
                return None
            if folder not in self._refused and self._in(folder) & self._names.always:
                return folder
        return None

    def find(self, path: str) -> str | None:
        """The marked project folder that holds `path` (absolute, links followed)."""
        by_hand = self.made_by_hand(path)
        if by_hand is not None:
            return by_hand
        if self._is_outside(path):
            return None
        for folder in _upwards(path):
            if folder not in self._refused and (found := self._in(folder)):
                return self._above_parts(folder, found)
        return None

    def name_in(self, folder: str) -> str | None:
        """The name that the first line of a mark made by hand gives."""
        for mark in sorted(self._names.always):
            content = read_small(os.path.join(folder, mark), 4 * _LONGEST_NAME)
            name = content.decode("utf-8", "replace").partition("\n")[0].strip() if content else ""
            if name and len(name) <= _LONGEST_NAME and name.isprintable():
                return name
        return None

    def _above_parts(self, folder: str, kinds: frozenset[str]) -> str:
        for above in itertools.islice(_upwards(os.path.dirname(folder)), _STEPS_BETWEEN_PARTS):
            if above not in self._refused and self._in(above) & kinds:
                return self._above_parts(above, kinds)
        return folder

    def _is_outside(self, path: str) -> bool:
        if path == "/usr" or path.startswith(("/usr/", "/proc/", "/sys/", "/dev/", "/nix/", "/snap/")):
            return True
        inner = path[len(self._home) :] if path.startswith(f"{self._home}/") else path
        parts = inner.split("/")
        pairs = {f"{one}/{two}" for one, two in itertools.pairwise(parts)}
        hidden = any(part.startswith(".") for part in parts[:-1])
        return hidden or bool(self._names.outside & (pairs | set(parts)))

    def _in(self, folder: str) -> frozenset[str]:
        try:
            changed = os.stat(folder).st_mtime_ns
        except (OSError, ValueError):
            return frozenset()
        known = self._seen.get(folder)
        if known is not None and known[0] == changed:
            return known[1]
        found = self._listed(folder)
        self._seen.pop(folder, None)
        self._seen[folder] = (changed, found)
        if len(self._seen) > _MOST_KEPT:
            del self._seen[next(iter(self._seen))]
        return found

    def _listed(self, folder: str) -> frozenset[str]:
        try:
            with os.scandir(folder) as listing:
                names = [entry.name for entry in itertools.islice(listing, _MOST_ENTRIES)]
        except OSError:
            return frozenset()
        endings = self._names.endings
        exact = self._names.names | self._names.always
        return frozenset(
            os.path.splitext(name)[1] if name not in exact else name  # noqa: PTH122
            for name in names
            if name in exact or name.endswith(endings)
        )


def _upwards(path: str) -> list[str]:
    folders = [path]
    while len(folders) < _LEVELS and (above := os.path.dirname(folders[-1])) != folders[-1]:
        folders.append(above)
    return folders
