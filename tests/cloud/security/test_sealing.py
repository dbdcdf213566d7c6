"""What is sealed opens at its place, under a secret that is still there, and nowhere else."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.security.sealing import SealBroken, Sealer, open_sealer
from cloud.settings import Settings

OLD, NEW = b"o" * 32, b"n" * 32


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_it_opens_again_and_differs_each_time(plaintext: bytes, place: bytes) -> None:
    sealer = Sealer([NEW])
    sealed = sealer.seal(plaintext, place)
    assert sealer.open(sealed, place) == plaintext
    assert sealed != sealer.seal(plaintext, place)
    with pytest.raises(SealBroken):
        sealer.open(sealed, place + b"!")


@given(st.integers(min_value=0))
def test_a_changed_byte_is_noticed(position: int) -> None:
    sealer = Sealer([NEW])
    sealed = bytearray(sealer.seal(b"secret", b"row"))
    sealed[position % len(sealed)] ^= 1
    with pytest.raises(SealBroken):
        sealer.open(bytes(sealed), b"row")


def test_a_former_secret_opens_and_a_lost_one_does_not() -> None:
    sealed = Sealer([OLD]).seal(b"x", b"")
    both = Sealer([NEW, OLD])
    assert both.open(sealed, b"") == b"x"
    assert not both.is_current(sealed)
    assert both.is_current(both.seal(b"x", b""))
    with pytest.raises(SealBroken):
        Sealer([NEW]).open(sealed, b"")


def test_pretence_is_steady_also_after_a_new_secret() -> None:
    assert Sealer([OLD]).pretend(b"salt", b"nobody") == Sealer([NEW, OLD]).pretend(b"salt", b"nobody")
    assert Sealer([OLD]).pretend(b"salt", b"nobody") != Sealer([OLD]).pretend(b"salt", b"somebody")


def test_a_file_database_gets_a_secret_of_its_own(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    sealed = open_sealer(settings).seal(b"x", b"")
    assert open_sealer(settings).open(sealed, b"") == b"x"
    file = tmp_path / "data" / "secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(base64.b64decode(file.read_text())) == 32
