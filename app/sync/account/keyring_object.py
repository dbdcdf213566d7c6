"""The sealed keyring in the vault: read where keys of former rounds are missing, written when keys change."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from app.errors import ServiceUntrusted
from app.sync.account.member import Member
from app.sync.account.session import Signed
from app.sync.crypto.device_list import Login
from app.sync.crypto.envelopes import Outside, seal
from app.sync.crypto.keyring import Keyring, encode_keyring, open_keyring
from app.sync.crypto.object_ids import keyring_id
from app.sync.crypto.root_keys import RootKeys
from app.sync.link.problems import Refusal
from app.sync.wire.envelope import NO_PARENT, Kind, header_of
from app.sync.wire.exchange import SyncRequest, Version

_ATTEMPTS = 3


def current_keyring(signed: Signed) -> Version | None:
    """The keyring's current envelope; None before the first one. Raises what `Signed.versions` does."""
    try:
        found = signed.versions(keyring_id(signed.member.account), Kind.KEYRING)
    except Refusal as refused:
        if refused.status == 404:
            return None
        raise
    if not found.versions:
        raise ServiceUntrusted("The service's answer is not of the protocol.", detail="It was not believed.")
    return found.versions[0]


def read_keyring(signed: Signed, roots: RootKeys, logins: tuple[Login, ...]) -> Keyring:
    """Everything the keyring knows, joined with what is known here. Raises `Refused` as `open_keyring`."""
    current = current_keyring(signed)
    if current is None:
        return Keyring(roots, logins)
    found = open_keyring(current.envelope, roots, account=signed.member.account)
    return Keyring(found.roots, joined_logins(found.logins, logins))


def joined_logins(one: tuple[Login, ...], other: tuple[Login, ...]) -> tuple[Login, ...]:
    """Both, each key once with the earliest link it signs from, in the order of the list."""
    by_key: dict[bytes, Login] = {}
    for login in (*one, *other):
        before = by_key.get(login.key)
        if before is None or login.since < before.since:
            by_key[login.key] = login
    return tuple(sorted(by_key.values(), key=lambda login: (login.since, login.key)))


def write_keyring(signed: Signed) -> None:
    """Store the member's keyring on the current one, unless that says the same. Raises as `exchange`."""
    for attempt in range(_ATTEMPTS):
        current = current_keyring(signed)
        if current is not None and _says_the_same(current, signed.member):
            return
        try:
            signed.exchange(SyncRequest(push=[_sealed(signed, current)], page=0))
        except Refusal as refused:
            if refused.problem != "stale-parent" or attempt == _ATTEMPTS - 1:
                raise
        else:
            return
        # Another machine wrote one in between: what it knows is kept.
        member = signed.member
        keyring = read_keyring(signed, member.roots, member.logins)
        signed.keep(replace(member, roots=keyring.roots, logins=keyring.logins))


def _says_the_same(current: Version, member: Member) -> bool:
    keyring = open_keyring(current.envelope, member.roots, account=member.account)
    return (
        int.from_bytes(current.envelope[8:12]) == member.roots.epoch
        and keyring.roots.keys.keys() == member.roots.keys.keys()
        and joined_logins(keyring.logins, member.logins) == joined_logins(keyring.logins, ())
    )


def _sealed(signed: Signed, current: Version | None) -> bytes:
    member = signed.member
    keyring = Keyring(member.roots, member.logins)
    version, parent = 1, NO_PARENT
    if current is not None:
        known = open_keyring(current.envelope, member.roots, account=member.account)
        keyring = Keyring(known.roots, joined_logins(known.logins, member.logins))
        version = header_of(current.envelope).version + 1
        parent = hashlib.sha256(current.envelope).digest()
    outside = Outside(Kind.KEYRING, keyring_id(member.account), version, member.device.device, parent)
    return seal(
        encode_keyring(keyring),
        outside,
        root=member.roots.current,
        account=member.account,
        random=signed.random,
    )
