"""What the database and the exchange with the service hand each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.sync.bodies.values import Activity, Record, Value
from app.sync.wire.envelope import Kind


class ObjectIds(Protocol):
    """Names of objects, 16 bytes each, that tell the service nothing."""

    def activity(self, name: str) -> bytes:
        """Of a container of this device's activity."""
        ...

    def record(self, type_: str, uuid: str, /) -> bytes:
        """Of a record, setting or conflict."""
        ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A body to seal and push as `version` of its object, made from the envelope with the hash `parent`.

    `erases`: the older versions are of no use to anybody, and may hold what was erased.
    """

    kind: Kind
    object: bytes
    body: Record | Activity
    version: int
    parent: bytes
    erases: bool


@dataclass(frozen=True, slots=True)
class Pushed:
    """An outgoing body that the service has: the SHA-256 of its envelope, its sequence in the account."""

    outgoing: Outgoing
    hash: bytes
    sequence: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """A body that was pulled, opened and checked. `device` sealed it; `body` None: of no concern here."""

    kind: Kind
    object: bytes
    version: int
    hash: bytes
    device: bytes
    sequence: int
    body: Record | Activity | None


@dataclass(frozen=True, slots=True)
class Applied:
    """What a page came to. `records`, `spans` that were changed here; `asks`: conflicts the person decides;
    `erased`: something was erased on another machine, so that backups should go too; `ahead`: devices whose
    clock is over a day ahead, by so many ms."""

    records: int = 0
    spans: int = 0
    asks: int = 0
    erased: bool = False
    ahead: Mapping[bytes, int] = field(default_factory=dict[bytes, int])


@dataclass(frozen=True, slots=True)
class Position:
    """How far this home is with an account. `cursor`: the last sequence seen; `lineage` of the vault, empty
    before the first page; `ready` False while a first history or a restored vault is still being read."""

    account: bytes
    device: bytes
    cursor: int = 0
    lineage: str = ""
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two values of a conflict. `values` is None where the thing was deleted."""

    device: bytes
    at_ms: int
    values: Mapping[str, Value] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where two machines changed the same. `type`, `of`: the thing's; `fields` that collided, ("*",) for all.

    `holds`: which side holds at present; `choice` what the person chose (None: nothing yet; 2: both, of focus
    sessions; 3: each field for itself). `asks`: the person should choose.
    """

    uuid: str
    type: str
    of: str = field(repr=False)
    fields: tuple[str, ...]
    sides: tuple[Side, Side]
    holds: int
    choice: int | None
    asks: bool
    at_ms: int
