"""The root key wrapped: by the password, by the recovery words, for a device.

The first two are envelopes under the key-encryption key, with the key commitment before them (32 bytes):
AES-GCM alone would let a service make one envelope that opens under many keys, and so learn which
password it was. Only who holds that key can make them, so the service cannot hand out a root key of its
own; what is inside is trusted. They also carry an *anchor*, the end of the device list when they were
made, and the password's carries the recovery's key, so that the root key can be changed knowing the
password alone.

The third is sealed to the device's key (HPKE), which anybody can do, and so it is signed by a listed device.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.sync.crypto import hpke, labels, signing
from app.sync.crypto.account_keys import WrappingKey
from app.sync.crypto.device_keys import DeviceKeys, DevicePublic
from app.sync.crypto.device_list import DeviceList, Mark
from app.sync.crypto.envelopes import Expected, Outside, open_envelope, seal
from app.sync.crypto.refusals import BadBody, NotADevice, NotSealedForUs, Unexpected, WrongPassword
from app.sync.crypto.root_keys import RootKey
from app.sync.crypto.secret import Random, Secret
from app.sync.crypto.unpacking import unpacked
from app.sync.wire.envelope import (
    HEADER_BYTES,
    NO_PARENT,
    EnvelopeRefused,
    Header,
    Kind,
    header_of,
    pack,
)

COMMITMENT_BYTES = 32
_SIGNATURE_BYTES = 64

_Bytes32 = Annotated[bytes, Meta(min_length=32, max_length=32)]


class _Body(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What a wrap holds; the last two only in the password's."""

    epoch: Annotated[int, Meta(ge=1, lt=1 << 32)]
    root: _Bytes32
    anchor_length: Annotated[int, Meta(ge=0, lt=1 << 32)]
    anchor_digest: _Bytes32
    recovery_key: _Bytes32 | None = None
    recovery_commitment: _Bytes32 | None = None


_DECODER = msgspec.msgpack.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What a wrap gave. `recovery`: only from the password's."""

    root: RootKey
    anchor: Mark
    recovery: WrappingKey | None = None


def wrap_by_password(
    content: Wrapped, key: WrappingKey, *, account: bytes, device: bytes, random: Random
) -> bytes:
    """The password's wrap; `content.recovery` must be there. `device`: the one that makes it."""
    if content.recovery is None:
        raise ValueError("the password's wrap carries the recovery's key")
    return _wrap(content, key, b"password", account, device, random)


def wrap_by_recovery(
    content: Wrapped, key: WrappingKey, *, account: bytes, device: bytes, random: Random
) -> bytes:
    """The recovery words' wrap."""
    return _wrap(Wrapped(content.root, content.anchor), key, b"recovery", account, device, random)


def unwrap_by_password(sealed: bytes, key: WrappingKey, *, account: bytes) -> Wrapped:
    """Raises `WrongPassword` where another password or Secret Key made the wrap; else as `open_envelope`."""
    content = _unwrap(sealed, key, b"password", account)
    if content.recovery is None:
        raise BadBody("The password's wrap lacks the recovery's key.")
    return content


def unwrap_by_recovery(sealed: bytes, key: WrappingKey, *, account: bytes) -> Wrapped:
    """Raises `WrongPassword` where other words made the wrap; else as `open_envelope`."""
    return _unwrap(sealed, key, b"recovery", account)


def wrap_for_device(
    root: RootKey, anchor: Mark, device: DevicePublic, *, account: bytes, signer: DeviceKeys
) -> bytes:
    """The root key for a listed device: header, HPKE, signature."""
    body = msgspec.msgpack.encode(_Body(root.epoch, root.key.reveal(), anchor.length, anchor.digest))
    header = pack(
        Header(
            kind=Kind.WRAP,
            object=_wrap_id(b"device", account + device.device),
            version=1,
            parent=NO_PARENT,
            device=signer.device,
            epoch=root.epoch,
            nonce=bytes(12),  # HPKE has its own
            length=len(body) + hpke.OVERHEAD_BYTES + _SIGNATURE_BYTES,
        )
    )
    sealed = header + hpke.seal_to(device.exchange_key, body, _device_context(header, account, device.device))
    return sealed + signer.sign(_signed(sealed, account, device.device))


