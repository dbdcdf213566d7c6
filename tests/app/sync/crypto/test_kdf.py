from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from msgspec.structs import replace

from app.sync.crypto import kdf
from app.sync.crypto.labels import PASSWORD_SALT
from app.sync.crypto.refusals import WeakParameters
from app.sync.wire.accounts import Kdf

ACCOUNT = b"A" * 16
ARGON2 = kdf.fresh(lambda size: b"s" * size)
PBKDF2 = kdf.fresh(lambda size: b"s" * size, "pbkdf2-sha256")


def test_a_new_password_gets_the_documented_parameters() -> None:
    assert Kdf("argon2id", b"s" * 32, 65_536, 3, 4) == ARGON2
    assert Kdf("pbkdf2-sha256", b"s" * 32, 0, 600_000, 1) == PBKDF2
    kdf.require_sound(ARGON2, ARGON2)
    kdf.require_sound(PBKDF2, PBKDF2)


def test_argon2id_agrees_with_another_library() -> None:
    salt = hashlib.sha256(PASSWORD_SALT + ACCOUNT + ARGON2.salt).digest()
    other = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=65_536)
    assert kdf.stretch("correct horse ü", ACCOUNT, ARGON2).reveal() == other.derive(
        "correct horse ü".encode()
    )


def test_pbkdf2_agrees_with_the_standard_library() -> None:
    salt = hashlib.sha256(PASSWORD_SALT + ACCOUNT + PBKDF2.salt).digest()
    assert kdf.stretch("pass", ACCOUNT, PBKDF2).reveal() == hashlib.pbkdf2_hmac(
        "sha256", b"pass", salt, 600_000
    )


def test_one_password_however_a_keyboard_composes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kdf, "PBKDF2_ITERATIONS", (1, 1))
    quick = replace(PBKDF2, iterations=1)
    composed = kdf.stretch("caf\u00e9", ACCOUNT, quick)
    assert composed == kdf.stretch("cafe\u0301", ACCOUNT, quick)
    assert composed != kdf.stretch("cafe", ACCOUNT, quick)
    assert composed != kdf.stretch("caf\u00e9", b"B" * 16, quick)
    assert composed != kdf.stretch("caf\u00e9", ACCOUNT, replace(quick, salt=b"t" * 32))


@pytest.mark.parametrize(
    ("asked", "changes"),
    [
        (ARGON2, {"memory_kib": 65_535}),
        (ARGON2, {"memory_kib": 0}),
        (ARGON2, {"iterations": 2}),
        (ARGON2, {"parallelism": 0}),
        (ARGON2, {"memory_kib": (1 << 20) + 1}),
        (ARGON2, {"iterations": 11}),
        (ARGON2, {"parallelism": 17}),
        (ARGON2, {"salt": b"short"}),
        (PBKDF2, {"iterations": 599_999}),
        (PBKDF2, {"iterations": 10_000_001}),
    ],
)
def test_what_is_too_weak_or_absurd_is_refused_before_anything_is_derived(
    asked: Kdf, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("argon2.low_level.hash_secret_raw", None)
    with pytest.raises(WeakParameters):
        kdf.stretch("password", ACCOUNT, replace(asked, **changes))


def test_an_account_never_gets_weaker() -> None:
    strong = replace(ARGON2, memory_kib=131_072, iterations=4)
    for weaker in (ARGON2, replace(strong, iterations=3), replace(strong, memory_kib=65_536), PBKDF2):
        with pytest.raises(WeakParameters, match="not safe"):
            kdf.require_sound(weaker, strong)
    kdf.require_sound(replace(strong, salt=b"t" * 32), strong)
    kdf.require_sound(replace(strong, iterations=5), strong)
    kdf.require_sound(ARGON2, PBKDF2)


def test_the_refusal_says_nothing_of_the_password() -> None:
    with pytest.raises(WeakParameters) as told:
        kdf.stretch("correct horse", ACCOUNT, replace(ARGON2, iterations=1))
    assert "horse" not in told.value.told()
    assert "1, and 3 is the least" in told.value.detail
