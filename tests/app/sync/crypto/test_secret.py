from __future__ import annotations

import copy
import pickle

import pytest

from app.sync.crypto.secret import Secret


def test_a_secret_hides() -> None:
    secret = Secret(b"hush hush")
    for shown in (repr(secret), str(secret), f"{secret}", repr([secret]), repr({"key": secret})):
        assert "hush" not in shown
    assert secret.reveal() == b"hush hush"
    assert len(secret) == 9


def test_it_is_neither_pickled_nor_copied_nor_hashed() -> None:
    secret = Secret(b"hush")
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy, hash):
        with pytest.raises(TypeError):
            attempt(secret)


def test_it_equals_only_its_like() -> None:
    assert Secret(b"hush") == Secret(b"hush")
    assert Secret(b"hush") != Secret(b"hash")
    assert Secret(b"hush") != b"hush"


def test_wiping_overwrites_the_bytes_that_others_look_at() -> None:
    secret = Secret(b"hush")
    view = secret.view()
    with pytest.raises(TypeError):
        view[0] = 1
    secret.wipe()
    assert bytes(view) == bytes(4)
    secret.wipe()
    assert repr(secret) == "Secret(wiped)"
    for use in (secret.reveal, secret.view, secret.__len__, lambda: secret == Secret(b"")):
        with pytest.raises(ValueError, match="wiped"):
            use()


def test_a_block_or_the_last_reference_wipes() -> None:
    with Secret(b"hush") as secret:
        first = secret.view()
    assert bytes(first) == bytes(4)
    other = Secret(b"hush")
    second = other.view()
    del other
    assert bytes(second) == bytes(4)


def test_a_random_one_comes_from_what_was_passed_in() -> None:
    assert Secret.random(3, lambda size: b"r" * size) == Secret(b"rrr")
