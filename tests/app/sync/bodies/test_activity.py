from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sync.bodies.activity import MOST_ROWS, MOST_TEXT, decode_activity, encode_activity, slot_digest
from app.sync.bodies.values import Activity, Slot, SpanRow
from app.sync.crypto.refusals import BadBody, MadeByNewer, Refused

HOUR = 3_600_000
texts = st.none() | st.sampled_from(["firefox", "devpulse — main", "ü", ""]) | st.text(max_size=3)


@st.composite
def slots(draw: st.DrawFn, hour: int, machine: str) -> Slot:
    starts = sorted(draw(st.lists(st.integers(hour * HOUR, hour * HOUR + HOUR - 1), max_size=4)))
    rows = tuple(
        SpanRow(
            start,
            start + draw(st.integers(0, 24 * HOUR)),
            draw(st.integers(-86_400, 86_400)),
            draw(st.booleans()),
            draw(st.booleans()),
            draw(st.booleans()),
            *(draw(texts) for _ in range(10)),
        )
        for start in starts
    )
    return Slot(hour, draw(st.integers(0, (1 << 63) - 1)), rows, machine, "old laptop" if machine else "")


@st.composite
def activities(draw: st.DrawFn) -> Activity:
    places = st.tuples(st.integers(0, (1 << 24) - 1), st.sampled_from(["", "machine-1", "machine-2"]))
    chosen = draw(st.lists(places, max_size=3, unique=True))
    return Activity(tuple(draw(slots(hour, machine)) for hour, machine in chosen))


@settings(max_examples=40)
@given(activities())
def test_activity_is_read_as_it_was_written(activity: Activity) -> None:
    body = encode_activity(activity)
    found = decode_activity(body)
    assert found == activity
    assert all(type(row) is SpanRow for slot in found.slots for row in slot.rows)
    assert encode_activity(found) == body


def row(start: int = 5 * HOUR, length: int = 1000, **more: Any) -> SpanRow:
    return SpanRow(start, start + length, 3600, False, True, False, **more)


SLOT = Slot(5, 3, (row(title="a title"), row(5 * HOUR + 1000, title="another")))


def spoilt(**changes: Any) -> bytes:
    """A body with other columns, texts or slots than it had."""
    whole = msgspec.msgpack.decode(encode_activity(Activity((SLOT,))))
    for key, value in changes.items():
        if isinstance(value, dict):
            whole[key] |= value
        else:
            whole[key] = value
    return msgspec.msgpack.encode(whole)


def test_the_body_is_the_one_written_down() -> None:
    assert msgspec.msgpack.decode(encode_activity(Activity((SLOT,)))) == {
        "v": 1,
        "s": [[5, 3, 2, 0]],
        "m": [],
        "c": {"d": [1000, 1000], "z": [3600, 0], "f": [2, 2], "title": [1, 2]},
        "n": {"title": ["a title", "another"]},
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"c": {"title": [1, 3]}},
        {"c": {"title": [1, -1]}},
        {"c": {"title": [1]}},
        {"c": {"title": [1, "x"]}},
        {"c": {"title": 1}},
        {"c": {"d": [1000, -1000]}},
        {"c": {"d": [1000, 24 * HOUR + 1]}},
        {"c": {"g": [-1, 0]}},
        {"c": {"g": [0, -2000]}},
        {"c": {"g": [0, HOUR]}},
        {"c": {"g": [(1 << 63) - 1, (1 << 63) - 1]}},
        {"c": {"z": [86_401, 0]}},
        {"c": {"z": [-86_401, 0]}},
        {"c": {"z": [(1 << 64) - 1, 0]}},
        {"n": {"title": ["x" * (MOST_TEXT + 1), "y"]}},
        {"n": {"title": [1, 2]}},
        {"s": [[5, 3, 3, 0]]},
        {"s": [[-1, 3, 2, 0]]},
        {"s": [[5, -3, 2, 0]]},
        {"s": [[5, 3, 2, 1]]},
        {"s": [[5, 3, 1, 0], [5, 3, 1, 0]]},
        {"s": [[5, 3, MOST_ROWS, 0], [6, 3, MOST_ROWS, 0]]},
        {"m": [["", "nobody"]]},
        {"v": "1"},
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    assert decode_activity(spoilt()) == Activity((SLOT,))
    with pytest.raises(BadBody):
        decode_activity(spoilt(**changes))


def test_columns_of_a_newer_version_are_passed_over_and_a_newer_form_is_told() -> None:
    newer = spoilt(c={"mood": [1, 2]}, n={"mood": ["good", "better"]}, x=5)
    assert decode_activity(newer) == Activity((SLOT,))
    assert decode_activity(spoilt(c={"f": [2 | 8, 2 | 64]})) == Activity((SLOT,))
    with pytest.raises(MadeByNewer):
        decode_activity(spoilt(v=2, s="another form"))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(body: bytes) -> None:
    with pytest.raises(Refused):
        decode_activity(body)


@given(st.data())
def test_any_changed_byte_is_read_or_refused_in_words(data: st.DataObject) -> None:
    body = bytearray(encode_activity(Activity((SLOT, Slot(9, 1, ())))))
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode_activity(bytes(body))
    except Refused as refused:
        assert "title" not in refused.told()


def test_what_cannot_be_read_is_not_written_either() -> None:
    for rows in (
        (row(4 * HOUR),),
        (row(6 * HOUR),),
        (row(5 * HOUR + 5), row(5 * HOUR)),
        (row(length=-1),),
        (row(length=24 * HOUR + 1),),
    ):
        with pytest.raises(ValueError, match="slot"):
            encode_activity(Activity((Slot(5, 1, rows),)))


def test_half_a_character_and_an_endless_title_do_not_stop_a_machine() -> None:
    activity = Activity((Slot(5, 1, (row(title="half \ud83d", path="x" * 100_000),)),))
    (slot,) = decode_activity(encode_activity(activity)).slots
    assert slot.rows[0].title == "half ?"
    assert slot.rows[0].path == "x" * MOST_TEXT


def test_a_slots_digest_is_of_all_that_is_in_it() -> None:
    digests = {
        slot_digest(one)
        for one in (
            SLOT,
            replace(SLOT, generation=4),
            replace(SLOT, hour=5, rows=SLOT.rows[:1]),
            replace(SLOT, rows=(SLOT.rows[0], SLOT.rows[1]._replace(title="a title"))),
            replace(SLOT, rows=(SLOT.rows[0], SLOT.rows[1]._replace(idle=True))),
            replace(SLOT, machine="other", machine_name="x"),
        )
    }
    assert len(digests) == 6
    (again,) = decode_activity(encode_activity(Activity((SLOT,)))).slots
    assert slot_digest(again) == slot_digest(SLOT)
