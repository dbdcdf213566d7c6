from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.tracking.platform.printable import printable


@given(st.text())
def test_printable_text_stays_as_it_is(text):
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown
    if text.isprintable():
        assert shown == text.strip()


def test_control_signs_become_spaces():
    assert printable("\x1b[31mred\x1b[0m\nnext\tcolumn\0") == "[31mred [0m next column"
