from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.bodies.record import MOST_BYTES, MOST_DEPTH, decode_record, encode_record
from app.sync.bodies.values import Hlc, Record
from app.sync.crypto.refusals import BadBody, Refused

clocks = st.builds(
    Hlc, st.integers(0, (1 << 48) - 1), st.integers(0, (1 << 16) - 1), st.binary(min_size=16, max_size=16)
)
values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 63) - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10)
    | st.binary(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = st.text(max_size=10)
records = st.builds(
    Record,
    type=st.text(min_size=1, max_size=50),
    uuid=st.text(min_size=1, max_size=200),
    hlc=clocks,
    fields=st.dictionaries(names, values, max_size=5),
    changed=st.dictionaries(names, clocks, max_size=5),
    deleted=st.none() | clocks,
    schema=st.integers(1, 99),
    extra=st.dictionaries(st.text(max_size=5).filter(lambda key: key not in "tushfcd"), values, max_size=3),
)


@given(records)
def test_a_record_is_read_as_it_was_written_with_all_it_does_not_know(record: Record) -> None:
    body = encode_record(record)
    assert decode_record(body) == record
    assert encode_record(decode_record(body)) == body


RECORD = Record(
    "project",
    "0b6f",
    Hlc(1_000, 2, b"D" * 16),
    {"name": "devpulse", "color": "#336699"},
    {"name": Hlc(900, 0, b"D" * 16), "color": Hlc(1_000, 2, b"D" * 16)},
)


def spoilt(**changes: Any) -> bytes:
    return msgspec.msgpack.encode(msgspec.msgpack.decode(encode_record(RECORD)) | changes)


def test_the_body_is_the_one_written_down() -> None:
    assert msgspec.msgpack.decode(encode_record(RECORD)) == {
        "t": "project",
        "u": "0b6f",
        "s": 1,
        "h": [1_000, 2, b"D" * 16],
        "f": {"color": "#336699", "name": "devpulse"},
        "c": {"color": [1_000, 2, b"D" * 16], "name": [900, 0, b"D" * 16]},
        "d": None,
    }


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "changes",
    [
        {"t": ""},
        {"t": 5},
        {"u": "x" * 201},
        {"h": [1 << 48, 0, b"D" * 16]},
        {"h": [0, 1 << 16, b"D" * 16]},
        {"h": [0, 0, b"D" * 15]},
        {"h": [0, 0]},
        {"h": None},
        {"s": 0},
        {"f": [1]},
        {"f": {"name": nested(MOST_DEPTH + 1)}},
        {"f": {"name": 1 << 63}},
        {"f": {"name": float("nan")}},
        {"f": {"name": float("inf")}},
        {"f": {"name": {1: 2}}},
        {"f": {"name": msgspec.msgpack.Ext(5, b"x")}},
        {"x": msgspec.msgpack.Ext(5, b"x")},
        {"f": {f"{n}": n for n in range(20_001)}},
        {"f": {"name": b"x" * MOST_BYTES}},
        {"c": {"name": 5}},
        {"d": [1, 2]},
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    assert decode_record(spoilt()) == RECORD
    with pytest.raises(BadBody):
        decode_record(spoilt(**changes))


def test_what_is_missing_is_refused() -> None:
    for key in "tuhfc":
        whole = msgspec.msgpack.decode(encode_record(RECORD))
        del whole[key]
        with pytest.raises(BadBody):
            decode_record(msgspec.msgpack.encode(whole))


def test_depth_is_refused_before_it_can_hurt() -> None:
    with pytest.raises(BadBody):
        decode_record(b"\x81\xa1x" + b"\x91" * 100_000 + b"\xc0")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_words(body: bytes) -> None:
    with pytest.raises(Refused):
        decode_record(body)


@given(st.data())
def test_any_changed_byte_is_read_or_refused_in_words(data: st.DataObject) -> None:
    body = bytearray(encode_record(RECORD))
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode_record(bytes(body))
    except Refused as refused:
        assert "devpulse" not in refused.told().replace("DevPulse", "")


def test_what_cannot_be_read_is_not_written_either() -> None:
    for field in ({"a": float("nan")}, {"a": 1 << 64}, {"a": object()}, {"a": nested(50)}, {"\ud800": 1}):
        record = Record("project", "0b6f", Hlc(0, 0, b"D" * 16), field, {})  # type: ignore[arg-type]
        with pytest.raises(BadBody):
            encode_record(record)


def test_no_field_is_in_a_repr() -> None:
    assert "devpulse" not in repr(RECORD)
