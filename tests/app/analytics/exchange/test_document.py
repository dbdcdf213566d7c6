"""A document read piece by piece: what json reads it reads, and it tells where something is wrong."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.exchange import document
from app.analytics.exchange.document import Document
from app.errors import ImportRefused

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def walked(given):
    """A document rebuilt through members and elements."""
    opening = given.peek()
    if opening == "{":
        return {key: walked(given) for key in given.members()}
    if opening == "[":
        return [walked(given) for _ in given.elements()]
    return given.value()


@given(JSON, st.integers(1, 40), st.sampled_from([None, 1]), st.booleans())
def test_reads_what_json_reads(content, chunk, indent, bom):
    text = json.dumps(content, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        text.decode()
    except UnicodeDecodeError:
        text = json.dumps(content, indent=indent).encode()
    before, document._CHUNK = document._CHUNK, chunk
    try:
        read = Document(io.BytesIO((b"\xef\xbb\xbf" if bom else b"") + text))
        assert walked(read) == content
        read.end()
    finally:
        document._CHUNK = before


@pytest.mark.parametrize(
    ("content", "line", "character", "reason"),
    [
        (b'{"a": 1,\n "a": 2}', 2, 2, "twice"),
        (b'{"b": {"a": 1, "a": 2}}', 1, 7, "twice"),
        (b"[1,\n\n NaN]", 3, 2, "no number"),
        (b"[1,\n2", 2, 2, "ends early"),
        (b"[1 2]", 1, 4, "not JSON"),
        (b'["a\nb"]', 1, 4, "not JSON"),
        (b'{"a" 1}', 1, 6, "not JSON"),
        (b"{1: 2}", 1, 2, "not JSON"),
        (b"[1]\nx", 2, 1, "follows the end"),
        (b'["\xff"]', 1, 3, "UTF-8"),
        (b'["' + "é".encode()[:1], 1, 3, "UTF-8"),
        (b'[{"a":' + b"[" * 200_000, 1, 2, "nested"),
        (b"", 1, 1, "ends early"),
        (b"[" + b"1" * 5000 + b"]", 1, 2, "ends early|not JSON"),
    ],
)
def test_what_is_wrong_and_where(content, line, character, reason):
    with pytest.raises(ImportRefused) as caught:
        read = Document(io.BytesIO(content))
        if read.peek() == "{":
            for _ in read.members():
                read.value()
        else:
            for _ in read.elements():
                read.value()
        read.end()
    assert caught.value.title.startswith(f"Line {line} ")
    assert f"character {character} of" in caught.value.detail
    assert any(word in caught.value.title for word in reason.split("|"))
    assert "Nothing was imported" in caught.value.detail


def test_lines_are_counted_over_pieces_that_are_gone(monkeypatch):
    monkeypatch.setattr(document, "_CHUNK", 7)
    read = Document(io.BytesIO(b'[\n{"a":1},\n{"b":2},\n  {"c":3},\n{"d":oops}]'))
    with pytest.raises(ImportRefused, match="Line 5 ") as caught:
        for _ in read.elements():
            read.value()
    assert "character 6" in caught.value.detail


def test_memory_is_bounded_by_the_longest_value(monkeypatch):
    monkeypatch.setattr(document, "LONGEST_VALUE", 1000)
    monkeypatch.setattr(document, "_CHUNK", 100)
    read = Document(io.BytesIO(b'["' + b"x" * 10_000_000 + b'"]'))
    with pytest.raises(ImportRefused, match="too long"):
        for _ in read.elements():
            read.value()
    assert read._read < 2000


def test_progress():
    seen = []
    read = Document(io.BytesIO(b"[1]"), seen.append)
    assert walked(read) == [1]
    assert seen[-1] == 3
