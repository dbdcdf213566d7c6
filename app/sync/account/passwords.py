"""A new password, or new recovery words: the root key wrapped anew, and nothing else sealed again.

The keyring learns the new key before the service does, as one that is announced: whoever lists a machine with
it in between finds it there, and where the change comes to nothing the former key goes on.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from app.errors import ServiceUntrusted, UsageError
from app.sync.account.device_list import read_devices
from app.sync.account.keyring_object import joined_logins, write_keyring
from app.sync.account.session import Signed, ask_challenge, require_same_server
from app.sync.account.signing_up import require_password
from app.sync.crypto import account_keys, device_list, kdf, recovery_words, signing
from app.sync.crypto.account_keys import AccountKeys, WrappingKey
from app.sync.crypto.device_list import Login, Mark
from app.sync.crypto.secret import Secret
from app.sync.crypto.secret_key import fresh as fresh_secret_key
from app.sync.crypto.wraps import (
    Wrapped,
    unwrap_by_password,
    unwrap_by_recovery,
    wrap_by_password,
    wrap_by_recovery,
)
from app.sync.wire.accounts import Account, Action, ChangePassword, DeleteAccount, Kdf


class Proven:
    """A member who has just shown the password, or the recovery words, and what that opened."""

    def __init__(self, signed: Signed, by: str, keys: AccountKeys, told: Account, wrapped: Wrapped) -> None:
        self.signed = signed
        self.by = by
        self.keys = keys
        self.told = told
        self.wrapped = wrapped

    def proof(self, action: Action, also: AccountKeys | None = None) -> tuple[bytes, bytes, bytes]:
        """A fresh challenge, signed by the key that counts, and by another one (its own, if none)."""
        member = self.signed.member
        challenge = ask_challenge(self.signed.service, action, str(UUID(bytes=member.account)))
        require_same_server(challenge, member)
        message = signing.proof(
            action, member.server_id, member.account, signing.NO_DEVICE, challenge.challenge
        )
        return (
            challenge.challenge,
            signing.sign(self.keys.login, message),
            signing.sign((also or self.keys).login, message),
        )

    @property
    def recovery(self) -> WrappingKey:
        """What wraps the root key for the recovery words."""
        if self.by == "recovery":
            return self.keys.wrapping
        assert self.wrapped.recovery is not None
        return self.wrapped.recovery


def prove_by_password(signed: Signed, password: str) -> Proven:
    """Show the password. Raises `WrongPassword`, `WeakParameters`, `UsageError` without a Secret Key."""
    member = signed.member
    if member.secret_key is None:
        raise UsageError(
            "This machine does not have the Secret Key.",
            detail="It came in by the recovery words. Nothing was changed.",
            advice="Use the recovery words here, too.",
        )
    told = signed.call("GET", "/v1/account", Account)
    keys = account_keys.from_password(password, member.secret_key, member.account, told.kdf, member.kdf)
    wrapped = unwrap_by_password(wrap_of(told, "password"), keys.wrapping, account=member.account)
    return Proven(signed, "password", keys, told, wrapped)


def prove_by_words(signed: Signed, words: str) -> Proven:
    """Show the recovery words. Raises `WrongPassword`, `Mistyped`."""
    keys = account_keys.from_recovery(recovery_words.decode(words), signed.member.account)
    told = signed.call("GET", "/v1/account", Account)
    wrapped = unwrap_by_recovery(wrap_of(told, "recovery"), keys.wrapping, account=signed.member.account)
    return Proven(signed, "recovery", keys, told, wrapped)


def wrap_of(told: Account, kind: str) -> bytes:
    """The account's root key wrapped by the password or for the words. Raises `ServiceUntrusted`."""
    for wrap in told.wraps:
        if wrap.kind == kind:
            return wrap.sealed
    raise ServiceUntrusted(
        "The service does not give the account's wrapped key.", detail="Nothing was changed."
    )


