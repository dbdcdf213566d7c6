from __future__ import annotations

import os

import pytest

from app.sync.crypto.object_ids import ObjectIds, keyring_id
from app.sync.crypto.refusals import UnknownEpoch
from app.sync.crypto.root_keys import RootKeys

ROOTS = RootKeys.first(lambda size: b"r" * size)
IDS = ObjectIds(ROOTS, b"D" * 16)


def test_no_two_things_share_an_id() -> None:
    ids = [
        IDS.activity("tail/472000"),
        IDS.activity("tail/472001"),
        IDS.activity("tail/472000", b"E" * 16),
        IDS.record("project", "tail/472000"),
        IDS.record("projects", "x"),
        IDS.record("project", "sx"),
        IDS.head(),
        IDS.head(b"E" * 16),
        keyring_id(b"A" * 16),
        keyring_id(b"B" * 16),
        ObjectIds(RootKeys.first(lambda size: b"s" * size), b"D" * 16).activity("tail/472000"),
    ]
    assert len(set(ids)) == len(ids)
    assert {len(one) for one in ids} == {16}


def test_they_stay_when_the_root_key_changes() -> None:
    later = ObjectIds(ROOTS.rotated(os.urandom), b"D" * 16)
    assert later.record("project", "x") == IDS.record("project", "x")


def test_every_device_names_a_record_and_anothers_head_alike() -> None:
    other = ObjectIds(ROOTS, b"E" * 16)
    assert other.record("project", "x") == IDS.record("project", "x")
    assert other.head(b"D" * 16) == IDS.head()
    assert other.activity("day/1", b"D" * 16) == IDS.activity("day/1")


def test_without_the_first_key_there_are_none() -> None:
    with pytest.raises(UnknownEpoch):
        ObjectIds(RootKeys.of(ROOTS.rotated(os.urandom).current), b"D" * 16)
