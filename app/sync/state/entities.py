"""Rows as records and back: each type of thing with its fields, checked before they are stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.models.focus_sessions import PAUSED, RUNNING, STATES
from app.models.outbox import ROOTS, SHARED
from app.models.store import Store
from app.sync.bodies.values import Value
from app.sync.state.references import References

# The statements are made of our own tables' and columns' names only.
# ruff: noqa: S608

TYPES = tuple(shared.type for shared in SHARED)
_TABLES = {shared.type: shared.table for shared in SHARED}
_CONDITIONS = {shared.type: shared.condition for shared in SHARED}
# The fields that are not called as their columns.
_NAMES = {
    "parent_id": "parent", "category_id": "category", "remote_digest": "remote", "project_id": "project",
    "merged_into_id": "merged_into", "subject_id": "about", "device_id": "device", "note_id": "note",
}  # fmt: skip
_COLOR = re.compile(r"#[0-9a-f]{6}")
_LONGEST = 65_536
_MOST_MS = 1 << 48


def field_of(type_: str, column: str, device: bytes) -> str:
    """The field that a noted column of `app.models.outbox` is."""
    if type_ == "project" and column == ROOTS:
        return roots_field(device)
    return _NAMES.get(column, column)


def roots_field(device: bytes) -> str:
    """The field with a project's folders on one machine."""
    return f"roots/{device.hex()}"


@dataclass(frozen=True, slots=True)
class Unfit(Exception):
    """What came cannot be stored by this version: it is kept as it is, and shown nowhere."""

    type: str


