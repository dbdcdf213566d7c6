from __future__ import annotations

from app.sync.bodies.values import Hlc, Record, Slot, SpanRow

SECRET = "the secret title"


def test_the_latest_change_is_the_greatest() -> None:
    early, late = Hlc(1, 0, b"b" * 16), Hlc(1, 1, b"a" * 16)
    assert max(early, late) == late
    assert max(Hlc(1, 0, b"a" * 16), early) == early


def test_nothing_a_person_did_is_shown_by_repr() -> None:
    row = SpanRow(0, 1, 0, False, False, False, title=SECRET, note=SECRET)
    hlc = Hlc(1, 0, bytes(16))
    record = Record("setting", SECRET, hlc, {SECRET: SECRET}, {SECRET: hlc}, extra={SECRET: SECRET})
    slot = Slot(1, 1, (row,), machine_name=SECRET)
    assert SECRET not in f"{row!r} {row} {record!r} {slot!r} {(row,)}"
