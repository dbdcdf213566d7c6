"""The search for repositories in folders of the person's choice."""
# A search may see a hundred thousand folders: paths stay texts.
# ruff: noqa: PTH116, PTH118

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.repositories.identity import Repository, identify
from app.tracking.languages import Languages
from app.tracking.repository import find
from app.tracking.smallfiles import is_folder, read_small

# Folders of programs and of other people's code, besides all hidden ones.
_LEFT_OUT = frozenset(
    {"node_modules", "site-packages", "dist-packages", "__pycache__", "venv", "virtualenv", "snap", "Trash"}
)
_MOST_FOLDERS = 500_000
_LONGEST_POINTER = 4_096


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: folders looked into, repositories found, folders that could not be read."""

    folders: int = 0
    found: int = 0
    unreadable: int = 0


class Scan:
    """One search. `progress` tells how far it is, at any time and at the end.

    `remote` tells where another machine's disk begins; one that lies in the search's way is left out.
    """

    def __init__(
        self,
        folders: Sequence[str],
        depth: int,
        languages: Languages,
        *,
        on_progress: Callable[[Progress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
        remote: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._folders = [os.path.realpath(folder) for folder in folders]
        self._depth = depth
        self._languages = languages
        self._on_progress = on_progress
        self._cancelled = cancelled
        self._remote = remote
        self._visited: set[tuple[int, int]] = set()
        self._roots: set[str] = set()
        self.progress = Progress()

    def __iter__(self) -> Iterator[Repository]:
        """The repositories, each once, as they are found."""
        waiting = [(folder, self._depth) for folder in reversed(self._folders)]
        while waiting and len(self._visited) < _MOST_FOLDERS and not self._cancelled():
            folder, left = waiting.pop()
            if not self._is_new(folder):
                continue
            self._tell(folders=1)
            found = self._repository(folder)
            if found is not None:
                self._tell(found=1)
                yield found
            if left > 0 and not (found is not None and found.root == folder and _is_bare(folder)):
                waiting.extend((inner, left - 1) for inner in reversed(self._inside(folder)))

    def _repository(self, folder: str) -> Repository | None:
        if not (os.path.lexists(os.path.join(folder, ".git")) or _is_bare(folder)) or _is_submodule(folder):
            return None
        here = find(folder, frozenset(), lambda _: False)
        if here is None or folder not in (here.folder, here.root) or here.root in self._roots:
            return None
        self._roots.add(here.root)
        return identify(folder, self._languages, cancelled=self._cancelled)

    def _inside(self, folder: str) -> list[str]:
        try:
            with os.scandir(folder) as listing:
                names = [entry.name for entry in listing if _is_real_folder(entry)]
        except OSError:
            self._tell(unreadable=1)
            return []
        paths = (
            os.path.join(folder, n) for n in sorted(names) if not n.startswith(".") and n not in _LEFT_OUT
        )
        return [path for path in paths if not self._remote(path)]

    def _is_new(self, folder: str) -> bool:
        # The same folder may be mounted twice, even inside itself.
        try:
            status = os.stat(folder)
        except (OSError, ValueError):
            self._tell(unreadable=1)
            return False
        key = (status.st_dev, status.st_ino)
        if key in self._visited:
            return False
        self._visited.add(key)
        return True

    def _tell(self, *, folders: int = 0, found: int = 0, unreadable: int = 0) -> None:
        now = self.progress
        self.progress = Progress(now.folders + folders, now.found + found, now.unreadable + unreadable)
        self._on_progress(self.progress)


def scan(
    folders: Sequence[str],
    depth: int,
    languages: Languages,
    on_progress: Callable[[Progress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Repository]:
    """The repositories in `folders` and up to `depth` folders below; see `Scan`."""
    return iter(Scan(folders, depth, languages, on_progress=on_progress, cancelled=cancelled))


def _is_real_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_bare(folder: str) -> bool:
    return is_folder(os.path.join(folder, "objects")) and is_folder(os.path.join(folder, "refs"))


def _is_submodule(folder: str) -> bool:
    # It belongs to the repository around it; it becomes a project when somebody works in it.
    pointer = read_small(os.path.join(folder, ".git"), _LONGEST_POINTER)
    return pointer is not None and b"/modules/" in pointer and b"/worktrees/" not in pointer
