"""What the import dialog asks and changes, off the GUI thread."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.config import save
from app.paths import resources
from app.ui.background import Done, Progress
from app.ui.freshness import EVERYTHING
from app.ui.services import Services
from app.ui.words import number, tr

if TYPE_CHECKING:
    from app.importing.importer import Tick
    from app.importing.outcome import Outcome


class ImportWork:
    """Reads a file twice: once to tell what would come, once to take it in."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def preview(self, file: Path) -> Outcome:
        """What would come. Raises `ImportRefused` with line and reason, and `StorageError`."""
        return self._run(file, lambda _: None, dry_run=True)

    def take_in(self, file: Path) -> Callable[[Progress], Done]:
        """The change that imports the file, undone as one step."""

        def work(progress: Progress) -> Done:
            steps = {"reading": tr("Reading…"), "sorting": tr("Looking through…"), "storing": tr("Storing…")}

            def tick(told: object) -> None:
                step, done, total = (getattr(told, name) for name in ("step", "done", "total"))
                progress.tell(done / total if total else 0.0, steps.get(step, ""))

            outcome = self._run(file, tick, dry_run=False)
            if outcome.taken is not None and outcome.taken.settings_taken:
                save(self._services.paths.settings, outcome.taken.settings)
            told = tr(
                "{count} activities imported from {tracker}",
                count=number(outcome.spans),
                tracker=outcome.tracker,
            )
            taken = outcome.import_id
            undo = None if taken is None else lambda: self._undo(taken)
            return Done(EVERYTHING, told, undo=undo, value=outcome)

        return work

    def _run(self, file: Path, tick: Tick, *, dry_run: bool) -> Outcome:
        from app.importing.importer import Importer, Surroundings
        from app.models.store import Store

        services = self._services
        around = Surroundings(
            here=platform.node(),
            now_ms=services.clock.now().wall_ms,
            home=str(services.home),
            resources=resources(),
        )
        with Store.open(services.paths.database, services.library.cipher) as store:
            return Importer(store, services.settings.now, around, tick).run(file, dry_run=dry_run)

    def _undo(self, number: int) -> Done:
        from app.models.imports import Imports
        from app.models.store import Store

        with Store.open(self._services.paths.database, self._services.library.cipher) as store:
            Imports(store).undo(number)
        return Done(EVERYTHING)
