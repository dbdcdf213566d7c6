"""One import, from the file to the database: read, decide, fill the gaps; all or nothing.

Reading and deciding need no lock and take most of the time; then everything goes in within one transaction,
while a running agent keeps what it records in memory. Usable from any thread, with a store of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from app.analytics.exchange.foreign import read
from app.analytics.exchange.intake import Intake
from app.analytics.exchange.intake_file import is_export
from app.analytics.exchange.observed import IDLE, Content, Events, Machine, Observed, Skipped
from app.analytics.exchange.wakatime import TIMEOUT_MS
from app.config import Settings
from app.errors import DevPulseError
from app.importing.deciding import Decider, Decision
from app.importing.matching import Matcher
from app.importing.outcome import Left, Outcome, Progress
from app.importing.programs import NoProcesses, Programs
from app.importing.storing import CHUNK, Filling, device_of, make_device
from app.importing.sums import Sums
from app.importing.writing import Making, Writing
from app.importing.zones import Offsets, system_offset_s, zone_offset
from app.models.books import salt_of
from app.models.bulk import BulkWriter
from app.models.categories import read_categories
from app.models.imports import Imports
from app.models.projects import Projects
from app.models.rules import read_rules
from app.models.store import Store
from app.models.values import Hidden
from app.tracking.policy import policy_from
from app.tracking.privacy import PrivacyFilter
from app.tracking.projects import ProjectResolver

Tick = Callable[[Progress], None]

_HIDDEN = {
    Hidden.EXCLUDED_APPLICATION: "applications that you exclude",
    Hidden.NOT_ALLOWED: "applications that are not on your list",
    Hidden.PRIVATE_BROWSING: "private browsing",
}
_OURS = "devpulse"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where an import takes place: this machine's name, the time (ms UTC), the home folder, our resources.

    `here` None: whatever machine a file names, it is this one."""

    here: str | None
    now_ms: int
    home: str
    resources: Path


