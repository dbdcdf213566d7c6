from __future__ import annotations

import os

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.sync.crypto import device_list, signing
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import BEGINNING, Login, Mark, read, sign_statement
from app.sync.crypto.refusals import NotADevice, Refused, WrongDeviceList
from app.sync.crypto.secret import Secret
from app.sync.wire.accounts import DeviceStatement, SignedStatement
from cloud.accounts import chain
from cloud.accounts.proofs import signed as proof_at_the_service
from cloud.errors import Problem

ACCOUNT = b"A" * 16
LOGIN, NEXT_LOGIN = Secret(b"l" * 32), Secret(b"m" * 32)
LOGINS = [Login(0, signing.public_key(LOGIN))]
FIRST, SECOND, THIRD = (DeviceKeys.fresh(bytes((n,)) * 16, os.urandom) for n in (1, 2, 3))


class Chain:
    """A chain as it grows."""

    def __init__(self) -> None:
        self.links: list[SignedStatement] = []
        self.mark = BEGINNING

    def put(self, link: SignedStatement) -> Chain:
        self.links.append(link)
        self.mark = Mark(self.mark.length + 1, device_list.digest(link))
        return self

    def add(self, device: DeviceKeys, by: DeviceKeys | Secret = LOGIN) -> Chain:
        return self.say("add", device, by)

    def revoke(self, device: DeviceKeys, by: DeviceKeys | Secret = LOGIN) -> Chain:
        return self.say("revoke", device, by)

    def say(self, action: str, device: DeviceKeys, by: DeviceKeys | Secret) -> Chain:
        signer, seed = (by.device, by.signing) if isinstance(by, DeviceKeys) else (ACCOUNT, by)
        link = sign_statement(
            self.mark, ACCOUNT, action, device.public, time=5, signer=signer, seed=seed  # type: ignore[arg-type]
        )  # fmt: skip
        return self.put(link)

    def read(self, **known: Mark) -> device_list.DeviceList:
        return read(self.links, ACCOUNT, logins=LOGINS, **known)


def three() -> Chain:
    return Chain().add(FIRST).add(SECOND, FIRST).add(THIRD, SECOND).revoke(SECOND, FIRST)


def test_devices_are_added_and_revoked_by_those_who_count() -> None:
    found = three().read()
    assert found.listed == {FIRST.device, THIRD.device}
    assert found.device(THIRD.device) == THIRD.public
    assert found.devices[SECOND.device].revoked == 3
    assert found.device(SECOND.device, revoked_too=True) == SECOND.public
    with pytest.raises(NotADevice):
        found.device(SECOND.device)


def test_the_service_takes_every_link_that_a_client_makes_and_names_it_alike() -> None:
    whole, head = three(), chain.EMPTY
    login_key = LOGINS[0].key
    for link in whole.links:
        statement = chain.read(link, ACCOUNT, head)
        keys = {FIRST.device: FIRST, SECOND.device: SECOND}
        signer = keys.get(statement.signer)
        chain.require_signature(link, (login_key if signer is None else signer.public.signing_key,))
        assert chain.digest(link) == device_list.digest(link)
        head = chain.Head(head.length + 1, chain.digest(link))
    mark = whole.read().mark
    assert (head.length, head.digest) == (mark.length, mark.digest)


@given(st.data())
def test_service_and_client_refuse_the_same_first_links(data: st.DataObject) -> None:
    """Whatever the fields are, both sides come to the same answer."""
    ids = st.sampled_from([ACCOUNT, FIRST.device, b"short"])
    keys = st.sampled_from([FIRST.public.signing_key, b"short"])
    statement = msgspec.msgpack.encode(
        DeviceStatement(
            data.draw(st.integers(0, 2)),
            data.draw(ids),
            data.draw(st.integers(0, 1)),
            data.draw(st.sampled_from([bytes(32), b"p" * 32])),
            "add",
            data.draw(ids),
            data.draw(keys),
            data.draw(keys),
            5,
            ACCOUNT,
        )
    )
    link = SignedStatement(statement, signing.sign(LOGIN, statement))
    try:
        chain.read(link, ACCOUNT, chain.EMPTY)
        taken = True
    except Problem:
        taken = False
    try:
        read([link], ACCOUNT, logins=LOGINS)
        assert taken
    except WrongDeviceList:
        assert not taken


def test_a_proof_is_the_same_bytes_on_both_sides() -> None:
    parts = (b"S" * 16, ACCOUNT, FIRST.device, b"c" * 32)
    assert signing.proof("sign-in", *parts) == proof_at_the_service("sign-in", *parts)


