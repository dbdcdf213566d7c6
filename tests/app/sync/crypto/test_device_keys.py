from __future__ import annotations

import os

from app.sync.crypto import hpke, signing
from app.sync.crypto.device_keys import DeviceKeys


def test_a_device_signs_and_is_sealed_for_by_its_public_halves() -> None:
    keys = DeviceKeys.fresh(b"D" * 16, os.urandom)
    assert signing.verified(keys.public.signing_key, keys.sign(b"message"), b"message")
    sealed = hpke.seal_to(keys.public.exchange_key, b"hush", b"")
    assert hpke.open_with(keys.exchange, sealed, b"") == b"hush"


def test_the_two_keys_are_of_different_randomness_and_hidden() -> None:
    drawn = iter([b"s" * 32, b"x" * 32])
    keys = DeviceKeys.fresh(b"D" * 16, lambda _size: next(drawn))
    assert (keys.signing.reveal(), keys.exchange.reveal()) == (b"s" * 32, b"x" * 32)
    assert "ssss" not in repr(keys)
    assert "xxxx" not in repr(keys)
