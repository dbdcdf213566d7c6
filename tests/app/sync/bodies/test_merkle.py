from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from app.sync.bodies.merkle import records_root, root, slots_root
from app.sync.wire.envelope import Kind


def tree(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + tree(leaves[:half]) + tree(leaves[half:])).digest()


@given(st.sets(st.binary(max_size=40), max_size=40))
def test_it_is_the_rfcs_tree_over_sorted_leaves(leaves: set[bytes]) -> None:
    assert root(leaves) == tree(sorted(leaves))


def test_the_vectors_of_certificate_transparency() -> None:
    """The first six leaves that its test suites share; they happen to be sorted."""
    leaves = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43"]
    assert root(leaves).hex() == "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"


def test_a_root_is_of_all_that_counts() -> None:
    record = (Kind.RECORD, b"O" * 16, 3, b"d" * 32)
    roots = {
        records_root([record]),
        records_root([]),
        records_root([(Kind.SETTING, *record[1:])]),
        records_root([(Kind.RECORD, b"o" * 16, 3, b"d" * 32)]),
        records_root([(Kind.RECORD, b"O" * 16, 4, b"d" * 32)]),
        records_root([(Kind.RECORD, b"O" * 16, 3, b"e" * 32)]),
        slots_root([(5, b"d" * 32)]),
        slots_root([(6, b"d" * 32)]),
        slots_root([(5, b"e" * 32)]),
    }
    assert len(roots) == 9
