"""Everything of ours, as the lines of an export; read in one moment of the database, line by line."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from app.analytics.exchange.records import FOOTER, HEADER, line_of
from app.errors import KeyUnavailable
from app.models.categories import read_categories
from app.models.cipher import Cipher
from app.models.rules import read_rules

_REMEMBERED = 20_000


class Texts:
    """Opens sealed texts, remembering those of late."""

    def __init__(self, connection: sqlite3.Connection, cipher: Cipher | None) -> None:
        self._connection = connection
        self._cipher = cipher
        self._opened: dict[int, str] = {}

    def get(self, text_id: int | None) -> str | None:
        """Raises `KeyUnavailable` without the key: an export that silently lost its titles is none."""
        if text_id is None:
            return None
        found = self._opened.get(text_id)
        if found is None:
            if self._cipher is None:
                raise KeyUnavailable(
                    "The key to your titles is not available.",
                    detail="Without it they cannot be exported.",
                    advice="`devpulse data key status` tells how the key is kept.",
                )
            row = self._connection.execute("SELECT sealed FROM texts WHERE id = ?", (text_id,)).fetchone()
            found = self._cipher.open(row[0])
            if len(self._opened) >= _REMEMBERED:
                self._opened.clear()
            self._opened[text_id] = found
        return found


class Export:
    """One export. `connection`: read-only; a transaction of its own is opened on it."""

    def __init__(
        self, connection: sqlite3.Connection, cipher: Cipher | None, settings: Mapping[str, Any]
    ) -> None:
        self._connection = connection
        self._texts = Texts(connection, cipher)
        self._settings = settings

    def lines(self) -> Iterator[str]:
        """The file's lines with their ends. Raises `StorageError` and its kinds."""
        self._connection.execute("BEGIN")
        try:
            yield f"{HEADER}\n"
            before = ""
            for record in self._records():
                if before:
                    yield f"{before},\n"
                before = record
            yield f"{before}\n{FOOTER}\n" if before else f"{FOOTER}\n"
        finally:
            # Left before its end, as on a full disk, this may run after the connection was closed.
            with contextlib.suppress(sqlite3.ProgrammingError):
                self._connection.execute("ROLLBACK")

    def _records(self) -> Iterator[str]:
        if self._settings:
            values = json.dumps(dict(self._settings), sort_keys=True)
            yield line_of("settings", {"values": json.loads(values)})
        for uuid, name in self._rows(_DEVICES):
            yield line_of("device", {"uuid": uuid, "name": name})
        for uuid, name, parent, color, productivity, position in self._rows(_CATEGORIES):
            yield line_of(
                "category",
                {"uuid": uuid, "name": name, "parent": parent, "color": color,
                 "productivity": productivity, "position": position},
            )  # fmt: skip
        names = {category.id: category.uuid for category in read_categories(self._connection)}
        for rule in read_rules(self._connection):
            yield line_of(
                "rule",
                {"uuid": rule.uuid, "position": rule.position, "category": names[rule.category_id],
                 "conditions": list(rule.conditions), "disabled": not rule.enabled, "origin": rule.origin},
            )  # fmt: skip
        yield from self._projects()
        yield from self._goals()
        yield from self._imports()
        yield from self._spans()
        yield from self._focus()

    def _projects(self) -> Iterator[str]:
        for row in self._rows(_PROJECTS):
            identity, uuid, name, color, created, archived, commit, language, remote, merged = row
            roots = self._rows("SELECT path_text_id FROM project_roots WHERE project_id = ?", identity)
            opened = [self._texts.get(root[0]) for root in roots]
            yield line_of(
                "project",
                {"uuid": uuid, "name": name, "color": color, "created": created, "archived": bool(archived),
                 "root_commit": commit, "language": language, "remote": self._texts.get(remote),
                 "roots": sorted(root for root in opened if root is not None), "merged_into": merged},
            )  # fmt: skip

    def _goals(self) -> Iterator[str]:
        for row in self._rows(_GOALS):
            uuid, aim, subject, project, category, period, target, weekdays, enabled, created = row
            yield line_of(
                "goal",
                {"uuid": uuid, "aim": aim, "subject": subject, "project": project, "category": category,
                 "period": period, "target": target, "weekdays": weekdays, "disabled": not enabled,
                 "created": created},
            )  # fmt: skip

    def _imports(self) -> Iterator[str]:
        for uuid, source, started, finished, digest, spans, name in self._rows(_IMPORTS):
            yield line_of(
                "import",
                {"uuid": uuid, "source": source, "started": started, "finished": finished,
                 "digest": digest.hex(), "spans": spans, "name": self._texts.get(name)},
            )  # fmt: skip

    def _spans(self) -> Iterator[str]:
        for device, uuid in self._rows("SELECT id, uuid FROM devices ORDER BY uuid"):
            rows = self._connection.execute(_SPANS, (device,))
            # Spans of one moment have no order of their own; their text gives them one.
            for _, alike in groupby(rows, key=lambda row: row[0]):
                yield from sorted(line_of("span", self._span(uuid, row)) for row in alike)

    def _span(self, device: str, row: tuple[Any, ...]) -> dict[str, Any]:
        (start, end, offset, state, switched, application, title, url, path, project, branch, language,
         category, assigned, note, brought) = row  # fmt: skip
        return {
            "device": device, "start": start, "end": end, "offset": offset,
            "state": "idle" if state else "active", "switched": bool(switched), "application": application,
            "title": self._texts.get(title), "url": self._texts.get(url), "path": self._texts.get(path),
            "project": project, "branch": branch, "language": language, "category": category,
            "assigned": bool(assigned), "note": self._texts.get(note),
            "import": brought,
        }  # fmt: skip

    def _focus(self) -> Iterator[str]:
        for row in self._rows(_FOCUS):
            names = ("uuid", "device", "project", "state", "started", "ended", "offset", "planned",
                     "focused", "updated", "interruptions", "note")  # fmt: skip
            values = dict(zip(names, row, strict=True))
            yield line_of("focus", {**values, "note": self._texts.get(values["note"])})

    def _rows(self, query: str, *values: int) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()