def change_password(proven: Proven, new: str) -> Secret:
    """A new password; every other session of the account ends. The Secret Key, a new one after the words."""
    require_password(new)
    signed = proven.signed
    secret_key = signed.member.secret_key or fresh_secret_key(signed.random)
    hardening = kdf.fresh(signed.random)
    keys = account_keys.from_password(new, secret_key, signed.member.account, hardening)
    _announce(signed, keys.login_key, recovery=False)
    _store_password(proven, keys, hardening, proven.recovery)
    signed.keep(replace(signed.member, kdf=hardening, secret_key=secret_key))
    settle_logins(signed)
    return secret_key


def change_words(proven: Proven, password: str) -> str:
    """New recovery words; the former ones open nothing any more. `password`: the one that counts.

    The password's wrap goes first: it carries the words' key, and a change of the root key is refused while
    the two do not fit (`rotating.py`).
    """
    signed = proven.signed
    member = signed.member
    assert member.secret_key is not None
    entropy = Secret.random(32, signed.random)
    recovery = account_keys.from_recovery(entropy, member.account)
    _announce(signed, recovery.login_key, recovery=True)
    hardening = kdf.fresh(signed.random)
    keys = account_keys.from_password(password, member.secret_key, member.account, hardening)
    _announce(signed, keys.login_key, recovery=False)
    _store_password(proven, keys, hardening, recovery.wrapping)
    signed.keep(replace(signed.member, kdf=hardening))
    again = prove_by_password(signed, password)
    challenge, proof, new_proof = again.proof("change-recovery", recovery)
    content = Wrapped(again.wrapped.root, _mark(signed))
    sealed = wrap_by_recovery(
        content,
        recovery.wrapping,
        account=member.account,
        device=member.device.device,
        random=signed.random,
    )
    asked = ChangePassword(
        again.told.keys_version, challenge, "password", proof, recovery.login_key, new_proof, sealed
    )
    signed.call("PUT", "/v1/account/recovery", Account, asked)
    settle_logins(signed)
    return recovery_words.encode(entropy)


def delete_account(proven: Proven) -> None:
    """Erase the account at the service, for good, and forget its keys here. Local data stays."""
    challenge, proof, _ = proven.proof("delete")
    by = "password" if proven.by == "password" else "recovery"
    proven.signed.tell("POST", "/v1/account/deletion", DeleteAccount(challenge, by, proof))
    proven.signed.forget()


def _announce(signed: Signed, key: bytes, *, recovery: bool) -> None:
    settle_logins(signed)
    login = Login(device_list.ANNOUNCED, key, recovery=recovery)
    signed.keep(replace(signed.member, logins=joined_logins(signed.member.logins, (login,))))
    write_keyring(signed)


def settle_logins(signed: Signed) -> None:
    """Announced keys that the service has taken into use count from the list's present end on.

    What it says is believed for keys that the account's own machines have announced, and for no other.
    """
    logins = signed.member.logins
    if all(login.since != device_list.ANNOUNCED for login in logins):
        return
    told = signed.call("GET", "/v1/account", Account)
    length = _mark(signed).length
    used = (told.login_key, told.recovery_key)
    settled = tuple(
        replace(login, since=length) if login.since == device_list.ANNOUNCED and login.key in used else login
        for login in logins
    )
    if settled != logins:
        signed.keep(replace(signed.member, logins=joined_logins(settled, ())))
        write_keyring(signed)


def _mark(signed: Signed) -> Mark:
    return read_devices(signed)[0].mark


def _store_password(proven: Proven, keys: AccountKeys, hardening: Kdf, recovery: WrappingKey) -> None:
    signed = proven.signed
    content = Wrapped(proven.wrapped.root, _mark(signed), recovery)
    sealed = wrap_by_password(
        content,
        keys.wrapping,
        account=signed.member.account,
        device=signed.member.device.device,
        random=signed.random,
    )
    challenge, proof, new_proof = proven.proof("change-password", keys)
    by = "password" if proven.by == "password" else "recovery"
    asked = ChangePassword(
        proven.told.keys_version, challenge, by, proof, keys.login_key, new_proof, sealed, hardening
    )
    signed.call("PUT", "/v1/account/password", Account, asked)
