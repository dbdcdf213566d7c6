"""Records that came are merged with ours and stored in their rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.models.categories import Categories
from app.models.corrections import move_all
from app.models.projects import Projects
from app.models.store import Store
from app.sync.bodies.values import CONFLICT, SETTING, Record, Value
from app.sync.merge.corrections import CORRECTION, ERASURE
from app.sync.merge.hlc import ahead_ms, later
from app.sync.merge.joining import alive, join, latest, with_fields
from app.sync.merge.strategies import Strategy, strategy_for
from app.sync.merge.three_way import merge
from app.sync.state.conflicts import conflict_of
from app.sync.state.entities import TYPES, Entities, Unfit
from app.sync.state.folding import HEIR
from app.sync.state.objects import Known, Objects
from app.sync.state.references import References
from app.sync.state.values import Incoming

# What refers to others comes after them.
_ORDER = (*TYPES, SETTING, CORRECTION, ERASURE, CONFLICT)
_JOINED = frozenset({CORRECTION, ERASURE, CONFLICT})
_TABLES = {"project": "projects", "category": "categories"}


def in_order(page: list[Incoming]) -> list[tuple[Incoming, Record]]:
    """The records of a page, what is referred to first."""
    found = [(one, one.body) for one in page if isinstance(one.body, Record)]
    places = {type_: place for place, type_ in enumerate(_ORDER)}
    return sorted(found, key=lambda pair: (places.get(pair[1].type, len(places)), pair[0].sequence))


@dataclass(slots=True)
class Records:
    """Merges and stores, within a transaction of the caller in which nothing is noted."""

    store: Store
    objects: Objects
    entities: Entities
    references: References
    device: bytes
    now_ms: int
    strategies: Mapping[str, Strategy]
    changed: list[Record] = field(default_factory=list[Record])
    asks: int = 0
    ahead: dict[bytes, int] = field(default_factory=dict[bytes, int])

    def learn_gone(self) -> None:
        """Read what was deleted, so that what still refers to it finds its heir, or nothing."""
        for type_, table in _TABLES.items():
            for known in self.objects.of_type(type_):
                if known.ours is not None and not alive(known.ours):
                    heir = known.ours.extra.get(HEIR)
                    self.references.note_gone(table, known.name, heir if isinstance(heir, str) else None)

    def take(self, incoming: Incoming, theirs: Record) -> None:
        """Merge one record that came."""
        known = self.objects.by_id(incoming.object) or self.objects.record(theirs.type, theirs.uuid)
        if incoming.version < known.version:
            return
        self._look_at_clock(theirs)
        base, ours = known.base, known.ours
        known = replace(known, version=incoming.version, hash=incoming.hash)
        if ours is None:
            result = theirs
        elif theirs.type in _JOINED:
            result = join(ours, theirs)
        else:
            strategy = strategy_for(theirs.type, self.strategies)
            done = merge(base, ours, theirs, strategy, self.device, self.now_ms)
            result = done.record
            if done.collided:
                self._note_conflict(ours, theirs, result, done.collided, asks=done.asks)
        self.objects.put(replace(known, base=theirs, ours=result, due=result != theirs))
        if result != ours:
            self.store_record(result)

    def set(self, known: Known, record: Record) -> None:
        """Let a record be like this from now on, here and, when pushed, everywhere."""
        self.objects.put(replace(known, ours=record, due=True))
        self.store_record(record)

    def store_record(self, record: Record) -> None:
        """Let the row be as the record says. What this version cannot store is kept as it is."""
        self.changed.append(record)
        if record.type not in TYPES:
            return
        run = self.store.connection.execute
        run("SAVEPOINT sync_record")
        try:
            self._write(record)
            held = False
        except (Unfit, sqlite3.IntegrityError, ValueError, OverflowError):
            run("ROLLBACK TO sync_record")
            self.store.interning.forget()
            held = True
        run("RELEASE sync_record")
        self._hold(record, held=held)

    def hide(self, record: Record, *, hidden: bool) -> None:
        """Take a focus session out of its table without deleting it, or put it back."""
        if hidden:
            self.store.connection.execute("DELETE FROM focus_sessions WHERE uuid = ?", (record.uuid,))
            self._hold(record, held=True)
        elif alive(record):
            self.store_record(record)

    def settle(self) -> None:
        """What no single record can see: circles, and one project under two names."""
        self._break_circles("category", "parent")
        self._break_circles("project", "merged_into")
        self._join_projects()

    def _write(self, record: Record) -> None:
        if not alive(record):
            self._remove(record)
            return
        table = _TABLES.get(record.type)
        if table is not None:
            self.references.note_there(table, record.uuid)
        self.entities.write(record.type, record.uuid, record.fields)
        if record.type == "project":
            self._merge_project(record)

    def _remove(self, record: Record) -> None:
        heir = record.extra.get(HEIR)
        table = _TABLES.get(record.type)
        if table is not None:
            self.references.note_gone(table, record.uuid, heir if isinstance(heir, str) else None)
        identity = self.entities.row_id(record.type, record.uuid)
        if identity is None:
            return
        run = self.store.connection.execute
        if record.type == "category":
            target = self.references.category(heir)
            Categories(self.store).delete(identity, move_to=None if target == identity else target)
        elif record.type == "project":
            move_all(self.store, "project_id", identity, None)
            for statement in _NO_PROJECT:
                run(statement, (identity,))
        else:
            run(f"DELETE FROM {_OTHER_TABLES[record.type]} WHERE id = ?", (identity,))  # noqa: S608 - our own names

    def _merge_project(self, record: Record) -> None:
        """Being part of another moves the time, here as everywhere."""
        run = self.store.connection.execute
        identity, into = self.entities.row_id("project", record.uuid), record.fields.get("merged_into")
        target = self.references.project(into) if into is not None else None
        if identity is None or target == identity:
            return
        current = run("SELECT merged_into_id FROM projects WHERE id = ?", (identity,)).fetchone()[0]
        if target is None:
            run("UPDATE projects SET merged_into_id = NULL WHERE id = ?", (identity,))
        elif current is None:
            Projects(self.store).merge(identity, target)
        elif current != target:
            run("UPDATE projects SET merged_into_id = ? WHERE id = ?", (target, identity))

    def _break_circles(self, type_: str, name: str) -> None:
        """Two machines laid things under each other: the one with the lowest name stands alone again."""
        if not any(record.type == type_ and record.fields.get(name) for record in self.changed):
            return
        known = {one.name: one.ours for one in self.objects.of_type(type_) if one.ours is not None}
        above = {uuid: record.fields.get(name) for uuid, record in known.items() if alive(record)}
        for circle in _circles(above):
            lowest = min(circle)
            at = later(latest(known[lowest]), self.now_ms, self.device)
            self.set(self.objects.record(type_, lowest), with_fields(known[lowest], {name: None}, at))
            for uuid in sorted(circle - {lowest}):
                self.store_record(known[uuid])

    def _join_projects(self) -> None:
        """One repository that two machines met before they knew of each other is one project: the older."""
        if not any(record.type == "project" for record in self.changed):
            return
        rows = self.store.connection.execute(_TWICE).fetchall()
        for source, target in rows:
            uuid, into = self.references.uuid("projects", source), self.references.uuid("projects", target)
            known = self.objects.record("project", uuid or "")
            if known.ours is None or into is None or not alive(known.ours):
                continue
            row = self.store.connection.execute(
                "SELECT count(*) FROM projects WHERE id IN (?, ?) AND merged_into_id IS NULL",
                (source, target),
            ).fetchone()
            if row[0] == 2:
                at = later(latest(known.ours), self.now_ms, self.device)
                self.set(known, with_fields(known.ours, {"merged_into": into}, at))

    def _note_conflict(
        self, ours: Record, theirs: Record, result: Record, fields: tuple[str, ...], *, asks: bool
    ) -> None:
        made = conflict_of(ours, theirs, result, fields, asks=asks, device=self.device, now_ms=self.now_ms)
        known = self.objects.record(CONFLICT, made.uuid)
        if known.ours is None:
            self.objects.put(replace(known, ours=made, due=True))
            self.asks += asks

    def _hold(self, record: Record, *, held: bool) -> None:
        known = self.objects.record(record.type, record.uuid)
        if known.ours is not None and known.held != held:
            self.objects.put(replace(known, held=held))

    def _look_at_clock(self, theirs: Record) -> None:
        ahead = ahead_ms(latest(theirs), self.now_ms)
        if ahead:
            device = latest(theirs).device
            self.ahead[device] = max(ahead, self.ahead.get(device, 0))


def _circles(above: Mapping[str, Value]) -> list[frozenset[str]]:
    """The things that lie under themselves, by what is above each."""
    found: set[frozenset[str]] = set()
    for start in above:
        seen: list[str] = []
        at: Value = start
        while isinstance(at, str) and at in above and at not in seen:
            seen.append(at)
            at = above[at]
        if isinstance(at, str) and at in seen:
            found.add(frozenset(seen[seen.index(at) :]))
    return sorted(found, key=min)


_OTHER_TABLES = {"rule": "rules", "goal": "goals", "focus_session": "focus_sessions"}
_NO_PROJECT = (
    "UPDATE focus_sessions SET project_id = NULL WHERE project_id = ?",
    "DELETE FROM goals WHERE subject = 'project' AND subject_id = ?",
    "DELETE FROM project_roots WHERE project_id = ?",
    "UPDATE projects SET merged_into_id = NULL WHERE merged_into_id = ?",
    "DELETE FROM projects WHERE id = ?",
)
# Pairs of unmerged projects of one first commit, or of one remote: which becomes part of which.
_TWICE = """
    SELECT a.id, b.id FROM projects a JOIN projects b
        ON (a.root_commit = b.root_commit OR a.remote_digest = b.remote_digest)
        AND (b.created_ms, b.uuid) < (a.created_ms, a.uuid)
    WHERE a.merged_into_id IS NULL AND b.merged_into_id IS NULL AND b.created_ms > 0
    ORDER BY b.created_ms, b.uuid, a.uuid
"""
