"""Import of spans: what is here already is recognised, what is new goes in, nothing is counted twice."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from app.analytics.exchange_records import Record, refused
from app.analytics.intake_things import Things
from app.models.journal import Journal
from app.models.spans_table import LONGEST_MS
from app.models.values import Activity, Recorded, Span, State

BATCH = 2_000
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class _Here:
    """A span that was stored before the import."""

    id: int
    start: int
    end: int
    idle: int
    application: int | None
    title: int | None
    url: int | None
    path: int | None
    assigned: int
    note: int | None

    @property
    def identity(self) -> tuple[int | None, ...]:
        """What a span is recognised by: when it began and what was seen. Corrections do not change it."""
        return (self.start, self.idle, self.application, self.title, self.url, self.path)


class _Nearby:
    """The spans here around a batch's time, of the same device."""

    def __init__(self, rows: Sequence[_Here], used: set[int]) -> None:
        self._starts = [row.start for row in rows]
        self._latest = list(accumulate((row.end for row in rows), max))
        self._by_identity: dict[tuple[int | None, ...], list[_Here]] = {}
        for row in reversed(rows):
            if row.id not in used:
                self._by_identity.setdefault(row.identity, []).append(row)

    def take(self, identity: tuple[int | None, ...]) -> _Here | None:
        """The span with this identity; each is given out once."""
        found = self._by_identity.get(identity)
        return found.pop() if found else None

    def overlaps(self, start: int, end: int) -> bool:
        """Whether some of [start, end) is recorded here."""
        before = bisect_left(self._starts, end)
        return before > 0 and start < end and self._latest[before - 1] > start

    def free(self, row: _Here, end: int) -> bool:
        """Whether nothing else begins between a span's start and `end`."""
        return bisect_left(self._starts, end) == bisect_right(self._starts, row.start)


@dataclass(slots=True)
class SpanCounts:
    """What became of the spans of a file."""

    new: int = 0
    known: int = 0
    corrected: int = 0
    overlapping: int = 0


@dataclass(slots=True)
class Spans:
    """Takes in spans, in batches, in the order of the file; all within one transaction."""

    journal: Journal
    things: Things
    counts: SpanCounts = field(default_factory=SpanCounts)
    _batch: list[tuple[int, Record]] = field(default_factory=list[tuple[int, Record]])
    _used: set[int] = field(default_factory=set[int])
    _last: tuple[str, int] = ("", 0)
    _stored_before: int = -1
    _texts: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    def span(self, record: Record, number: int) -> None:
        """Take in one. Raises `ImportRefused` when it refers to nothing, or is out of order."""
        self.things.devices.require(record, "device", number)
        self.things.projects.require(record, "project", number)
        self.things.categories.require(record, "category", number)
        place = (record["device"], record["start"])
        if place < self._last:
            raise refused(number, "spans stand in the order of device and start, and this one does not")
        if self._batch and (record["device"] != self._last[0] or len(self._batch) >= BATCH):
            self.finish()
        self._last = place
        self._batch.append((number, record))

    def finish(self) -> None:
        """Store what is waiting."""
        if not self._batch:
            return
        device = self.things.devices[self._batch[0][1]["device"]]
        nearby = self._nearby(device)
        fresh: list[Recorded] = []
        for _, record in self._batch:
            here = None if nearby is None else nearby.take(self._identity(record))
            if here is not None:
                self._used.add(here.id)
                self._meet(record, here, nearby)
            elif nearby is not None and nearby.overlaps(record["start"], record["end"]):
                self.counts.overlapping += 1
            else:
                fresh.append(self._recorded(record, device))
        self.journal.insert(fresh)
        self.counts.new += len(fresh)
        self._batch.clear()

    def _meet(self, record: Record, here: _Here, nearby: _Nearby | None) -> None:
        """A span that is here already: what the file knows better about it is taken over."""
        changed = False
        if record["end"] > here.end and nearby is not None and nearby.free(here, record["end"]):
            changed = self.journal.set_end(here.id, record["end"])
        if record.get("assigned") and not here.assigned:
            project, category = record.get("project"), record.get("category")
            moved = self.journal.reassign(
                [here.id],
                project_id=None if project is None else self.things.projects[project],
                category_id=None if category is None else self.things.categories[category],
                by_hand=True,
            )
            changed = changed or moved > 0
        if record.get("note") and here.note is None:
            note = self.journal.store.interning.text(record["note"])
            self.journal.store.connection.execute(
                "UPDATE activity_logs SET note_id = ? WHERE id = ?", (note, here.id)
            )
            changed = True
        self.counts.corrected += changed
        self.counts.known += not changed

    def _nearby(self, device: int) -> _Nearby | None:
        """None where nothing was recorded, which is the common case and needs no look-ups."""
        connection = self.journal.store.connection
        if self._stored_before < 0:
            row = connection.execute("SELECT ifnull(max(id), 0) FROM activity_logs").fetchone()
            self._stored_before = row[0]
        if not self._stored_before:
            return None
        first = self._batch[0][1]["start"]
        last = max(record["end"] for _, record in self._batch)
        rows = [
            _Here(*row)
            for row in connection.execute(
                _HERE, (device, first - LONGEST_MS, max(last, first) + 1, self._stored_before)
            )
        ]
        return _Nearby(rows, self._used) if rows else None

    def _identity(self, record: Record) -> tuple[int | None, ...]:
        return (
            record["start"],
            int(record["state"] == "idle"),
            self._application_id(record.get("application")),
            *(self._text_id(record.get(name)) for name in ("title", "url", "path")),
        )

    def _application_id(self, name: str | None) -> int | None:
        return self._known("applications", name, "SELECT id FROM applications WHERE name = ?", name)

    def _text_id(self, text: str | None) -> int | None:
        cipher = self.journal.store.cipher
        if text is None or cipher is None:
            return None
        return self._known("texts", text, "SELECT id FROM texts WHERE digest = ?", cipher.digest(text))

    def _known(self, kind: str, text: str | None, query: str, value: Any) -> int | None:
        """The id of a text that is stored already; -1, which is no id, for one that is not."""
        if text is None:
            return None
        found = self._texts.get((kind, text))
        if found is None:
            row = self.journal.store.connection.execute(query, (value,)).fetchone()
            if row is None:
                return -1
            if len(self._texts) >= _REMEMBERED:
                self._texts.clear()
            found = self._texts[kind, text] = row[0]
        return found

    def _recorded(self, record: Record, device: int) -> Recorded:
        get = record.get
        project, category = get("project"), get("category")
        idle = record["state"] == "idle"
        activity = None if idle else Activity(
            application=record["application"], title=get("title"), url=get("url"), path=get("path"),
            project_id=None if project is None else self.things.projects[project],
            branch=get("branch"), language=get("language"),
            category_id=None if category is None else self.things.categories[category],
        )  # fmt: skip
        span = Span(
            record["start"],
            record["end"],
            record["offset"],
            State(record["state"]),
            activity,
            switched=bool(get("switched")),
        )
        return Recorded(span, device, assigned=bool(get("assigned")), note=get("note"))


_HERE = """
    SELECT id, start_ms, end_ms, state, application_id, title_id, url_id, path_id, assigned, note_id
    FROM activity_logs WHERE device_id = ? AND start_ms >= ? AND start_ms < ? AND id <= ?
    ORDER BY start_ms, id
"""
