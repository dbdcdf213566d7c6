"""What is known of each hour of activity: its generation, which container holds it, whether it is due."""

from __future__ import annotations

import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from app.sync.bodies.activity import slot_digest
from app.sync.bodies.values import Activity, Slot
from app.sync.state.containers import Hour, plan
from app.sync.state.objects import Objects
from app.sync.state.reading import Reader
from app.sync.state.references import References
from app.sync.wire.envelope import MOST_BYTES

# An envelope holds 1 MiB; what is sealed is compressed, but how well is known only then.
MOST_BODY = MOST_BYTES - 65_536


class Slots:
    """`sync_slots` of one store; within transactions of the caller."""

    def __init__(self, connection: sqlite3.Connection, references: References) -> None:
        self._connection = connection
        self._to = references

    def generation(self, device_id: int, hour: int) -> int:
        """The generation that is stored; 0 where nothing is known."""
        row = self._connection.execute(
            "SELECT generation FROM sync_slots WHERE device_id = ? AND hour = ?", (device_id, hour)
        ).fetchone()
        return 0 if row is None else int(row[0])

    def made_here(self, device_id: int, slot: Slot) -> bool:
        """Whether this home made that very content, and only has no answer to it."""
        row = self._connection.execute(
            "SELECT attempts FROM sync_slots WHERE device_id = ? AND hour = ?", (device_id, slot.hour)
        ).fetchone()
        return row is not None and slot_digest(slot).hex() in (row[0] or "").split()

    def put(self, device_id: int, slot: Slot) -> None:
        """Note that a slot is known as it is; whether something is due stays."""
        self._connection.execute(
            _PUT, (device_id, slot.hour, slot.generation, slot.generation, slot_digest(slot))
        )

    def make_due(self, device_id: int, hour: int) -> None:
        """Push this hour anew, with another generation, whatever it holds."""
        self._connection.execute(
            "INSERT INTO sync_slots (device_id, hour, generation, tried, due) VALUES (?, ?, 0, 0, 1) "
            "ON CONFLICT DO UPDATE SET due = 1",
            (device_id, hour),
        )

    def take_outbox(self) -> set[tuple[int, int]]:
        """Make due what the outbox notes; returns the hours from which something was taken away."""
        run = self._connection.execute
        erased = {(d, h) for d, h in run("SELECT device_id, hour FROM outbox_slots WHERE erased = 1")}
        run(
            "INSERT INTO sync_slots (device_id, hour, generation, tried, due) "
            "SELECT device_id, hour, 0, 0, 1 FROM outbox_slots WHERE 1 "
            "ON CONFLICT DO UPDATE SET due = 1"
        )
        run("DELETE FROM outbox_slots")
        return erased

    def arrange(
        self, objects: Objects, erased: Iterable[tuple[int, int]], now_hour: int, *, settle: bool
    ) -> None:
        """Find a container for each hour that is due, and make due the containers that change by it."""
        gone = set(erased)
        waiting = {row[0] for row in self._connection.execute(_WAITING)}
        known: dict[int, dict[int, Hour]] = defaultdict(dict)
        for device, hour, container, due in self._connection.execute(_OWN).fetchall():
            bare = None if container is None else _bare(container, self._to.machine(device))
            anew = (device, hour) in gone or container in waiting
            known[device][hour] = Hour(hour, bare, bool(due), anew)
        for device, hours in known.items():
            machine = self._to.machine(device)
            for hour, bare in plan(hours.values(), now_hour, settle=settle).items():
                before = hours[hour].container
                for changed in {before, bare} - {None}:
                    assert changed is not None
                    _make_due(objects, _named(changed, machine))
                self._connection.execute(
                    "UPDATE sync_slots SET container = ? WHERE device_id = ? AND hour = ?",
                    (_named(bare, machine), device, hour),
                )

    def in_container(self, name: str) -> list[tuple[int, int, bool]]:
        """The hours that a container holds: device, hour, whether it is due."""
        rows = self._connection.execute(_HELD, (name,))
        return [(device, hour, bool(due)) for device, hour, due, _, _, _ in rows]

    def body(self, name: str, reader: Reader) -> Activity:
        """What a container is to hold; an hour that is new has the next generation, and is noted as tried.

        An hour may be new without being due: its project was merged by another machine's word.
        """
        held = self._connection.execute(_HELD, (name,)).fetchall()
        slots: list[Slot] = []
        for device in sorted({row[0] for row in held}):
            machine = self._to.machine(device)
            label = self._to.name(device) if machine else ""
            rows = reader.hours(device, [hour for of, hour, *_ in held if of == device])
            for of, hour, due, generation, following, digest in held:
                if of != device:
                    continue
                slot = Slot(hour, generation, rows[hour], machine, label)
                if due or slot_digest(slot) != digest:
                    slot = replace(slot, generation=following)
                    self._note_attempt(device, slot)
                slots.append(slot)
        return Activity(tuple(slots))

    def _note_attempt(self, device: int, slot: Slot) -> None:
        self._connection.execute(
            "UPDATE sync_slots SET due = 1, tried = ?1, attempts = ifnull(attempts, '') || ' ' || ?2 "
            "WHERE device_id = ?3 AND hour = ?4",
            (slot.generation, slot_digest(slot).hex(), device, slot.hour),
        )

    def split(self, objects: Objects, name: str) -> bool:
        """Move the later half of a container's hours to a free one, because all are too much for one; False
        where there is nothing to move."""
        held = self.in_container(name)
        later = held[len(held) // 2 :]
        if len(held) < 2:
            return False
        prefix = name.rpartition("/")[0]
        number = 0
        while self.in_container(f"{prefix}/{number}") or f"{prefix}/{number}" == name:
            number += 1
        self._connection.executemany(
            "UPDATE sync_slots SET container = ? WHERE device_id = ? AND hour = ?",
            [(f"{prefix}/{number}", device, hour) for device, hour, _ in later],
        )
        _make_due(objects, f"{prefix}/{number}")
        return True

    def confirm(self, activity: Activity, owner: bytes) -> None:
        """The service has these slots: they are due no more. Nothing is folded since they were collected."""
        for slot in activity.slots:
            device = self._to.device(owner, slot.machine, slot.machine_name)
            self._connection.execute(
                "UPDATE sync_slots SET generation = ?, digest = ?, attempts = NULL, due = 0 "
                "WHERE device_id = ? AND hour = ?",
                (slot.generation, slot_digest(slot), device, slot.hour),
            )


def too_much(body: bytes, *, compressed: bool) -> bool:
    """Whether a body does not fit into one envelope."""
    return len(body) > MOST_BODY and (not compressed or len(zlib.compress(body, 1)) > MOST_BODY)


def _make_due(objects: Objects, name: str) -> None:
    objects.put(replace(objects.container(name), due=True, held=False))


def _named(bare: str, machine: str) -> str:
    """A container's name; those of an imported machine stand apart."""
    kind, _, rest = bare.partition("/")
    return f"{kind}/{machine}/{rest}" if machine else bare


def _bare(name: str, machine: str) -> str:
    return name.replace(f"/{machine}/", "/", 1) if machine else name


_OWN = """
    SELECT device_id, hour, container, due FROM sync_slots
    WHERE device_id IN (SELECT id FROM devices WHERE owner IS NULL) ORDER BY device_id, hour
"""
_HELD = """
    SELECT device_id, hour, due, generation, max(generation, tried) + 1, digest
    FROM sync_slots WHERE container = ? ORDER BY device_id, hour
"""
_WAITING = "SELECT name FROM sync_objects WHERE type = '' AND due = 1"
_PUT = """
    INSERT INTO sync_slots (device_id, hour, generation, tried, digest) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET generation = excluded.generation, digest = excluded.digest,
        tried = max(tried, excluded.tried), attempts = NULL
"""
