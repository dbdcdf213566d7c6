"""Decided activity goes into the database: around what is recorded there, with its switches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from uuid import NAMESPACE_DNS, uuid5

from app.analytics.exchange.observed import Skipped, Stretch
from app.importing.gaps import DAY_MS, Interval, Taken, pieces, together
from app.models.spans_table import LONGEST_MS, first_id
from app.models.store import Store

THIS_MACHINE = 1
COVERED = "time that is recorded here already"
COVERED_DAY = "days of which something is recorded here already"
CHUNK = 2_000


def device_of(store: Store, host: str | None) -> int | None:
    """The machine's id; None for one that is not known here."""
    if host is None:
        return THIS_MACHINE
    row = store.connection.execute("SELECT id FROM devices WHERE uuid = ?", (_uuid(host),)).fetchone()
    return None if row is None else int(row[0])


def make_device(store: Store, host: str) -> int:
    """A machine known from an import, by its name: the same one at the next import."""
    made = store.connection.execute("INSERT INTO devices (uuid, name) VALUES (?, ?)", (_uuid(host), host))
    assert made.lastrowid is not None
    return made.lastrowid


def _uuid(host: str) -> str:
    return str(uuid5(NAMESPACE_DNS, f"{host.casefold()}.import.devpulse"))


class Filling:
    """Lays stretches into the gaps of one device. `device` None: nothing is recorded of it."""

    def __init__(
        self, store: Store, device: int | None, skipped: Skipped, offset_s: Callable[[int], int]
    ) -> None:
        self._store = store
        self._device = device
        self._skipped = skipped
        self._offset_s = offset_s

    def chunks(
        self, stretches: Iterable[Stretch], *, whole_days: bool
    ) -> Iterator[list[tuple[Stretch, int]]]:
        """What fits in, each with its offset, by the thousand; the caller stores a chunk before the next.

        `whole_days`: the times are not real, so a day counts as recorded when anything of it is.
        """
        rest = together(stretches)
        full = self._days() if whole_days else frozenset[int]()
        while batch := list(islice(rest, CHUNK)):
            taken = Taken(() if whole_days else self._recorded(batch[0].start, batch[-1].end))
            yield [
                piece
                for stretch in batch
                for part in self._free(stretch, taken, full)
                for piece in pieces(part, self._offset_s)
            ]

    def _free(self, stretch: Stretch, taken: Taken, full: frozenset[int]) -> Iterator[Stretch]:
        if full and (stretch.start + self._offset_s(stretch.start) * 1000) // DAY_MS in full:
            self._skipped.note(COVERED_DAY, stretch.end - stretch.start)
            return
        left = stretch.end - stretch.start
        for part in taken.around(stretch):
            left -= part.end - part.start
            yield part
        if left:
            self._skipped.note(COVERED, left)

    def _recorded(self, start: int, end: int) -> list[Interval]:
        if self._device is None:
            return []
        return self._store.connection.execute(
            "SELECT start_ms, end_ms FROM activity_logs "
            "WHERE id >= ? AND id < ? AND device_id = ? AND end_ms > start_ms AND end_ms > ? ORDER BY id",
            (first_id(start - LONGEST_MS), first_id(end), self._device, start),
        ).fetchall()

    def _days(self) -> frozenset[int]:
        if self._device is None:
            return frozenset()
        rows = self._store.connection.execute(
            "SELECT DISTINCT day FROM rollup_daily WHERE device_id = ?", (self._device,)
        )
        return frozenset(row[0] for row in rows)
