"""Names and colours of what time is recorded under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.models.projects import color_for


class By(StrEnum):
    """What time is told apart by."""

    PROJECT = "project"
    CATEGORY = "category"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Label:
    """One project, category or application. `id` 0 with an empty name and colour: none of them.

    `id` -1: the rest, summed up. `color`: '#rrggbb'. `productivity`: that of a category, -1, 0 or 1.
    """

    id: int
    name: str = ""
    color: str = ""
    productivity: int = 0


NONE, REST = Label(0), Label(-1)


@dataclass(frozen=True, slots=True)
class Names:
    """All labels at one moment, by id. `meetings`: the categories whose time is meetings."""

    projects: Mapping[int, Label] = field(default_factory=dict[int, Label])
    categories: Mapping[int, Label] = field(default_factory=dict[int, Label])
    applications: Mapping[int, Label] = field(default_factory=dict[int, Label])
    branches: Mapping[int, str] = field(default_factory=dict[int, str])
    languages: Mapping[int, str] = field(default_factory=dict[int, str])
    meetings: frozenset[int] = frozenset()

    def of(self, by: By, identity: int) -> Label:
        """The label of an id; a nameless one for 0 and for what is gone."""
        return self.all(by).get(identity) or Label(identity)

    def all(self, by: By) -> Mapping[int, Label]:
        """All labels of a kind."""
        kinds = {By.PROJECT: self.projects, By.CATEGORY: self.categories}
        return kinds.get(by, self.applications)

    def project(self, identity: int) -> Label:
        return self.of(By.PROJECT, identity)

    def category(self, identity: int) -> Label:
        return self.of(By.CATEGORY, identity)

    def application(self, identity: int) -> Label:
        return self.of(By.APPLICATION, identity)

    @property
    def productive(self) -> frozenset[int]:
        """The categories a person called productive."""
        return frozenset(i for i, label in self.categories.items() if label.productivity > 0)


def application_label(identity: int, name: str) -> Label:
    """An application has no colour of its own: its name gives it one, always the same."""
    return Label(identity, name, color_for(name))
