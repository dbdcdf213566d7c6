"""Whether a repository is a project that is already known, at its old place or in another clone of it."""

from __future__ import annotations

from collections.abc import Callable

from app.models.projects import Project, Projects
from app.models.values import Place
from app.repositories.identity import Repository

# What lies in a folder now; None when it holds no repository, or is gone.
Look = Callable[[str], Repository | None]


def adopt(projects: Projects, found: Repository, look: Look) -> int:
    """The id of the project of a repository that was searched for: a known one, or a new one.

    Projects that are known apart stay apart, whatever else disappeared. Raises `StorageError`.
    """
    if projects.knows(found.root):
        place = Place(found.name, found.root, found.branch, found.remote, found.language)
        return _noted(projects, projects.find_or_create(place), found, others=_others(projects, found))
    others = _others(projects, found)
    same = found.root_commit if all(_is_same(other, found, look) for other in others) else None
    place = Place(found.name, found.root, found.branch, found.remote, found.language)
    project_id = projects.find_or_create(place, same)
    return _noted(projects, project_id, found, others=others)


def settle(
    projects: Projects, project_id: int, found: Repository, look: Look, *, locked: bool = False
) -> int:
    """Note what was learnt about a project that was just met; it joins the older one that it is.

    Returns the id that stays. `locked`: the key is not there, so that no folder of another project can be
    compared. Raises `StorageError`.
    """
    others = [other for other in _others(projects, found) if other.id != project_id]
    if not locked and all(_is_same(other, found, look) for other in others):
        others = []
    return _noted(projects, project_id, found, others=others)


def _noted(projects: Projects, project_id: int, found: Repository, *, others: list[Project]) -> int:
    project = projects.get(project_id)
    if project is None:
        return project_id
    if found.language is not None and project.language != found.language:
        projects.set_language(project.id, found.language)
    apart = any(other.id != project.id for other in others)
    if found.root_commit is None or project.root_commit == found.root_commit or apart:
        return project.id
    return projects.set_identity(project.id, found.root_commit)


def _others(projects: Projects, found: Repository) -> list[Project]:
    if found.root_commit is None:
        return []
    return [known for known in projects.all(archived=True) if known.root_commit == found.root_commit]


def _is_same(other: Project, found: Repository, look: Look) -> bool:
    """Whether the other is this one before it moved, or another clone of its remote, and no fork of it."""
    clones = [look(root) for root in other.roots if root != found.root]
    living = [clone for clone in clones if clone is not None and clone.root_commit == found.root_commit]
    if living:
        return all(found.remote is not None and clone.remote == found.remote for clone in living)
    return None in (other.remote, found.remote) or other.remote == found.remote
