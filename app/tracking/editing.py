"""From an editor's window to the place it works in: by title, by what it opened, by its process."""
# ruff: noqa: PTH118, PTH119

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from app.models.values import Place
from app.tracking.commandline import files
from app.tracking.editors import Editor, Shown, is_path
from app.tracking.places import Places
from app.tracking.platform.base import Processes
from app.tracking.recent import RecentFolders

_MOST_CHILDREN = 40

# A project, and the whole path of the file where it is known.
Found = tuple[Place, str | None]


class Editing:
    """Tries the readings of a title in their order; a name alone counts only with a folder that exists."""

    def __init__(self, *, processes: Processes, places: Places, recent: RecentFolders, home: str) -> None:
        self._processes = processes
        self._places = places
        self._recent = recent
        self._home = home

    def find(self, editor: Editor, title: str, pid: int | None) -> tuple[Found | None, str | None]:
        """The place, and the name of the file that the title shows."""
        if editor.by_folder and (found := self._by_folder(pid)):
            return found, None
        first_file = None
        for shown in editor.read(title):
            first_file = first_file or shown.file
            found = self._by_path(shown) or self._by_name(shown, editor, pid) or self._by_process(shown, pid)
            if found is not None:
                return found, shown.file
        return None, first_file

    def _by_folder(self, pid: int | None) -> Found | None:
        folder = None if pid is None else self._processes.working_directory(pid)
        return self._at(folder, None) if folder else None

    def _by_path(self, shown: Shown) -> Found | None:
        file, folder = shown.file, shown.folder
        if file and is_path(file):
            path = self._expanded(file)
            return self._at(path, path)
        if folder is not None:
            inside = self._expanded(folder)
            return self._at(inside, os.path.join(inside, file) if file else None)
        return None

    def _by_name(self, shown: Shown, editor: Editor, pid: int | None) -> Found | None:
        for name in shown.projects:
            root = self._root(name, shown.file, editor, pid)
            if root is not None and (found := self._at(root, self._inside(root, shown.file))):
                return found
        return None

    def _by_process(self, shown: Shown, pid: int | None) -> Found | None:
        file = shown.file
        # A name that leads nowhere is still another project than the one the editor was started in.
        elsewhere = shown.folder is not None or any(name != file for name in shown.projects)
        if pid is None or not file or elsewhere or is_path(file):
            return None
        name = os.path.basename(file)
        folder = self._processes.working_directory(pid)
        named = files(self._processes.command_line(pid))
        for path in (
            *(os.path.join(folder or "/", word) for word in named),
            *self._processes.open_files(pid),
        ):
            if os.path.basename(path) == name and self._places.has(path):
                return self._at(path, path)
        beside = None if folder is None else os.path.join(folder, file)
        return self._at(beside, beside) if beside is not None and self._places.has(beside) else None

    def _root(self, name: str, file: str | None, editor: Editor, pid: int | None) -> str | None:
        """The folder that a name in a title means, by the editor's notes, what is known, and its process."""
        noted = self._called(name, self._recent.of(editor))
        if noted is not None:
            return noted
        known = self._places.named(name)
        if len(known) == 1:
            return known[0]
        told = self._called(name, self._started_with(pid))
        if told is not None or not known:
            return told
        with_file = [root for root in known if file and self._inside(root, file)]
        return (with_file or known)[0]

    def _called(self, name: str, folders: Iterable[str]) -> str | None:
        for folder in folders:
            if os.path.basename(folder) == name and self._places.exists(folder):
                return folder
        return None

    def _started_with(self, pid: int | None) -> Iterator[str]:
        """Folders that the editor's command line and working folder, and the shells in it, tell."""
        if pid is None:
            return
        folder = self._processes.working_directory(pid) or "/"
        for word in files(self._processes.command_line(pid)):
            yield os.path.normpath(os.path.join(folder, word))
        yield from _with_all_above(folder)
        for child in self._processes.children(pid)[:_MOST_CHILDREN]:
            for inner in (child, *self._processes.children(child)[:_MOST_CHILDREN]):
                process = self._processes.read(inner)
                if process is not None and process.terminal is not None:
                    yield from _with_all_above(self._processes.working_directory(inner) or "/")

    def _inside(self, root: str, file: str | None) -> str | None:
        # A title may shorten the path to ".../src/main.py".
        relative = (file or "").removeprefix("...").removeprefix("…").lstrip("/")
        path = os.path.join(root, relative)
        return path if relative and self._places.has(path) else None

    def _at(self, path: str, file: str | None) -> Found | None:
        place = self._places.at(path)
        return None if place is None else (place, file)

    def _expanded(self, path: str) -> str:
        return self._home + path[1:] if path == "~" or path.startswith("~/") else path


def _with_all_above(folder: str) -> Iterator[str]:
    while len(folder) > 1:
        yield folder
        folder = folder.rpartition("/")[0]
