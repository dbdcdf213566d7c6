"""Changes of projects."""

from __future__ import annotations

from collections.abc import Callable

from app.changes.named import project_name, project_of
from app.changes.workbench import Undo, Words, Workbench
from app.errors import UsageError
from app.models.projects import Projects


class ProjectChanges:
    """Projects are named by their ids. Methods raise `UsageError` in words, `StorageError`."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._store = bench.store
        self._projects = Projects(bench.store)

    def create(self, name: str, *, color: str | None = None, root: str | None = None) -> tuple[int, Undo]:
        """A new project; `color` is '#rrggbb', `root` an absolute folder. Returns its id too."""
        made: list[int] = []

        def work() -> Words:
            self._require_free(name)
            made.append(self._projects.add(name, root=root, color=color))
            return Words("Project {project} created", {"project": name.strip()})

        undo = self._bench.change(work)
        return made[0], undo

    def rename(self, project_id: int, name: str) -> Undo:
        """Give a project another name, which no other has."""

        def work() -> Words:
            before = project_name(self._store, project_id)
            self._require_free(name, besides=project_id)
            self._projects.rename(project_id, name)
            return Words("Project {before} renamed to {project}", {"before": before, "project": name.strip()})

        return self._bench.change(work)

    def recolor(self, project_id: int, color: str) -> Undo:
        """`color` is '#rrggbb'."""
        return self._one(
            project_id,
            "Colour of project {project} changed",
            lambda: self._projects.recolor(project_id, color),
        )

    def archive(self, project_id: int, *, archived: bool = True) -> Undo:
        """Take a project out of the lists, or put it back."""
        template = "Project {project} archived" if archived else "Project {project} back in the lists"
        return self._one(project_id, template, lambda: self._projects.archive(project_id, archived=archived))

    def add_root(self, project_id: int, root: str) -> Undo:
        """Let a folder belong to the project, and to no other."""
        self._require_key()
        return self._one(
            project_id, "Folder added to project {project}", lambda: self._projects.add_root(project_id, root)
        )

    def remove_root(self, project_id: int, root: str) -> Undo:
        """The folder no longer belongs to the project."""
        self._require_key()
        return self._one(
            project_id,
            "Folder taken from project {project}",
            lambda: self._projects.remove_root(project_id, root),
        )

    def merge(self, source_id: int, target_id: int) -> Undo:
        """Make `source` part of `target`: its time, sessions, folders and goals."""

        def work() -> Words:
            before, target = project_name(self._store, source_id), project_of(self._store, target_id)
            self._projects.merge(source_id, target_id)
            return Words(
                "Project {before} made part of {project}", {"before": before, "project": target.name}
            )

        return self._bench.change(work, spans=True)

    def _one(self, project_id: int, template: str, work: Callable[[], None]) -> Undo:
        def named() -> Words:
            words = Words(template, {"project": project_name(self._store, project_id)})
            work()
            return words

        return self._bench.change(named)

    def _require_free(self, name: str, besides: int = 0) -> None:
        taken = self._projects.named(name.strip())
        if taken is not None and taken.id != besides:
            raise UsageError(
                f"There is a project named {taken.name!r} already.",
                advice="Choose another name, or make one part of the other.",
            )

    def _require_key(self) -> None:
        if self._store.cipher is None:
            raise UsageError(
                "Folders are sealed, and your data key is locked.", advice="`devpulse unlock` opens it."
            )
