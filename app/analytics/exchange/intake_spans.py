"""Import of spans: what is here already is recognised, what is new goes in, nothing is counted twice."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from app.analytics.exchange.intake_things import Things
from app.analytics.exchange.records import Record, refused
from app.models.journal import Journal
from app.models.spans_table import LONGEST_MS, first_id
from app.models.values import Activity, Recorded, Span, State

BATCH = 2_000
_REMEMBERED = 20_000

Identity = tuple[int | bytes | None, ...]


@dataclass(frozen=True, slots=True)
class _Here:
    """A span that was stored before the import."""

    id: int
    start: int
    end: int
    idle: int
    application: int | None
    title: bytes | None
    url: bytes | None
    path: bytes | None
    assigned: int
    note: int | None

    @property
    def identity(self) -> Identity:
        """What a span is recognised by: when it began and what was seen. Corrections do not change it."""
        return (self.start, self.idle, self.application, self.title, self.url, self.path)


class _Nearby:
    """The spans here around a batch's time, of the same device."""

    def __init__(self, rows: Sequence[_Here], used: set[int]) -> None:
        self._starts = [row.start for row in rows]
        self._latest = list(accumulate((row.end for row in rows), max))
        self._by_identity: dict[Identity, list[_Here]] = {}
        for row in reversed(rows):
            if row.id not in used:
                self._by_identity.setdefault(row.identity, []).append(row)

    def take(self, identity: Identity) -> _Here | None:
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
    """Takes in spans, in batches, in the order of the file; all within one transaction.

    `import_id`: the import that brings them; None leaves to each span what the file says of it.
    """

    journal: Journal
    things: Things
    import_id: int | None = None
    counts: SpanCounts = field(default_factory=SpanCounts)
    _batch: list[tuple[int, Record]] = field(default_factory=list[tuple[int, Record]])
    _used: set[int] = field(default_factory=set[int])
    _last: tuple[str, int] = ("", 0)
    _new: list[int] = field(default_factory=list[int])
    _empty: bool | None = None
    _applications: dict[str, int] = field(default_factory=dict[str, int])

    def span(self, record: Record, number: int) -> None:
        """Take in one. Raises `ImportRefused` when it refers to nothing, or is out of order."""
        self.things.devices.require(record, "device", number)
        self.things.projects.require(record, "project", number)
        self.things.categories.require(record, "category", number)
        self.things.imports.require(record, "import", number)
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
        try:
            self._new += self.journal.insert(fresh)
        except ValueError:
            raise refused(self._batch[-1][0], "too many spans before it begin in one moment") from None
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
        if self._empty is None:
            self._empty = connection.execute("SELECT 1 FROM activity_logs LIMIT 1").fetchone() is None
        if self._empty:
            return None
        first = self._batch[0][1]["start"]
        last = max(record["end"] for _, record in self._batch)
        low, high = first_id(first - LONGEST_MS), first_id(max(last, first) + 1)
        # What this import stored itself is no evidence; only what is near in time needs remembering.
        self._new = [span_id for span_id in self._new if span_id >= low]
        own = set(self._new)
        rows = [_Here(*row) for row in connection.execute(_HERE, (device, low, high)) if row[0] not in own]
        return _Nearby(rows, self._used) if rows else None

    def _identity(self, record: Record) -> Identity:
        return (
            record["start"],
            int(record["state"] == "idle"),
            self._application_id(record.get("application")),
            *(self._digest(record.get(name)) for name in ("title", "url", "path")),
        )

    def _application_id(self, name: str | None) -> int | None:
        """The id of an application that is stored already; -1, which is no id, for one that is not."""
        if name is None:
            return None
        known = self._applications.get(name)
        if known is None:
            query = "SELECT id FROM applications WHERE name = ?"
            row = self.journal.store.connection.execute(query, (name,)).fetchone()
            if row is None:
                return -1
            if len(self._applications) >= _REMEMBERED:
                self._applications.clear()
            known = self._applications[name] = int(row[0])
        return known

    def _digest(self, text: str | None) -> bytes | None:
        cipher = self.journal.store.cipher
        return None if text is None or cipher is None else cipher.digest(text)

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
        brought = get("import")
        return Recorded(
            span,
            device,
            assigned=bool(get("assigned")),
            note=get("note"),
            import_id=self.things.imports[brought] if self.import_id is None and brought else self.import_id,
        )


_HERE = """
    SELECT s.id, s.start_ms, s.end_ms, s.state, s.application_id, t.digest, u.digest, p.digest, s.assigned,
        s.note_id
    FROM activity_logs s
        LEFT JOIN texts t ON t.id = s.title_id LEFT JOIN texts u ON u.id = s.url_id
        LEFT JOIN texts p ON p.id = s.path_id
    WHERE s.device_id = ? AND s.id >= ? AND s.id < ? ORDER BY s.id
"""
