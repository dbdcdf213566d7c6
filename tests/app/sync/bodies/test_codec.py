from __future__ import annotations

import os

import pytest

from app.sync.bodies.codec import decode, encode, kind_of
from app.sync.bodies.values import Activity, Hlc, Record, Slot
from app.sync.crypto.envelopes import Expected, Opened, Outside, open_envelope, seal
from app.sync.crypto.object_ids import ObjectIds
from app.sync.crypto.refusals import BadBody, Unexpected
from app.sync.crypto.root_keys import RootKeys
from app.sync.wire.envelope import Kind

ACCOUNT, DEVICE = b"A" * 16, b"D" * 16
ROOTS = RootKeys.first(os.urandom)
IDS = ObjectIds(ROOTS, DEVICE)


def record(type_: str = "project", uuid: str = "0b6f") -> Record:
    return Record(type_, uuid, Hlc(1, 0, DEVICE), {"name": "x"}, {"name": Hlc(1, 0, DEVICE)})


def through(body: bytes, kind: Kind, object_: bytes) -> Opened:
    outside = Outside(kind, object_, 1, DEVICE, compressed=kind is Kind.SEGMENT)
    envelope = seal(body, outside, root=ROOTS.current, account=ACCOUNT, random=os.urandom)
    return open_envelope(envelope, Expected(kind, object_), roots=ROOTS, account=ACCOUNT)


@pytest.mark.parametrize(
    ("type_", "kind"), [("project", Kind.RECORD), ("setting", Kind.SETTING), ("conflict", Kind.CONFLICT)]
)
def test_a_record_lies_in_its_kind_under_its_own_name(type_: str, kind: Kind) -> None:
    one = record(type_)
    assert kind_of(one) is kind
    assert decode(through(encode(one), kind, IDS.record(type_, "0b6f")), IDS) == one


def test_a_record_under_anothers_name_or_kind_is_refused() -> None:
    with pytest.raises(Unexpected):
        decode(through(encode(record()), Kind.RECORD, IDS.record("project", "other")), IDS)
    with pytest.raises(Unexpected):
        decode(through(encode(record()), Kind.SETTING, IDS.record("project", "0b6f")), IDS)


def test_activity_comes_back_from_tails_and_segments() -> None:
    activity = Activity((Slot(5, 1, ()),))
    for kind, name in ((Kind.TAIL, "tail/5"), (Kind.SEGMENT, "day/0")):
        assert decode(through(encode(activity), kind, IDS.activity(name)), IDS) == activity
    with pytest.raises(BadBody):
        decode(through(encode(record()), Kind.TAIL, IDS.activity("tail/5")), IDS)


def test_other_kinds_are_somebody_elses() -> None:
    assert decode(through(b"a head", Kind.HEAD, IDS.head()), IDS) is None
