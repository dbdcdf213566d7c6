"""An ActivityWatch export of 400,000 events into an empty home: windows, absence, pages and files."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.config import Settings
from app.importing.importer import Importer, Surroundings
from app.models.cipher import Cipher
from app.models.imports import Imports
from app.models.migrate import migrate
from app.models.store import Store
from app.paths import Paths, resources
from tests.app.importing.exports import T0, write_large
from tests.benchmarks.figures import Figure

EVENTS = 400_000


def run() -> list[Figure]:
    """Once each: a dry run, the import, the same again, and undo."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        write_large(path, EVENTS)
        paths = Paths.discover({"DEVPULSE_HOME": f"{folder}/home"}).create()
        migrate(paths)
        with Store.open(paths.database, Cipher(bytes(32))) as store:
            return _measured(store, path)


def _measured(store: Store, path: Path) -> list[Figure]:
    before = _memory_mb()
    locked = _Locked()
    around = Surroundings("desk", T0 + 86_400_000, str(path.parent), resources())
    importer = Importer(store, Settings(), around, locked)
    dry = _seconds(lambda: importer.run(path, dry_run=True))
    cpu, start = time.process_time(), time.perf_counter()
    outcome = importer.run(path)
    took, cpu = time.perf_counter() - start, time.process_time() - cpu
    held = time.perf_counter() - locked.since
    again = _seconds(lambda: importer.run(path))
    assert outcome.import_id is not None
    undone = _seconds(lambda: Imports(store).undo(outcome.import_id or 0))
    size = path.stat().st_size / 1e6
    return [
        Figure(f"import of {EVENTS:,} events", took, "s", 30, f"{size:.0f} MB, {outcome.spans:,} spans"),
        Figure("of that, this process's CPU", cpu, "s"),
        Figure("of that, the database held", held, "s", None, "an agent keeps in memory meanwhile"),
        Figure("dry run", dry, "s", 30),
        Figure("the same file again", again, "s", 30, "nothing new"),
        Figure("undo", undone, "s", 10),
        Figure("memory for it", _memory_mb() - before, "MB", 250),
    ]


class _Locked:
    """Notes when the storing began."""

    def __init__(self) -> None:
        self.since = 0.0
        self._step = ""

    def __call__(self, progress: object) -> None:
        step = getattr(progress, "step", "")
        if step != self._step and step == "storing":
            self.since = time.perf_counter()
        self._step = step


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _memory_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
