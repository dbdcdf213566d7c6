"""A process table made by hand, and everything else the project resolver is built from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.models.values import FilteredSample
from app.tracking.platform.base import Process
from app.tracking.projects import ProjectResolver, ProjectTables
from app.tracking.recent import RecentFolders

TABLES = ProjectTables.load(Path(__file__).resolve().parents[3] / "resources")


@dataclass
class Made:
    """One made-up process."""

    process: Process
    cwd: str | None = None
    argv: Sequence[str] = ()
    files: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)


class FakeProcesses:
    """Answers as `Processes` does, from a table."""

    def __init__(self) -> None:
        self.made: dict[int, Made] = {}

    def add(
        self,
        pid: int,
        name: str,
        *,
        parent: int = 1,
        tty: int | None = None,
        front: int | None = None,
        cwd: str | Path | None = None,
        argv: Sequence[str] = (),
        files: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
    ) -> int:
        process = Process(pid, parent, name, foreground=front, terminal=tty)
        self.made[pid] = Made(process, None if cwd is None else str(cwd), argv, files, environ or {})
        return pid

    def read(self, pid: int) -> Process | None:
        return self.made[pid].process if pid in self.made else None

    def children(self, pid: int) -> Sequence[int]:
        return [made.process.pid for made in self.made.values() if made.process.parent == pid]

    def working_directory(self, pid: int) -> str | None:
        return self.made[pid].cwd if pid in self.made else None

    def command_line(self, pid: int) -> Sequence[str]:
        return self.made[pid].argv if pid in self.made else ()

    def open_files(self, pid: int) -> Sequence[str]:
        return self.made[pid].files if pid in self.made else ()

    def environment(self, pid: int, name: str) -> str | None:
        return self.made[pid].environ.get(name) if pid in self.made else None


def resolver(processes, home, roots=None, **more) -> ProjectResolver:
    known = roots or {}
    return ProjectResolver(
        processes=processes,
        tables=TABLES,
        known_roots=lambda: known,
        home=str(home),
        recent=more.pop("recent", None) or RecentFolders(str(home), config=f"{home}/.config"),
        remote=more.pop("remote", lambda _: False),
        **more,
    )


def sample(
    window_class, title="", *, pid=None, clue=None, window=0, path=None, record=True
) -> FilteredSample:
    return FilteredSample(
        application=window_class,
        title=title or None,
        pid=pid,
        clue=clue,
        window=window,
        path=path,
        record_project=record,
        window_class=window_class,
    )
