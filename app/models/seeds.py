"""The default categories and rules of `resources/`, put in once each: what a person removed stays away."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from app.errors import StorageError
from app.models.database import translated

_NAME = "seeded"


def seed(connection: sqlite3.Connection, resources_dir: Path) -> int:
    """Put in what was never put in before; returns how many categories and rules are new.

    A default rule that the person did not touch follows its resource; one that was changed, switched
    off or deleted does not come back. Files that are not there count as empty. Raises `StorageError`
    for files that are not what they should be.
    """
    categories, rules = _load(resources_dir / "categories.json"), _load(resources_dir / "rules.json")
    mark = hashlib.sha256(json.dumps([categories, rules], sort_keys=True).encode()).hexdigest()
    with translated():
        known, last_mark = _known(connection)
        if mark == last_mark:
            return 0
        connection.execute("BEGIN IMMEDIATE")
        try:
            known, _ = _known(connection)
            new = _seed_categories(connection, categories, known) + _seed_rules(connection, rules, known)
            connection.execute(
                "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
                (_NAME, json.dumps({"mark": mark, "uuids": sorted(known)})),
            )
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    return new


def defaults(resources_dir: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """What every home has from its first start on: fields of categories and rules by ("category", uuid), ….

    Raises `StorageError` for files that are not what they should be.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for item in _load(resources_dir / "categories.json"):
        fields = {"name": item["name"], "parent": item.get("parent"), "color": item["color"]}
        found["category", item["uuid"]] = {**fields, "productivity": item.get("productivity", 0)}
    for item in _load(resources_dir / "rules.json"):
        conditions = json.dumps(item["conditions"], ensure_ascii=False)
        fields = {"conditions": conditions, "category": item["category"]}
        found["rule", item["uuid"]] = {**fields, "enabled": True, "origin": "default"}
    return found


def _load(path: Path) -> list[Mapping[str, Any]]:
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise _bad(path) from error
    if isinstance(content, dict):
        content = next(iter(cast("dict[str, object]", content).values()), None)
    if not isinstance(content, list) or not all(
        isinstance(item, dict) and isinstance(cast("dict[str, object]", item).get("uuid"), str)
        for item in cast("list[object]", content)
    ):
        raise _bad(path)
    return cast("list[Mapping[str, Any]]", content)


def _bad(path: Path) -> StorageError:
    return StorageError(
        f"The resource {path.name} is damaged.",
        detail="The default categories or rules could not be put in. Nothing was changed.",
        advice="Install DevPulse again.",
    )


def _known(connection: sqlite3.Connection) -> tuple[set[str], str]:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_NAME,)).fetchone()
    if row is None:
        return set(), ""
    content = json.loads(row[0])
    return set(content["uuids"]), content["mark"]


def _seed_categories(
    connection: sqlite3.Connection, categories: list[Mapping[str, Any]], known: set[str]
) -> int:
    new = 0
    for position, item in enumerate(categories):
        if item["uuid"] in known:
            continue
        known.add(item["uuid"])
        new += connection.execute(
            "INSERT OR IGNORE INTO categories (uuid, name, parent_id, color, productivity, position) "
            "VALUES (?, ?, (SELECT id FROM categories WHERE uuid = ?), ?, ?, ?)",
            (
                item["uuid"],
                item["name"],
                item.get("parent"),
                item["color"],
                item.get("productivity", 0),
                position,
            ),
        ).rowcount
    return new


def _seed_rules(connection: sqlite3.Connection, rules: list[Mapping[str, Any]], known: set[str]) -> int:
    new = 0
    top = connection.execute("SELECT ifnull(max(position), -1) + 1 FROM rules").fetchone()[0]
    for place, item in enumerate(rules):
        category = connection.execute(
            "SELECT id FROM categories WHERE uuid = ?", (item["category"],)
        ).fetchone()
        conditions = json.dumps(item["conditions"], ensure_ascii=False)
        if item["uuid"] in known:
            if category is not None:
                connection.execute(
                    "UPDATE rules SET conditions = ?, category_id = ? WHERE uuid = ? AND origin = 'default'",
                    (conditions, category[0], item["uuid"]),
                )
            continue
        known.add(item["uuid"])
        if category is not None:  # else the person removed the category, and with it what would fill it
            new += connection.execute(
                "INSERT OR IGNORE INTO rules (uuid, position, category_id, conditions, origin) "
                "VALUES (?, ?, ?, ?, 'default')",
                (item["uuid"], top + place, category[0], conditions),
            ).rowcount
    return new
