from __future__ import annotations

import os

import pytest

from app.sync.crypto.refusals import Unexpected, UnknownEpoch
from app.sync.crypto.root_keys import RootKey, RootKeys
from app.sync.crypto.secret import Secret


def test_a_new_account_begins_with_the_first() -> None:
    roots = RootKeys.first(lambda size: b"r" * size)
    assert roots.current == RootKey(1, Secret(b"r" * 32))
    assert roots.complete


def test_a_rotation_adds_a_fresh_one_and_keeps_the_old() -> None:
    roots = RootKeys.first(os.urandom)
    later = roots.rotated(os.urandom)
    assert later.epoch == 2
    assert later.key(1) == roots.key(1)
    assert later.key(2) != roots.key(1)
    assert later.complete
    assert roots.epoch == 1
    with pytest.raises(UnknownEpoch):
        roots.key(2)


def test_what_a_wrap_gives_is_completed_by_the_keyring() -> None:
    whole = RootKeys.first(os.urandom).rotated(os.urandom)
    wrapped = RootKeys.of(whole.current)
    assert not wrapped.complete
    assert wrapped.joined(whole) == whole == whole.joined(wrapped)
    assert RootKeys(1, {1: whole.key(1)}).joined(wrapped) == whole


def test_another_key_of_a_known_epoch_is_refused() -> None:
    with pytest.raises(Unexpected, match="differs"):
        RootKeys.first(os.urandom).joined(RootKeys.first(os.urandom))


def test_the_current_epoch_is_the_latest() -> None:
    for epoch, keys in ((1, {2: Secret(b"")}), (1, {1: Secret(b""), 2: Secret(b"")}), (0, {0: Secret(b"")})):
        with pytest.raises(ValueError, match="latest"):
            RootKeys(epoch, keys)
