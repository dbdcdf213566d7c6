"""A choice of one category, shown as the tree it is in."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QComboBox

from app.models.categories import Category
from app.ui.labelled import category_name
from app.ui.theme.icons import Icons
from app.ui.words import tr


def in_order(categories: Sequence[Category]) -> list[tuple[Category, int]]:
    """Each category with how deep it lies: children after their parent, in their order."""
    below: dict[int | None, list[Category]] = {}
    known = {category.id for category in categories}
    for category in categories:
        parent = category.parent_id if category.parent_id in known else None
        below.setdefault(parent, []).append(category)
    found: list[tuple[Category, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for category in below.get(parent, ()):
            found.append((category, depth))
            walk(category.id, depth + 1)

    walk(None, 0)
    return found


class CategoryBox(QComboBox):
    """`category_id` is the choice; `none`: words for no category, which is then offered first."""

    def __init__(
        self, icons: Icons, categories: Sequence[Category], *, accessible: str, none: str = "", but: int = 0
    ) -> None:
        super().__init__()
        self.setAccessibleName(accessible or tr("Category"))
        self.setMaxVisibleItems(18)
        self.setMinimumWidth(220)
        if none:
            self.addItem(none, None)
        for category, depth in in_order(categories):
            if category.id != but:
                words = "    " * depth + category_name(category.name)
                self.addItem(icons.icon("dot", category.color), words, category.id)

    @property
    def category_id(self) -> int | None:
        found: int | None = self.currentData()
        return found

    def choose(self, category_id: int | None) -> None:
        """Take this one; one that is not offered changes nothing."""
        at = self.findData(category_id)
        if at >= 0:
            self.setCurrentIndex(at)
