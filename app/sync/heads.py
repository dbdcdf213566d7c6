"""Heads in one run: those that come are judged before their page is taken, and every push carries our own.

What is known between runs lies in `sync_heads`; no word of anybody's work is in a head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from app.errors import AccountUntrusted
from app.models.store import Store
from app.sync.account.session import Signed
from app.sync.alarms import note_alarm
from app.sync.bodies.codec import slot_digest
from app.sync.bodies.head import Head, KnownHead, encode_head, read_head
from app.sync.bodies.head_checks import Alarm, AlarmKind, Expectations, accepted, check
from app.sync.bodies.merkle import records_root, slots_root
from app.sync.bodies.values import Activity
from app.sync.crypto.device_list import Mark
from app.sync.crypto.envelopes import Outside, seal
from app.sync.reading import Page, Reader
from app.sync.state.position import get, put
from app.sync.state.state import SyncState
from app.sync.state.values import Outgoing
from app.sync.wire.envelope import NO_PARENT, Kind

_VERSION, _PARENT, _SEQUENCE = "head_version", "head_parent", "head_sequence"
_EXPECTED, _LIST = "heads_expected", "head_list"


@dataclass(frozen=True, slots=True)
class MadeHead:
    """Our next head, sealed. `version`: of its envelope in the vault."""

    envelope: bytes
    version: int
    known: KnownHead


class Heads:
    """One run's view of all devices' heads. `newer`: something came that only a newer DevPulse can read."""

    def __init__(
        self, store: Store, signed: Signed, reader: Reader, leaves: Leaves, now_ms: Callable[[], int]
    ) -> None:
        self._store = store
        self._signed = signed
        self._reader = reader
        self._leaves = leaves
        self._now = now_ms
        self._before = load_heads(store)
        self._shown = dict(self._before)
        self.newer = False

    @property
    def known(self) -> Mapping[bytes, KnownHead]:
        """The latest heads of all devices."""
        return accepted(self._before, self._shown)

    def judge(self, page: Page, lineage: bytes) -> dict[bytes, KnownHead]:
        """The page's heads, if nothing is wrong with them by themselves. Raises `AccountUntrusted`.

        What is wrong only once everything is there is found by `judge_all`.
        """
        found: dict[bytes, KnownHead] = {}
        if not page.heads:
            return found
        for opened in page.heads:
            known = read_head(opened, ids=self._reader.ids, devices=self._reader.devices)
            if not self._reader.devices.holds(known.head.devices):
                self._reader.look_again()
            found[opened.header.device] = known
        self._raise(
            check(self._before, self._shown | found, self._expectations(lineage, complete=False)), lineage
        )
        return found

    def keep(self, page: Page, found: Mapping[bytes, KnownHead]) -> None:
        """The page was taken: its heads are known from now on."""
        if not found:
            return
        self._shown |= found
        own = self._signed.member.device.device
        with self._store.transaction():
            for device, known in accepted(self._before, found).items():
                if device in found:
                    save_head(self._store, device, known, self._now())
            for opened in page.heads:
                if opened.header.device == own:
                    self._remember(opened.header.version, opened.digest)

    @property
    def complete(self) -> bool:
        """Whether the last pull, of this run or the one before, reached the end: only then may be pushed."""
        return bool(get(self._store.connection, _LIST))

    def pulled(self, mark: Mark | None) -> None:
        """A page was taken: the last of a pull that began with the list ending at `mark`; None: more follow.

        A head names the list as it was before all it builds on was pulled: who was taken off it meanwhile may
        have pushed something that was not seen here.
        """
        kept = "" if mark is None else f"{mark.length} {mark.digest.hex()}"
        if kept != get(self._store.connection, _LIST):
            with self._store.transaction():
                put(self._store.connection, _LIST, kept)

    def judge_all(self, lineage: bytes) -> list[Alarm]:
        """What is wrong now that everything has been pulled; notices are noted, the rest is returned."""
        others = self._leaves.others()
        roots = {} if self.newer else {device: others.get(device, []) for device in self._shown}
        expectations = self._expectations(
            lineage,
            complete=True,
            slots={device: slots_root(leaves) for device, leaves in roots.items()},
            records=None if self.newer else records_root(self._leaves.records()),
        )
        found = [*check(self._before, self._shown, expectations), *self._unexpected()]
        alarms = [self._as_restored(alarm, lineage) for alarm in found]
        for alarm in alarms:
            if alarm.notice:
                self._note(alarm, lineage)
        return [alarm for alarm in alarms if not alarm.notice]

    def _as_restored(self, alarm: Alarm, lineage: bytes) -> Alarm:
        """A machine that a restored vault has never heard of is not held back: it comes when it syncs."""
        known = self._before.get(alarm.device)
        gone = alarm.device not in self._shown and known is not None and known.head.lineage != lineage
        return Alarm(AlarmKind.RESTORED, alarm.device) if gone and alarm.kind is AlarmKind.WITHHELD else alarm

    def alarmed(self, alarms: Sequence[Alarm], lineage: bytes) -> AccountUntrusted:
        """Note what is wrong; the error to end the run with."""
        for alarm in alarms:
            self._note(alarm, lineage)
        return AccountUntrusted(
            alarms[0].told(self._name(alarms[0].device)),
            detail="What is here stays as it is, and nothing more is taken from the service.",
            advice="Compare the six words of your machines (`devpulse account devices`); ask who runs it.",
        )

    def restored(self) -> None:
        """The vault is another: what it shows is judged anew, and our head begins where it ends there."""
        self._shown = {}
        with self._store.transaction():
            self._remember(0, NO_PARENT)

    def begin_anew(self) -> None:
        """After an alarm: what is believed of other machines is learned anew; our own count goes on."""
        own = self.known.get(self._signed.member.device.device)
        with self._store.transaction():
            if own is not None:
                put(self._store.connection, _SEQUENCE, str(own.head.sequence))
            self._store.connection.execute("DELETE FROM sync_heads")
            self._remember(0, NO_PARENT)
            put(self._store.connection, _EXPECTED, "")

    def next(self, due: Sequence[Outgoing], digests: Sequence[bytes], lineage: bytes) -> MadeHead:
        """Our head for a push of these envelopes, by their digests."""
        member = self._signed.member
        own = self.known.get(member.device.device)
        head = Head(
            sequence=1 + max(0 if own is None else own.head.sequence, self._counted()),
            time=self._now(),
            epoch=member.roots.epoch,
            lineage=lineage,
            devices=self._list(),
            slots=slots_root(self._leaves.own(due)),
            records=records_root(self._leaves.records(due, digests)),
            seen={
                device: (known.head.sequence, known.digest)
                for device, known in self.known.items()
                if device != member.device.device
            },
        )
        version, parent = self._last_pushed()
        # On the disk before it is sent: a restored service may forget this head, another machine does not.
        with self._store.transaction():
            put(self._store.connection, _SEQUENCE, str(head.sequence))
        envelope = seal(
            encode_head(head, member.device, member.account),
            Outside(Kind.HEAD, self._reader.ids.head(), version + 1, member.device.device, parent),
            root=member.roots.current,
            account=member.account,
            random=self._signed.random,
        )
        return MadeHead(envelope, version + 1, KnownHead(head, hashlib.sha256(envelope).digest()))

    def confirm(self, made: MadeHead) -> None:
        """The service has our head."""
        own = self._signed.member.device.device
        self._shown[own] = made.known
        with self._store.transaction():
            save_head(self._store, own, made.known, self._now())
            self._remember(made.version, made.known.digest)

    def _expectations(
        self,
        lineage: bytes,
        *,
        complete: bool,
        slots: Mapping[bytes, bytes] | None = None,
        records: bytes | None = None,
    ) -> Expectations:
        own = self._signed.member.device.device
        return Expectations(own, lineage, self._reader.devices, complete, slots or {}, records)

    def _raise(self, alarms: Sequence[Alarm], lineage: bytes) -> None:
        grave = [alarm for alarm in alarms if not alarm.notice]
        if grave:
            raise self.alarmed(grave, lineage)

    def _note(self, alarm: Alarm, lineage: bytes) -> None:
        detail = f"{alarm.told(self._name(alarm.device))} (vault {lineage.hex()[:8]})"
        note_alarm(self._store, self._now(), alarm.kind.value, alarm.device, detail)

    def _name(self, device: bytes) -> str:
        row = self._store.connection.execute("SELECT name FROM devices WHERE owner = ?", (device,)).fetchone()
        return f"machine {device.hex()[:8]}" if row is None or not row[0] else str(row[0])

    def _unexpected(self) -> list[Alarm]:
        """What the machine that let this one in had seen, and the service has not shown here."""
        kept = get(self._store.connection, _EXPECTED)
        if not kept:
            return []
        found: list[Alarm] = []
        for device, sequence, digest in msgspec.json.decode(kept, type=list[tuple[str, int, str]]):
            shown = self._shown.get(bytes.fromhex(device))
            if shown is None or shown.head.sequence < sequence:
                found.append(Alarm(AlarmKind.WITHHELD, bytes.fromhex(device)))
            elif shown.head.sequence == sequence and shown.digest.hex() != digest:
                found.append(Alarm(AlarmKind.FORK, bytes.fromhex(device)))
        if not found:
            with self._store.transaction():
                put(self._store.connection, _EXPECTED, "")
        return found

    def _counted(self) -> int:
        return int(get(self._store.connection, _SEQUENCE) or 0)

    def _list(self) -> Mark:
        length, digest = (get(self._store.connection, _LIST) or "").split()
        return Mark(int(length), bytes.fromhex(digest))

    def _last_pushed(self) -> tuple[int, bytes]:
        connection = self._store.connection
        version = int(get(connection, _VERSION) or 0)
        return version, bytes.fromhex(get(connection, _PARENT) or "") if version else NO_PARENT

    def _remember(self, version: int, digest: bytes) -> None:
        put(self._store.connection, _VERSION, str(version))
        put(self._store.connection, _PARENT, digest.hex())


class Leaves:
    """What heads are made over, as the vault has it: from the tables, and with a push that is under way."""

    def __init__(self, store: Store, state: SyncState) -> None:
        self._connection = store.connection
        self._state = state

    def own(self, due: Sequence[Outgoing] = ()) -> list[tuple[int, bytes]]:
        """Hour and digest of each slot of this device."""
        found = {(leaf.machine, leaf.hour): leaf.digest for leaf in self._state.slot_leaves()}
        tried = self._tried()
        for one in due:
            if isinstance(one.body, Activity):
                for slot in one.body.slots:
                    key = (slot.machine, slot.hour)
                    # What was just collected was digested for that; only who came from elsewhere was not.
                    found[key] = tried.get(key) or found.get(key) or slot_digest(slot)
        return [(hour, digest) for (_, hour), digest in found.items()]

    def _tried(self) -> dict[tuple[str, int], bytes]:
        """The digests of own slots that are being pushed, by machine and hour."""
        rows = self._connection.execute(
            "SELECT iif(d.id = 1, '', d.uuid), s.hour, s.attempts FROM sync_slots s "
            "JOIN devices d ON d.id = s.device_id WHERE d.owner IS NULL AND s.attempts IS NOT NULL"
        )
        return {(machine, hour): bytes.fromhex(attempts.split()[-1]) for machine, hour, attempts in rows}

    def others(self) -> dict[bytes, list[tuple[int, bytes]]]:
        """The same of every other device that something has come from."""
        rows = self._connection.execute(
            "SELECT d.owner, s.hour, s.digest FROM sync_slots s JOIN devices d ON d.id = s.device_id "
            "WHERE d.owner IS NOT NULL AND s.digest IS NOT NULL"
        )
        found: dict[bytes, list[tuple[int, bytes]]] = {}
        for owner, hour, digest in rows:
            found.setdefault(owner, []).append((hour, digest))
        return found

    def records(
        self, due: Sequence[Outgoing] = (), digests: Sequence[bytes] = ()
    ) -> list[tuple[Kind, bytes, int, bytes]]:
        """Kind, object, version and digest of each record, setting and conflict."""
        rows = self._connection.execute(
            "SELECT kind, object, version, hash FROM sync_objects WHERE type <> '' AND version > 0"
        )
        found = {row[1]: (Kind(row[0]), row[1], int(row[2]), row[3]) for row in rows.fetchall()}
        for one, digest in zip(due, digests, strict=True):
            if one.kind in (Kind.RECORD, Kind.SETTING, Kind.CONFLICT):
                found[one.object] = (one.kind, one.object, one.version, digest)
        return list(found.values())


def expect_heads(store: Store, heads: Mapping[bytes, tuple[int, bytes]]) -> None:
    """The first pull must show at least these heads: another machine has seen them."""
    listed = [(device.hex(), sequence, digest.hex()) for device, (sequence, digest) in sorted(heads.items())]
    with store.transaction():
        put(store.connection, _EXPECTED, msgspec.json.encode(listed).decode())


def load_heads(store: Store) -> dict[bytes, KnownHead]:
    """The latest head known of each device."""
    rows = store.connection.execute("SELECT device, hash, body FROM sync_heads").fetchall()
    return {row[0]: KnownHead(msgspec.msgpack.decode(row[2], type=Head), row[1]) for row in rows}


def heard(store: Store) -> dict[bytes, int]:
    """When each device's latest head was made, ms since 1970 by its own clock."""
    return {device: known.head.time for device, known in load_heads(store).items()}


def save_head(store: Store, device: bytes, known: KnownHead, now_ms: int) -> None:
    """Keep a head, within a transaction of the caller."""
    store.connection.execute(
        "INSERT OR REPLACE INTO sync_heads (device, sequence, hash, body, seen_ms) VALUES (?, ?, ?, ?, ?)",
        (device, known.head.sequence, known.digest, msgspec.msgpack.encode(known.head), now_ms),
    )