@pytest.mark.parametrize("place", range(4))
def test_a_changed_bit_anywhere_breaks_the_chain(place: int) -> None:
    whole = three()
    link = whole.links[place]
    for at in range(len(link.statement)):
        spoilt = bytearray(link.statement)
        spoilt[at] ^= 1
        links = list(whole.links)
        links[place] = SignedStatement(bytes(spoilt), link.signature)
        with pytest.raises(WrongDeviceList):
            read(links, ACCOUNT, logins=LOGINS)
    links = list(whole.links)
    links[place] = SignedStatement(link.statement, link.signature[:-1] + b"\xff")
    with pytest.raises(WrongDeviceList):
        read(links, ACCOUNT, logins=LOGINS, known=whole.mark)


def test_links_left_out_swapped_or_doubled_break_it() -> None:
    links = three().links
    for broken in (
        links[1:],
        [links[0], *links[2:]],
        [links[0], links[2], links[1]],
        [links[0], links[0]],
    ):
        with pytest.raises(WrongDeviceList):
            read(broken, ACCOUNT, logins=LOGINS)


def test_who_is_not_listed_any_more_or_not_yet_signs_nothing() -> None:
    for unsigned in (
        three().add(DeviceKeys.fresh(b"4" * 16, os.urandom), SECOND),
        Chain().add(FIRST).add(SECOND, THIRD),
        Chain().add(FIRST, SECOND),
        Chain().add(FIRST).add(SECOND, NEXT_LOGIN),
    ):
        with pytest.raises(WrongDeviceList):
            unsigned.read()


def test_a_list_begins_with_the_accounts_own_device() -> None:
    with pytest.raises(WrongDeviceList) as told:
        Chain().revoke(FIRST).read()
    assert "begin" in told.value.reason


def test_a_revoked_device_does_not_come_back() -> None:
    with pytest.raises(WrongDeviceList) as told:
        three().add(SECOND, FIRST).read()
    assert "again" in told.value.reason
    other_key = DeviceKeys(FIRST.device, SECOND.signing, SECOND.exchange)
    with pytest.raises(WrongDeviceList) as told:
        three().add(other_key, FIRST).read()
    assert "another key" in told.value.reason


def test_a_list_must_continue_the_one_known() -> None:
    known = three().mark
    # A fork: the same beginning, then something else.
    fork = Chain().add(FIRST).add(THIRD, FIRST).add(SECOND, THIRD).revoke(THIRD, FIRST).add(SECOND, FIRST)
    assert fork.read().mark.length > known.length
    with pytest.raises(WrongDeviceList) as told:
        fork.read(known=known)
    assert "another" in told.value.reason
    with pytest.raises(WrongDeviceList) as told:
        read(three().links[:2], ACCOUNT, logins=LOGINS, known=known)
    assert "shorter" in told.value.reason
    assert three().add(DeviceKeys.fresh(b"4" * 16, os.urandom), FIRST).read(known=known).mark.length == 5


def test_what_the_anchor_vouches_for_needs_no_login_key() -> None:
    whole = three()
    assert read(whole.links, ACCOUNT, anchor=whole.mark).listed == {FIRST.device, THIRD.device}
    anchor = Mark(1, device_list.digest(whole.links[0]))
    assert read(whole.links, ACCOUNT, anchor=anchor).mark == whole.mark
    with pytest.raises(WrongDeviceList):
        read(whole.links, ACCOUNT)
    # A forged beginning does not end where the anchor says, whoever signed it.
    forged = Chain().add(SECOND, NEXT_LOGIN)
    with pytest.raises(WrongDeviceList):
        read(forged.links, ACCOUNT, anchor=anchor)
    # After the anchor the account's links need a login key that is known.
    later = Chain().add(FIRST).add(SECOND, NEXT_LOGIN)
    with pytest.raises(WrongDeviceList):
        read(later.links, ACCOUNT, anchor=anchor)


def test_a_login_key_counts_from_its_link_on() -> None:
    key, next_key = signing.public_key(LOGIN), signing.public_key(NEXT_LOGIN)
    changed = Chain().add(FIRST, LOGIN).add(SECOND, FIRST).add(THIRD, NEXT_LOGIN)
    logins = [Login(0, key), Login(2, next_key)]
    assert read(changed.links, ACCOUNT, logins=logins).listed == {FIRST.device, SECOND.device, THIRD.device}
    former = Chain().add(FIRST, LOGIN).add(SECOND, FIRST).add(THIRD, LOGIN)
    with pytest.raises(WrongDeviceList):
        read(former.links, ACCOUNT, logins=logins)


@given(st.binary(max_size=200))
@example(b"\x9a\x01" + b"\xc4\x10" + ACCOUNT + b"\x00\xc4\x01x\xa3\xff\xff\xff")  # a text that is no UTF-8
def test_any_bytes_for_a_link_are_refused_in_words(junk: bytes) -> None:
    with pytest.raises(Refused):
        read([SignedStatement(junk, bytes(64))], ACCOUNT, logins=LOGINS)
    with pytest.raises(Problem):
        chain.read(SignedStatement(junk, bytes(64)), ACCOUNT, chain.EMPTY)
