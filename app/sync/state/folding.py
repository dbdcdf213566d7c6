"""The outbox becomes records: what changed here, each field with the moment of its change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast
from uuid import uuid4

from app.models.outbox import CREATED, DELETED, HOUR_MS, Corrected
from app.models.spans_table import first_id
from app.models.store import Store
from app.sync.bodies.values import SETTING, Record, Value
from app.sync.merge.corrections import (
    ASSIGNED,
    CATEGORY,
    CORRECTION,
    ERASURE,
    NOTE,
    PIECES,
    PROJECT,
    by_start,
    field_name,
)
from app.sync.merge.hlc import later
from app.sync.merge.joining import FIRST, alive, latest, same, with_fields, without
from app.sync.state.entities import TYPES, Entities, field_of
from app.sync.state.objects import Known, Objects
from app.sync.state.references import References

HEIR = "heir"


@dataclass(frozen=True, slots=True)
class Folding:
    """Folds the outbox of one store. `now_ms`: the wall clock; nothing counts as changed later than that.

    `defaults`: the fields of what every home has from its first start on, by type and uuid: unchanged they
    are no edit of anybody.
    """

    store: Store
    objects: Objects
    entities: Entities
    references: References
    device: bytes
    now_ms: int
    defaults: Mapping[tuple[str, str], Mapping[str, Value]]

    def fold(self) -> None:
        """Within a transaction of the caller. Slots stay in the outbox: see `slots.py`."""
        self._records()
        covered = self._erasures()
        self._corrections(covered)
        self.store.connection.execute("DELETE FROM outbox_heirs")

    def settings(self, given: Mapping[str, Value]) -> None:
        """What of this machine's settings is new; they stand in a file, which no trigger sees."""
        prefix = f"{self.device.hex()}/"
        for key, value in given.items():
            known = self.objects.record(SETTING, prefix + key)
            ours = known.ours or _nothing(known)
            if not alive(ours) or "value" not in ours.fields or not same(ours.fields["value"], value):
                at = later(latest(ours), self.now_ms, self.device)
                self._due(known, with_fields(ours, {"value": value}, at))
        for known in self.objects.of_type(SETTING):
            ours, own = known.ours, known.name.startswith(prefix)
            if own and ours is not None and alive(ours) and known.name.removeprefix(prefix) not in given:
                self._due(known, without(ours, later(latest(ours), self.now_ms, self.device)))

    # Records

    def _records(self) -> None:
        run = self.store.connection.execute
        noted: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for type_, uuid, column, at_ms in run("SELECT type, uuid, field, at_ms FROM outbox_fields"):
            noted[type_, uuid][column] = min(at_ms, self.now_ms)
        for (type_, uuid), columns in noted.items():
            if type_ in TYPES:
                self._record(type_, uuid, columns)
        run("DELETE FROM outbox_fields")

    def _record(self, type_: str, uuid: str, columns: Mapping[str, int]) -> None:
        known = self.objects.record(type_, uuid)
        current = self.entities.read(type_, uuid)
        if current is None:
            gone = self.entities.row_id(type_, uuid) is None
            if gone and DELETED in columns and known.ours is not None and alive(known.ours):
                self._delete(known, known.ours, columns[DELETED])
            return
        self.references.note_there(_TABLES.get(type_, ""), uuid)
        if known.ours is None and (type_, uuid) in self.defaults:
            known = _with_default(known, current, self.defaults[type_, uuid])
        ours = known.ours or _nothing(known)
        whole = CREATED in columns or not alive(ours) or not ours.changed
        times = {field_of(type_, column, self.device): at for column, at in columns.items()}
        newest = max(columns.values())
        changed = ours
        for name, value in current.items():
            known_value = name in ours.changed and same(ours.fields.get(name), value)
            if known_value or not (whole or name in times):
                continue
            than = max(ours.changed.get(name, FIRST), ours.deleted or FIRST)
            at = later(than, times.get(name, newest), self.device)
            changed = with_fields(changed, {name: value}, at)
        if changed is not ours or known.version == 0:
            self._due(known, changed)

    def _delete(self, known: Known, ours: Record, at_ms: int) -> None:
        heir = self.store.connection.execute(
            "SELECT heir FROM outbox_heirs WHERE type = ? AND uuid = ?", (known.type, known.name)
        ).fetchone()
        gone = without(ours, later(latest(ours), at_ms, self.device))
        into = None if heir is None else heir[0]
        self.references.note_gone(_TABLES.get(known.type, ""), known.name, into)
        self._due(known, gone if into is None else replace(gone, extra={**gone.extra, HEIR: into}))

    def _due(self, known: Known, ours: Record) -> None:
        self.objects.put(replace(known, ours=ours, due=True, held=False))

    # What was said of other machines' activity

    def _erasures(self) -> list[tuple[int, int]]:
        run = self.store.connection.execute
        found: list[tuple[int, int]] = []
        owners = [bytes(row[0]) for row in run("SELECT DISTINCT owner FROM devices WHERE owner IS NOT NULL")]
        for from_ms, to_ms, noted_ms in run("SELECT from_ms, to_ms, at_ms FROM outbox_erasures").fetchall():
            at_ms = min(noted_ms, self.now_ms)
            low, high = max(0, from_ms or 0), at_ms if to_ms is None else min(to_ms, at_ms)
            if low >= high:
                continue
            found.append((low, high))
            for owner in owners:
                fields: dict[str, Value] = {"device": owner.hex(), "from": low, "to": high}
                known = self.objects.record(ERASURE, str(uuid4()))
                self._due(known, with_fields(_nothing(known), fields, later(None, at_ms, self.device)))
        run("DELETE FROM outbox_erasures")
        return found

    def _corrections(self, covered: Iterable[tuple[int, int]]) -> None:
        run = self.store.connection.execute
        stretches = list(covered)
        slots: dict[tuple[int, int], dict[str, tuple[Value, int]]] = defaultdict(dict)
        inside: dict[int, int] = {}
        rows = run(
            "SELECT device_id, start_ms, mask, end_ms, project_id, category_id, at_ms FROM outbox_rows "
            "ORDER BY device_id, start_ms"
        ).fetchall()
        for device, start, mask, end, project, category, at in rows:
            bits = Corrected(mask)
            if any(low <= start < high or low < end <= high for low, high in stretches):
                continue  # an erasure says it
            place = slots[device, start // HOUR_MS]
            told: list[int] = []
            said = self._said(device, start, bits, (end, project, category), inside, told)
            place.update({field_name(start, what): (value, at) for what, value in said.items()})
            for piece in told:
                whole = self._all_of(device, piece)
                place.update({field_name(piece, what): (value, at) for what, value in whole.items()})
        run("DELETE FROM outbox_rows")
        for (device, hour), fields in slots.items():
            if fields:
                self._correct(device, hour, fields)

    def _said(
        self,
        device: int,
        start: int,
        bits: Corrected,
        before: tuple[int, int | None, int | None],
        inside: dict[int, int],
        told: list[int],
    ) -> dict[str, Value]:
        """What is new of a span. `inside`: how far a device's cut spans reached; `told`: pieces cut off."""
        end, project, category = before
        run = self.store.connection.execute
        said: dict[str, Value] = {}
        if bits & (Corrected.GONE | Corrected.BOUNDS) and start >= inside.get(device, -1):
            pieces = run(
                "SELECT start_ms, end_ms FROM activity_logs "
                "WHERE device_id = ? AND id >= ? AND id < ? ORDER BY id",
                (device, first_id(start), first_id(max(end, start + 1))),
            ).fetchall()
            if [tuple(piece) for piece in pieces] != [(start, end)]:
                said[PIECES] = [*(list(piece) for piece in pieces), *self._cut_before(device, start, end)]
                inside[device] = end
                told += [piece for piece, _ in pieces if piece != start]
        row = self._row(device, start)
        if row is None:
            return said
        if bits & Corrected.PROJECT and row[0] != project and not self._follows("projects", project, row[0]):
            said[PROJECT] = self.references.uuid("projects", row[0])
        category_new = bits & Corrected.CATEGORY and row[1] != category
        if category_new and not self._follows("categories", category, row[1]):
            said[CATEGORY] = self.references.uuid("categories", row[1])
        if bits & Corrected.ASSIGNED:
            said[ASSIGNED] = bool(row[2])
        if bits & Corrected.NOTE:
            said[NOTE] = self.store.text(row[3])
        return said

    def _cut_before(self, device: int, start: int, end: int) -> list[Value]:
        """Pieces from `end` on that were told of a span, and that its owner has not cut off yet."""
        owner, machine = self.references.owner(device), self.references.machine(device)
        known = self.objects.record(CORRECTION, correction_uuid(owner, machine, start // HOUR_MS))
        fields = {} if known.ours is None else by_start(known.ours.fields)
        told = cast("Sequence[Sequence[int]]", fields.get(start, {}).get(PIECES, ()))
        return [list(piece) for piece in told if piece[0] >= end]

    def _all_of(self, device: int, start: int) -> dict[str, Value]:
        """All that can be said of a span that was cut off another, and has what that had."""
        row = self._row(device, start)
        if row is None:
            return {}
        return {
            PROJECT: self.references.uuid("projects", row[0]),
            CATEGORY: self.references.uuid("categories", row[1]),
            ASSIGNED: bool(row[2]),
            NOTE: self.store.text(row[3]),
        }

    def _row(self, device: int, start: int) -> tuple[int | None, int | None, int, int | None] | None:
        return self.store.connection.execute(
            "SELECT project_id, category_id, assigned, note_id FROM activity_logs "
            "WHERE device_id = ? AND id >= ? AND id < ?",
            (device, first_id(start), first_id(start + 1)),
        ).fetchone()

    def _follows(self, table: str, before: int | None, after: int | None) -> bool:
        """Whether the time moved because what it was under was merged or deleted, which is told by itself."""
        if before is None:
            return False
        merged = "merged_into_id" if table == "projects" else "NULL"
        row = self.store.connection.execute(
            f"SELECT {merged} FROM {table} WHERE id = ?",  # noqa: S608 - our own names
            (before,),
        ).fetchone()
        return row is None or (row[0] is not None and row[0] == after)

    def _correct(self, device: int, hour: int, fields: Mapping[str, tuple[Value, int]]) -> None:
        owner, machine = self.references.owner(device), self.references.machine(device)
        known = self.objects.record(CORRECTION, correction_uuid(owner, machine, hour))
        ours = known.ours or _nothing(known)
        if not alive(ours) or "device" not in ours.fields:
            at = later(latest(ours), self.now_ms, self.device)
            ours = with_fields(ours, {"device": owner.hex(), "machine": machine, "hour": hour}, at)
        for name, (value, at_ms) in fields.items():
            than = max(ours.changed.get(name, FIRST), ours.deleted or FIRST)
            ours = with_fields(ours, {name: value}, later(than, min(at_ms, self.now_ms), self.device))
        self._due(known, ours)


def correction_uuid(owner: bytes, machine: str, hour: int) -> str:
    """The name of the one record with corrections of a machine's hour."""
    return f"{owner.hex()}/{machine}/{hour}"


_TABLES = {"project": "projects", "category": "categories"}


def _nothing(known: Known) -> Record:
    return Record(known.type, known.name, FIRST, {}, {})


def _with_default(known: Known, current: Mapping[str, Value], default: Mapping[str, Value]) -> Known:
    """As if both had it from the first day on; only what differs from the default is an edit."""
    fields = {name: default.get(name, value) for name, value in current.items()}
    record = Record(known.type, known.name, FIRST, fields, dict.fromkeys(fields, FIRST))
    return replace(known, base=record, ours=record)
