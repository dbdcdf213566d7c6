"""A device's head: what it had done and seen when it last pushed, signed by its key.

```
[1, payload, signature]
payload: {"q": sequence, "t": time, "e": epoch, "i": lineage, "l": [length, digest] of the device list,
          "a": root over its slots, "r": root over the records, "s": [[device, sequence, digest], …]}
```

Every push carries one, so whatever a device pushed is covered by a head, and whoever reads a later head of
another device learns from "s" which heads that one had been shown. The signature is over the label, the
account, the device and the payload's very bytes; keys of the payload that are not known are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from app.sync.crypto import labels, signing
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import LONGEST, DeviceList, Mark
from app.sync.crypto.envelopes import Opened
from app.sync.crypto.object_ids import ObjectIds
from app.sync.crypto.refusals import BadBody, NotADevice, Unexpected
from app.sync.crypto.unpacking import unpacked
from app.sync.wire.envelope import Kind

_VERSION = 1

_Id = Annotated[bytes, Meta(min_length=16, max_length=16)]
_Bytes32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
_Whole = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]


@dataclass(frozen=True, slots=True)
class Head:
    """`sequence`: the device's own count of heads, from 1 on, growing whatever becomes of the service.

    `time`: ms since 1970 by its clock. `lineage`: of the vault it was pushed to. `devices`: the device list
    it knew. `slots`, `records`: Merkle roots (`merkle.py`), of its own activity and of all records, this
    push included. `seen`: the latest head (sequence, digest) it knew of every other device.
    """

    sequence: int
    time: int
    epoch: int
    lineage: bytes
    devices: Mark
    slots: bytes
    records: bytes
    seen: Mapping[bytes, tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class KnownHead:
    """A head that was opened and whose signature is good. `digest`: SHA-256 of its envelope."""

    head: Head
    digest: bytes


class _Outer(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    payload: Annotated[bytes, Meta(max_length=1 << 17)]
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


class _Payload(Struct, frozen=True):
    q: Annotated[int, Meta(ge=1, le=(1 << 63) - 1)]
    t: _Whole
    e: Annotated[int, Meta(ge=1, lt=1 << 32)]
    i: Annotated[bytes, Meta(max_length=16)]
    l: tuple[_Whole, _Bytes32]  # noqa: E741
    a: _Bytes32
    r: _Bytes32
    s: Annotated[list[tuple[_Id, _Whole, _Bytes32]], Meta(max_length=LONGEST)]


_OUTER = msgspec.msgpack.Decoder(_Outer)
_PAYLOAD = msgspec.msgpack.Decoder(_Payload)
_WHAT = "A head"


def encode_head(head: Head, keys: DeviceKeys, account: bytes) -> bytes:
    """The body to seal, as kind `HEAD` and object `ids.head()`."""
    payload = msgspec.msgpack.encode(
        _Payload(
            head.sequence,
            head.time,
            head.epoch,
            head.lineage,
            (head.devices.length, head.devices.digest),
            head.slots,
            head.records,
            [(device, sequence, digest) for device, (sequence, digest) in sorted(head.seen.items())],
        )
    )
    signature = keys.sign(_signed(payload, account, keys.device))
    return msgspec.msgpack.encode(_Outer(_VERSION, payload, signature))


def read_head(opened: Opened, *, ids: ObjectIds, devices: DeviceList) -> KnownHead:
    """The head that an envelope held.

    Raises `Unexpected` where it is not where its device's head is, `NotADevice` where that device has not
    signed it, `BadBody`.
    """
    header = opened.header
    if header.kind is not Kind.HEAD or header.object != ids.head(header.device):
        raise Unexpected("a head in another place")
    outer = unpacked(opened.body, _OUTER, _WHAT)
    # A revoked device's last head stays good; later ones are what the checks look for.
    public = devices.device(header.device, revoked_too=True)
    message = _signed(outer.payload, devices.account, header.device)
    if not signing.verified(public.signing_key, outer.signature, message):
        raise NotADevice
    found = unpacked(outer.payload, _PAYLOAD, _WHAT)
    if found.e != header.epoch:
        raise BadBody("A head is of another round of keys than its envelope.")
    seen = {device: (sequence, digest) for device, sequence, digest in found.s}
    head = Head(found.q, found.t, found.e, found.i, Mark(*found.l), found.a, found.r, seen)
    return KnownHead(head, opened.digest)


def _signed(payload: bytes, account: bytes, device: bytes) -> bytes:
    return labels.HEAD + account + device + payload
