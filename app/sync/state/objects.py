"""What is known of each object of the account: its version there, and of a record the states to merge by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from app.models.cipher import Cipher
from app.models.store import Store
from app.sync.bodies.record import decode_record, encode_record
from app.sync.bodies.values import CONFLICT, SETTING, Record
from app.sync.state.values import ObjectIds
from app.sync.wire.envelope import NO_PARENT, Kind

RECORDS = frozenset({Kind.RECORD, Kind.SETTING, Kind.CONFLICT})
# The type of a record that could not be read.
_UNREAD = "?"
_KINDS = {SETTING: Kind.SETTING, CONFLICT: Kind.CONFLICT}


@dataclass(frozen=True, slots=True)
class Known:
    """One object. `version` 0: the service has none. `held`: a record that is not in its table, or a
    container that is empty. `base`: the record both had last; `ours`: as it is here."""

    object: bytes
    kind: Kind
    type: str
    name: str = field(repr=False)
    version: int = 0
    hash: bytes = NO_PARENT
    due: bool = False
    held: bool = False
    base: Record | None = None
    ours: Record | None = None


class Objects:
    """`sync_objects` of one store; within transactions of the caller."""

    def __init__(self, store: Store, cipher: Cipher, ids: ObjectIds) -> None:
        self._connection = store.connection
        self._cipher = cipher
        self._ids = ids

    def record(self, type_: str, uuid: str) -> Known:
        """What is known of a record; a fresh value where nothing is."""
        found = self._one("type = ? AND name = ?", type_, uuid)
        if found is not None:
            return found
        return Known(self._ids.record(type_, uuid), _KINDS.get(type_, Kind.RECORD), type_, uuid)

    def container(self, name: str) -> Known:
        """What is known of a container of this device's activity."""
        found = self._one("type = '' AND name = ?", name)
        if found is not None:
            return found
        kind = Kind.TAIL if name.startswith("tail/") else Kind.SEGMENT
        return Known(self._ids.activity(name), kind, "", name)

    def by_id(self, object_: bytes) -> Known | None:
        """What is known under an object's id."""
        return self._one("object = ?", object_)

    def of_type(self, type_: str) -> Iterator[Known]:
        """All of a type, in no order."""
        for row in self._connection.execute(f"{_SELECT} WHERE type = ?", (type_,)).fetchall():
            yield self._known(row)

    def due(self) -> Iterator[Known]:
        """What is to be pushed: full containers, then records, then emptied containers."""
        ids = self._connection.execute(_DUE).fetchall()
        for (identity,) in ids:
            yield self._known(self._connection.execute(f"{_SELECT} WHERE id = ?", (identity,)).fetchone())

    def put(self, known: Known) -> None:
        """Store it."""
        self._connection.execute(
            _PUT,
            (
                known.object, int(known.kind), known.type, known.name, known.version, known.hash,
                int(known.due), int(known.held), self._sealed(known.base), self._sealed(known.ours),
            ),
        )  # fmt: skip

    def note_unread(self, kind: Kind, object_: bytes, version: int, hash_: bytes) -> None:
        """Keep that there is a record which this version cannot read; the service's head counts it."""
        known = self.by_id(object_) or Known(object_, kind, _UNREAD, object_.hex())
        if version > known.version:
            self.put(replace(known, version=version, hash=hash_))

    def _one(self, condition: str, *values: Any) -> Known | None:
        row = self._connection.execute(f"{_SELECT} WHERE {condition}", values).fetchone()
        return None if row is None else self._known(row)

    def _known(self, row: tuple[Any, ...]) -> Known:
        object_, kind, type_, name, version, hash_, due, held, base, ours = row
        return Known(
            object_, Kind(kind), type_, name, version, hash_ or NO_PARENT, bool(due), bool(held),
            self._opened(base), self._opened(ours),
        )  # fmt: skip

    def _sealed(self, record: Record | None) -> bytes | None:
        return None if record is None else self._cipher.seal(encode_record(record).decode("latin-1"))

    def _opened(self, sealed: bytes | None) -> Record | None:
        return None if sealed is None else decode_record(self._cipher.open(sealed).encode("latin-1"))


_SELECT = "SELECT object, kind, type, name, version, hash, due, held, base, ours FROM sync_objects"
_DUE = """
    SELECT id FROM sync_objects WHERE due = 1
    ORDER BY type <> '', held DESC, type IN ('correction', 'erasure', 'conflict'), id
"""
_PUT = """
    INSERT INTO sync_objects (object, kind, type, name, version, hash, due, held, base, ours)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (object) DO UPDATE SET version = excluded.version, hash = excluded.hash, due = excluded.due,
        held = excluded.held, base = excluded.base, ours = excluded.ours
"""
