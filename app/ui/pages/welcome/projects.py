"""The third step: where the projects are, and what is found there."""

from __future__ import annotations

import json
import subprocess
from typing import Any, cast

from PyQt6.QtWidgets import QHBoxLayout

from app.children import PACKAGE_HOME, command
from app.declarations import SETTINGS
from app.errors import DevPulseError
from app.ui.background import Done, Progress
from app.ui.freshness import Topic
from app.ui.hearing import hear
from app.ui.pages.settings.controls import control_for
from app.ui.pages.welcome.step import Step
from app.ui.said import said_error
from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.labels import label
from app.ui.words import name, tr

_KEY = "projects.folders"
_WITHIN_S = 600
_MOST_SHOWN = 12


class ProjectsStep(Step):
    """The folders are a setting; the search runs as the command a person could run as well."""

    def __init__(self, services: Services) -> None:
        super().__init__(
            tr("Where are your projects?"),
            tr(
                "Projects are also recognised while you work in them. A search finds all of them now, with "
                "their names and languages; it reads nothing but git's own data."
            ),
        )
        self._services = services
        self._folders = control_for(SETTINGS[_KEY], services, self._set)
        self._folders.widget.setAccessibleName(tr(SETTINGS[_KEY].title))
        self._search = button(services.icons, tr("Search for repositories"), self._start, icon="search")
        self._found = label("", "muted", wrap=True)
        row = QHBoxLayout()
        row.addWidget(self._search)
        row.addStretch(1)
        self.body.addWidget(self._folders.widget)
        self.body.addLayout(row)
        self.body.addWidget(self._found)
        hear(services.settings.changed, self, lambda _: self._show())
        self._show()

    def _set(self, folders: list[str]) -> None:
        try:
            self._services.settings.change(self._services.changes, {_KEY: folders})
        except DevPulseError as error:
            self._services.changes.failed.emit(error)

    def _show(self) -> None:
        folders = self._services.settings.get(_KEY)
        self._folders.show(folders)
        self._search.setEnabled(bool(folders))

    def _start(self) -> None:
        self._search.setEnabled(False)
        self._found.setText(tr("Searching…"))
        self._services.changes.run(_scan, then=self._done, failed=self._failed)

    def _done(self, done: Done) -> None:
        self._search.setEnabled(True)
        names = cast("list[str]", done.value)
        shown = ", ".join(name(n) for n in names[:_MOST_SHOWN])
        if not names:
            self._found.setText(tr("No repository was found there."))
        elif len(names) > _MOST_SHOWN:
            rest = len(names) - _MOST_SHOWN
            self._found.setText(
                tr("{count} found: {names}, and {rest} more", count=len(names), names=shown, rest=rest)
            )
        else:
            self._found.setText(tr("{count} found: {names}", count=len(names), names=shown))

    def _failed(self, error: DevPulseError) -> None:
        self._search.setEnabled(True)
        self._found.setText(said_error(error))


def _scan(_: Progress) -> Done:
    """libgit2 and all that comes with it leave with the command's process."""
    done = subprocess.run(  # noqa: S603 - our own program, no word of it from outside
        command("projects", "scan", "--json"),
        cwd=PACKAGE_HOME,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_WITHIN_S,
        check=False,
    )
    if done.returncode:
        raise DevPulseError(
            tr("The search did not come to its end."),
            detail=tr("What it found until then is kept."),
            advice=tr("`devpulse projects scan` tells why."),
        )
    told: Any = json.loads(done.stdout or b"{}")
    rows = told if isinstance(told, list) else cast("dict[str, Any]", told).get("projects", [])
    names = [str(row.get("name", "")) for row in cast("list[dict[str, Any]]", rows)]
    return Done(frozenset({Topic.PROJECTS}), value=names)
