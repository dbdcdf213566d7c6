"""Import of what spans belong to: what it is called there, and which it is here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.analytics.exchange.records import Record, refused
from app.models.store import Store


class Ids(dict[str, int]):
    """The ids here of what the file calls by uuid."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def take(self, uuid: str, identity: int, number: int) -> None:
        """Note an id; a uuid may stand once. Raises `ImportRefused`."""
        if uuid in self:
            raise refused(number, f"this {self._what} stands in the file twice")
        self[uuid] = identity

    def require(self, record: Record, field: str, number: int) -> int | None:
        """The id a field refers to, None when the field is not there. Raises `ImportRefused`."""
        uuid = record.get(field)
        if uuid is None:
            return None
        if uuid not in self:
            raise refused(number, f"its {field} is a {self._what} that the file does not hold")
        return self[uuid]


class Things:
    """Takes in what spans refer to. What is known here stays as it is here; all within one transaction.

    `fresh`: nothing was recorded here yet, so the file's categories and rules replace the defaults.
    """

    def __init__(self, store: Store, *, fresh: bool) -> None:
        self._store = store
        self._fresh = fresh
        self.devices = Ids("device")
        self.categories = Ids("category")
        self.projects = Ids("project")
        self.imports = Ids("import")
        self._goals = Ids("goal")
        self.new = {"device": 0, "category": 0, "rule": 0, "project": 0, "goal": 0, "import": 0}
        self._known_projects = self._highest("projects")
        self._known_categories = 0 if fresh else self._highest("categories")
        self._rules = Ids("rule")
        self._own_rules: list[tuple[int, Record]] = []
        # References that may point forward: set when all of a kind are there.
        self._parents: list[tuple[int, Record]] = []
        self._merged: list[tuple[int, Record]] = []
        if fresh:
            store.connection.execute("DELETE FROM rules")
            store.connection.execute("UPDATE categories SET parent_id = NULL")
            store.connection.execute("DELETE FROM categories")

    def take_device(self, record: Record, number: int) -> None:
        known = self._find("SELECT id FROM devices WHERE uuid = ?", record["uuid"])
        if known is None:
            known = self._make("device", "devices", uuid=record["uuid"], name=record["name"])
        self.devices.take(record["uuid"], known, number)

    def take_category(self, record: Record, number: int) -> None:
        known = self._find("SELECT id FROM categories WHERE uuid = ?", record["uuid"])
        if known is None:
            known = self._find(
                "SELECT id FROM categories WHERE name = ? AND id <= ?", record["name"], self._known_categories
            )
        if known is None:
            known = self._make(
                "category", "categories", uuid=record["uuid"], name=record["name"], color=record["color"],
                productivity=record.get("productivity", 0),
                position=record["position"] if self._fresh else self._next_position("categories"),
            )  # fmt: skip
            self._parents.append((number, record))
        self.categories.take(record["uuid"], known, number)

    def take_rule(self, record: Record, number: int) -> None:
        self.categories.require(record, "category", number)
        known = self._find("SELECT id FROM rules WHERE uuid = ?", record["uuid"])
        self._rules.take(record["uuid"], known or 0, number)
        if known is None:
            self._own_rules.append((number, record))

    def take_project(self, record: Record, number: int) -> None:
        known = self._same_project(record)
        if known is None:
            remote = record.get("remote")
            known = self._make(
                "project", "projects", uuid=record["uuid"], name=record["name"], color=record["color"],
                created_ms=record["created"], archived=int(record.get("archived", False)),
                root_commit=record.get("root_commit"), language=record.get("language"),
                remote_text_id=self._store.interning.text(remote), remote_digest=self._digest(remote),
            )  # fmt: skip
            self._merged.append((number, record))
        self.projects.take(record["uuid"], known, number)
        for root in record.get("roots", ()):
            self._store.connection.execute(
                "INSERT OR IGNORE INTO project_roots (project_id, path_digest, path_text_id) "
                "VALUES (?, ?, ?)",
                (known, self._digest(root), self._store.interning.text(root)),
            )

    def take_goal(self, record: Record, number: int) -> None:
        about = {name: getattr(self, table).require(record, name, number) for name, table in _ABOUT.items()}
        known = self._find("SELECT id FROM goals WHERE uuid = ?", record["uuid"])
        if known is None:
            known = self._make(
                "goal", "goals", uuid=record["uuid"], kind=record["aim"], subject=record["subject"],
                subject_id=about.get(record["subject"]), period=record["period"],
                target_ms=record["target"], weekdays=record["weekdays"],
                enabled=int(not record.get("disabled", False)), created_ms=record["created"],
            )  # fmt: skip
        self._goals.take(record["uuid"], known, number)

    def take_import(self, record: Record, number: int) -> None:
        known = self._find("SELECT id FROM imports WHERE uuid = ?", record["uuid"])
        if known is None:
            known = self._make(
                "import", "imports", uuid=record["uuid"], source=record["source"],
                started_ms=record["started"], finished_ms=record.get("finished"),
                digest=bytes.fromhex(record["digest"]), spans=record.get("spans", 0),
                name_text_id=self._store.interning.text(record.get("name")),
            )  # fmt: skip
        self.imports.take(record["uuid"], known, number)

    def finish(self) -> None:
        """Set what pointed forward, and give new rules their places. Raises `ImportRefused`."""
        self._finish_categories()
        self._finish_projects()
        self._finish_rules()

    def _same_project(self, record: Record) -> int | None:
        found = self._find("SELECT ifnull(merged_into_id, id) FROM projects WHERE uuid = ?", record["uuid"])
        if found is not None:
            return found
        for column, value in (
            ("root_commit", record.get("root_commit")),
            ("remote_digest", self._digest(record.get("remote"))),
        ):
            if value is not None and "merged_into" not in record:
                found = self._find(
                    f"SELECT ifnull(merged_into_id, id) FROM projects WHERE {column} = ? AND id <= ?",  # noqa: S608 - our own names
                    value,
                    self._known_projects,
                )
                if found is not None:
                    return found
        return None

    def _finish_categories(self) -> None:
        for number, record in self._parents:
            parent = self.categories.require(record, "parent", number)
            self._store.connection.execute(
                "UPDATE categories SET parent_id = ? WHERE id = ?", (parent, self.categories[record["uuid"]])
            )
        above = dict(self._store.connection.execute("SELECT id, parent_id FROM categories").fetchall())
        for number, record in self._parents:
            at = self.categories[record["uuid"]]
            for _ in above:
                at = above.get(at)
            if at is not None:
                raise refused(number, "the category lies under itself")

    def _finish_projects(self) -> None:
        for number, record in self._merged:
            target = self.projects.require(record, "merged_into", number)
            if target is None:
                continue
            source = self.projects[record["uuid"]]
            merged = self._find("SELECT id FROM projects WHERE id = ? AND merged_into_id IS NOT NULL", target)
            if merged is not None or target == source:
                raise refused(number, "the project is merged into one that is merged itself")
            self._store.connection.execute(
                "UPDATE projects SET merged_into_id = ? WHERE id = ?", (target, source)
            )
        chained = self._find(
            "SELECT p.id FROM projects p JOIN projects t ON t.id = p.merged_into_id "
            "WHERE t.merged_into_id IS NOT NULL AND 1 = ?",
            1,
        )
        if chained is not None and self._merged:
            raise refused(self._merged[-1][0], "projects are merged in a chain")

    def _finish_rules(self) -> None:
        """The person's own go before the defaults here; defaults the person removed here stay away."""
        seeded = self._seeded()
        own = [item for item in self._own_rules if self._fresh or item[1]["uuid"] not in seeded]
        at = self._find("SELECT min(position) FROM rules WHERE origin = ?", "default")
        first = self._next_position("rules") if at is None else at
        if not self._fresh:
            self._store.connection.execute(
                "UPDATE rules SET position = position + ? WHERE position >= ?", (len(own), first)
            )
        for place, (_, record) in enumerate(own):
            self._make(
                "rule", "rules", uuid=record["uuid"], category_id=self.categories[record["category"]],
                position=record["position"] if self._fresh else first + place,
                conditions=json.dumps(record["conditions"], ensure_ascii=False),
                enabled=int(not record.get("disabled", False)), origin=record["origin"],
            )  # fmt: skip

    def _seeded(self) -> set[str]:
        row = self._store.connection.execute("SELECT value FROM meta WHERE key = 'seeded'").fetchone()
        return set() if row is None else set(json.loads(row[0])["uuids"])

    def _digest(self, text: str | None) -> bytes | None:
        return None if text is None or self._store.cipher is None else self._store.cipher.digest(text)

    def _find(self, query: str, *values: Any) -> int | None:
        row = self._store.connection.execute(query, values).fetchone()
        return None if row is None else row[0]

    def _make(self, made: str, table: str, /, **values: Any) -> int:
        self.new[made] += 1
        return _inserted(self._store, table, values)

    def _highest(self, table: str) -> int:
        return self._find(f"SELECT ifnull(max(id), 0) FROM {table}") or 0  # noqa: S608 - our own names

    def _next_position(self, table: str) -> int:
        return self._find(f"SELECT ifnull(max(position), -1) + 1 FROM {table}") or 0  # noqa: S608 - our own names


_ABOUT = {"project": "projects", "category": "categories"}


def _inserted(store: Store, table: str, values: Mapping[str, Any]) -> int:
    marks = ", ".join("?" * len(values))
    made = store.connection.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})",  # noqa: S608 - our own names
        tuple(values.values()),
    )
    assert made.lastrowid is not None
    return made.lastrowid
