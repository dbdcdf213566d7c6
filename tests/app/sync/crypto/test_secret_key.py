from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.sync.crypto import secret_key
from app.sync.crypto.refusals import Mistyped
from app.sync.crypto.secret import Secret


@given(st.binary(min_size=16, max_size=16))
def test_it_is_read_as_it_was_written(value: bytes) -> None:
    text = secret_key.encode(Secret(value))
    assert len(text) == len("D1-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX")
    assert secret_key.decode(text).reveal() == value
    assert secret_key.decode(text.lower().replace("-", " ")).reveal() == value
    assert secret_key.decode(text[3:]).reveal() == value


def test_the_text_is_the_one_written_down() -> None:
    text = secret_key.encode(Secret(bytes(range(16))))
    assert text == "D1-000G-40R4-0M30-E209-185G-R38E-1WQX"


def test_a_slip_anywhere_is_noticed() -> None:
    text = secret_key.encode(Secret(bytes(range(16))))
    slips = 0
    for at in range(3, len(text)):
        if text[at] != "-":
            other = text[:at] + ("7" if text[at] != "7" else "8") + text[at + 1 :]
            try:
                secret_key.decode(other)
                slips += 1
            except Mistyped:
                pass
    # Ten bits of check let one in a thousand through.
    assert slips == 0


def test_a_fresh_one_has_128_bits_of_what_was_passed_in() -> None:
    assert secret_key.fresh(lambda size: b"k" * size) == Secret(b"k" * 16)
