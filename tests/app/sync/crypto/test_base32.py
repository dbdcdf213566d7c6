from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.crypto.base32 import decode, encode
from app.sync.crypto.refusals import Mistyped


@given(st.binary(min_size=8, max_size=8))
def test_what_was_written_is_read(value: bytes) -> None:
    text = encode(value, 12)
    assert len(text) == 14
    assert decode(text, 12, "code") == int.from_bytes(value) >> 4


def test_a_person_may_write_it_as_they_like() -> None:
    text = encode(b"\x00\x42\x31\xff\xff\xff\xff\xff", 12)
    assert text.startswith("0113-")
    for typed in (
        text.lower(),
        text.replace("-", " "),
        text.replace("0", "o").replace("1", "l"),
        f" {text}\n",
    ):
        assert decode(typed, 12, "code") == decode(text, 12, "code")


def test_a_slip_is_told_by_its_place_and_not_quoted() -> None:
    with pytest.raises(Mistyped, match="place 3") as told:
        decode("AB?D-EFGH-JKMN", 12, "pairing code")
    assert "?" not in told.value.told()
    with pytest.raises(Mistyped, match="12 characters; these are 11"):
        decode("ABCD-EFGH-JKM", 12, "pairing code")
