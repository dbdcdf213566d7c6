"""The checks against a model of a vault: an honest one never alarms, and each way to cheat does."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sync.bodies.head import Head, KnownHead
from app.sync.bodies.head_checks import Alarm, AlarmKind, Expectations, accepted, check
from app.sync.bodies.merkle import records_root, slots_root
from app.sync.crypto import signing
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import BEGINNING, DeviceList, Login, Mark, digest, read, sign_statement
from app.sync.crypto.secret import Secret
from app.sync.wire.accounts import SignedStatement
from app.sync.wire.envelope import Kind

ACCOUNT = b"A" * 16
LOGIN = Secret(b"l" * 32)
KEYS = [DeviceKeys.fresh(bytes((n,)) * 16, os.urandom) for n in range(1, 4)]
IDS = [keys.device for keys in KEYS]


def links() -> list[SignedStatement]:
    """Three devices are added; then the third is revoked."""
    found: list[SignedStatement] = []
    mark = BEGINNING
    for action, keys in (("add", KEYS[0]), ("add", KEYS[1]), ("add", KEYS[2]), ("revoke", KEYS[2])):
        link = sign_statement(
            mark, ACCOUNT, action, keys.public, time=1, signer=ACCOUNT, seed=LOGIN  # type: ignore[arg-type]
        )  # fmt: skip
        found.append(link)
        mark = Mark(mark.length + 1, digest(link))
    return found


LINKS = links()


def device_list(length: int) -> DeviceList:
    return read(LINKS[:length], ACCOUNT, logins=[Login(0, signing.public_key(LOGIN))])


LISTS = {length: device_list(length) for length in range(1, 5)}


@dataclass
class Vault:
    """What a service holds: current records, slots and heads, in the order of their sequence."""

    lineage: bytes = b"L" * 16
    links: int = 3
    epoch: int = 1
    sequence: int = 0
    records: dict[bytes, tuple[int, bytes, int]] = field(default_factory=dict)  # version, digest, sequence
    slots: dict[tuple[bytes, int], bytes] = field(default_factory=dict)
    heads: dict[bytes, KnownHead] = field(default_factory=dict)

    def copy(self) -> Vault:
        return replace(self, records=dict(self.records), slots=dict(self.slots), heads=dict(self.heads))


@dataclass
class Device:
    """A client: what it pulled, what it knows."""

    id: bytes
    count: int = 0
    links: int = 3
    known: dict[bytes, KnownHead] = field(default_factory=dict)
    records: dict[bytes, tuple[int, bytes, int]] = field(default_factory=dict)
    slots: dict[tuple[bytes, int], bytes] = field(default_factory=dict)
    epoch: int = 1
    lineage: bytes = b"L" * 16

    def copy(self) -> Device:
        return replace(self, known=dict(self.known), records=dict(self.records), slots=dict(self.slots))

    def pull(self, vault: Vault) -> list[Alarm]:
        links = vault.links  # the list first, then the vault
        records, slots, now = dict(vault.records), dict(vault.slots), dict(vault.heads)
        devices = {device for device, _ in slots} | set(now)
        expectations = Expectations(
            me=self.id,
            lineage=vault.lineage,
            devices=LISTS[links],
            slots={
                device: slots_root((hour, one) for (of, hour), one in slots.items() if of == device)
                for device in devices
            },
            records=root_of(records),
        )
        alarms = check(self.known, now, expectations)
        if all(alarm.notice for alarm in alarms):
            self.known = accepted(self.known, now)
            self.records, self.slots, self.links = records, slots, links
            self.epoch, self.lineage = vault.epoch, vault.lineage
            self.count = max(self.count, now[self.id].head.sequence if self.id in now else 0)
        return alarms

    def push(self, vault: Vault, record: bytes, hour: int) -> bool:
        """One record, one slot, and the head; False where the service refuses it."""
        base = self.records.get(record, (0, b"", 0))
        current = vault.records.get(record, (0, b"", 0))
        if base[:2] != current[:2] or self.epoch != vault.epoch or self.lineage != vault.lineage:
            return False
        if self.id not in LISTS[vault.links].listed:
            return False
        vault.sequence += 1
        self.records[record] = (base[0] + 1, os.urandom(32), vault.sequence)
        self.slots[self.id, hour] = os.urandom(32)
        self.count += 1
        own = KnownHead(self.head(), os.urandom(32))
        vault.records[record] = self.records[record]
        vault.slots[self.id, hour] = self.slots[self.id, hour]
        vault.heads[self.id] = self.known[self.id] = own
        return True

    def head(self) -> Head:
        return Head(
            self.count,
            0,
            self.epoch,
            self.lineage,
            LISTS[self.links].mark,
            slots_root((hour, one) for (of, hour), one in self.slots.items() if of == self.id),
            root_of(self.records),
            {id_: (known.head.sequence, known.digest) for id_, known in self.known.items() if id_ != self.id},
        )


def root_of(records: dict[bytes, tuple[int, bytes, int]]) -> bytes:
    return records_root((Kind.RECORD, name, version, one) for name, (version, one, _) in records.items())


steps = st.lists(
    st.one_of(
        st.tuples(st.just("pull"), st.integers(0, 2)),
        st.tuples(st.just("push"), st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("revoke")),
        st.tuples(st.just("backup")),
        st.tuples(st.just("restore")),
    ),
    max_size=25,
)


@settings(max_examples=200)
@given(steps)
def test_an_honest_service_never_alarms(story: list[tuple[Any, ...]]) -> None:
    """Whoever pushes and pulls when, one locked out for good, backups restored: no alarm but the notice."""
    vault, devices = Vault(), [Device(id_) for id_ in IDS]
    backup: Vault | None = None
    restores = 0
    for step in story:
        match step:
            case ("pull", n):
                alarms = devices[n].pull(vault)
                assert {alarm.kind for alarm in alarms} <= ({AlarmKind.RESTORED} if restores else set())
            case ("push", n, record, hour):
                devices[n].push(vault, bytes((record,)) * 16, hour)
            case ("revoke",):
                vault.links, vault.epoch = 4, 2
            case ("backup",):
                backup = vault.copy()
            case _:
                if backup is not None:
                    restores += 1
                    vault = replace(
                        backup.copy(), lineage=bytes((restores,)) * 16, links=vault.links, epoch=vault.epoch
                    )


def three() -> tuple[Vault, list[Device]]:
    """Three devices in step: each has pushed, and then all have pulled."""
    vault, devices = Vault(), [Device(id_) for id_ in IDS]
    for n, device in enumerate(devices):
        device.pull(vault)
        assert device.push(vault, bytes((n,)) * 16, n)
    for device in devices:
        assert device.pull(vault) == []
    return vault, devices


def kinds(alarms: list[Alarm]) -> dict[AlarmKind, set[bytes]]:
    return {kind: {one.device for one in alarms if one.kind is kind} for kind in {one.kind for one in alarms}}


def test_rolling_one_device_back_is_noticed() -> None:
    vault, (first, second, _) = three()
    old = vault.copy()
    assert second.push(vault, b"\1" * 16, 1)
    assert first.pull(vault) == []
    assert kinds(first.pull(old))[AlarmKind.REGRESSION] == {second.id}


def test_rolling_this_device_itself_back_is_noticed() -> None:
    vault, (first, *_) = three()
    old = vault.copy()
    assert first.push(vault, b"\0" * 16, 1)
    assert kinds(first.pull(old))[AlarmKind.REGRESSION] == {first.id}


def test_leaving_a_device_out_is_noticed() -> None:
    vault, (first, second, _) = three()
    del vault.heads[second.id]
    assert second.id in kinds(first.pull(vault))[AlarmKind.WITHHELD]


def test_leaving_out_a_device_that_nobody_names_is_noticed() -> None:
    vault, (first, second, _) = three()
    expectations = Expectations(me=first.id, lineage=vault.lineage, devices=LISTS[3])
    alone = {second.id: replace(vault.heads[second.id], head=replace(vault.heads[second.id].head, seen={}))}
    assert check(alone, {}, expectations) == [Alarm(AlarmKind.WITHHELD, second.id)]


def test_holding_back_what_another_has_seen_is_noticed() -> None:
    vault, (first, second, third) = three()
    held_back = vault.heads[second.id]
    assert second.push(vault, b"\1" * 16, 1)
    assert third.pull(vault) == []
    assert third.push(vault, b"\2" * 16, 2)
    vault.heads[second.id] = held_back
    assert kinds(first.pull(vault))[AlarmKind.WITHHELD] == {second.id}


def test_showing_two_machines_two_histories_is_noticed_once_they_meet() -> None:
    """A fork: the second goes on in one vault, and again in another, with the same count."""
    vault, (first, second, third) = three()
    other_vault, other_second = vault.copy(), second.copy()
    assert second.push(vault, b"\1" * 16, 1)
    assert other_second.push(other_vault, b"\1" * 16, 1)
    assert first.pull(vault) == []
    assert third.pull(other_vault) == []
    assert third.push(other_vault, b"\2" * 16, 2)
    vault.heads[third.id] = other_vault.heads[third.id]
    assert second.id in kinds(first.pull(vault))[AlarmKind.FORK]


def test_swapping_a_head_for_another_of_the_same_count_is_noticed() -> None:
    vault, (first, second, _) = three()
    vault.heads[second.id] = replace(vault.heads[second.id], digest=b"x" * 32)
    assert second.id in kinds(first.pull(vault))[AlarmKind.FORK]


def test_holding_back_activity_is_noticed() -> None:
    vault, (first, second, _) = three()
    assert second.push(vault, b"\1" * 16, 9)
    del vault.slots[second.id, 9]
    assert kinds(first.pull(vault)) == {AlarmKind.WITHHELD_ACTIVITY: {second.id}}


def test_slipping_activity_in_is_noticed() -> None:
    """By one who has the key: a machine that was revoked, with the service's help."""
    vault, (first, second, _) = three()
    vault.slots[second.id, 9] = b"f" * 32
    assert kinds(first.pull(vault)) == {AlarmKind.WITHHELD_ACTIVITY: {second.id}}


