from __future__ import annotations

import hmac

import pytest
from msgspec.structs import replace

from app.sync.crypto import account_keys, kdf, labels
from app.sync.crypto.secret import Secret

ACCOUNT = b"A" * 16
PARAMETERS = replace(kdf.fresh(lambda size: b"s" * size, "pbkdf2-sha256"), iterations=1)
KEY = Secret(b"k" * 16)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kdf, "PBKDF2_ITERATIONS", (1, 1))


def by_hand(root: bytes, label: bytes) -> bytes:
    """HKDF-Expand of 32 bytes."""
    return hmac.digest(root, label + b"\1", "sha256")


def test_the_keys_of_a_password_are_those_written_down() -> None:
    keys = account_keys.from_password("pass", KEY, ACCOUNT, PARAMETERS)
    stretched = kdf.stretch("pass", ACCOUNT, PARAMETERS).reveal()
    root = hmac.digest(b"k" * 16, stretched, "sha256")
    assert keys.login.reveal() == by_hand(root, b"devpulse 1 login\0")
    assert keys.wrapping.key.reveal() == by_hand(root, b"devpulse 1 key encryption\0")
    assert keys.wrapping.commitment == by_hand(root, b"devpulse 1 commitment\0")
    assert len(keys.login_key) == 32


def test_password_secret_key_and_account_all_count() -> None:
    keys = account_keys.from_password("pass", KEY, ACCOUNT, PARAMETERS)
    for other in (
        account_keys.from_password("pasS", KEY, ACCOUNT, PARAMETERS),
        account_keys.from_password("pass", Secret(b"K" * 16), ACCOUNT, PARAMETERS),
        account_keys.from_password("pass", KEY, b"B" * 16, PARAMETERS),
    ):
        assert other.login_key != keys.login_key
        assert other.wrapping.key != keys.wrapping.key
        assert other.wrapping.commitment != keys.wrapping.commitment


def test_the_recovery_words_keys_are_of_the_words_and_the_account() -> None:
    keys = account_keys.from_recovery(Secret(b"e" * 32), ACCOUNT)
    assert keys.login_key == account_keys.from_recovery(Secret(b"e" * 32), ACCOUNT).login_key
    for other in (
        account_keys.from_recovery(Secret(b"f" * 32), ACCOUNT),
        account_keys.from_recovery(Secret(b"e" * 32), b"B" * 16),
    ):
        assert other.login_key != keys.login_key
        assert other.wrapping.commitment != keys.wrapping.commitment


def test_no_two_uses_share_a_label_and_none_begins_another() -> None:
    found = [value for name, value in vars(labels).items() if name.isupper()]
    assert len(found) > 20
    for one in found:
        assert one.endswith(b"\0")
        assert [other for other in found if other.startswith(one)] == [one]


def test_no_key_is_in_a_repr() -> None:
    keys = account_keys.from_recovery(Secret(b"e" * 32), ACCOUNT)
    for hidden in (keys.login, keys.wrapping.key):
        assert repr(hidden.reveal()) not in repr(keys)
