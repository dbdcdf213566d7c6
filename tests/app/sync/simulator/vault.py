"""A service in memory: the rules of the real one, faults of a network, and every way of cheating we know."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.errors import ServiceAway
from app.sync.link.problems import Refusal
from app.sync.wire.accounts import SignedStatement
from app.sync.wire.envelope import HEADER_BYTES, NO_PARENT, Kind, header_of
from app.sync.wire.exchange import Pulled, Pushed, SyncAnswer, SyncRequest, Version, VersionList

ATTACKS = (
    "withhold", "withhold-all", "rollback", "fork", "reorder", "splice", "flip", "downgrade",
    "foreign-device", "forge-list", "shorten-list", "old-vault", "duplicate", "wrong-object", "swap-keys",
)  # fmt: skip


def refusal(problem: str, **more: object) -> Refusal:
    return Refusal(409, problem, (problem, "", ""), more)


@dataclass
class Stored:
    sequence: int
    envelope: bytes

    @property
    def key(self) -> tuple[int, bytes]:
        return self.envelope[5], self.envelope[12:28]


@dataclass
class Vault:
    """What the service holds. `page`: how many envelopes it gives at once."""

    random: random.Random
    chain: list[SignedStatement]
    page: int = 7
    lineage: bytes = b"L" * 16
    sequence: int = 0
    current: dict[tuple[int, bytes], Stored] = field(default_factory=dict)
    history: list[Stored] = field(default_factory=list)

    def backup(self) -> Vault:
        return replace(self, current=dict(self.current), history=list(self.history), chain=list(self.chain))

    def restore(self, kept: Vault) -> None:
        """A backup is put back: a new lineage begins. The list of machines is kept elsewhere."""
        self.current, self.history = dict(kept.current), list(kept.history)
        self.sequence = kept.sequence
        self.lineage = self.random.randbytes(16)

    def exchange(self, request: SyncRequest) -> SyncAnswer:
        if request.lineage and (request.lineage != self.lineage or request.cursor > self.sequence):
            raise refusal("restored", lineage=self.lineage.hex(), latest=self.sequence)
        before = self.sequence
        pushed = self._push(request.push)
        own = range(before + 1, self.sequence + 1) if any(one.fresh for one in pushed) else range(0)
        found = [one for one in self._after(request.cursor) if one.sequence not in own]
        more = len(found) > self.page
        found = found[: self.page]
        cursor = found[-1].sequence if more else self.sequence
        pulled = [Pulled(one.sequence, one.envelope) for one in found]
        return SyncAnswer(self.lineage, cursor, self.sequence, more, pushed, pulled)

    def snapshot(self, after: int) -> Iterator[Pulled]:
        for one in self._after(after):
            yield Pulled(one.sequence, one.envelope)
        yield Pulled(self.sequence, b"")

    def versions(self, object_: bytes, kind: int) -> VersionList:
        found = self.current.get((kind, object_))
        if found is None:
            raise Refusal(404, "", ("There is none.", "", ""), {})
        return VersionList([Version(found.sequence, 0, None, found.envelope)], more=False)

    def _after(self, cursor: int) -> list[Stored]:
        return sorted(
            (one for one in self.current.values() if one.sequence > cursor), key=lambda one: one.sequence
        )

    def _push(self, envelopes: Sequence[bytes]) -> list[Pushed]:
        for envelope in envelopes:
            header = header_of(envelope)
            there = self.current.get((header.kind, header.object))
            if there is not None and there.envelope == envelope:
                continue
            version = 0 if there is None else header_of(there.envelope).version
            parent = NO_PARENT if there is None else hashlib.sha256(there.envelope).digest()
            if (header.version, header.parent) != (version + 1, parent):
                raise refusal("stale-parent")
        return [self._store(envelope) for envelope in envelopes]

    def _store(self, envelope: bytes) -> Pushed:
        one = Stored(self.sequence + 1, envelope)
        there = self.current.get(one.key)
        if there is not None and there.envelope == envelope:
            return Pushed(there.sequence, fresh=False)
        self.sequence += 1
        self.current[one.key] = one
        self.history.append(one)
        return Pushed(one.sequence, fresh=True)


class Malice:
    """What the service does to one machine from some moment on, until it stops."""

    def __init__(self, kind: str, vault: Vault, victim: bytes, chance: random.Random) -> None:
        self.kind = kind
        self.victim = victim
        self._vault = vault
        self._random = chance
        self._then = vault.backup()
        self.done = 0

    def answer(self, request: SyncRequest) -> SyncAnswer:
        """What the victim is told."""
        change: Callable[[list[Pulled]], list[Pulled]] | None = getattr(
            self, "_" + self.kind.replace("-", "_"), None
        )
        if self.kind in ("fork", "old-vault"):
            return self._other_vault(request)
        if change is None:
            return self._vault.exchange(request)
        honest = self._vault.exchange(request)
        pulled = change(list(honest.pulled))
        return SyncAnswer(honest.lineage, honest.cursor, honest.latest, honest.more, honest.pushed, pulled)

    def chain(self, chain: list[SignedStatement]) -> list[SignedStatement]:
        """The list of machines that the victim is shown."""
        if self.kind == "shorten-list" and len(chain) > 1:
            self.done += 1
            return chain[:-1]
        if self.kind in ("forge-list", "swap-keys"):
            self.done += 1
            last = chain[-1]
            statement = bytearray(last.statement)
            statement[self._random.randrange(40, len(statement))] ^= 1
            forged = SignedStatement(bytes(statement), last.signature)
            return [*chain[:-1], forged] if self.kind == "swap-keys" else [*chain, forged]
        return chain

    def _other_vault(self, request: SyncRequest) -> SyncAnswer:
        """A vault of the past, which goes on with the victim alone."""
        self.done += 1
        if self.kind == "old-vault" and request.push:
            raise ServiceAway("The service is away.")
        return self._then.exchange(request)

    def _withhold(self, pulled: list[Pulled]) -> list[Pulled]:
        """One envelope of another machine is left out, whatever it is but a head."""
        for number, one in enumerate(pulled):
            if one.envelope[5] != Kind.HEAD and one.envelope[68:84] != self.victim:
                self.done += 1
                return pulled[:number] + pulled[number + 1 :]
        return pulled

    def _withhold_all(self, pulled: list[Pulled]) -> list[Pulled]:
        kept = [one for one in pulled if one.envelope[68:84] == self.victim]
        self.done += len(pulled) - len(kept)
        return kept

    def _rollback(self, pulled: list[Pulled]) -> list[Pulled]:
        """An older version of a head, or of whatever there is one of, instead of the current one."""
        for number, one in enumerate(pulled):
            older = [
                old for old in self._vault.history
                if old.key == Stored(0, one.envelope).key and old.envelope != one.envelope
            ]  # fmt: skip
            if older:
                self.done += 1
                pulled[number] = Pulled(one.sequence, self._random.choice(older).envelope)
        return pulled

    def _reorder(self, pulled: list[Pulled]) -> list[Pulled]:
        self.done += len(pulled) > 1
        return pulled[::-1]

    def _duplicate(self, pulled: list[Pulled]) -> list[Pulled]:
        self.done += bool(pulled)
        return [one for one in pulled for _ in range(2)]

    def _splice(self, pulled: list[Pulled]) -> list[Pulled]:
        """The inside of one envelope behind the outside of another."""
        if len(pulled) > 1:
            self.done += 1
            head, tail = pulled[0].envelope[:HEADER_BYTES], pulled[1].envelope[HEADER_BYTES:]
            spliced = head[:96] + len(tail).to_bytes(4) + tail
            pulled[0] = Pulled(pulled[0].sequence, spliced)
        return pulled

    def _flip(self, pulled: list[Pulled]) -> list[Pulled]:
        return self._patched(pulled, self._random.randrange)

    def _downgrade(self, pulled: list[Pulled]) -> list[Pulled]:
        """Another suite, kind, compression, flag or epoch in the header."""
        return self._patched(pulled, lambda _: self._random.randrange(4, 12))

    def _foreign_device(self, pulled: list[Pulled]) -> list[Pulled]:
        return self._patched(pulled, lambda _: self._random.randrange(68, 84))

    def _wrong_object(self, pulled: list[Pulled]) -> list[Pulled]:
        return self._patched(pulled, lambda _: self._random.randrange(12, 28))

    def _patched(self, pulled: list[Pulled], place: Callable[[int], int]) -> list[Pulled]:
        if pulled:
            self.done += 1
            number = self._random.randrange(len(pulled))
            envelope = bytearray(pulled[number].envelope)
            envelope[place(len(envelope))] ^= 1 << self._random.randrange(8)
            pulled[number] = Pulled(pulled[number].sequence, bytes(envelope))
        return pulled
