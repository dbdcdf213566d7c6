"""One sync: what is new comes in, what is due goes out, until neither is left. It may be killed anywhere.

Nothing is remembered between two requests but what is in the database and in the member's file: a page is
stored in one transaction with the cursor, and a push whose answer was lost comes back with the next pull as
an envelope of our own.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.errors import AccountUntrusted, DevPulseError, ServiceRefused
from app.sync.account.rotating import fetch_root
from app.sync.account.session import Signed
from app.sync.bodies.codec import encode
from app.sync.crypto.envelopes import COMPRESSIBLE, Outside, seal
from app.sync.heads import Heads
from app.sync.link.problems import Refusal
from app.sync.link.service import nonsense
from app.sync.outcome import Progress, Tally
from app.sync.reading import Page, Reader
from app.sync.state.state import SyncState
from app.sync.state.values import Outgoing, Position, Pushed
from app.sync.wire.exchange import PAGE_BYTES, Pulled, SyncAnswer, SyncRequest

# A push of this many bytes and its envelopes' outsides stay below a page of the service.
PUSH_BYTES = 3 << 20
# A snapshot is taken in by pieces of this size, each of which is there to stay.
PIECE_BYTES = 2 << 20
# Other machines may push in between again and again; after so many times it is for the next run.
_MOST_SETBACKS = 12
_MOST_STALE = 4

Tell = Callable[[Progress], None]


class Engine:
    """One run of one member, over one open database."""

    def __init__(
        self,
        signed: Signed,
        state: SyncState,
        reader: Reader,
        heads: Heads,
        tell: Tell,
        settings: Mapping[str, Any],
    ) -> None:
        self._signed = signed
        self._state = state
        self._reader = reader
        self._heads = heads
        self._tell = tell
        self._settings = settings
        self._full: ServiceRefused | None = None
        self._began = signed.member.mark
        self._stale = 0
        self.tally = Tally()

    def run(self) -> Tally:
        """Sync. Raises `ServiceAway`, `NotSignedIn`, `ServiceRefused`, `Refused`, `StorageError`.

        What was taken in before is there to stay; the next run goes on.
        """
        try:
            self._come_to_rest()
            if self.tally.pulled:
                # Without anything new there is nothing to compare that was not compared before.
                self._judge_all()
        except AccountUntrusted:
            # Who has been cheated reads everything anew, once the person has seen the alarm.
            self._state.restored(self._position().lineage)
            self._heads.begin_anew()
            raise
        self._count_traffic()
        if self._full is not None:
            raise self._full
        return self.tally

    def _come_to_rest(self) -> None:
        setbacks = 0
        while True:
            try:
                self._to_the_end()
            except Refusal as refused:
                setbacks += 1
                if setbacks > _MOST_SETBACKS:
                    raise
                self._after(refused)
            else:
                return

    def _to_the_end(self) -> None:
        position = self._position()
        if not position.ready:
            self._take_snapshot(position)
        asked = False
        while True:
            due: list[Outgoing] = []
            # Only on top of everything that is there: a head says what was seen.
            if self._heads.complete and not self._full:
                due = self._state.collect(PUSH_BYTES, self._settings)
            if asked and not due and self._heads.complete:
                return
            self._exchange(due)
            asked = True

    def _after(self, refused: Refusal) -> None:
        """Make good what the service refused a push for; what cannot be made good is raised again."""
        if refused.problem == "stale-parent":
            self._stale += 1
            if self._stale > _MOST_STALE:
                # What is known here of versions there is not so: it is learned from the beginning.
                self._stale = 0
                self._read_anew(self._position().lineage)
                return
            # What others have put in between comes first, our own lost push among it.
            self._pull()
        elif refused.problem == "stale-epoch":
            fetch_root(self._signed)
        elif refused.problem == "restored":
            self._read_anew(str(refused.more.get("lineage", "")))
        elif refused.problem == "quota":
            # Others' changes still come in.
            self._full = refused
        else:
            raise refused

    def _read_anew(self, lineage: str) -> None:
        # In this order: killed in between, the next run comes here again.
        self._heads.restored()
        self._state.restored(lineage)

    def _exchange(self, due: Sequence[Outgoing]) -> None:
        position = self._position()
        self._tell(Progress("pushing" if due else "pulling"))
        sealed = [self._sealed(one) for one in due]
        digests = [hashlib.sha256(one).digest() for one in sealed]
        head = self._heads.next(due, digests, bytes.fromhex(position.lineage)) if due else None
        push = sealed if head is None else [*sealed, head.envelope]
        answer = self._ask(position, push, PAGE_BYTES)
        if head is not None:
            stored = zip(due, digests, answer.pushed, strict=False)
            self._state.confirm([Pushed(one, digest, there.sequence) for one, digest, there in stored])
            self._heads.confirm(head)
            self.tally.pushed += len(due)
        self._take(answer, position)

    def _pull(self) -> None:
        while True:
            position = self._position()
            answer = self._ask(position, [], PAGE_BYTES)
            self._take(answer, position)
            if not answer.more:
                return

    def _ask(self, position: Position, push: list[bytes], page: int) -> SyncAnswer:
        lineage = bytes.fromhex(position.lineage)
        answer = self._signed.exchange(SyncRequest(position.cursor, lineage, push, page))
        if (
            len(answer.pushed) != len(push)
            or answer.cursor < position.cursor
            or answer.latest < answer.cursor
            or (lineage and answer.lineage != lineage)
        ):
            raise nonsense()
        return answer

    def _take(self, answer: SyncAnswer, position: Position) -> None:
        page = self._reader.read(answer.pulled, position.cursor)
        self._apply(page, answer.cursor, answer.lineage)
        self._pulled(more=answer.more)
        self.tally.pulled += len(answer.pulled)

    def _pulled(self, *, more: bool) -> None:
        """A page was taken. The list that a complete pull began with is what our next head names."""
        self._heads.pulled(None if more else self._began)
        if not more:
            self._began = self._signed.member.mark

    def _apply(self, page: Page, cursor: int, lineage: bytes) -> None:
        heads = self._heads.judge(page, lineage)
        self._heads.newer = self._heads.newer or bool(page.newer)
        # Heads first: killed in between, the page comes once more, and its heads with it.
        self._heads.keep(page, heads)
        applied = self._state.apply(page.incoming, cursor, lineage.hex())
        tally = self.tally
        tally.records += applied.records
        tally.spans += applied.spans
        tally.asks += applied.asks
        tally.newer += page.newer
        tally.erased = tally.erased or applied.erased
        tally.ahead |= {device.hex(): by for device, by in applied.ahead.items()}

    def _take_snapshot(self, position: Position) -> None:
        """Everything there is, piece by piece; a run that is cut off goes on after the last whole piece."""
        after, known = position.cursor, bytes.fromhex(position.lineage) if position.cursor else b""
        piece: list[Pulled] = []
        size = 0
        with self._signed.snapshot(after, known) as (lineage, frames):
            for frame in frames:
                if frame.envelope:
                    piece.append(frame)
                    size += len(frame.envelope)
                if size >= PIECE_BYTES or not frame.envelope:
                    page = self._reader.read(piece, after)
                    self._apply(page, frame.sequence, lineage)
                    self.tally.pulled += len(piece)
                    after, piece, size = frame.sequence, [], 0
                    self._tell(Progress("pulling", self.tally.pulled))
        self._state.end_snapshot()
        self._pulled(more=False)

    def _judge_all(self) -> None:
        """What heads say of each other, now that all is here. Raises `AccountUntrusted`.

        Somebody may have pushed while we pulled: what looks withheld may be a request behind, so it is asked
        for twice more.
        """
        for left in (2, 1, 0):
            lineage = bytes.fromhex(self._position().lineage)
            alarms = self._heads.judge_all(lineage)
            if not alarms:
                return
            if not left:
                raise self._heads.alarmed(alarms, lineage)
            self._pull()

    def _count_traffic(self) -> None:
        traffic = self._signed.service.connection.traffic
        self.tally.sent_bytes, self.tally.received_bytes = traffic.sent, traffic.received
        self.tally.round_trips = traffic.trips

    def _sealed(self, one: Outgoing) -> bytes:
        member = self._signed.member
        outside = Outside(
            one.kind,
            one.object,
            one.version,
            member.device.device,
            one.parent,
            erases_older=one.erases,
            compressed=one.kind in COMPRESSIBLE,
        )
        return seal(
            encode(one.body), outside, root=member.roots.current, account=member.account, random=os.urandom
        )

    def _position(self) -> Position:
        found = self._state.position()
        if found is None:
            raise DevPulseError("Nobody is signed in to this database.", advice="`devpulse account sign-in`")
        return found
