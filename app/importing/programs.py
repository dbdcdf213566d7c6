"""What kind of program an application is, by the tables that tracking uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.tracking.applications import ApplicationNames
from app.tracking.browsing import Browsers
from app.tracking.platform.base import Process
from app.tracking.projects import ProjectTables


@dataclass(frozen=True, slots=True)
class Programs:
    """The tables of applications, browsers, editors and terminals."""

    names: ApplicationNames
    browsers: Browsers
    tables: ProjectTables

    @classmethod
    def load(cls, folder: Path) -> Programs:
        """The tables in the folder of resources. Raises OSError."""
        return cls(ApplicationNames.load(folder), Browsers.load(folder), ProjectTables.load(folder))

    def kind(self, application: str) -> str:
        """ "browser", "editor", "terminal", or "" for any other."""
        known = self.names.known_as(application)
        if self.browsers.is_browser(known):
            return "browser"
        if any(self.tables.editors.get(name) is not None for name in known):
            return "editor"
        return "terminal" if self.tables.terminals.terminals & set(known) else ""


class NoProcesses:
    """The processes of another time: none is known any more."""

    def read(self, pid: int) -> Process | None:  # noqa: ARG002
        return None

    def children(self, pid: int) -> Sequence[int]:  # noqa: ARG002
        return ()

    def working_directory(self, pid: int) -> str | None:  # noqa: ARG002
        return None

    def command_line(self, pid: int) -> Sequence[str]:  # noqa: ARG002
        return ()

    def open_files(self, pid: int) -> Sequence[str]:  # noqa: ARG002
        return ()

    def environment(self, pid: int, name: str) -> str | None:  # noqa: ARG002
        return None
