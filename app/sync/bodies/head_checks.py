"""Whether the service has shown all devices the same: what heads say of each other, and of what is here.

A service can drop, hold back, roll back or fork. It cannot make a head, and every push has one; so what it
does shows as a head that is older than one known, or than one another device has seen, or whose roots are
not those of what came with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.sync.bodies.head import KnownHead
from app.sync.crypto.device_list import DeviceList


class AlarmKind(StrEnum):
    """What was noticed. `RESTORED` is a notice: the service says so itself, and the rest goes on."""

    REGRESSION = "regression"
    FORK = "fork"
    WITHHELD = "withheld"
    WITHHELD_ACTIVITY = "withheld-activity"
    WITHHELD_RECORDS = "withheld-records"
    WRONG_LIST = "wrong-list"
    FORMER_EPOCH = "former-epoch"
    REVOKED = "revoked"
    RESTORED = "restored"


_TOLD = {
    AlarmKind.REGRESSION: "The service shows an older state of {name} than it did before.",
    AlarmKind.FORK: "The service has shown your machines different states of {name}.",
    AlarmKind.WITHHELD: "The service holds back what another of your machines has already seen of {name}.",
    AlarmKind.WITHHELD_ACTIVITY: "The service holds back activity of {name}, or shows what is not its own.",
    AlarmKind.WITHHELD_RECORDS: "The service holds back changes that {name} made or saw, or shows others.",
    AlarmKind.WRONG_LIST: "{name} knows another list of machines than the one the service shows here.",
    AlarmKind.FORMER_EPOCH: "Something was sent in the name of {name} under a key that it had given up.",
    AlarmKind.REVOKED: "Something was sent in the name of {name} after it was taken off the list.",
    AlarmKind.RESTORED: "The service was restored from a backup; the latest of {name} comes when it syncs.",
}


@dataclass(frozen=True, slots=True, order=True)
class Alarm:
    """Something noticed about a device's data."""

    kind: AlarmKind
    device: bytes

    @property
    def notice(self) -> bool:
        """Whether nothing needs to stop for it."""
        return self.kind is AlarmKind.RESTORED

    def told(self, name: str) -> str:
        """What a person reads; `name` is the device's."""
        return _TOLD[self.kind].format(name=name)


