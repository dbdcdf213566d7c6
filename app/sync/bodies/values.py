"""What two machines tell each other, before it is sealed: activity by hours, and records field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

# What MessagePack can say.
Value: TypeAlias = "bool | int | float | str | bytes | Sequence[Value] | Mapping[str, Value] | None"

SETTING, CONFLICT = "setting", "conflict"


class Hlc(NamedTuple):
    """A moment that orders changes of all machines: ms of the wall clock, a counter, then the machine's id.

    The order of the tuple is the order of the changes. `ms` has 48 bits, `counter` 16, `device` 16 bytes.
    """

    ms: int
    counter: int
    device: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """The whole state of one thing: a project, a rule, a setting of one machine, a conflict, ….

    `uuid` is its name within its type (any text up to 200 characters). `hlc`: its latest change. `changed`
    holds the latest change of each field. `deleted`: when it was last deleted; what changed later is back.
    `extra`: top-level keys that this version does not know, kept and written back.
    """

    type: str
    uuid: str = field(repr=False)
    hlc: Hlc
    fields: Mapping[str, Value] = field(repr=False)
    changed: Mapping[str, Hlc] = field(repr=False)
    deleted: Hlc | None = None
    schema: int = 1
    extra: Mapping[str, Value] = field(default_factory=dict[str, Value], repr=False)


class SpanRow(NamedTuple):
    """One recorded span; `start_ms` and `end_ms` in ms UTC. `project`, `category`, `imported`: uuids.

    A tuple, because a year of them is made from its columns at once.
    """

    start_ms: int
    end_ms: int
    utc_offset_s: int
    idle: bool
    switched: bool
    assigned: bool
    application: str | None = None
    title: str | None = None
    url: str | None = None
    path: str | None = None
    project: str | None = None
    branch: str | None = None
    language: str | None = None
    category: str | None = None
    note: str | None = None
    imported: str | None = None

    def __repr__(self) -> str:
        return "SpanRow(…)"


@dataclass(frozen=True, slots=True)
class Slot:
    """What one machine recorded in one UTC hour (`hour`: hours since 1970), spans by their start.

    Of two contents the one with the higher `generation` holds. No rows: all of it was erased. `machine` is
    empty, or the uuid of another machine whose history the sealing one imported; it has `machine_name`.
    """

    hour: int
    generation: int
    rows: tuple[SpanRow, ...] = field(repr=False)
    machine: str = ""
    machine_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Activity:
    """What a tail (one slot, or a few) or a segment (many) holds; none: another container took its place."""

    slots: tuple[Slot, ...]
