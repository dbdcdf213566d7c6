"""Activity that came: other machines' hours are stored, with what was said of them, and ours recognised."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from app.models.corrections import cut_out
from app.models.outbox import HOUR_MS, Noting, set_noting
from app.models.spans_table import LONGEST_MS, first_id, rows
from app.models.store import Store
from app.sync.bodies.values import Activity, Record, Slot, SpanRow
from app.sync.merge.corrections import (
    CORRECTION,
    DONE,
    ERASURE,
    by_start,
    corrected,
    erased,
    piece_starts,
    said_in,
)
from app.sync.merge.hlc import later
from app.sync.merge.joining import alive, latest, with_fields, without
from app.sync.state.folding import correction_uuid
from app.sync.state.objects import Objects
from app.sync.state.reading import Reader
from app.sync.state.references import References
from app.sync.state.slots import Slots
from app.sync.state.storing import Storing
from app.sync.state.values import Incoming


@dataclass(slots=True)
class IncomingActivity:
    """Stores a page's activity, within a transaction of the caller in which nothing is noted.

    `kept_from`: what other machines recorded before it (ms UTC) is not kept here.
    """

    store: Store
    objects: Objects
    slots: Slots
    references: References
    reader: Reader
    storing: Storing
    device: bytes
    now_ms: int
    kept_from: int = 0
    spans: int = 0
    erased: bool = False
    _erasures: dict[bytes, list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict[bytes, list[tuple[int, int]]](list)
    )

    def learn_erasures(self) -> None:
        """Read which erasures other machines have not obeyed yet."""
        for known in self.objects.of_type(ERASURE):
            stretch = None if known.ours is None else _stretch(known.ours)
            if stretch is not None:
                owner, low, high = stretch
                self._erasures[owner].append((low, high))

    def take(self, incoming: Incoming, activity: Activity) -> None:
        """Store what a container held."""
        if incoming.device == self.device:
            self._own(incoming, activity)
            return
        by_device: dict[int, list[Slot]] = defaultdict(list)
        for slot in activity.slots:
            device = self.references.device(incoming.device, slot.machine, slot.machine_name)
            if slot.generation > self.slots.generation(device, slot.hour):
                by_device[device].append(slot)
        for device, slots in by_device.items():
            self._store(incoming.device, device, slots)

    def correct(self, record: Record) -> None:
        """Do what was said of a machine's hour; its owner pushes the hour anew, and says that it did."""
        place = _place(record)
        if place is None or not by_start(record.fields):
            return
        owner, machine, hour = place
        own = owner == self.device
        device = self.references.device(owner, machine)
        stored = list(self.reader.hours(device, [hour])[hour])
        with _noting(self.store.connection, own=own):
            self.spans += self.storing.replace(device, [hour], corrected(stored, record.fields))
        if own:
            self._push_anew(device, piece_starts(record.fields))
            self._answer(record)

    def obey(self, record: Record) -> None:
        """Erase what another machine erased of this one's activity; elsewhere it is only left out."""
        stretch = _stretch(record)
        if stretch is None:
            return
        owner, low, high = stretch
        own = owner == self.device
        with _noting(self.store.connection, own=own):
            for device in self._devices(owner):
                found = rows(
                    self.store.connection,
                    "device_id = ? AND id >= ? AND id < ? AND (end_ms > ? OR start_ms >= ?)",
                    (device, first_id(low - LONGEST_MS), first_id(high), low, low),
                )
                self.spans += cut_out(self.store, found, low, high)
                if own:
                    self._push_anew(device, [high])
        self.erased = True
        if own:
            self._take_back(record)

    def _store(self, owner: bytes, device: int, slots: Sequence[Slot]) -> None:
        wanted: list[SpanRow] = []
        for slot in slots:
            inside = [row for row in slot.rows if row.start_ms // HOUR_MS == slot.hour]
            wanted += self._overlaid(owner, slot, inside)
            self.slots.put(device, slot)
        hours = [slot.hour for slot in slots]
        if self.kept_from:
            wanted = [row for row in wanted if row.start_ms >= self.kept_from]
        self.spans += self.storing.replace(device, hours, wanted)

    def _overlaid(self, owner: bytes, slot: Slot, rows: Iterable[SpanRow]) -> list[SpanRow]:
        found = list(rows)
        for low, high in self._erasures.get(owner, ()):
            found = erased(found, low, high)
        found = self._corrected(owner, slot.machine, slot.hour, found)
        inside = [row for row in found if row.start_ms // HOUR_MS == slot.hour]
        for hour in sorted({row.start_ms // HOUR_MS for row in found} - {slot.hour}):
            beside = [row for row in found if row.start_ms // HOUR_MS == hour]
            inside += self._corrected(owner, slot.machine, hour, beside)
        return inside

    def _corrected(self, owner: bytes, machine: str, hour: int, rows: list[SpanRow]) -> list[SpanRow]:
        known = self.objects.record(CORRECTION, correction_uuid(owner, machine, hour))
        return rows if known.ours is None else corrected(rows, known.ours.fields)

    def _own(self, incoming: Incoming, activity: Activity) -> None:
        """Either what we pushed and never heard the answer, or what we lost with a restored backup."""
        for slot in activity.slots:
            device = self.references.device(self.device, slot.machine, slot.machine_name)
            generation = self.slots.generation(device, slot.hour)
            if slot.generation > generation and self.slots.made_here(device, slot):
                self.slots.put(device, slot)
            elif slot.generation > generation:
                self._take_home(device, slot)
                self.slots.put(device, slot)
                self.slots.make_due(device, slot.hour)
            elif slot.generation < generation:
                self.slots.make_due(device, slot.hour)
        known = self.objects.by_id(incoming.object)
        if known is not None and incoming.version > known.version:
            due = known.due or any(due for *_, due in self.slots.in_container(known.name))
            self.objects.put(replace(known, version=incoming.version, hash=incoming.hash, due=due))

    def _take_home(self, device: int, slot: Slot) -> None:
        """Put back what this home recorded once and does not have any more."""
        there = self.reader.hours(device, [slot.hour])[slot.hour]
        starts = {row.start_ms for row in there}
        missing = [
            row for row in slot.rows if row.start_ms not in starts and row.start_ms // HOUR_MS == slot.hour
        ]
        if missing:
            with _noting(self.store.connection, own=True):
                self.spans += self.storing.add(device, missing)

    def _push_anew(self, device: int, starts: Iterable[int]) -> None:
        """Where a piece may begin that another machine cut off: what is true there, should it not be here."""
        for hour in sorted({start // HOUR_MS for start in starts}):
            self.slots.make_due(device, hour)

    def _answer(self, record: Record) -> None:
        """Mark what was said as done, field by field: what somebody says meanwhile still holds."""
        known = self.objects.record(record.type, record.uuid)
        ours = known.ours
        if ours is None:
            return
        for name in said_in(ours.fields):
            at = later(ours.changed[name], ours.changed[name].ms, self.device)
            ours = with_fields(ours, {name: DONE}, at)
        self.objects.put(replace(known, ours=ours, due=True))

    def _take_back(self, record: Record) -> None:
        known = self.objects.record(record.type, record.uuid)
        if known.ours is not None:
            gone = without(known.ours, later(latest(known.ours), self.now_ms, self.device))
            self.objects.put(replace(known, ours=gone, due=True))

    def _devices(self, owner: bytes) -> list[int]:
        if owner == self.device:
            query, values = "SELECT id FROM devices WHERE owner IS NULL", ()
        else:
            query, values = "SELECT id FROM devices WHERE owner = ?", (owner,)
        return [int(row[0]) for row in self.store.connection.execute(query, values)]


@contextmanager
def _noting(connection: sqlite3.Connection, *, own: bool) -> Generator[None]:
    """What is done to own activity on another machine's word is due, as if it had been done here."""
    if own:
        set_noting(connection, Noting.OWN)
    try:
        yield
    finally:
        set_noting(connection, Noting.NOTHING)


def hour_of(record: Record) -> int:
    """Corrections in the order of time: what was cut off lies later than what it was cut from."""
    place = _place(record)
    return -1 if place is None else place[2]


def _place(record: Record) -> tuple[bytes, str, int] | None:
    fields: Any = record.fields
    try:
        owner, machine, hour = bytes.fromhex(fields["device"]), fields["machine"], fields["hour"]
    except (KeyError, TypeError, ValueError):
        return None
    sound = len(owner) == 16 and isinstance(machine, str) and type(hour) is int and 0 <= hour < 1 << 24
    return (owner, machine, hour) if sound and record.type == CORRECTION else None


def _stretch(record: Record) -> tuple[bytes, int, int] | None:
    fields: Any = record.fields
    if record.type != ERASURE or not alive(record):
        return None
    try:
        owner, low, high = bytes.fromhex(fields["device"]), fields["from"], fields["to"]
    except (KeyError, TypeError, ValueError):
        return None
    sound = len(owner) == 16 and type(low) is int and type(high) is int and 0 <= low < high < 1 << 48
    return (owner, low, high) if sound else None
