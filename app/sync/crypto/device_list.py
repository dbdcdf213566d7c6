"""The account's device list: a chain of signed statements, checked link by link from its beginning.

The service keeps the chain and checks the same (it only keeps nonsense out); what it shows is believed
because of the signatures, and because it continues what was known before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from app.sync.crypto import signing
from app.sync.crypto.device_keys import DevicePublic
from app.sync.crypto.refusals import BadBody, NotADevice, WrongDeviceList
from app.sync.crypto.secret import Secret
from app.sync.crypto.unpacking import unpacked
from app.sync.wire.accounts import DeviceStatement, SignedStatement

LONGEST = 1000
# As `since` of a login key: the service may not have heard of it yet.
ANNOUNCED = (1 << 32) - 1
_VERSION = 1
_STATEMENT = msgspec.msgpack.Decoder(DeviceStatement)


@dataclass(frozen=True, slots=True)
class Mark:
    """An end of the chain: how many links, and the digest of the last (zeros: none)."""

    length: int
    digest: bytes


BEGINNING = Mark(0, bytes(32))


@dataclass(frozen=True, slots=True)
class Login:
    """A login key, and from which link on it signs for the account. From the sealed keyring.

    `recovery`: the key of the recovery words, which may sign as the password's does.
    """

    since: int
    key: bytes
    recovery: bool = False


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A device of the list. `added`, `revoked`: the links that say so; `time`: ms, by its adder's clock."""

    public: DevicePublic
    added: int
    time: int
    revoked: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceList:
    """A chain that was checked. `digests[n]` is the end of its first n links."""

    account: bytes
    digests: tuple[bytes, ...]
    devices: Mapping[bytes, ListedDevice]

    @property
    def mark(self) -> Mark:
        """The end of the chain."""
        return Mark(len(self.digests) - 1, self.digests[-1])

    @property
    def listed(self) -> frozenset[bytes]:
        """The ids of the devices that count now."""
        return frozenset(id_ for id_, device in self.devices.items() if device.revoked is None)

    def holds(self, mark: Mark) -> bool:
        """Whether the chain once ended so."""
        return mark.length < len(self.digests) and self.digests[mark.length] == mark.digest

    def device(self, id_: bytes, *, revoked_too: bool = False) -> DevicePublic:
        """The public keys of a listed device. Raises `NotADevice`."""
        device = self.devices.get(id_)
        if device is None or (device.revoked is not None and not revoked_too):
            raise NotADevice
        return device.public


def digest(signed: SignedStatement) -> bytes:
    """What the next statement names as its parent."""
    return hashlib.sha256(signed.statement + signed.signature).digest()


def sign_statement(
    mark: Mark,
    account: bytes,
    action: Literal["add", "revoke"],
    device: DevicePublic,
    *,
    time: int,
    signer: bytes,
    seed: Secret,
) -> SignedStatement:
    """The next link. `signer`: a listed device's id (`seed`: its own), or the account's (the login key's)."""
    statement = msgspec.msgpack.encode(
        DeviceStatement(
            version=_VERSION,
            account=account,
            sequence=mark.length,
            parent=mark.digest,
            action=action,
            device=device.device,
            signing_key=device.signing_key,
            exchange_key=device.exchange_key,
            time=time,
            signer=signer,
        )
    )
    return SignedStatement(statement, signing.sign(seed, statement))


def read(
    links: Sequence[SignedStatement],
    account: bytes,
    *,
    logins: Sequence[Login] = (),
    anchor: Mark = BEGINNING,
    known: Mark = BEGINNING,
) -> DeviceList:
    """Check a whole chain. Raises `WrongDeviceList`.

    `known`: where this device last saw it end; `anchor`: where it ended when the wrap that this device
    opened was made. It must hold both. Links before the anchor may be signed by a login key that nobody
    knows any more; the anchor vouches for them.
    """
    if len(links) > LONGEST:
        raise WrongDeviceList("It is longer than a list may be.")
    vouched = anchor.length if anchor.length <= len(links) else 0
    digests = [BEGINNING.digest]
    devices: dict[bytes, ListedDevice] = {}
    for sequence, signed in enumerate(links):
        statement = _statement(signed, account, Mark(sequence, digests[-1]))
        keys = _signers_keys(statement, devices, logins)
        if not (any(signing.verified(key, signed.signature, signed.statement) for key in keys)
                or (sequence < vouched and statement.signer == account)):  # fmt: skip
            raise WrongDeviceList(f"Link {sequence} is not signed by who may sign it.")
        _take(statement, devices)
        digests.append(digest(signed))
    found = DeviceList(account, tuple(digests), devices)
    for mark, what in ((anchor, "when the key was wrapped"), (known, "when this machine last saw it")):
        if not found.holds(mark):
            shorter = mark.length >= len(digests)
            raise WrongDeviceList(f"It is {'shorter than' if shorter else 'another than'} {what}.")
    return found


def _statement(signed: SignedStatement, account: bytes, mark: Mark) -> DeviceStatement:
    """The statement, if it is the next link; the service checks just this (cloud/accounts/chain.py)."""
    try:
        statement = unpacked(signed.statement, _STATEMENT, "A link of the device list")
    except BadBody:
        raise WrongDeviceList(f"Link {mark.length} is no statement.") from None
    ids = (statement.account, statement.device, statement.signer)
    keys = (statement.signing_key, statement.exchange_key)
    if (
        statement.version != _VERSION
        or any(len(id_) != 16 for id_ in ids)
        or any(len(key) != 32 for key in keys)
    ):
        raise WrongDeviceList(f"Link {mark.length} is no statement of this version.")
    if statement.account != account:
        raise WrongDeviceList(f"Link {mark.length} is another account's.")
    if (statement.sequence, statement.parent) != (mark.length, mark.digest):
        raise WrongDeviceList(f"Link {mark.length} does not follow the one before it.")
    if mark.length == 0 and (statement.action, statement.signer) != ("add", account):
        raise WrongDeviceList("It does not begin with the account's own device.")
    return statement


def _signers_keys(
    statement: DeviceStatement, devices: Mapping[bytes, ListedDevice], logins: Sequence[Login]
) -> list[bytes]:
    """The keys that may have signed it: a listed device's, or the account's login key of that time.

    Later login keys count as well: where a link comes in while the password is changed, nobody can tell
    exactly which came first. One that has been announced and not taken into use is `ANNOUNCED`.
    """
    if statement.signer != statement.account:
        device = devices.get(statement.signer)
        return [] if device is None or device.revoked is not None else [device.public.signing_key]
    return [
        key
        for recovery in (False, True)
        for key in _around(statement.sequence, [login for login in logins if login.recovery is recovery])
    ]


def _around(sequence: int, logins: Sequence[Login]) -> list[bytes]:
    """The key that counted at a link, and those after it."""
    ordered = sorted(logins, key=lambda login: login.since)
    at = sum(login.since <= sequence for login in ordered)
    return [login.key for login in ordered[max(0, at - 1) :]]


def _take(statement: DeviceStatement, devices: dict[bytes, ListedDevice]) -> None:
    id_ = statement.device
    before = devices.get(id_)
    public = DevicePublic(id_, statement.signing_key, statement.exchange_key)
    if statement.action == "revoke":
        if before is not None and before.revoked is None:
            devices[id_] = replace(before, revoked=statement.sequence)
    elif before is None:
        devices[id_] = ListedDevice(public, statement.sequence, statement.time)
    elif before.revoked is not None or before.public.signing_key != public.signing_key:
        raise WrongDeviceList(f"Link {statement.sequence} lists a revoked device again, or with another key.")
    else:
        devices[id_] = replace(before, public=public)