class Importer:
    """Imports into one store. `tick` hears of progress, and may raise `ImportCancelled`."""

    def __init__(
        self, store: Store, settings: Settings, around: Surroundings, tick: Tick = lambda _: None
    ) -> None:
        self._store = store
        self._settings = settings
        self._around = around
        self._tick = tick

    def run(self, path: Path, *, dry_run: bool = False, timeout_ms: int = TIMEOUT_MS) -> Outcome:
        """Import a file, or with `dry_run` only tell what would come; it is told apart by its content.

        `timeout_ms`: of WakaTime's heartbeats. Raises `ImportRefused`, `StorageError`, what `tick` raises;
        then nothing is kept.
        """
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").digest()
                file.seek(0)
                ours = is_export(file)
                file.seek(0)
                size = path.stat().st_size
                if ours:
                    return self._take_ours(path, digest, dry_run=dry_run)
                observed = read(
                    file,
                    here=self._around.here,
                    now_ms=self._around.now_ms,
                    kind_of=Programs.load(self._around.resources).kind,
                    timeout_ms=timeout_ms,
                    on_read=lambda done: self._tick(Progress("reading", done, size)),
                )
        except OSError as error:
            raise DevPulseError(f"{path} cannot be read.", detail=f"{error.strerror}.") from error
        return self._take(observed, path.name, digest, dry_run=dry_run)

    def _take(self, observed: Observed, name: str, digest: bytes, *, dry_run: bool) -> Outcome:
        decided = self._decided(observed)
        imports = Imports(self._store)
        earlier = imports.of_file(digest)
        sums = Sums()
        import_id: int | None = None
        with nullcontext() if dry_run else self._store.transaction():
            if not dry_run:
                import_id = imports.begin(observed.tracker.lower(), digest, name, self._around.now_ms)
            self._lay(observed, decided, sums, import_id)
            spans = sum(machine.spans for machine in sums.machines)
            if import_id is not None:
                imports.finish(import_id, spans, self._around.now_ms)
        return Outcome(
            tracker=observed.tracker,
            found=observed.found,
            machines=sums.machines,
            projects=sums.projects,
            applications=sums.applications,
            left=_left(observed.skipped),
            days=sums.days,
            days_only=observed.days_only,
            import_id=import_id if spans else None,
            earlier=None if earlier is None else earlier.started_ms,
        )

    def _decided(self, observed: Observed) -> _Decided:
        """What may be recorded of everything, machine by machine; still without a lock."""
        decided = _Decided(self._decider())
        total = sum(found.events for found in observed.found)
        for machine in observed.machines:
            decided.machines.append(self._decided_of(machine, observed, decided, total))
        return decided

    def _decided_of(self, machine: Machine, observed: Observed, decided: _Decided, total: int) -> Events:
        events = Events()
        numbers: dict[int, int | Hidden] = {}
        for count, (start, end, what) in enumerate(machine.stretches()):
            if count % CHUNK == 0:
                self._tick(Progress("sorting", min(count, total), total))
            if what == IDLE:
                events.add(start, end, IDLE)
                continue
            number = numbers.get(what)
            if number is None:
                content = observed.pool[what]
                number = numbers[what] = decided.number(content, here=machine.host is None)
            if isinstance(number, Hidden):
                observed.skipped.note(_HIDDEN.get(number, "what you do not record"), end - start)
            else:
                events.add(start, end, number)
        return events

    def _lay(self, observed: Observed, decided: _Decided, sums: Sums, import_id: int | None) -> None:
        offset_s = Offsets(system_offset_s if observed.zone is None else zone_offset(observed.zone))
        projects = Projects(self._store, lambda: self._around.now_ms)
        making = None if import_id is None else Making(projects)
        total, done = sum(len(events) for events in decided.machines), 0
        for machine, events in zip(observed.machines, decided.machines, strict=True):
            device = device_of(self._store, machine.host)
            filling = Filling(self._store, device, observed.skipped, offset_s)
            if device is None and import_id is not None and len(events):
                device = make_device(self._store, machine.host or "")
            writer = (
                None if import_id is None or device is None else BulkWriter(self._store, device, import_id)
            )
            writing = Writing(decided.decisions, decided.decider, sums, making, writer)
            for chunk in filling.chunks(events.in_order(), whole_days=observed.days_only):
                self._tick(Progress("storing", min(done, total), total))
                writing.write(chunk)
                done += len(chunk)
            sums.end_machine(machine.host)

    def _decider(self) -> Decider:
        programs = Programs.load(self._around.resources)
        known = Projects(self._store).all(archived=True)
        roots = {project.name: project.roots for project in known}
        connection = self._store.connection
        return Decider(
            privacy=PrivacyFilter(
                # A pause or private mode is about now, and not about what was seen then.
                policy_from(self._settings, salt=salt_of(self._store.cipher)),
                names=programs.names,
                browsers=programs.browsers,
            ),
            resolver=ProjectResolver(
                processes=NoProcesses(),
                tables=programs.tables,
                known_roots=lambda: roots,
                home=self._around.home,
            ),
            matcher=Matcher(known, self._around.home),
            programs=programs,
            rules=read_rules(connection),
            categories=[category.id for category in read_categories(connection)],
        )

    def _take_ours(self, path: Path, digest: bytes, *, dry_run: bool) -> Outcome:
        imports = Imports(self._store)
        earlier = imports.of_file(digest)
        with path.open("rb") as file:
            taken = Intake(self._store, self._settings).take(
                file,
                dry_run=dry_run,
                progress=lambda lines: self._tick(Progress("storing", lines, 0)),
                note=lambda: imports.begin(_OURS, digest, path.name, self._around.now_ms),
                finished_ms=self._around.now_ms,
            )
        return Outcome(
            tracker="DevPulse",
            import_id=None if dry_run else taken.import_id,
            earlier=None if earlier is None else earlier.started_ms,
            taken=taken,
        )


class _Decided:
    """Decisions by number, equal ones once, and the stretches of each machine under those numbers."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self.decisions: list[Decision] = []
        self.machines: list[Events] = []
        self._numbers: dict[Decision, int] = {}

    def number(self, content: Content, *, here: bool) -> int | Hidden:
        decision = self.decider.decide(content, here=here)
        if isinstance(decision, Hidden):
            return decision
        number = self._numbers.get(decision)
        if number is None:
            number = self._numbers[decision] = len(self.decisions)
            self.decisions.append(decision)
        return number


def _left(skipped: Skipped) -> tuple[Left, ...]:
    return tuple(Left(reason, count, ms / 1000) for reason, (count, ms) in skipped.sums().items())
