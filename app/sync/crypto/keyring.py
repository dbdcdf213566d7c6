"""The keyring object (kind 5): all root keys and login keys up to now, sealed under the current root key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.sync.crypto.device_list import Login
from app.sync.crypto.envelopes import Expected, open_envelope
from app.sync.crypto.object_ids import keyring_id
from app.sync.crypto.refusals import BadBody
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Secret
from app.sync.crypto.unpacking import unpacked
from app.sync.wire.envelope import Kind

_Bytes32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
_Epoch = Annotated[int, Meta(ge=1, lt=1 << 32)]
_MOST = 10_000


class _LoginBody(Struct, array_like=True, frozen=True):
    since: Annotated[int, Meta(ge=0, lt=1 << 32)]
    key: _Bytes32


class _Body(Struct, frozen=True):
    """Unknown fields are passed over: only who knows them may write them, under a higher version."""

    v: Annotated[int, Meta(ge=1)]
    k: Annotated[dict[_Epoch, _Bytes32], Meta(min_length=1, max_length=_MOST)]
    l: Annotated[list[_LoginBody], Meta(min_length=1, max_length=_MOST)]  # noqa: E741
    r: Annotated[list[_LoginBody], Meta(max_length=_MOST)] = []


_DECODER = msgspec.msgpack.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class Keyring:
    """`logins`: which keys of password and words sign the account's own links of the list, since when."""

    roots: RootKeys
    logins: tuple[Login, ...]


def encode_keyring(keyring: Keyring) -> bytes:
    """The body to seal, as kind `KEYRING` and object `object_ids.keyring_id(account)`."""
    keys = {epoch: key.reveal() for epoch, key in sorted(keyring.roots.keys.items())}
    by_kind = [
        [_LoginBody(login.since, login.key) for login in keyring.logins if login.recovery is recovery]
        for recovery in (False, True)
    ]
    return msgspec.msgpack.encode(_Body(1, keys, *by_kind))


def decode_keyring(body: bytes) -> Keyring:
    """The inverse. Raises `BadBody`."""
    found = unpacked(body, _DECODER, "The keyring")
    keys = {epoch: Secret(key) for epoch, key in found.k.items()}
    logins = [Login(login.since, login.key) for login in found.l]
    logins += [Login(login.since, login.key, recovery=True) for login in found.r]
    return Keyring(RootKeys(max(keys), keys), tuple(logins))


def open_keyring(envelope: bytes, roots: RootKeys, *, account: bytes) -> Keyring:
    """The keyring from its envelope, its root keys joined with those known.

    Raises `Refused` (see `open_envelope`, `RootKeys.joined`), also where it does not go up to its own epoch.
    """
    expected = Expected(Kind.KEYRING, keyring_id(account))
    opened = open_envelope(envelope, expected, roots=roots, account=account)
    keyring = decode_keyring(opened.body)
    if keyring.roots.epoch != opened.header.epoch:
        raise BadBody("The keyring is of another round of keys than its envelope.")
    return Keyring(roots.joined(keyring.roots), keyring.logins)
