"""What is due goes out: the outbox is folded, containers are arranged, bodies are made up to a size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.models.outbox import HOUR_MS
from app.models.store import Store
from app.sync.bodies.codec import encode
from app.sync.bodies.values import Activity, Record
from app.sync.state.folding import Folding
from app.sync.state.objects import Known, Objects
from app.sync.state.position import get, put
from app.sync.state.reading import Reader
from app.sync.state.slots import Slots, too_much
from app.sync.state.values import Outgoing, Pushed

_SETTLED = "settled"
_ENVELOPE = 700  # header, tag and padding, about


@dataclass(frozen=True, slots=True)
class Collecting:
    """Collects from one store, within transactions of the caller. `compressed`: activity will be."""

    store: Store
    objects: Objects
    slots: Slots
    reader: Reader
    folding: Folding
    device: bytes
    now_ms: int
    compressed: bool = True

    def fold(self) -> None:
        """Take the outbox in: afterwards all that is due stands among the objects."""
        self.folding.fold()
        erased = self.slots.take_outbox()
        now_hour = self.now_ms // HOUR_MS
        today = str(now_hour // 24)
        settle = get(self.store.connection, _SETTLED) != today
        if settle:
            put(self.store.connection, _SETTLED, today)
        self.slots.arrange(self.objects, erased, now_hour, settle=settle)

    def bodies(self, most_bytes: int) -> Iterator[Outgoing]:
        """What is due, until `most_bytes` are reached (the last one may pass it)."""
        size = 0
        for known in self.objects.due():
            found = self._activity(known) if known.type == "" else self._record(known)
            if found is None:
                continue
            outgoing, bytes_ = found
            if size and size + bytes_ > most_bytes:
                return
            yield outgoing
            size += bytes_

    def confirm(self, pushed: Pushed) -> None:
        """The service has it."""
        outgoing, body = pushed.outgoing, pushed.outgoing.body
        known = self.objects.by_id(outgoing.object)
        if known is None:
            return
        known = replace(known, version=outgoing.version, hash=pushed.hash)
        if isinstance(body, Record):
            # The person may have decided a conflict in the meantime.
            self.objects.put(replace(known, base=body, due=known.ours != body))
        else:
            self.slots.confirm(body, self.device)
            self.objects.put(replace(known, due=False, held=not body.slots))

    def _activity(self, known: Known) -> tuple[Outgoing, int] | None:
        body = self.slots.body(known.name, self.reader)
        encoded = encode(body)
        while too_much(encoded, compressed=self.compressed) and self.slots.split(self.objects, known.name):
            body = self.slots.body(known.name, self.reader)
            encoded = encode(body)
        if not body.slots and known.version == 0:
            # It was never pushed, and holds nothing any more.
            self.objects.put(replace(known, due=False, held=True))
            return None
        return _outgoing(known, body, erases=True), len(encoded) // (3 if self.compressed else 1) + _ENVELOPE

    def _record(self, known: Known) -> tuple[Outgoing, int] | None:
        if known.ours is None:
            return None
        return _outgoing(known, known.ours, erases=False), len(encode(known.ours)) + _ENVELOPE


def _outgoing(known: Known, body: Record | Activity, *, erases: bool) -> Outgoing:
    return Outgoing(known.kind, known.object, body, known.version + 1, known.hash, erases)
