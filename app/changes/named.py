"""Names of projects and categories, for the sentences that tell what was done."""

from __future__ import annotations

from app.errors import UsageError
from app.models.categories import Category, read_categories
from app.models.projects import Project, Projects
from app.models.store import Store


def project_of(store: Store, project_id: int) -> Project:
    """Raises `UsageError` when there is none."""
    found = Projects(store).get(project_id)
    if found is None:
        raise UsageError("There is no such project.")
    return found


def project_name(store: Store, project_id: int) -> str:
    """Raises `UsageError` when there is no such project."""
    return project_of(store, project_id).name


def category_of(store: Store, category_id: int) -> Category:
    """Raises `UsageError` when there is none."""
    for category in read_categories(store.connection):
        if category.id == category_id:
            return category
    raise UsageError("There is no such category.")


def category_name(store: Store, category_id: int) -> str:
    """Raises `UsageError` when there is no such category."""
    return category_of(store, category_id).name
