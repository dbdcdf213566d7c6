"""A machine is taken off the account: off the list, and then a new root key, which it never gets.

What was sealed before stays readable for who had the old key; what comes after does not. Only who holds the
password (or the words) can wrap a new root key, so a service cannot slip in one of its own.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from app.errors import UsageError
from app.sync.account.device_list import add_statement, read_devices
from app.sync.account.keyring_object import read_keyring, write_keyring
from app.sync.account.passwords import Proven, wrap_of
from app.sync.account.session import Signed
from app.sync.crypto.device_keys import DevicePublic
from app.sync.crypto.device_list import DeviceList
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.wraps import (
    COMMITMENT_BYTES,
    Wrapped,
    unwrap_for_device,
    wrap_by_password,
    wrap_by_recovery,
    wrap_for_device,
)
from app.sync.link.problems import Refusal
from app.sync.wire.accounts import Account, RotateRoot, Wrap


def revoke(proven: Proven, device: bytes) -> None:
    """Take a machine off the list, and change the root key. Raises `UsageError`, and what `rotate` does."""
    signed = proven.signed
    if device == signed.member.device.device:
        raise UsageError(
            "This is the machine you are at.", advice="`devpulse account sign-out` takes it off."
        )
    require_rotatable(proven)
    found, _ = read_devices(signed)
    public = found.device(device)
    after = take_off(signed, public)
    rotate(proven, after)


def take_off(signed: Signed, public: DevicePublic) -> DeviceList:
    """Revoke a machine, signed by this one; its sessions end at once."""
    member = signed.member
    return add_statement(signed, "revoke", public, signer=member.device.device, seed=member.device.signing)


def require_rotatable(proven: Proven) -> None:
    """Raise `UsageError` unless the new root key can be wrapped for password and words by what is known."""
    if proven.by != "password":
        raise UsageError("Changing the root key takes the password.", detail="Nothing was changed.")
    words = wrap_of(proven.told, "recovery")[:COMMITMENT_BYTES]
    if words != proven.recovery.commitment:
        raise UsageError(
            "A change of the recovery words was not finished.",
            detail="Nothing was changed.",
            advice="Make new words first: `devpulse account recovery-key`.",
        )


def rotate(proven: Proven, devices: DeviceList) -> None:
    """The next root key, wrapped for the password, the words and every listed machine. Raises `Refusal`.

    From the service's answer on nobody may push under the old one. What is sealed already is sealed anew when
    it next changes.
    """
    signed = proven.signed
    keyring = read_keyring(signed, signed.member.roots, signed.member.logins)
    roots = keyring.roots.rotated(signed.random)
    member = signed.member
    content = Wrapped(roots.current, devices.mark, proven.recovery)
    how = {"account": member.account, "device": member.device.device, "random": signed.random}
    wraps = [
        Wrap("password", wrap_by_password(content, proven.keys.wrapping, **how)),  # type: ignore[arg-type]
        Wrap("recovery", wrap_by_recovery(content, proven.recovery, **how)),  # type: ignore[arg-type]
    ]
    for id_ in sorted(devices.listed):
        sealed = wrap_for_device(
            roots.current, devices.mark, devices.device(id_), account=member.account, signer=member.device
        )
        wraps.append(Wrap("device", sealed, UUID(bytes=id_)))
    signed.call("PUT", "/v1/account/root", Account, RotateRoot(roots.epoch, wraps))
    signed.keep(replace(signed.member, roots=roots, logins=keyring.logins))
    write_keyring(signed)


def fetch_root(signed: Signed) -> bool:
    """The root key that another machine has changed, from the wrap for this one; whether there was a newer.

    Raises `Refused` where the wrap is not by a machine of the list.
    """
    member = signed.member
    told = signed.call("GET", "/v1/account", Account)
    if told.epoch == member.roots.epoch:
        return False
    own = UUID(bytes=member.device.device)
    sealed = next((wrap.sealed for wrap in told.wraps if wrap.kind == "device" and wrap.device == own), None)
    if sealed is None:
        raise UsageError(
            "The account's key was changed, and not wrapped for this machine.",
            detail="Your data here stays.",
            advice="Sign out and in again: `devpulse account sign-out`.",
        )
    found, _ = read_devices(signed)
    wrapped = unwrap_for_device(sealed, member.device, found)
    if wrapped.root.epoch != told.epoch:
        raise Refusal(
            409,
            "stale-epoch",
            ("The account's new key is not there yet.", "Nothing was lost.", "Sync again."),
            {},
        )
    roots = signed.member.roots.joined(RootKeys.of(wrapped.root))
    signed.keep(replace(signed.member, roots=roots))
    if not roots.complete:
        keyring = read_keyring(signed, roots, signed.member.logins)
        signed.keep(replace(signed.member, roots=keyring.roots, logins=keyring.logins))
    return True
