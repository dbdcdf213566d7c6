"""Changes of categories."""

from __future__ import annotations

from dataclasses import replace

from app.changes.named import category_name
from app.changes.workbench import Undo, Words, Workbench
from app.models.categories import Categories, Category
from app.models.projects import color_for


class CategoryChanges:
    """Categories are named by their ids. Methods raise `UsageError` in words, `StorageError`."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._categories = Categories(bench.store)

    def create(
        self, name: str, *, color: str | None = None, parent_id: int | None = None, productivity: int = 0
    ) -> tuple[Category, Undo]:
        """A new category at the end; `color` is '#rrggbb', `productivity` -1, 0 or 1. Returned too."""
        made: list[Category] = []

        def work() -> Words:
            made.append(
                self._categories.add(
                    name, color=color or color_for(name), parent_id=parent_id, productivity=productivity
                )
            )
            return Words("Category {category} created", {"category": made[0].name})

        undo = self._bench.change(work)
        return made[0], undo

    def change(self, category: Category) -> Undo:
        """Store a category's new name, colour, parent or productivity."""

        def work() -> Words:
            before = category_name(self._bench.store, category.id)
            after = self._categories.change(category)
            if after.name != before:
                return Words(
                    "Category {before} renamed to {category}", {"before": before, "category": after.name}
                )
            return Words("Category {category} changed", {"category": after.name})

        return self._bench.change(work)

    def move(self, category_id: int, position: int) -> Undo:
        """Let a category stand at `position` of the whole list, counted from 0; the others close up."""

        def work() -> Words:
            name = category_name(self._bench.store, category_id)
            everything = self._categories.all()
            order = [category for category in everything if category.id != category_id]
            moved = next(category for category in everything if category.id == category_id)
            order.insert(max(0, position), moved)
            for place, category in enumerate(order):
                if category.position != place:
                    self._categories.change(replace(category, position=place))
            return Words("Category {category} moved", {"category": name})

        return self._bench.change(work)

    def delete(self, category_id: int, *, move_to: int | None = None) -> Undo:
        """Delete a category and its rules; its time and goals go to `move_to`, or its time to none."""

        def work() -> Words:
            name = category_name(self._bench.store, category_id)
            target = None if move_to is None else category_name(self._bench.store, move_to)
            self._categories.delete(category_id, move_to=move_to)
            if target is None:
                return Words("Category {category} deleted", {"category": name})
            return Words(
                "Category {category} deleted, its time moved to {target}",
                {"category": name, "target": target},
            )

        return self._bench.change(work, spans=True)
