"""One machine of the simulator: a real database and the real engine; line and member's file in memory."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from app.errors import DevPulseError, ServiceAway
from app.models.categories import Categories
from app.models.cipher import Cipher
from app.models.journal import Journal
from app.models.projects import Projects
from app.models.rebuild import agree
from app.models.store import Store
from app.models.values import Activity as Doing
from app.models.values import Span, State
from app.sync.account.member import Member
from app.sync.account.session import Signed
from app.sync.alarms import alarms, read_alarms
from app.sync.engine import Engine
from app.sync.heads import Heads, Leaves
from app.sync.link.connection import Traffic
from app.sync.outcome import Tally
from app.sync.reading import Reader
from app.sync.state.state import SyncState
from app.sync.wire.accounts import Account
from app.sync.wire.accounts import DeviceList as ShownDevices
from app.sync.wire.exchange import Pulled, SyncAnswer, SyncRequest, VersionList
from tests.app.sync.simulator.vault import Malice, Vault

HOUR_MS = 3_600_000
# 2026-03-04, so that the clocks of triggers, which are real, are always later.
NOW = 1_772_582_400_000


class Killed(Exception):
    """The process is gone at this very point."""


@dataclass
class Fuse:
    """Kills at the n-th point that is passed; None: never."""

    left: int | None = None

    def point(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Killed


@dataclass
class Network:
    """What becomes of one machine's requests. `lose`: the chance that an answer is lost after it was made."""

    vault: Vault
    random: random.Random
    lose: float = 0.0
    malice: Malice | None = None


class SimulatedLine(Signed):
    """`Signed` over the network of the simulator."""

    def __init__(self, member: Member, network: Network, fuse: Fuse, kept: Callable[[Member], None]) -> None:
        service: Any = SimpleNamespace(connection=SimpleNamespace(traffic=Traffic()))
        file: Any = SimpleNamespace(save=kept)
        super().__init__(service, file, member, lambda: NOW, network.random.randbytes)
        self._network = network
        self._fuse = fuse

    def exchange(self, request: SyncRequest) -> SyncAnswer:
        network = self._network
        self._fuse.point()
        self._maybe_lost(0.5)
        malice = network.malice
        answer = network.vault.exchange(request) if malice is None else malice.answer(request)
        self._fuse.point()
        self._maybe_lost(1.0)
        return answer

    @contextmanager
    def snapshot(self, after: int, lineage: bytes) -> Generator[tuple[bytes, Iterator[Pulled]]]:
        self._maybe_lost(0.5)
        yield self._network.vault.lineage, self._network.vault.snapshot(after)

    def versions(self, object_: bytes, kind: int) -> VersionList:
        return self._network.vault.versions(object_, kind)

    def call(self, method: str, path: str, answer: Any, message: Any = None) -> Any:
        if path == "/v1/account":
            member = self.member
            return Account(
                UUID(bytes=member.account), None, 0, 1, 1, member.kdf, bytes(32), bytes(32), [], []
            )
        assert (method, path) == ("GET", "/v1/devices")
        malice, chain = self._network.malice, self._network.vault.chain
        return ShownDevices([], list(chain) if malice is None else malice.chain(list(chain)))

    def _maybe_lost(self, share: float) -> None:
        if self._network.random.random() < self._network.lose * share:
            raise ServiceAway("The line broke.")


class FusedState(SyncState):
    """The database's side, killed before or after any of its commits."""

    fuse: Fuse

    def confirm(self, pushed: Any) -> None:
        self.fuse.point()
        super().confirm(pushed)
        self.fuse.point()

    def apply(self, page: Any, cursor: int, lineage: str) -> Any:
        self.fuse.point()
        done = super().apply(page, cursor, lineage)
        self.fuse.point()
        return done


@dataclass
class Machine:
    """A machine that has joined. `added`: starts of all that was ever recorded here."""

    number: int
    member: Member
    database: Path
    network: Network
    fuse: Fuse = field(default_factory=Fuse)
    drift_ms: int = 0
    added: set[int] = field(default_factory=set)
    problems: list[DevPulseError] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.open() as store:
            self.state(store).begin(self.member.account)

    @contextmanager
    def open(self) -> Generator[Store]:
        with Store.open(self.database, Cipher(self.member.device.device * 2)) as store:
            yield store

    def state(self, store: Store) -> FusedState:
        made = FusedState(store, self.member.ids, self.member.device.device, lambda: NOW + self.drift_ms)
        made.fuse = self.fuse
        return made

    def sync(self) -> Tally | None:
        """One run; None where it ended early. A grave alarm is put away, as a person does."""
        with self.open() as store:
            line = SimulatedLine(self.member, self.network, self.fuse, self._keep)
            reader = Reader(line)
            state = self.state(store)
            heads = Heads(store, line, reader, Leaves(store, state), lambda: NOW + self.drift_ms)
            try:
                return Engine(line, state, reader, heads, lambda _: self.fuse.point(), {}).run()
            except Killed:
                return None
            except ServiceAway:
                return None
            except DevPulseError as error:
                self.problems.append(error)
                return None
            finally:
                read_alarms(store, NOW)

    def _keep(self, member: Member) -> None:
        self.member = member

    # What a person does

    def work(self, at: int, title: str, chance: random.Random) -> None:
        start = NOW - (at + 1) * 300_000 - self.number
        if start in self.added:
            return
        self.added.add(start)
        with self.open() as store:
            activity = Doing(chance.choice(("Code", "Firefox", "xterm")), title=title)
            Journal(store).append(Span(start, start + 240_000, 0, State.ACTIVE, activity, switched=True))

    def add_project(self, name: str) -> None:
        with self.open() as store:
            Projects(store).add(name)

    def color_project(self, chance: random.Random) -> None:
        with self.open() as store:
            rows = store.connection.execute("SELECT id FROM projects ORDER BY uuid").fetchall()
            if rows:
                color = f"#{chance.randrange(1 << 24):06x}"
                with store.transaction():
                    store.connection.execute(
                        "UPDATE projects SET color = ? WHERE id = ?", (color, chance.choice(rows)[0])
                    )

    def add_category(self, name: str) -> None:
        with self.open() as store:
            Categories(store).add(name, color="#112233")

    # What can be seen

    def spans(self) -> set[tuple[Any, ...]]:
        with self.open() as store:
            rows = store.connection.execute(
                "SELECT s.start_ms, s.end_ms, a.name, s.title_id FROM activity_logs s "
                "LEFT JOIN applications a ON a.id = s.application_id"
            ).fetchall()
            return {(start, end, name, store.text(title)) for start, end, name, title in rows}

    def things(self) -> set[tuple[Any, ...]]:
        with self.open() as store:
            run = store.connection.execute
            projects = run("SELECT 'p', uuid, name, color FROM projects").fetchall()
            return {*projects, *run("SELECT 'c', uuid, name, color FROM categories").fetchall()}

    def alarm_kinds(self) -> set[str]:
        with self.open() as store:
            return {alarm.kind for alarm in alarms(store.connection)}

    def sound(self) -> bool:
        with self.open() as store:
            return agree(store.connection)