@pytest.mark.parametrize(
    "tamper",
    [
        lambda records, old: records.pop(b"\1" * 16),
        lambda records, old: records.update({b"\1" * 16: old}),
        lambda records, old: records.update({b"\7" * 16: (1, b"f" * 32, 99)}),
    ],
)
def test_holding_back_or_slipping_in_a_record_is_noticed(tamper: Callable[..., object]) -> None:
    vault, (first, second, _) = three()
    old = vault.records[b"\1" * 16]
    assert second.push(vault, b"\1" * 16, 1)
    tamper(vault.records, old)
    assert kinds(first.pull(vault)) == {AlarmKind.WITHHELD_RECORDS: {second.id}}


def test_another_list_of_machines_is_noticed() -> None:
    vault, (first, second, _) = three()
    vault.links = 4
    assert second.pull(vault) == []
    assert second.push(vault, b"\1" * 16, 1)
    vault.links = 3
    assert second.id in kinds(first.pull(vault))[AlarmKind.WRONG_LIST]


def test_a_push_in_the_name_of_a_revoked_machine_is_noticed() -> None:
    vault, (first, second, third) = three()
    vault.links, vault.epoch = 4, 2
    assert second.pull(vault) == []
    assert second.push(vault, b"\1" * 16, 1)
    vault.links, vault.epoch = 3, 1
    assert third.push(vault, b"\2" * 16, 1)  # the service plays along
    vault.links, vault.epoch = 4, 2
    assert third.id in kinds(first.pull(vault))[AlarmKind.REVOKED]


