"""Another machine of an account: by password and Secret Key, or by the 24 recovery words."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from app.errors import ServiceUntrusted
from app.sync.account.device_list import add_statement
from app.sync.account.keyring_object import joined_logins, read_keyring
from app.sync.account.member import Member
from app.sync.account.member_file import MemberFile
from app.sync.account.session import Signed, ask_challenge, sealed_name, sign_in
from app.sync.crypto import account_keys, device_list, recovery_words
from app.sync.crypto.account_keys import AccountKeys
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import Login, Mark
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Random, Secret
from app.sync.crypto.wraps import Wrapped, unwrap_by_password, unwrap_by_recovery, wrap_for_device
from app.sync.link.service import Service
from app.sync.wire.accounts import Account, Challenge
from app.sync.wire.accounts import DeviceList as ShownDevices


class Joining:
    """What one sign-in needs, whichever key proves it."""

    def __init__(
        self,
        service: Service,
        file: MemberFile,
        *,
        label: str,
        now_ms: Callable[[], int],
        random: Random = os.urandom,
    ) -> None:
        self._service = service
        self._file = file
        self._label = label
        self._now_ms = now_ms
        self._random = random

    def by_password(self, login: str, password: str, secret_key: Secret) -> Signed:
        """Join an account. `login`: its e-mail address or id. Raises `ServiceRefused`, `Refused`."""
        challenge = ask_challenge(self._service, "sign-in", login)
        account = challenge.account.bytes
        keys = account_keys.from_password(password, secret_key, account, challenge.kdf)
        return self._joined(challenge, keys, "password", secret_key)

    def by_words(self, login: str, words: str) -> Signed:
        """Join an account by its recovery words. Raises as `by_password`, and `Mistyped`."""
        entropy = recovery_words.decode(words)
        challenge = ask_challenge(self._service, "recover", login)
        keys = account_keys.from_recovery(entropy, challenge.account.bytes)
        return self._joined(challenge, keys, "recovery", None)

    def _joined(
        self, challenge: Challenge, keys: AccountKeys, method: str, secret_key: Secret | None
    ) -> Signed:
        device = DeviceKeys.fresh(uuid4().bytes, self._random)
        now = self._now_ms()
        session = sign_in(
            self._service, challenge, device, keys.login, method=method, now_ms=now, random=self._random
        )
        told = self._service.call("GET", "/v1/account", Account, token=session.access)
        wrapped = _unwrapped(told, keys, method, challenge.account.bytes)
        member = Member(
            server=self._service.connection.address.url,
            server_id=challenge.server.bytes,
            account=challenge.account.bytes,
            email=told.email,
            device=device,
            label=self._label,
            roots=RootKeys.of(wrapped.root),
            logins=(),
            kdf=challenge.kdf,
            mark=wrapped.anchor,
            secret_key=secret_key,
            session=session,
        )
        signed = Signed(self._service, self._file, member, self._now_ms, self._random)
        own = Login(wrapped.anchor.length, keys.login_key, recovery=method == "recovery")
        learn_list(signed, wrapped.anchor, own)
        list_here(signed, signer=member.account, seed=keys.login)
        return signed


def list_here(signed: Signed, *, signer: bytes, seed: Secret) -> None:
    """Put this machine on the account's list, with the root key wrapped for it."""
    member = signed.member

    def wrap(mark: Mark) -> bytes:
        return wrap_for_device(
            member.roots.current, mark, member.device.public, account=member.account, signer=member.device
        )

    label = sealed_name(member.label, member.device.device, member.roots, member.account, signed.random)
    add_statement(signed, "add", member.device.public, signer=signer, seed=seed, wrap=wrap, label=label)


def learn_list(signed: Signed, anchor: Mark, own: Login) -> None:
    """Read the list for the first time, as the wrap that was opened vouches for it, and keep the member.

    `own`: the key that has just signed in. What the service says the account's keys are is not believed.

    Raises `WrongDeviceList` for a list that does not hold the anchor, or goes on without a right signature.
    """
    member = signed.member
    keyring = read_keyring(signed, member.roots, ())
    logins = joined_logins(keyring.logins, (own,))
    shown = signed.call("GET", "/v1/devices", ShownDevices)
    found = device_list.read(shown.chain, member.account, logins=logins, anchor=anchor)
    signed.keep(replace(signed.member, roots=keyring.roots, logins=logins, mark=found.mark))


def _unwrapped(told: Account, keys: AccountKeys, method: str, account: bytes) -> Wrapped:
    for wrap in told.wraps:
        if wrap.kind == method:
            opened = unwrap_by_password if method == "password" else unwrap_by_recovery
            return opened(wrap.sealed, keys.wrapping, account=account)
    raise ServiceUntrusted(
        "The service does not give the account's wrapped key.",
        detail="Nothing was changed.",
        advice="Ask the person who runs it.",
    )