@dataclass(frozen=True, slots=True)
class Expectations:
    """What this device knows by itself.

    `me`: this device. `lineage`: the vault's. `devices`: the list as it was read *before* the last pull.
    `complete`: everything there is has been pulled; in the middle of it only what holds there is judged.
    `slots`: for each other device the root over its slots as they came from the vault, one left out of
    which something could not be read (a newer version's); `records`: the same over all records.
    """

    me: bytes
    lineage: bytes
    devices: DeviceList
    complete: bool = True
    slots: Mapping[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    records: bytes | None = None


Heads = Mapping[bytes, KnownHead]


def check(previous: Heads, now: Heads, expectations: Expectations) -> list[Alarm]:
    """What is wrong, sorted, each once; an empty list is a good one.

    `previous`: the latest heads known before, this device's own too. `now`: after the pull; where a pull
    began from what was known, the unchanged ones are in it, and where it was a snapshot, only what it held.
    """
    found = {
        *_against_before(previous, now, expectations),
        *_against_the_list(now, expectations),
    }
    if not expectations.complete:
        return sorted(found)
    found.update(_against_each_other(previous, now))
    found.update(_of_the_revoked(now, expectations.devices))
    doubtful = {alarm.device for alarm in found}
    found.update(_against_what_is_here(now, expectations, doubtful))
    return sorted(found)


def accepted(previous: Heads, now: Heads) -> dict[bytes, KnownHead]:
    """The heads to keep: of each device the later one, so that a restored service makes nothing forgotten."""
    kept = dict(previous)
    for device, known in now.items():
        if device not in kept or known.head.sequence >= kept[device].head.sequence:
            kept[device] = known
    return kept


def _against_before(previous: Heads, now: Heads, expectations: Expectations) -> Iterator[Alarm]:
    for device, before in previous.items():
        after = now.get(device)
        restored = before.head.lineage != expectations.lineage
        if after is None:
            # In the middle of a snapshot it may still come.
            if expectations.complete:
                yield Alarm(AlarmKind.RESTORED if restored else AlarmKind.WITHHELD, device)
        elif after.head.sequence < before.head.sequence:
            yield Alarm(AlarmKind.RESTORED if restored else AlarmKind.REGRESSION, device)
        elif after.head.sequence == before.head.sequence:
            if after.digest != before.digest:
                yield Alarm(AlarmKind.FORK, device)
        elif _went_back(before, after):
            yield Alarm(AlarmKind.REGRESSION, device)


def _went_back(before: KnownHead, after: KnownHead) -> bool:
    """Whether a device itself, in its later head, knows less than it did."""
    earlier, later = before.head, after.head
    return (
        later.epoch < earlier.epoch
        or later.devices.length < earlier.devices.length
        or any(later.seen.get(one, (0, b""))[0] < sequence for one, (sequence, _) in earlier.seen.items())
    )


def _against_each_other(previous: Heads, now: Heads) -> Iterator[Alarm]:
    for witness, by in now.items():
        for device, (sequence, digest) in by.head.seen.items():
            if device == witness:
                continue
            for known in (now.get(device), previous.get(device)):
                if known is not None and known.head.sequence == sequence and known.digest != digest:
                    yield Alarm(AlarmKind.FORK, device)
            shown = now.get(device)
            if shown is None or shown.head.sequence < sequence:
                # Seen before a backup was restored: both tell which vault they were pushed to.
                restored = shown is not None and shown.head.lineage != by.head.lineage
                yield Alarm(AlarmKind.RESTORED if restored else AlarmKind.WITHHELD, device)
            elif shown.head.sequence == sequence and by.head.epoch < shown.head.epoch:
                yield Alarm(AlarmKind.FORMER_EPOCH, witness)


def _against_the_list(now: Heads, expectations: Expectations) -> Iterator[Alarm]:
    devices = expectations.devices
    for id_, known in now.items():
        if id_ not in devices.devices or not devices.holds(known.head.devices):
            yield Alarm(AlarmKind.WRONG_LIST, id_)


def _of_the_revoked(now: Heads, devices: DeviceList) -> Iterator[Alarm]:
    for id_, known in now.items():
        listed = devices.devices.get(id_)
        if listed is not None and listed.revoked is not None:
            latest = _latest_seen_after(listed.revoked, id_, now, devices)
            if latest is not None and known.head.sequence > latest:
                yield Alarm(AlarmKind.REVOKED, id_)


def _latest_seen_after(link: int, device: bytes, now: Heads, devices: DeviceList) -> int | None:
    """The latest head of a revoked device that those have seen who know that it was revoked; None: none yet.

    Whoever reads the list before pulling has seen all that the service took from it.
    """
    knowing = [
        known.head.seen.get(device, (0, b""))[0]
        for id_, known in now.items()
        if id_ in devices.listed and known.head.devices.length > link
    ]
    return max(knowing, default=None)


def _against_what_is_here(now: Heads, expectations: Expectations, doubtful: set[bytes]) -> Iterator[Alarm]:
    for device, known in now.items():
        if device == expectations.me or device in doubtful:
            continue
        slots = expectations.slots.get(device)
        if slots is not None and slots != known.head.slots:
            yield Alarm(AlarmKind.WITHHELD_ACTIVITY, device)
        if (
            expectations.records not in (None, known.head.records)
            and not doubtful
            and _has_seen_all(device, now)
        ):
            yield Alarm(AlarmKind.WITHHELD_RECORDS, device)


def _has_seen_all(device: bytes, now: Heads) -> bool:
    """Whether a device's head was made knowing all the others: then its records are all there are."""
    seen = now[device].head.seen
    return all(
        seen.get(other) == (known.head.sequence, known.digest)
        for other, known in now.items()
        if other != device
    )
