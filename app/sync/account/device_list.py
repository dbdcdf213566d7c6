"""The account's machines: the signed list, read with suspicion, and the next statement in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from app.sync.account.keyring_object import joined_logins, read_keyring
from app.sync.account.member import Member
from app.sync.account.session import Signed
from app.sync.crypto import device_list
from app.sync.crypto.device_keys import DevicePublic
from app.sync.crypto.device_list import DeviceList, Mark
from app.sync.crypto.device_names import open_name
from app.sync.crypto.refusals import Refused, WrongDeviceList
from app.sync.crypto.secret import Secret
from app.sync.link.problems import Refusal
from app.sync.wire.accounts import ChangeDevices, SignedStatement
from app.sync.wire.accounts import DeviceList as ShownDevices

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Machine:
    """One of the account's machines, for a person. `added`, `seen`, `revoked`: ms since 1970, as told."""

    device: bytes
    name: str
    here: bool
    listed: bool
    added: int
    seen: int
    revoked: int | None


def read_devices(signed: Signed) -> tuple[DeviceList, ShownDevices]:
    """The list, checked against the keys and the end we know; from now on its end is known.

    Raises `WrongDeviceList` where the account's own machines have not signed it, and what `call` does.
    """
    shown = signed.call("GET", "/v1/devices", ShownDevices)
    return _checked(signed, shown), shown


def _checked(signed: Signed, shown: ShownDevices) -> DeviceList:
    member = signed.member
    try:
        found = device_list.read(
            shown.chain, member.account, logins=member.logins, known=member.mark, anchor=member.mark
        )
    except WrongDeviceList:
        # Perhaps the password was changed elsewhere, and a machine was listed under the new one since.
        keyring = read_keyring(signed, member.roots, member.logins)
        logins = joined_logins(keyring.logins, member.logins)
        found = device_list.read(
            shown.chain, member.account, logins=logins, known=member.mark, anchor=member.mark
        )
        signed.keep(replace(member, roots=keyring.roots, logins=logins))
    if found.mark != signed.member.mark:
        signed.keep(replace(signed.member, mark=found.mark))
    return found


def names_of(member: Member, shown: ShownDevices) -> dict[bytes, str]:
    """The names of those machines whose name this one can open."""
    names: dict[bytes, str] = {}
    for one in shown.devices:
        device = one.device.bytes
        try:
            name = open_name(one.label, device, roots=member.roots, account=member.account)
        except Refused:
            continue
        if name:
            names[device] = name
    return names


def machines(signed: Signed) -> tuple[DeviceList, list[Machine]]:
    """The account's machines with their names, also those taken off. Raises as `read_devices`."""
    found, shown = read_devices(signed)
    member = signed.member
    names = names_of(member, shown)
    told: list[Machine] = []
    for one in shown.devices:
        device = one.device.bytes
        listed = device in found.listed
        told.append(
            Machine(
                device=device,
                name=names.get(device, f"machine {device.hex()[:8]}"),
                here=device == member.device.device,
                listed=listed and one.revoked is None,
                added=one.added,
                seen=one.seen,
                revoked=one.revoked,
            )
        )
    return found, told


def add_statement(
    signed: Signed,
    action: Literal["add", "revoke"],
    device: DevicePublic,
    *,
    signer: bytes,
    seed: Secret,
    wrap: Callable[[Mark], bytes] | None = None,
    label: bytes | UnsetType = UNSET,
) -> DeviceList:
    """Sign the list's next link and have it stored; the list as it is then. Raises as `read_devices`.

    `wrap`: makes what goes with a new machine, given the end of the list with its link.
    """
    for attempt in range(_ATTEMPTS):
        found, _ = read_devices(signed)
        if action == "revoke" and device.device not in found.listed:
            return found
        statement = device_list.sign_statement(
            found.mark, signed.member.account, action, device, time=signed.now_ms(), signer=signer, seed=seed
        )
        after = Mark(found.mark.length + 1, device_list.digest(statement))
        sealed = UNSET if wrap is None else wrap(after)
        try:
            asked = ChangeDevices(statement, sealed, label)
            return _checked(signed, signed.call("POST", "/v1/devices", ShownDevices, asked))
        except Refusal as refused:
            if refused.problem != "stale-chain" or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def first_statement(
    account: bytes, device: DevicePublic, time: int, seed: Secret
) -> tuple[SignedStatement, Mark]:
    """The link a new account begins with, and the end of the list with it."""
    statement = device_list.sign_statement(
        device_list.BEGINNING, account, "add", device, time=time, signer=account, seed=seed
    )
    return statement, Mark(1, device_list.digest(statement))


def as_uuid(device: bytes) -> UUID:
    """A device's id as it is written."""
    return UUID(bytes=device)
