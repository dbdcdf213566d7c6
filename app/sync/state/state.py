"""A home's whole side of sync: what is due is collected and confirmed, what comes is applied.

    state = SyncState(store, ids, device, now_ms)
    page = state.collect(4 << 20)                 # seal and push
    state.confirm([Pushed(...), ...])
    done = state.apply(incoming, cursor, lineage)

Each call is one transaction. One process at a time exchanges; others may record and correct meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from app.errors import KeyUnavailable, UsageError
from app.models import erasure
from app.models.outbox import Noting, note_everything, set_noting
from app.models.store import Store
from app.sync.bodies.values import CONFLICT, SETTING, Record, Value
from app.sync.merge.hlc import later
from app.sync.merge.joining import FIRST, alive, latest, with_fields, without
from app.sync.merge.strategies import Strategy
from app.sync.state.applying import apply_page
from app.sync.state.collecting import Collecting
from app.sync.state.conflicts import BOTH, MIXED, chosen, decided, read_conflict, session_uuids
from app.sync.state.entities import Entities
from app.sync.state.folding import Folding
from app.sync.state.incoming_activity import IncomingActivity
from app.sync.state.objects import Known, Objects
from app.sync.state.position import get, put, read_position, require_position, write_position
from app.sync.state.reading import Reader
from app.sync.state.records import Records
from app.sync.state.references import References
from app.sync.state.session_overlaps import SessionOverlaps
from app.sync.state.slots import Slots
from app.sync.state.storing import Storing
from app.sync.state.values import Applied, Conflict, Incoming, ObjectIds, Outgoing, Position, Pushed
from app.sync.wire.envelope import Kind

_KEPT_FROM = "kept_from"
_TABLES = ("outbox_slots", "outbox_rows", "outbox_fields", "outbox_erasures", "outbox_heirs",
           "sync_state", "sync_objects", "sync_slots", "sync_heads", "sync_switch")  # fmt: skip


class Leaf(NamedTuple):
    """A record, setting or conflict as the service has it: for the head's Merkle root."""

    kind: Kind
    object: bytes
    version: int
    hash: bytes


class SlotLeaf(NamedTuple):
    """An hour of a device as the service has it: for the head's root over slots."""

    machine: str
    hour: int
    generation: int
    digest: bytes


