"""Projects, categories and rules by the names and numbers a person gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.errors import UsageError

if TYPE_CHECKING:
    from app.models.projects import Project, Projects
    from app.models.rules import Rule
    from app.models.store import Store


def projects_of(store: Store) -> Projects:
    """The projects of an open store."""
    from app.models.projects import Projects

    return Projects(store)


def project_named(projects: Projects, name: str) -> Project:
    """The project of that name. Raises `UsageError` with the name that was probably meant."""
    found = projects.named(name)
    if found is None:
        from app.commands.nearest import nearest

        names = [project.name for project in projects.all(archived=True)]
        raise UsageError(f"There is no project {name!r}.", advice=nearest(name, names, "projects list"))
    return found


def category_named(store: Store, name: str) -> int:
    """The id of a category by its name, or by its whole path. Raises `UsageError`."""
    names = category_names(store)
    folded = name.casefold()
    found = [i for i, path in names.items() if folded in (path.casefold(), path.split(" › ")[-1].casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        paths = ", ".join(names[i] for i in found)
        raise UsageError(f"There are several categories {name!r}.", advice=f"Write one of: {paths}.")
    from app.commands.nearest import nearest

    raise UsageError(
        f"There is no category {name!r}.", advice=nearest(name, names.values(), "categories list")
    )


def category_names(store: Store) -> Mapping[int, str]:
    """Each category's path of names, like `Work › Coding`."""
    from app.models.categories import Categories

    found = {category.id: category for category in Categories(store).all()}
    paths: dict[int, str] = {}
    for identity, category in found.items():
        parts, above = [category.name], category.parent_id
        while above is not None and above in found and len(parts) < len(found):
            parts.insert(0, found[above].name)
            above = found[above].parent_id
        paths[identity] = " › ".join(parts)
    return paths


def rules_of(store: Store) -> list[Rule]:
    """The rules of an open store, in their order."""
    from app.models.rules import Rules

    return Rules(store).all()


def rule_numbered(store: Store, number: int) -> Rule:
    """The rule that the list shows under `number`. Raises `UsageError`."""
    rules = rules_of(store)
    if not 1 <= number <= len(rules):
        raise UsageError(f"There is no rule {number}.", advice="`devpulse rules list` shows them all.")
    return rules[number - 1]