def unwrap_for_device(sealed: bytes, keys: DeviceKeys, devices: DeviceList) -> Wrapped:
    """Raises `Unexpected`, `NotADevice` (who signed is not listed, or did not sign), `NotSealedForUs`."""
    account = devices.account
    try:
        header = header_of(sealed)
    except EnvelopeRefused as refused:
        raise Unexpected(f"no envelope ({refused})") from None
    if header.kind is not Kind.WRAP or header.object != _wrap_id(b"device", account + keys.device):
        raise Unexpected("a wrap that is not this machine's")
    inner, signature = sealed[:-_SIGNATURE_BYTES], sealed[-_SIGNATURE_BYTES:]
    # The signer may have been revoked since; what it wrapped while it counted is good.
    signer = devices.device(header.device, revoked_too=True)
    if not signing.verified(signer.signing_key, signature, _signed(inner, account, keys.device)):
        raise NotADevice
    context = _device_context(sealed[:HEADER_BYTES], account, keys.device)
    content = _content(hpke.open_with(keys.exchange, inner[HEADER_BYTES:], context), header.epoch)
    if not devices.holds(content.anchor):
        raise Unexpected("a wrap made for another list of machines")
    return content


def _wrap(
    content: Wrapped, key: WrappingKey, how: bytes, account: bytes, device: bytes, random: Random
) -> bytes:
    recovery = content.recovery
    body = msgspec.msgpack.encode(
        _Body(
            content.root.epoch,
            content.root.key.reveal(),
            content.anchor.length,
            content.anchor.digest,
            None if recovery is None else recovery.key.reveal(),
            None if recovery is None else recovery.commitment,
        )
    )
    outside = Outside(Kind.WRAP, _wrap_id(how, account), 1, device)
    root = RootKey(content.root.epoch, key.key)
    return key.commitment + seal(body, outside, root=root, account=account, random=random)


def _unwrap(sealed: bytes, key: WrappingKey, how: bytes, account: bytes) -> Wrapped:
    if not hmac.compare_digest(sealed[:COMMITMENT_BYTES], key.commitment):
        raise WrongPassword
    expected = Expected(Kind.WRAP, _wrap_id(how, account), version=1)
    opened = open_envelope(sealed[COMMITMENT_BYTES:], expected, roots=_AnyEpoch(key.key), account=account)
    return _content(opened.body, opened.header.epoch)


@dataclass(frozen=True, slots=True)
class _AnyEpoch:
    """The wrapping key, whatever epoch's root key it wraps."""

    secret: Secret

    def key(self, epoch: int) -> Secret:
        del epoch
        return self.secret


def _content(body: bytes, epoch: int) -> Wrapped:
    found = unpacked(body, _DECODER, "A wrapped key")
    if found.epoch != epoch:
        raise NotSealedForUs
    recovery = None
    if found.recovery_key is not None and found.recovery_commitment is not None:
        recovery = WrappingKey(Secret(found.recovery_key), found.recovery_commitment)
    return Wrapped(
        RootKey(epoch, Secret(found.root)), Mark(found.anchor_length, found.anchor_digest), recovery
    )


def _wrap_id(how: bytes, whose: bytes) -> bytes:
    return hashlib.sha256(labels.WRAP_ID + bytes((len(how),)) + how + whose).digest()[:16]


def _device_context(header: bytes, account: bytes, device: bytes) -> bytes:
    return labels.DEVICE_WRAP + header + account + device


def _signed(sealed: bytes, account: bytes, device: bytes) -> bytes:
    return labels.DEVICE_WRAP + account + device + sealed
