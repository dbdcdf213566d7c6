from __future__ import annotations

from hypothesis import given

from app.sync.bodies.values import Hlc, Record
from app.sync.merge.joining import alive, canonical, join, same, with_fields, without
from tests.app.sync.merge.records import DEVICES, moments, records


@given(records(), records())
def test_the_order_of_two_does_not_matter(one, other):
    assert join(one, other) == join(other, one)


@given(records(), records(), records())
def test_nor_that_of_three(one, two, three):
    assert join(join(one, two), three) == join(one, join(two, three))


@given(records(), records())
def test_what_is_known_changes_nothing(one, other):
    both = join(one, other)
    assert join(both, one) == both == join(both, other)


@given(records(), moments)
def test_deleted_is_gone_until_something_later_comes(record, at):
    gone = join(record, without(record, at))
    assert alive(gone) == any(moment > at for moment in record.changed.values())
    assert all(moment > at for moment in gone.changed.values())


def test_of_two_values_of_one_moment_all_machines_take_the_same():
    at = Hlc(1, 0, DEVICES[0])
    one, other = (Record("t", "u", at, {"name": name}, {"name": at}) for name in "ab")
    assert join(one, other) == join(other, one)


def test_what_a_newer_version_says_besides_is_kept():
    at, then = Hlc(1, 0, DEVICES[0]), Hlc(2, 0, DEVICES[1])
    newer = Record("t", "u", at, {}, {}, schema=9, extra={"later": 1})
    joined = join(with_fields(Record("t", "u", at, {}, {}), {"name": "x"}, then), newer)
    assert (joined.schema, joined.extra, joined.fields) == (9, {"later": 1}, {"name": "x"})


def test_a_list_and_a_tuple_of_the_same_are_the_same():
    assert same([1, {"b": 2, "a": (3,)}], (1, {"a": [3], "b": 2}))
    assert not same([1], ["1"])
    assert canonical({"b": None, "a": b"x"}) == "{'a':b'x','b':None}"
