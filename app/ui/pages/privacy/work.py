"""What the Privacy page asks and changes; all of it off the GUI thread."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.analytics.inquiries import Inquiries
from app.analytics.recorded import Stored
from app.changes.erasure import Erasing, Erasure
from app.changes.exclusion import Excluding
from app.errors import StorageError
from app.models.database import reading, tell_os
from app.models.erasure import Found, Selection
from app.ui.background import Done, Progress
from app.ui.freshness import Topic
from app.ui.said import said
from app.ui.services import Services
from app.ui.words import number, tr

_TOUCHED = frozenset({Topic.ACTIVITY, Topic.FOCUS, Topic.PROJECTS, Topic.SETTINGS})


@dataclass(frozen=True, slots=True)
class About:
    """What is stored of one application."""

    stored: Stored
    locked: bool


class PrivacyWork:
    """Each method runs off the GUI thread, or returns what does."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def about(self, application_id: int, most: int) -> About:
        """What is stored of an application."""
        library = self._services.library
        inquiries = Inquiries(self._services.paths.database, library.cipher)
        try:
            return About(
                inquiries.stored(application_id, most),
                library.locked,
            )
        finally:
            inquiries.close()

    def preview(self, selection: Selection) -> Found:
        """What an erasure would take."""
        return self._erasing().preview(selection)

    def erase(self, selection: Selection) -> Callable[[Progress], Done]:
        """The change that erases."""
        return lambda _: self._erased(self._erasing().erase(selection))

    def exclude(self, name: str, *, history: bool) -> Callable[[Progress], Done]:
        """The change that never records an application again, and with `history` erases what was."""

        def work(_: Progress) -> Done:
            excluding = Excluding(self._services.paths, self._services.library.cipher, self._erasing())
            erasure = excluding.exclude_application(name, history=history)
            return self._erased(erasure)

        return work

    def hide_titles(self, rule: dict[str, str], *, history: bool) -> Callable[[Progress], Done]:
        """The change that adds a title rule, and with `history` lets it hold for what was recorded."""

        def work(_: Progress) -> Done:
            excluding = Excluding(self._services.paths, self._services.library.cipher, self._erasing())
            excluding.add_title_rule(rule, history=history)
            self._services.library.reopen()
            return Done(_TOUCHED, tr("The title rule holds from now on"))

        return work

    def export(self, file: Path, form: str) -> Callable[[Progress], Done]:
        """The change that writes everything recorded into a file that only its owner can read."""

        def work(progress: Progress) -> Done:
            fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
            try:
                fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(fd, "w", encoding="utf-8", newline="") as target:
                    self._write(target, form, progress)
                fresh.replace(file)
            except OSError as error:
                raise tell_os(error) from error
            finally:
                with suppress(OSError):
                    fresh.unlink(missing_ok=True)
            return Done(frozenset(), tr("Everything is in {file}", file=file.name))

        return work

    def _write(self, target: IO[str], form: str, progress: Progress) -> None:
        from app.analytics.exchange.export import Export
        from app.analytics.exchange.span_table import csv_lines

        cipher = self._services.library.cipher
        if cipher is None:
            raise StorageError(
                tr("The titles are locked, so nothing was written."),
                advice=tr("`devpulse unlock` opens them."),
            )
        with reading(self._services.paths.database) as connection:
            given = self._services.settings.now.given
            lines = (
                Export(connection, cipher, given).lines() if form == "json" else csv_lines(connection, cipher)
            )
            for number, line in enumerate(lines):
                target.write(line)
                if number % 2000 == 0:
                    progress.check()

    def _erasing(self) -> Erasing:
        return Erasing(self._services.paths, self._services.library.cipher)

    def _erased(self, erasure: Erasure) -> Done:
        # Texts that were opened are in memory, too.
        self._services.library.reopen()
        told = (
            tr("{count} activities were erased for good", count=number(erasure.spans))
            if erasure.spans
            else tr("It is not recorded from now on")
        )
        return Done(_TOUCHED, " ".join((told, *map(said, erasure.left))))
