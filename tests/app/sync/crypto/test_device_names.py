from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.crypto.device_names import UNNAMED, open_name, seal_name
from app.sync.crypto.refusals import NotSealedForUs, Refused, UnknownEpoch
from app.sync.crypto.root_keys import RootKeys

ROOTS = RootKeys.first(os.urandom).rotated(os.urandom)
ACCOUNT, DEVICE = b"A" * 16, b"D" * 16


def sealed(name: str) -> bytes:
    return seal_name(name, DEVICE, roots=ROOTS, account=ACCOUNT, random=os.urandom)


def opened(label: bytes, device: bytes = DEVICE, account: bytes = ACCOUNT, roots: RootKeys = ROOTS) -> str:
    return open_name(label, device, roots=roots, account=account)


@given(st.text(alphabet=st.characters(exclude_characters="\0", codec="utf-8"), max_size=16))
def test_a_name_comes_back_and_its_length_is_not_told(name: str) -> None:
    assert opened(sealed(name)) == name
    assert len(sealed(name)) == len(sealed(""))


def test_a_name_too_long_is_cut_between_characters() -> None:
    assert opened(sealed("ü" * 100)) == "ü" * 32
    assert opened(sealed("x" + "ü" * 100)) == "x" + "ü" * 31


def test_before_the_first_root_key_there_is_no_name() -> None:
    assert opened(UNNAMED) == ""


def test_a_name_is_one_devices_of_one_account() -> None:
    label = sealed("laptop")
    with pytest.raises(NotSealedForUs):
        opened(label, device=b"E" * 16)
    with pytest.raises(NotSealedForUs):
        opened(label, account=b"B" * 16)
    with pytest.raises(UnknownEpoch):
        opened(label, roots=RootKeys(1, {1: ROOTS.key(1)}))
    for at in range(len(label)):
        with pytest.raises(Refused):
            opened(label[:at] + bytes((label[at] ^ 1,)) + label[at + 1 :])


@given(st.binary(max_size=100).filter(lambda label: label != UNNAMED))
def test_any_bytes_are_refused_in_words(label: bytes) -> None:
    with pytest.raises(Refused):
        opened(label)
