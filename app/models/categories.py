"""Categories as they are stored: a tree with names, colours and productivity."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from uuid import uuid4

from app.errors import UsageError
from app.models.corrections import move_all
from app.models.database import translated
from app.models.outbox import note_heir
from app.models.projects import LONGEST_NAME, checked_color
from app.models.store import Store


@dataclass(frozen=True, slots=True)
class Category:
    """`productivity`: -1 distracting, 0 neutral, 1 productive. `color`: '#rrggbb'."""

    id: int
    uuid: str
    name: str
    parent_id: int | None
    color: str
    productivity: int
    position: int


class Categories:
    """The categories of one store. Methods raise `StorageError`, and `UsageError` with the reason."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Category]:
        """All categories in their order."""
        return read_categories(self._store.connection)

    def add(self, name: str, *, color: str, parent_id: int | None = None, productivity: int = 0) -> Category:
        """A new category at the end of the list."""
        with self._store.transaction():
            row = self._store.connection.execute("SELECT ifnull(max(position), -1) + 1 FROM categories")
            position = int(row.fetchone()[0])
            new = self._checked(Category(0, str(uuid4()), name, parent_id, color, productivity, position))
            made = self._store.connection.execute(
                "INSERT INTO categories (uuid, name, parent_id, color, productivity, position) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (new.uuid, new.name, new.parent_id, new.color, new.productivity, new.position),
            )
            assert made.lastrowid is not None
        return replace(new, id=made.lastrowid)

    def change(self, category: Category) -> Category:
        """Store a category's new name, parent, colour, productivity or position."""
        with self._store.transaction():
            new = self._checked(category)
            changed = self._store.connection.execute(
                "UPDATE categories SET name = ?, parent_id = ?, color = ?, productivity = ?, position = ? "
                "WHERE id = ?",
                (new.name, new.parent_id, new.color, new.productivity, new.position, new.id),
            ).rowcount
            if not changed:
                raise no_category()
        return new

    def delete(self, category_id: int, *, move_to: int | None = None) -> int:
        """Delete a category and its rules; its time and goals go to `move_to` (None: to no category).

        What lay under it moves up. Returns how many spans moved.
        """
        connection = self._store.connection
        with self._store.transaction():
            found = {category.id: category for category in self.all()}
            if category_id not in found or move_to == category_id:
                raise no_category()
            if move_to is not None and move_to not in found:
                raise no_category()
            above = found[category_id].parent_id
            connection.execute(
                "UPDATE categories SET parent_id = ? WHERE parent_id = ?", (above, category_id)
            )
            moved = move_all(self._store, "category_id", category_id, move_to)
            connection.execute("DELETE FROM rules WHERE category_id = ?", (category_id,))
            _move_goals(connection, category_id, move_to)
            heir = None if move_to is None else found[move_to].uuid
            note_heir(connection, "category", found[category_id].uuid, heir)
            connection.execute("DELETE FROM categories WHERE id = ?", (category_id,))
        return moved

    def _checked(self, category: Category) -> Category:
        name = category.name.strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise UsageError(f"A category's name has 1 to {LONGEST_NAME} characters.")
        if category.productivity not in (-1, 0, 1):
            raise UsageError("A category's productivity is -1, 0 or 1.")
        parents = {known.id: known.parent_id for known in self.all()}
        above = category.parent_id
        while above is not None:
            if above == category.id or above not in parents:
                raise UsageError("A category cannot lie under itself, or under one that does not exist.")
            above = parents[above]
        return replace(category, name=name, color=checked_color(category.color))


def _move_goals(connection: sqlite3.Connection, category_id: int, target_id: int | None) -> None:
    statement = "UPDATE goals SET subject_id = ?2 WHERE subject = 'category' AND subject_id = ?1"
    if target_id is None:  # a goal about nothing is none
        statement = "DELETE FROM goals WHERE subject = 'category' AND subject_id = ?1 AND ?2 IS NULL"
    connection.execute(statement, (category_id, target_id))


def read_categories(connection: sqlite3.Connection) -> list[Category]:
    """All categories in their order, over any connection."""
    with translated():
        return [
            Category(*row)
            for row in connection.execute(
                "SELECT id, uuid, name, parent_id, color, productivity, position "
                "FROM categories ORDER BY position, id"
            )
        ]


def no_category() -> UsageError:
    """The error for a category that does not exist."""
    return UsageError("There is no such category.", advice="`devpulse rules list` shows them all.")
