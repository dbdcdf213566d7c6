"""The ordered rules that lead to categories, as they are stored."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import uuid4

from app.errors import UsageError
from app.models.categories import no_category
from app.models.database import translated
from app.models.store import Store

Condition = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """When all `conditions` hold, the activity belongs to the category; the first such rule decides.

    `conditions` as app/tracking/classifier.py reads them. `origin`: "default" as long as the person did
    not touch it, else "person".
    """

    id: int
    uuid: str
    position: int
    category_id: int
    conditions: tuple[Condition, ...]
    enabled: bool = True
    origin: str = "person"


class Rules:
    """The rules of one store. Methods raise `StorageError`, and `UsageError` for what does not exist.

    That the conditions make sense the caller has checked with the classifier.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Rule]:
        """All rules in their order, the switched-off ones too."""
        return read_rules(self._store.connection)

    def add(
        self,
        category_id: int,
        conditions: Sequence[Condition],
        *,
        position: int | None = 0,
        enabled: bool = True,
    ) -> Rule:
        """A new rule of the person's at `position`, counted from 0; None puts it at the end."""
        with self._store.transaction():
            self._require_category(category_id)
            made = self._store.connection.execute(
                "INSERT INTO rules (uuid, position, category_id, conditions, enabled, origin) "
                "VALUES (?, (SELECT ifnull(max(position), -1) + 1 FROM rules), ?, ?, ?, 'person')",
                (str(uuid4()), category_id, _written(conditions), int(enabled)),
            )
            assert made.lastrowid is not None
            if position is not None:
                self.move(made.lastrowid, position)
            return next(rule for rule in self.all() if rule.id == made.lastrowid)

    def change(self, rule: Rule) -> Rule:
        """Store a rule's new category, conditions or switch; it is the person's own from then on."""
        with self._store.transaction():
            self._require_category(rule.category_id)
            self._one(
                "UPDATE rules SET category_id = ?, conditions = ?, enabled = ?, origin = 'person' "
                "WHERE id = ?",
                (rule.category_id, _written(rule.conditions), int(rule.enabled), rule.id),
            )
        return replace(rule, origin="person")

    def move(self, rule_id: int, position: int) -> None:
        """Let a rule stand at `position`, counted from 0; the others close up."""
        with self._store.transaction():
            rows = self._store.connection.execute("SELECT id FROM rules ORDER BY position, id").fetchall()
            order = [int(row[0]) for row in rows]
            if rule_id not in order:
                raise _no_rule()
            order.remove(rule_id)
            order.insert(max(0, position), rule_id)
            self._store.connection.executemany(
                "UPDATE rules SET position = ? WHERE id = ?", list(enumerate(order))
            )

    def delete(self, rule_id: int) -> None:
        """Delete a rule; a default one does not come back."""
        with self._store.transaction():
            self._one("DELETE FROM rules WHERE id = ?", (rule_id,))

    def _one(self, statement: str, values: tuple[Any, ...]) -> None:
        if not self._store.connection.execute(statement, values).rowcount:
            raise _no_rule()

    def _require_category(self, category_id: int) -> None:
        row = self._store.connection.execute("SELECT 1 FROM categories WHERE id = ?", (category_id,))
        if not row.fetchone():
            raise no_category()


def read_rules(connection: sqlite3.Connection) -> list[Rule]:
    """All rules in their order, over any connection; one whose conditions cannot be read is left out."""
    found: list[Rule] = []
    with translated():
        rows = connection.execute(
            "SELECT id, uuid, position, category_id, conditions, enabled, origin "
            "FROM rules ORDER BY position, id"
        ).fetchall()
    for identity, uuid, position, category_id, conditions, enabled, origin in rows:
        parsed = _read(conditions)
        if parsed is not None:
            found.append(Rule(identity, uuid, position, category_id, parsed, bool(enabled), origin))
    return found


def _read(conditions: str) -> tuple[Condition, ...] | None:
    try:
        parsed: object = json.loads(conditions)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parsed, list):
        return None
    items = cast("list[object]", parsed)
    if not all(isinstance(item, dict) for item in items):
        return None
    return tuple(cast("list[Condition]", items))


def _written(conditions: Sequence[Condition]) -> str:
    return json.dumps([dict(condition) for condition in conditions], ensure_ascii=False)


def _no_rule() -> UsageError:
    return UsageError("There is no such rule.", advice="`devpulse rules list` shows them all.")
