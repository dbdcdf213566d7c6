"""Finds the project of a window: by a terminal's shell, an editor's title, or a path the source knows."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.loop import describe
from app.models.values import FilteredSample, Place
from app.tracking.editing import Editing
from app.tracking.editors import Editor, Editors
from app.tracking.languages import Languages
from app.tracking.markers import MarkerNames
from app.tracking.places import KnownRoots, Places
from app.tracking.platform.base import Processes
from app.tracking.recent import RecentFolders
from app.tracking.terminals import TerminalNames, Terminals

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProjectTables:
    """What is known of editors, terminals, languages and project markers."""

    editors: Editors
    terminals: TerminalNames
    languages: Languages
    markers: MarkerNames

    @classmethod
    def load(cls, folder: Path) -> ProjectTables:
        """The tables in the folder of resources. Raises OSError."""

        def text(name: str) -> str:
            return (folder / name).read_text(encoding="utf-8")

        return cls(
            Editors.parse(text("editors.json")),
            TerminalNames.parse(text("terminals.json")),
            Languages.parse(text("languages.json")),
            MarkerNames.parse(text("markers.json")),
        )


class ProjectResolver:
    """Finds the `Place` of a sample. It only looks: at processes, git's files, titles the filter passed.

    `known_roots` answers the names of the recorded projects with their folders; it is called at each
    sample and gives the same object back as long as nothing changed. `remote` tells where another
    machine's disk begins (`RemoteMounts`).
    """

    def __init__(
        self,
        *,
        processes: Processes,
        tables: ProjectTables,
        known_roots: KnownRoots,
        home: str,
        terminals: Terminals | None = None,
        recent: RecentFolders | None = None,
        remote: Callable[[str], bool] | None = None,
    ) -> None:
        self._tables = tables
        self._places = Places(home=home, markers=tables.markers, known_roots=known_roots, remote=remote)
        self._terminals = terminals or Terminals(processes, tables.terminals, home=home)
        self._editing = Editing(
            processes=processes, places=self._places, recent=recent or RecentFolders(home), home=home
        )

    def resolve(self, sample: FilteredSample) -> Place | None:
        """The project, branch, language and file of a sample; None when nothing tells. Never raises."""
        if not sample.record_project:
            return None
        try:
            return self._resolved(sample)
        except Exception as error:  # noqa: BLE001 - a strange window must not end tracking
            logger.warning("a window's project could not be found: %s", describe(error))
            return None

    def _resolved(self, sample: FilteredSample) -> Place | None:
        if sample.path:
            place = self._places.at(sample.path)
            if place is not None:
                return self._with_file(place, sample.path, sample.path)
        names = _names(sample)
        if names & self._tables.terminals.terminals:
            return self._in_terminal(sample)
        for name in sorted(names):
            editor = self._tables.editors.get(name)
            if editor is not None:
                return self._in_editor(editor, sample)
        return None

    def _in_terminal(self, sample: FilteredSample) -> Place | None:
        if sample.pid is None:
            return None
        work = self._terminals.work(sample.pid, sample.window, sample.title or sample.clue)
        if work is None:
            return None
        place = self._places.at(work.file) if work.file else None
        if place is not None:
            return self._with_file(place, work.file, work.file)
        place = self._places.at(work.folder)
        return None if place is None else self._with_file(place, None, work.file)

    def _in_editor(self, editor: Editor, sample: FilteredSample) -> Place | None:
        found, shown = self._editing.find(editor, sample.title or sample.clue or "", sample.pid)
        return None if found is None else self._with_file(found[0], found[1], found[1] or shown)

    def _with_file(self, place: Place, path: str | None, name: str | None) -> Place:
        return Place(
            name=place.name,
            root=place.root,
            branch=place.branch,
            remote=place.remote,
            language=self._tables.languages.of(name) if name else None,
            path=path,
        )


def _names(sample: FilteredSample) -> set[str]:
    """What the program may be called in the tables: its class, without ending, and the end of its domain."""
    names: set[str] = set()
    for raw in (sample.window_class, sample.application):
        name = raw.strip().casefold()
        for ending in (".exe", ".app", ".bin", ".appimage"):
            name = name.removesuffix(ending)
        names.add(name)
        if name.count(".") >= 2:
            names.add(name.rpartition(".")[2])
    return names - {""}
