"""Whether a repository is a project that is already known, at its old place or in another clone of it."""

from __future__ import annotations

from collections.abc import Callable

from app.models.projects import Project, Projects
from app.models.values import Place
from app.repositories.identity import Repository

# What lies in a folder now; None when it holds no repository, or is gone.
Look = Callable[[str], Repository | None]


def adopt(projects: Projects, found: Repository, look: Look, *, locked: bool = False) -> int:
    """The id of the project of a repository: a known one it belongs to, or a new one.

    `locked`: the key is not there, so that the folders of projects cannot be read. Raises `StorageError`.
    """
    commit = found.root_commit
    same = commit if commit and _may_join(projects, None, found, look, locked=locked) else None
    place = Place(found.name, found.root, found.branch, found.remote, found.language)
    return settle(projects, projects.find_or_create(place, same), found, look, locked=locked)


def settle(
    projects: Projects, project_id: int, found: Repository, look: Look, *, locked: bool = False
) -> int:
    """Note what was learnt about a project; it joins another one of the same repository. Returns the id
    that stays. Raises `StorageError`.
    """
    project = projects.get(project_id)
    if project is None:
        return project_id
    if found.language is not None and project.language != found.language:
        projects.set_language(project.id, found.language)
    if found.root_commit is None or project.root_commit == found.root_commit:
        return project.id
    if not _may_join(projects, project, found, look, locked=locked):
        return project.id
    return projects.set_identity(project.id, found.root_commit)


def _may_join(
    projects: Projects, project: Project | None, found: Repository, look: Look, *, locked: bool
) -> bool:
    """Whether every other project with this first commit is the same one: none is a fork beside it."""
    others = [
        other
        for other in projects.all(archived=True)
        if other.root_commit == found.root_commit and (project is None or other.id != project.id)
    ]
    return all(not locked and _is_same(other, found, look) for other in others)


def _is_same(other: Project, found: Repository, look: Look) -> bool:
    """The other has moved here, or all its clones that still exist come from where this one does."""
    clones = [look(root) for root in other.roots if root != found.root]
    living = [clone for clone in clones if clone is not None and clone.root_commit == found.root_commit]
    return all(clone.remote == found.remote is not None for clone in living)