def test_a_push_under_a_key_given_up_is_noticed() -> None:
    vault, (first, second, third) = three()
    vault.epoch = 2
    assert second.pull(vault) == []
    assert second.push(vault, b"\1" * 16, 1)
    assert third.pull(vault) == []
    third.epoch = vault.epoch = 1
    assert third.push(vault, b"\2" * 16, 2)
    vault.epoch = 2
    assert kinds(first.pull(vault))[AlarmKind.FORMER_EPOCH] == {third.id}


def test_a_machine_that_goes_back_itself_is_noticed() -> None:
    """Its keys in an old copy of it: it counts on, and has forgotten what it had seen."""
    vault, (first, second, third) = three()
    assert third.push(vault, b"\2" * 16, 2)
    assert second.pull(vault) == []
    before = second.copy()
    assert second.push(vault, b"\1" * 16, 1)
    assert first.pull(vault) == []
    before.count += 1
    before.records = dict(vault.records)
    del before.known[third.id]
    assert before.push(vault, b"\1" * 16, 1)
    assert second.id in kinds(first.pull(vault))[AlarmKind.REGRESSION]


def test_a_restored_service_is_a_notice_and_heals() -> None:
    vault, (first, second, third) = three()
    backup = vault.copy()
    assert second.push(vault, b"\1" * 16, 1)
    assert first.pull(vault) == []
    restored = replace(backup, lineage=b"M" * 16)
    assert kinds(first.pull(restored)) == {AlarmKind.RESTORED: {second.id}}
    assert first.push(restored, b"\0" * 16, 3)
    # A third, which never saw what is missing, learns it from the first one's head, and goes on, too.
    assert kinds(third.pull(restored)) == {AlarmKind.RESTORED: {second.id}}
    assert {alarm.notice for alarm in second.pull(restored)} == {True}
    assert second.push(restored, b"\1" * 16, 1)
    assert first.pull(restored) == third.pull(restored) == []


def test_going_back_without_saying_so_is_no_restoring() -> None:
    vault, (first, second, _) = three()
    backup = vault.copy()
    assert second.push(vault, b"\1" * 16, 1)
    assert first.pull(vault) == []
    assert not any(alarm.notice for alarm in first.pull(backup))


def test_in_the_middle_of_a_pull_only_what_holds_there_is_judged() -> None:
    vault, (first, second, third) = three()
    assert second.push(vault, b"\1" * 16, 1)
    assert third.pull(vault) == []
    assert third.push(vault, b"\2" * 16, 2)
    page = {**first.known, third.id: vault.heads[third.id]}
    whole = Expectations(me=first.id, lineage=vault.lineage, devices=LISTS[3])
    assert check(first.known, page, whole) != []
    assert check(first.known, page, replace(whole, complete=False)) == []
    snapshot = {third.id: vault.heads[third.id]}
    assert check(first.known, snapshot, replace(whole, complete=False)) == []
    swapped = {**page, second.id: replace(page[second.id], digest=b"x" * 32)}
    assert kinds(check(first.known, swapped, replace(whole, complete=False))) == {AlarmKind.FORK: {second.id}}


def test_every_alarm_is_told_in_words_with_the_machines_name() -> None:
    told = {Alarm(kind, IDS[0]).told("the laptop") for kind in AlarmKind}
    assert len(told) == len(AlarmKind)
    assert all("the laptop" in words for words in told)
