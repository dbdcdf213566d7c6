"""A record as bytes: a map with short keys; whatever this version does not know is kept as it came.

```
{"t": type, "u": uuid, "s": schema, "h": hlc, "f": {field: value}, "c": {field: hlc}, "d": hlc or nil, …}
hlc: [ms, counter, device]
```
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, cast

import msgspec
from msgspec import Meta, Struct

from app.sync.bodies.values import Hlc, Record, Value
from app.sync.crypto.refusals import BadBody
from app.sync.crypto.unpacking import unpacked

MOST_BYTES = 1 << 20
MOST_DEPTH = 16
MOST_FIELDS = 20_000

_KEYS = ("t", "u", "s", "h", "f", "c", "d")
_WHAT = "A record"

_Clock = tuple[
    Annotated[int, Meta(ge=0, lt=1 << 48)],
    Annotated[int, Meta(ge=0, lt=1 << 16)],
    Annotated[bytes, Meta(min_length=16, max_length=16)],
]
_Field = Annotated[str, Meta(max_length=500)]


class _Known(Struct, frozen=True):
    t: Annotated[str, Meta(min_length=1, max_length=50)]
    u: Annotated[str, Meta(min_length=1, max_length=200)]
    h: _Clock
    f: Annotated[dict[_Field, Any], Meta(max_length=MOST_FIELDS)]
    c: Annotated[dict[_Field, _Clock], Meta(max_length=MOST_FIELDS)]
    s: Annotated[int, Meta(ge=1, lt=1 << 31)] = 1
    d: _Clock | None = None


_KNOWN = msgspec.msgpack.Decoder(_Known)
_WHOLE = msgspec.msgpack.Decoder(dict[str, Any])


def encode_record(record: Record) -> bytes:
    """The body of a record, setting or conflict; the same content gives the same bytes.

    Raises `BadBody` where `decode_record` would refuse it: what is sent can be read.
    """
    known: dict[str, Value] = {
        "t": record.type,
        "u": record.uuid,
        "s": record.schema,
        "h": _clock(record.hlc),
        "f": dict(sorted(record.fields.items())),
        "c": {name: _clock(hlc) for name, hlc in sorted(record.changed.items())},
        "d": None if record.deleted is None else _clock(record.deleted),
    }
    extra = {key: value for key, value in sorted(record.extra.items()) if key not in known}
    try:
        body = msgspec.msgpack.encode(known | extra)
    except (TypeError, ValueError, RecursionError, OverflowError):
        raise BadBody("A record holds what cannot be sent.") from None
    decode_record(body)
    return body


def decode_record(body: bytes) -> Record:
    """The inverse. Raises `BadBody`."""
    if len(body) > MOST_BYTES:
        raise BadBody(f"A record has more than {MOST_BYTES} bytes.")
    known = unpacked(body, _KNOWN, _WHAT)
    whole = unpacked(body, _WHOLE, _WHAT)
    extra = {key: value for key, value in whole.items() if key not in _KEYS}
    if not (_sound(known.f, 1) and _sound(extra, 1)):
        raise BadBody("A record is nested too deeply, or holds what no record holds.")
    return Record(
        type=known.t,
        uuid=known.u,
        hlc=Hlc(*known.h),
        fields=known.f,
        changed={name: Hlc(*clock) for name, clock in known.c.items()},
        deleted=None if known.d is None else Hlc(*known.d),
        schema=known.s,
        extra=extra,
    )


def _clock(hlc: Hlc) -> list[Value]:
    return [hlc.ms, hlc.counter, hlc.device]


def _sound(value: object, depth: int) -> bool:
    """Whether it is a `Value`: no other types, whole numbers of 64 bits, no endless or absent numbers."""
    if value is None or isinstance(value, bool | str | bytes):
        return True
    if isinstance(value, int):
        return -(1 << 63) <= value < 1 << 63
    if isinstance(value, float):
        return math.isfinite(value)
    if depth > MOST_DEPTH:
        return False
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        return all(isinstance(key, str) and _sound(one, depth + 1) for key, one in entries.items())
    return isinstance(value, list) and all(_sound(one, depth + 1) for one in cast("list[object]", value))
