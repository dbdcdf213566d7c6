from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.sync.crypto import signing
from app.sync.crypto.account_keys import WrappingKey
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import BEGINNING, DeviceList, Login, Mark, digest, read, sign_statement
from app.sync.crypto.refusals import NotADevice, NotSealedForUs, Refused, Unexpected, WrongPassword
from app.sync.crypto.root_keys import RootKey
from app.sync.crypto.secret import Secret
from app.sync.crypto.wraps import (
    Wrapped,
    unwrap_by_password,
    unwrap_by_recovery,
    unwrap_for_device,
    wrap_by_password,
    wrap_by_recovery,
    wrap_for_device,
)
from app.sync.wire.accounts import SignedStatement

ACCOUNT = b"A" * 16
LOGIN = Secret(b"l" * 32)
PASSWORD = WrappingKey(Secret(b"p" * 32), b"P" * 32)
RECOVERY = WrappingKey(Secret(b"r" * 32), b"R" * 32)
FIRST, SECOND = (DeviceKeys.fresh(bytes((n,)) * 16, os.urandom) for n in (1, 2))


def devices() -> DeviceList:
    links: list[SignedStatement] = []
    for keys in (FIRST, SECOND):
        mark = Mark(len(links), digest(links[-1])) if links else BEGINNING
        links.append(sign_statement(mark, ACCOUNT, "add", keys.public, time=1, signer=ACCOUNT, seed=LOGIN))
    return read(links, ACCOUNT, logins=[Login(0, signing.public_key(LOGIN))])


DEVICES = devices()
CONTENT = Wrapped(RootKey(3, Secret(b"k" * 32)), DEVICES.mark, RECOVERY)


def by_password(content: Wrapped = CONTENT, key: WrappingKey = PASSWORD, account: bytes = ACCOUNT) -> bytes:
    return wrap_by_password(content, key, account=account, device=FIRST.device, random=os.urandom)


def by_recovery() -> bytes:
    return wrap_by_recovery(CONTENT, RECOVERY, account=ACCOUNT, device=FIRST.device, random=os.urandom)


def for_second(signer: DeviceKeys = FIRST) -> bytes:
    return wrap_for_device(CONTENT.root, CONTENT.anchor, SECOND.public, account=ACCOUNT, signer=signer)


def test_each_way_gives_the_root_key_back() -> None:
    assert unwrap_by_password(by_password(), PASSWORD, account=ACCOUNT) == CONTENT
    without = replace(CONTENT, recovery=None)
    assert unwrap_by_recovery(by_recovery(), RECOVERY, account=ACCOUNT) == without
    assert unwrap_for_device(for_second(), SECOND, DEVICES) == without


def test_each_is_small_enough_for_the_service() -> None:
    assert max(len(by_password()), len(by_recovery()), len(for_second())) < 1000


def test_another_password_is_told_apart_from_a_service_that_meddles() -> None:
    other = WrappingKey(Secret(b"q" * 32), b"Q" * 32)
    with pytest.raises(WrongPassword):
        unwrap_by_password(by_password(), other, account=ACCOUNT)
    # With the right commitment and another key: no envelope that opens under many.
    with pytest.raises(NotSealedForUs):
        unwrap_by_password(by_password(), replace(PASSWORD, key=other.key), account=ACCOUNT)
    with pytest.raises(WrongPassword):
        unwrap_by_recovery(by_password(), RECOVERY, account=ACCOUNT)


@pytest.mark.parametrize(
    ("make", "open_"),
    [
        (by_password, lambda sealed: unwrap_by_password(sealed, PASSWORD, account=ACCOUNT)),
        (by_recovery, lambda sealed: unwrap_by_recovery(sealed, RECOVERY, account=ACCOUNT)),
        (for_second, lambda sealed: unwrap_for_device(sealed, SECOND, DEVICES)),
    ],
)
def test_every_byte_that_is_changed_and_every_cut_is_refused(
    make: Callable[[], bytes], open_: Callable[[bytes], Wrapped]
) -> None:
    sealed = make()
    for at in range(len(sealed)):
        with pytest.raises(Refused):
            open_(sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :])
        with pytest.raises(Refused):
            open_(sealed[:at])
    with pytest.raises(Refused):
        open_(sealed + b"\0")


def test_a_wrap_is_of_one_account_and_one_way() -> None:
    with pytest.raises(Refused):
        unwrap_by_password(by_password(account=b"B" * 16), PASSWORD, account=ACCOUNT)
    same_key = wrap_by_recovery(CONTENT, PASSWORD, account=ACCOUNT, device=FIRST.device, random=os.urandom)
    with pytest.raises(Unexpected):
        unwrap_by_password(same_key, PASSWORD, account=ACCOUNT)


def test_a_root_key_by_who_is_not_listed_is_refused() -> None:
    """The service knows every device's public key, and could seal a root key of its own for it."""
    stranger = DeviceKeys.fresh(b"9" * 16, os.urandom)
    with pytest.raises(NotADevice):
        unwrap_for_device(for_second(stranger), SECOND, DEVICES)
    with pytest.raises(NotADevice):
        in_the_name_of_first = DeviceKeys(FIRST.device, stranger.signing, stranger.exchange)
        unwrap_for_device(for_second(in_the_name_of_first), SECOND, DEVICES)


def test_a_devices_wrap_opens_for_no_other() -> None:
    with pytest.raises(Unexpected):
        unwrap_for_device(for_second(), FIRST, DEVICES)
    other_keys = DeviceKeys(SECOND.device, SECOND.signing, FIRST.exchange)
    with pytest.raises(NotSealedForUs):
        unwrap_for_device(for_second(), other_keys, DEVICES)


def test_a_wrap_made_for_another_list_is_refused() -> None:
    elsewhere = wrap_for_device(
        CONTENT.root, Mark(2, b"x" * 32), SECOND.public, account=ACCOUNT, signer=FIRST
    )
    with pytest.raises(Unexpected, match="another list"):
        unwrap_for_device(elsewhere, SECOND, DEVICES)


def test_the_passwords_wrap_always_carries_the_recoverys_key() -> None:
    with pytest.raises(ValueError, match="recovery"):
        by_password(replace(CONTENT, recovery=None))


def test_no_key_is_in_a_repr_or_in_the_clear() -> None:
    assert "kkkk" not in repr(CONTENT)
    for sealed in (by_password(), by_recovery(), for_second()):
        assert b"k" * 32 not in sealed
        assert RECOVERY.key.reveal() not in sealed