_DEVICES = """
    SELECT uuid, name FROM devices WHERE id IN (SELECT device_id FROM activity_logs)
        OR id IN (SELECT device_id FROM focus_sessions) ORDER BY uuid
"""
_CATEGORIES = """
    SELECT c.uuid, c.name, p.uuid, c.color, c.productivity, c.position
    FROM categories c LEFT JOIN categories p ON p.id = c.parent_id ORDER BY c.position, c.uuid
"""
_PROJECTS = """
    SELECT p.id, p.uuid, p.name, p.color, p.created_ms, p.archived, p.root_commit, p.language,
        p.remote_text_id, m.uuid
    FROM projects p LEFT JOIN projects m ON m.id = p.merged_into_id ORDER BY p.uuid
"""
_GOALS = """
    SELECT g.uuid, g.kind, g.subject, p.uuid, c.uuid, g.period, g.target_ms, g.weekdays, g.enabled,
        g.created_ms
    FROM goals g LEFT JOIN projects p ON g.subject = 'project' AND p.id = g.subject_id
        LEFT JOIN categories c ON g.subject = 'category' AND c.id = g.subject_id
    ORDER BY g.uuid
"""
_IMPORTS = """
    SELECT uuid, source, started_ms, finished_ms, digest, spans, name_text_id FROM imports ORDER BY uuid
"""
_SPANS = """
    SELECT s.start_ms, s.end_ms, s.utc_offset_s, s.state, s.switched, a.name, s.title_id, s.url_id,
        s.path_id, p.uuid, b.name, l.name, c.uuid, s.assigned, s.note_id, i.uuid
    FROM activity_logs s
        LEFT JOIN applications a ON a.id = s.application_id LEFT JOIN projects p ON p.id = s.project_id
        LEFT JOIN branches b ON b.id = s.branch_id LEFT JOIN languages l ON l.id = s.language_id
        LEFT JOIN categories c ON c.id = s.category_id LEFT JOIN imports i ON i.id = s.import_id
    WHERE s.device_id = ? ORDER BY s.id
"""
_FOCUS = """
    SELECT f.uuid, d.uuid, p.uuid, f.state, f.started_ms, f.ended_ms, f.utc_offset_s, f.planned_ms,
        f.focused_ms, f.updated_ms, f.interruptions, f.note_id
    FROM focus_sessions f JOIN devices d ON d.id = f.device_id
        LEFT JOIN projects p ON p.id = f.project_id
    ORDER BY f.uuid
"""