class Entities:
    """Reads and writes the rows of one store, within transactions of the caller."""

    def __init__(self, store: Store, references: References, device: bytes) -> None:
        self._store = store
        self._connection = store.connection
        self._to = references
        self._device = device

    def read(self, type_: str, uuid: str) -> dict[str, Value] | None:
        """The fields of a row; None where there is none (or none that is told: a session that runs)."""
        table = _TABLES[type_]
        where = _CONDITIONS[type_].format(row=table)
        row = self._row(f"SELECT * FROM {table} WHERE uuid = ? AND {where}", uuid)
        return None if row is None else self._readers()[type_](row)

    def row_id(self, type_: str, uuid: str) -> int | None:
        """The id of a row, whether it is told or not."""
        row = self._connection.execute(f"SELECT id FROM {_TABLES[type_]} WHERE uuid = ?", (uuid,)).fetchone()
        return None if row is None else int(row[0])

    def uuids(self, type_: str) -> list[str]:
        """All there are of a type."""
        return [str(row[0]) for row in self._connection.execute(f"SELECT uuid FROM {_TABLES[type_]}")]

    def write(self, type_: str, uuid: str, fields: Mapping[str, Value]) -> None:
        """Store a row, new or changed. Raises `Unfit`; the row is then as it was."""
        checked = _checked(type_, fields)
        columns = self._writers()[type_](checked)
        identity = self.row_id(type_, uuid)
        if identity is None:
            missing = [name for name in _REQUIRED[type_] if columns.get(name) is None]
            if missing:
                raise Unfit(type_)
            columns["uuid"] = uuid
            names, marks = ", ".join(columns), ", ".join("?" * len(columns))
            self._connection.execute(
                f"INSERT INTO {_TABLES[type_]} ({names}) VALUES ({marks})", tuple(columns.values())
            )
        elif columns:
            if any(columns.get(name, 0) is None for name in _REQUIRED[type_]):
                raise Unfit(type_)
            names = ", ".join(f"{name} = ?" for name in columns)
            self._connection.execute(
                f"UPDATE {_TABLES[type_]} SET {names} WHERE id = ?", (*columns.values(), identity)
            )

    def _readers(self) -> dict[str, Callable[[Mapping[str, Any]], dict[str, Value]]]:
        return {
            "category": self._read_category,
            "rule": self._read_rule,
            "project": self._read_project,
            "goal": self._read_goal,
            "focus_session": self._read_session,
        }

    def _writers(self) -> dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]]:
        return {
            "category": self._category,
            "rule": self._rule,
            "project": self._project,
            "goal": self._goal,
            "focus_session": self._session,
        }

    def _read_category(self, row: Mapping[str, Any]) -> dict[str, Value]:
        return {
            **_plain(row, "name", "color", "productivity", "position"),
            "parent": self._to.uuid("categories", row["parent_id"]),
        }

    def _category(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        columns = _plain(fields, "name", "color", "productivity", "position")
        if "parent" in fields:
            columns["parent_id"] = self._to.category(fields["parent"])
        return columns

    def _read_rule(self, row: Mapping[str, Any]) -> dict[str, Value]:
        return {
            **_plain(row, "position", "conditions", "origin"),
            "enabled": bool(row["enabled"]),
            "category": self._to.uuid("categories", row["category_id"]),
        }

    def _rule(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        columns = _plain(fields, "position", "conditions", "origin", "enabled")
        if "category" in fields:
            columns["category_id"] = self._to.category(fields["category"])
        return columns

    def _read_project(self, row: Mapping[str, Any]) -> dict[str, Value]:
        roots = self._connection.execute(
            "SELECT path_text_id FROM project_roots WHERE project_id = ? ORDER BY id", (row["id"],)
        ).fetchall()
        opened = [self._store.text(root[0]) for root in roots]
        return {
            **_plain(row, "name", "color", "root_commit", "language", "created_ms"),
            "archived": bool(row["archived"]),
            "remote": self._store.text(row["remote_text_id"]),
            "merged_into": self._to.uuid("projects", row["merged_into_id"]),
            roots_field(self._device): sorted(root for root in opened if root is not None),
        }

    def _project(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        columns = _plain(fields, "name", "color", "root_commit", "language", "created_ms", "archived")
        cipher = self._store.cipher
        if "remote" in fields and cipher is not None:
            remote = fields["remote"]
            columns["remote_text_id"] = self._store.interning.text(remote)
            columns["remote_digest"] = None if remote is None else cipher.digest(remote)
        return columns  # being merged moves time as well: see `projects.py`

    def _read_goal(self, row: Mapping[str, Any]) -> dict[str, Value]:
        tables = {"project": "projects", "category": "categories"}
        table = tables.get(row["subject"])
        return {
            **_plain(row, "kind", "subject", "period", "target_ms", "weekdays", "created_ms"),
            "enabled": bool(row["enabled"]),
            "about": None if table is None else self._to.uuid(table, row["subject_id"]),
        }

    def _goal(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        columns = _plain(
            fields, "kind", "subject", "period", "target_ms", "weekdays", "created_ms", "enabled"
        )
        find = {"project": self._to.project, "category": self._to.category}.get(fields.get("subject", ""))
        columns["subject_id"] = None if find is None else find(fields.get("about"))
        if find is not None and columns["subject_id"] is None:
            raise Unfit("goal")  # a goal about nothing is none
        return columns

    def _read_session(self, row: Mapping[str, Any]) -> dict[str, Value]:
        return {
            **_plain(row, "state", *_SESSION),
            "device": self._to.owner(row["device_id"]).hex(),
            "project": self._to.uuid("projects", row["project_id"]),
            "note": self._store.text(row["note_id"]),
        }

    def _session(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        columns = _plain(fields, "state", *_SESSION)
        if "device" in fields:
            columns["device_id"] = self._to.device(bytes.fromhex(fields["device"]))
        if "project" in fields:
            columns["project_id"] = self._to.project(fields["project"])
        if "note" in fields:
            columns["note_id"] = self._store.interning.text(fields["note"])
        return columns

    def _row(self, query: str, uuid: str) -> dict[str, Any] | None:
        cursor = self._connection.execute(query, (uuid,))
        row = cursor.fetchone()
        return (
            None if row is None else dict(zip((column[0] for column in cursor.description), row, strict=True))
        )


_SESSION = (
    "started_ms", "ended_ms", "utc_offset_s", "planned_ms", "focused_ms", "updated_ms", "interruptions",
)  # fmt: skip


def _plain(source: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: source[name] for name in names if name in source}


# What a field may hold; names are those of `Entities.read`.


def _text(most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and 0 < len(value) <= most


def _number(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _maybe(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def _one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in values


def _switch(value: Any) -> bool:
    return isinstance(value, bool)


def _color(value: Any) -> bool:
    return isinstance(value, str) and _COLOR.fullmatch(value) is not None


def _device(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{32}", value) is not None


_name, _uuid, _words = _text(200), _maybe(_text(200)), _maybe(_text(_LONGEST))
_moment, _position = _number(0, _MOST_MS), _number(-(2**31), 2**31)

_CHECKS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "category": {
        "name": _name, "color": _color, "productivity": _number(-1, 1), "position": _position,
        "parent": _uuid,
    },
    "rule": {
        "position": _position, "conditions": _text(_LONGEST), "origin": _one_of("default", "person"),
        "enabled": _switch, "category": _uuid,
    },
    "project": {
        "name": _name, "color": _color, "root_commit": _maybe(_name), "language": _maybe(_name),
        "created_ms": _moment, "archived": _switch, "remote": _words, "merged_into": _uuid,
    },
    "goal": {
        "kind": _one_of("at_least", "at_most"),
        "subject": _one_of("total", "project", "category", "productive", "focus"),
        "period": _one_of("day", "week"), "target_ms": _number(0, 7 * 86_400_000),
        "weekdays": _number(1, 127), "created_ms": _moment, "enabled": _switch, "about": _uuid,
    },
    "focus_session": {
        "state": _one_of(*(state for state in STATES if state not in (RUNNING, PAUSED))),
        "device": _device, "project": _uuid, "note": _words, "started_ms": _moment,
        "ended_ms": _maybe(_moment), "utc_offset_s": _number(-86_400, 86_400), "planned_ms": _maybe(_moment),
        "focused_ms": _moment, "updated_ms": _moment, "interruptions": _number(0, 2**31),
    },
}  # fmt: skip

_REQUIRED = {
    "category": ("name", "color", "position"),
    "rule": ("position", "category_id", "conditions"),
    "project": ("name", "color", "created_ms"),
    "goal": ("kind", "subject", "period", "target_ms", "created_ms"),
    "focus_session": ("device_id", "state", "started_ms", "utc_offset_s", "focused_ms", "updated_ms"),
}


def _checked(type_: str, fields: Mapping[str, Value]) -> dict[str, Any]:
    checks = _CHECKS[type_]
    known = {name: value for name, value in fields.items() if name in checks}
    if not all(checks[name](value) for name, value in known.items()):
        raise Unfit(type_)
    return {name: int(value) if isinstance(value, bool) else value for name, value in known.items()}
