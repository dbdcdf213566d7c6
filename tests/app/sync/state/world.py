"""Homes with real databases around a service that keeps bodies as they are: no keys, no network."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.models.cipher import Cipher
from app.models.journal import Journal
from app.models.rebuild import agree
from app.models.store import Store
from app.models.values import Activity as Doing
from app.models.values import Span, State
from app.sync.bodies.codec import encode
from app.sync.bodies.values import Activity, Record
from app.sync.merge.strategies import Strategy
from app.sync.state.state import SyncState
from app.sync.state.values import Applied, Incoming, Outgoing, Pushed
from app.sync.wire.envelope import NO_PARENT, Kind

HOUR_MS = 3_600_000
# 2026-11-10 12:00 UTC
NOW = 498_420 * HOUR_MS
ACCOUNT = b"a" * 16


@dataclass(frozen=True)
class Ids:
    device: bytes

    def activity(self, name: str) -> bytes:
        return hashlib.sha256(b"a" + self.device + name.encode()).digest()[:16]

    def record(self, type_: str, uuid: str) -> bytes:
        return hashlib.sha256(f"r{len(type_)}{type_}{uuid}".encode()).digest()[:16]


@dataclass
class Service:
    """Current versions in the order of their sequence; all of a push or none of it."""

    objects: dict[bytes, Incoming] = field(default_factory=dict[bytes, Incoming])
    sequence: int = 0
    lineage: str = "first"

    def push(self, device: bytes, page: list[Outgoing]) -> list[Pushed] | None:
        """None: refused, something is newer here."""
        for one in page:
            there = self.objects.get(one.object)
            if (one.version, one.parent) != ((there.version + 1, there.hash) if there else (1, NO_PARENT)):
                return None
        return [self._keep(device, one) for one in page]

    def _keep(self, device: bytes, one: Outgoing) -> Pushed:
        self.sequence += 1
        hash_ = hashlib.sha256(encode(one.body) + one.parent + device).digest()
        self.objects[one.object] = Incoming(
            one.kind, one.object, one.version, hash_, device, self.sequence, one.body
        )
        return Pushed(one, hash_, self.sequence)

    def pull(self, cursor: int) -> list[Incoming]:
        found = [one for one in self.objects.values() if one.sequence > cursor]
        return sorted(found, key=lambda one: one.sequence)

    def activity(self) -> list[Activity]:
        return [one.body for one in self.objects.values() if isinstance(one.body, Activity)]

    def records(self, type_: str) -> list[Record]:
        return [
            one.body
            for one in self.objects.values()
            if isinstance(one.body, Record) and one.body.type == type_
        ]


class Home:
    """One machine. Its clock stands until it is moved."""

    def __init__(
        self, database: Path, name: str, service: Service, strategies: dict[str, Strategy] | None = None
    ) -> None:
        self.name = name
        self.device = name.encode().ljust(16, b"-")
        self.service = service
        self.now = NOW
        self.database = database
        self.settings: dict[str, object] | None = None
        self.strategies = strategies or {}
        self.open()

    def open(self) -> None:
        self.store = Store.open(self.database, Cipher(self.device * 2))
        self.journal = Journal(self.store)
        self.state = SyncState(
            self.store, Ids(self.device), self.device, lambda: self.now, strategies=self.strategies
        )

    def close(self) -> None:
        self.store.close()

    def join(self) -> Home:
        self.state.begin(ACCOUNT)
        self.pull()
        self.state.end_snapshot()
        return self

    def pull(self, *, most: int = 1_000) -> Applied:
        position = self.state.position()
        assert position is not None
        done = Applied()
        while True:
            page = self.service.pull(position.cursor)[:most]
            cursor = page[-1].sequence if page else position.cursor
            done = self.state.apply(page, cursor, self.service.lineage)
            if len(page) < most:
                return done
            position = self.state.position()
            assert position is not None

    def push(self, *, most_bytes: int = 4 << 20) -> int:
        pushed = 0
        while page := self.state.collect(most_bytes, self.settings):  # type: ignore[arg-type]
            answer = self.service.push(self.device, page)
            if answer is None:
                self.pull()
                continue
            self.state.confirm(answer)
            pushed += len(page)
        return pushed

    def sync(self) -> Applied:
        done = self.pull()
        self.push()
        return done

    # What a person does

    def work(self, start: int, length: int = 60_000, title: str = "title", **what: object) -> int:
        doing = Doing("editor", title=title, **what)  # type: ignore[arg-type]
        return self.journal.append(Span(start, start + length, 3600, State.ACTIVE, doing, switched=True))

    def span(self, start: int) -> int:
        row = self.store.connection.execute(
            "SELECT id FROM activity_logs WHERE start_ms = ?", (start,)
        ).fetchone()
        assert row is not None
        return int(row[0])

    # What can be seen

    def spans(self) -> set[tuple[object, ...]]:
        """All activity as it means the same on every machine."""
        text = self.store.text
        return {
            (owner or self.device, *plain, text(title), project, category, text(note))
            for owner, *plain, title, project, category, note in self.store.connection.execute(
                _SPANS
            ).fetchall()
        }

    def rows(self, table: str, *columns: str) -> list[tuple[object, ...]]:
        return self.store.connection.execute(
            f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1"
        ).fetchall()

    def agrees(self) -> bool:
        return agree(self.store.connection)


_SPANS = """
    SELECT d.owner, s.start_ms, s.end_ms, s.utc_offset_s, s.state, s.switched, s.assigned, a.name, s.title_id,
        p.uuid, c.uuid, s.note_id
    FROM activity_logs s JOIN devices d ON d.id = s.device_id
        LEFT JOIN applications a ON a.id = s.application_id
        LEFT JOIN projects p ON p.id = s.project_id LEFT JOIN categories c ON c.id = s.category_id
"""

Homes = Callable[..., Home]


def copied(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target


def settle(*homes: Home) -> None:
    """Everybody exchanges until nobody has anything to say."""
    for _ in range(10):
        said = 0
        for home in homes:
            home.pull()
            said += home.push()
        if not said:
            return
    raise AssertionError("they never come to rest")


__all__ = ["ACCOUNT", "HOUR_MS", "NOW", "Home", "Homes", "Ids", "Kind", "Service", "copied", "settle"]