class SyncState:
    """Belongs to one thread. Methods raise `StorageError`; `UsageError` where no account is signed in.

    `device`: this home's id in the account. `now_ms`: the wall clock. `strategies`: what the person chose for
    each type. `defaults`: what every home has from its first start (`app.models.seeds.defaults`).
    `compressed`: bodies of activity will be compressed before they are sealed.
    """

    def __init__(
        self,
        store: Store,
        ids: ObjectIds,
        device: bytes,
        now_ms: Callable[[], int],
        *,
        strategies: Mapping[str, Strategy] | None = None,
        defaults: Mapping[tuple[str, str], Mapping[str, Value]] | None = None,
        compressed: bool = True,
    ) -> None:
        if store.cipher is None:
            raise KeyUnavailable(
                "Nothing can be synced while your data key is locked.",
                detail="Nothing was sent or changed.",
                advice="`devpulse unlock` opens it.",
            )
        self._store = store
        self._device = device
        self._now = now_ms
        self._strategies = dict(strategies or {})
        self._defaults = defaults or {}
        self._compressed = compressed
        self._objects = Objects(store, store.cipher, ids)
        self._reader = Reader(store, store.cipher)
        self._cipher = store.cipher

    # Signing in and out

    def position(self) -> Position | None:
        """How far this home is; None while no account is signed in."""
        with self._store.transaction():
            return read_position(self._store.connection)

    def begin(self, account: bytes) -> None:
        """An account was signed in: from now on what changes is noted, and all there is becomes due.

        `ready` is False until `end_snapshot`: first what the account has is read.
        """
        with self._store.transaction():
            self._forget()
            write_position(self._store.connection, Position(account, self._device, ready=False))
            note_everything(self._store.connection)
            set_noting(self._store.connection, Noting.ALL)

    def end(self, *, keep_others: bool) -> None:
        """The account was signed out: nothing is noted any more. Other machines' activity stays, as that of
        an import, or goes."""
        with self._store.unchecked_references(), self._store.transaction():
            self._forget()
            run = self._store.connection.execute
            others = [row[0] for row in run("SELECT id FROM devices WHERE owner IS NOT NULL")]
            if keep_others:
                run("UPDATE devices SET owner = NULL")
                return
            storing = Storing(self._store, self._cipher, References(self._store, self._device))
            for device in others:
                storing.remove_all(device)
                run("DELETE FROM focus_sessions WHERE device_id = ?", (device,))
                run("DELETE FROM devices WHERE id = ?", (device,))
        if not keep_others:
            erasure.sweep(self._store)

    def name_devices(self, names: Mapping[bytes, str]) -> None:
        """Call the machines as the account's list does."""
        with self._store.transaction():
            references = References(self._store, self._device)
            for device, name in names.items():
                if device != self._device:
                    references.device(device, name=name)
                    self._store.connection.execute(
                        "UPDATE devices SET name = ? WHERE owner = ? AND uuid NOT LIKE '%/%'", (name, device)
                    )

    # Out

    def collect(
        self, most_bytes: int = 4 << 20, settings: Mapping[str, Value] | None = None
    ) -> list[Outgoing]:
        """What is due, up to a size; the same again until it is confirmed. `settings`: those given here."""
        with self._store.transaction():
            require_position(self._store.connection)
            collecting = self._collecting()
            if settings is not None:
                collecting.folding.settings(settings)
            collecting.fold()
            return list(collecting.bodies(most_bytes))

    def due(self) -> int:
        """How many objects wait to be pushed, as of the last collecting; changes since count as one each."""
        with self._store.transaction():
            return int(self._store.connection.execute(_DUE).fetchone()[0])

    def confirm(self, pushed: Iterable[Pushed]) -> None:
        """The service has these."""
        with self._store.transaction():
            collecting = self._collecting()
            for one in pushed:
                collecting.confirm(one)

    # In

    def apply(self, page: Sequence[Incoming], cursor: int, lineage: str) -> Applied:
        """Store what came, with the cursor, all or nothing. Twice the same changes nothing."""
        with self._store.unchecked_references(), self._store.transaction():
            position = require_position(self._store.connection)
            self._collecting().fold()
            set_noting(self._store.connection, Noting.NOTHING)
            done = self._applied(page)
            set_noting(self._store.connection, Noting.ALL)
            write_position(self._store.connection, replace(position, cursor=cursor, lineage=lineage))
        if done.erased:
            erasure.sweep(self._store)
            erasure.wipe(self._store, compact=False)
        return done

    def restored(self, lineage: str) -> None:
        """The service's vault was restored from a backup: what it has must be read anew (a snapshot)."""
        with self._store.transaction():
            position = require_position(self._store.connection)
            self._store.connection.execute("UPDATE sync_objects SET version = 0, hash = NULL")
            write_position(self._store.connection, replace(position, cursor=0, lineage=lineage, ready=False))

    def end_snapshot(self) -> None:
        """All that the account has was read: what it lacks is due from now on."""
        with self._store.transaction():
            position = require_position(self._store.connection)
            run = self._store.connection.execute
            run("UPDATE sync_objects SET due = 1 WHERE version = 0 AND type <> '' AND ours IS NOT NULL")
            run(
                "UPDATE sync_objects SET due = 1 WHERE version = 0 AND type = '' "
                "AND name IN (SELECT container FROM sync_slots)"
            )
            write_position(self._store.connection, replace(position, ready=True))

    def keep_from(self, ms: int) -> None:
        """What other machines recorded before this moment (ms UTC) is not stored here: see retention."""
        with self._store.transaction():
            put(self._store.connection, _KEPT_FROM, str(ms))

    # For heads

    def leaves(self) -> list[Leaf]:
        """All records, settings and conflicts as the service has them, by object."""
        with self._store.transaction():
            return [Leaf(Kind(kind), *row) for kind, *row in self._store.connection.execute(_LEAVES)]

    def slot_leaves(self, device: bytes | None = None) -> list[SlotLeaf]:
        """All hours of a device (None: this one) as the service has them, in their order."""
        owner = None if device in (None, self._device) else device
        with self._store.transaction():
            references = References(self._store, self._device)
            rows = self._store.connection.execute(_SLOT_LEAVES, (owner,)).fetchall()
            found = [SlotLeaf(references.machine(device), *rest) for device, *rest in rows]
        return sorted(found)

    # Settings and conflicts

    def settings_to_start_with(self) -> dict[str, Value]:
        """Of each setting what was set last on any machine: for a home that is new to the account."""
        best: dict[str, tuple[tuple[int, int, bytes], Value]] = {}
        with self._store.transaction():
            for known in self._objects.of_type(SETTING):
                ours = known.ours
                if ours is None or not alive(ours) or "value" not in ours.fields:
                    continue
                key = known.name.partition("/")[2]
                moment = ours.changed["value"]
                if key not in best or moment > best[key][0]:
                    best[key] = (moment, ours.fields["value"])
        return {key: value for key, (_, value) in best.items()}

    def conflicts(self) -> list[Conflict]:
        """All there were, the latest first; those that ask the person before the others."""
        with self._store.transaction():
            records = [known.ours for known in self._objects.of_type(CONFLICT) if known.ours is not None]
        found = [read_conflict(record) for record in records if alive(record)]
        known = [conflict for conflict in found if conflict is not None]
        return sorted(known, key=lambda conflict: (not conflict.asks, -conflict.at_ms, conflict.uuid))

    def resolve(self, uuid: str, choice: int | Mapping[str, int]) -> None:
        """Let a side of a conflict (0 or 1) hold; 2: both, of two focus sessions. Can be undone.

        A mapping chooses a side for each field; fields left out stay as they are.
        """
        with self._deciding() as (records, overlaps):
            conflict = self._conflict(uuid)
            sessions = session_uuids(conflict)
            values = None if sessions is not None and choice in (0, 1, BOTH) else chosen(conflict, choice)
            before: Value = None
            if sessions is None:
                before = self._hold(records, conflict, values)
            self._objects.put(
                replace(
                    self._objects.record(CONFLICT, uuid),
                    ours=decided(
                        conflict,
                        choice if isinstance(choice, int) else MIXED,
                        before,
                        self._device,
                        self._now(),
                    ),
                    due=True,
                )
            )
            overlaps.show_and_hide()

    def undo(self, uuid: str) -> None:
        """Take the choice back; what held before it holds again."""
        with self._deciding() as (records, overlaps):
            conflict = self._conflict(uuid)
            if conflict.fields.get("choice") is None:
                raise UsageError("Nothing was chosen for this conflict.")
            before = conflict.fields.get("before")
            if isinstance(before, Mapping):
                self._set(records, conflict, before.get("values"))
            self._objects.put(
                replace(
                    self._objects.record(CONFLICT, uuid),
                    ours=decided(conflict, None, None, self._device, self._now()),
                    due=True,
                )
            )
            overlaps.show_and_hide()

    # Inside

    def _applied(self, page: Sequence[Incoming]) -> Applied:
        records = self._records()
        references = records.references
        activity = IncomingActivity(
            self._store, self._objects, Slots(self._store.connection, references), references, self._reader,
            Storing(self._store, self._cipher, references), self._device, self._now(),
            int(get(self._store.connection, _KEPT_FROM) or 0),
        )  # fmt: skip
        return apply_page(page, records, activity)

    def _hold(self, records: Records, conflict: Record, values: Value) -> Value:
        """Let these values hold; returns what held before."""
        ours = self._thing(conflict).ours
        before: Value = None
        if ours is not None and alive(ours):
            whole = not isinstance(values, Mapping)
            before = {name: ours.fields.get(name) for name in (ours.fields if whole else values)}
        self._set(records, conflict, values)
        return {"values": before}

    def _set(self, records: Records, conflict: Record, values: Value) -> None:
        known = self._thing(conflict)
        ours = known.ours or Record(known.type, known.name, FIRST, {}, {})
        at = later(latest(ours), self._now(), self._device)
        if isinstance(values, Mapping):
            records.set(known, with_fields(ours, values, at))
        else:
            records.set(known, without(ours, at))

    def _thing(self, conflict: Record) -> Known:
        return self._objects.record(str(conflict.fields["type"]), str(conflict.fields["of"]))

    def _conflict(self, uuid: str) -> Record:
        record = self._objects.record(CONFLICT, uuid).ours
        if record is None or read_conflict(record) is None:
            raise UsageError("There is no such conflict.", advice="`devpulse conflicts list` shows them all.")
        return record

    @contextmanager
    def _deciding(self) -> Generator[tuple[Records, SessionOverlaps]]:
        with self._store.transaction():
            require_position(self._store.connection)
            self._collecting().fold()
            set_noting(self._store.connection, Noting.NOTHING)
            records = self._records()
            yield records, SessionOverlaps(records, self._device, self._now())
            set_noting(self._store.connection, Noting.ALL)

    def _records(self) -> Records:
        references = References(self._store, self._device)
        entities = Entities(self._store, references, self._device)
        return Records(
            self._store, self._objects, entities, references, self._device, self._now(), self._strategies
        )

    def _collecting(self) -> Collecting:
        references = References(self._store, self._device)
        entities = Entities(self._store, references, self._device)
        folding = Folding(
            self._store, self._objects, entities, references, self._device, self._now(), self._defaults
        )
        slots = Slots(self._store.connection, references)
        return Collecting(
            self._store, self._objects, slots, self._reader, folding, self._device, self._now(),
            self._compressed,
        )  # fmt: skip

    def _forget(self) -> None:
        for table in _TABLES:
            self._store.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


_DUE = """
    SELECT (SELECT count(*) FROM sync_objects WHERE due = 1) + (SELECT count(*) FROM outbox_slots)
        + (SELECT count(*) FROM outbox_rows) + (SELECT count(DISTINCT type || uuid) FROM outbox_fields)
        + (SELECT count(*) FROM outbox_erasures)
"""
_LEAVES = (
    "SELECT kind, object, version, hash FROM sync_objects WHERE type <> '' AND version > 0 ORDER BY object"
)
_SLOT_LEAVES = """
    SELECT device_id, hour, generation, digest FROM sync_slots
    WHERE digest IS NOT NULL AND device_id IN (SELECT id FROM devices WHERE owner IS ?)
"""
