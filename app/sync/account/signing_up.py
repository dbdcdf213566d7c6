"""A new account: all keys are made here, and rest here before the service hears of the account."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from msgspec import UNSET

from app.errors import ServiceRefused, UsageError
from app.sync.account.device_list import first_statement
from app.sync.account.keyring_object import write_keyring
from app.sync.account.member import Member
from app.sync.account.member_file import MemberFile
from app.sync.account.session import Signed, ask_challenge, sealed_name
from app.sync.crypto import account_keys, kdf, recovery_words, signing
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import Login
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Random, Secret
from app.sync.crypto.secret_key import fresh as fresh_secret_key
from app.sync.crypto.wraps import Wrapped, wrap_by_password, wrap_by_recovery
from app.sync.link.service import Service
from app.sync.wire.accounts import SignedUp, SignUp

SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A fresh account, signed in. `words`: the 24 recovery words, told once and kept nowhere."""

    signed: Signed
    secret_key: Secret
    words: str


def require_password(password: str) -> str:
    """The password, if it is long enough for what it guards. Raises `UsageError`."""
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(
            f"A password has at least {SHORTEST_PASSWORD} characters.", detail="Nothing was sent."
        )
    return password


def sign_up(
    service: Service,
    file: MemberFile,
    password: str,
    *,
    email: str | None,
    invitation: str | None,
    label: str,
    now_ms: Callable[[], int],
    random: Random = os.urandom,
) -> NewAccount:
    """Make an account and sign in. Raises `UsageError`, `ServiceRefused` (taken, closed), `ServiceAway`."""
    require_password(password)
    account = uuid4().bytes
    device = DeviceKeys.fresh(uuid4().bytes, random)
    hardening, secret_key, entropy = kdf.fresh(random), fresh_secret_key(random), Secret.random(32, random)
    keys = account_keys.from_password(password, secret_key, account, hardening)
    recovery = account_keys.from_recovery(entropy, account)
    roots = RootKeys.first(random)
    statement, mark = first_statement(account, device.public, now_ms(), keys.login)
    challenge = ask_challenge(service, "sign-up", str(UUID(bytes=account)))
    message = signing.proof("sign-up", challenge.server.bytes, account, device.device, challenge.challenge)
    content = Wrapped(roots.current, mark, recovery.wrapping)
    sealed = {"account": account, "device": device.device, "random": random}
    asked = SignUp(
        account=UUID(bytes=account),
        kdf=hardening,
        login_key=keys.login_key,
        recovery_key=recovery.login_key,
        password_wrap=wrap_by_password(content, keys.wrapping, **sealed),  # type: ignore[arg-type]
        recovery_wrap=wrap_by_recovery(content, recovery.wrapping, **sealed),  # type: ignore[arg-type]
        device=statement,
        device_label=sealed_name(label, device.device, roots, account, random),
        challenge=challenge.challenge,
        login_proof=signing.sign(keys.login, message),
        recovery_proof=signing.sign(recovery.login, message),
        email=UNSET if email is None else email,
        invitation=UNSET if invitation is None else invitation,
    )
    member = Member(
        server=service.connection.address.url,
        server_id=challenge.server.bytes,
        account=account,
        email=email,
        device=device,
        label=label,
        roots=roots,
        logins=(Login(0, keys.login_key), Login(0, recovery.login_key, recovery=True)),
        kdf=hardening,
        mark=mark,
        secret_key=secret_key,
    )
    _make(service, file, member, asked)
    signed = Signed(service, file, member, now_ms, random)
    signed.token()
    write_keyring(signed)
    return NewAccount(signed, secret_key, recovery_words.encode(entropy))


def _make(service: Service, file: MemberFile, member: Member, asked: SignUp) -> None:
    """Keys first: an account that nobody has the keys of would hold its e-mail address for ever."""
    file.save(member)
    try:
        service.call("POST", "/v1/accounts", SignedUp, asked, once=uuid4().hex)
    except ServiceRefused:
        file.forget()
        raise
    # When the answer was lost, the account may be there: then this machine's own key signs in.
