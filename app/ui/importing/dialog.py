"""The import dialog: a file, what would come of it, and the button that takes it in."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QWidget

from app.durations import told
from app.errors import DevPulseError
from app.importing.outcome import Outcome
from app.ui.background import BackgroundQuery
from app.ui.charts.counted import activities
from app.ui.importing.work import ImportWork
from app.ui.said import said
from app.ui.services import Services
from app.ui.theme.stylesheet import styled
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import label
from app.ui.words import name, number, tr

_MOST_PROJECTS = 6


def open_import(services: Services, parent: QWidget) -> None:
    """Have a person choose a file, and go on from there."""
    chooser = QFileDialog(parent, tr("Import from another tracker"), str(services.home))
    chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
    chooser.setNameFilters([tr("Exports (*.json *.csv)"), tr("All files (*)")])
    chooser.fileSelected.connect(lambda file: ImportDialog(services, parent, Path(file)).open())
    chooser.open()


class ImportDialog(Dialog):
    """Opens with the dry run under way; nothing is stored before the person says so."""

    def __init__(self, services: Services, parent: QWidget, file: Path) -> None:
        super().__init__(
            parent.window() or parent,
            tr("Import {file}", file=name(file.name)),
            accept=tr("Import"),
            words=tr(
                "It comes in past your privacy rules and around what is recorded here already; importing "
                "a file twice does no harm, and the import can be undone."
            ),
            width=520,
        )
        self._services, self._file = services, file
        self._work = ImportWork(services)
        self._headline = label(tr("Reading the file…"), "strong", wrap=True)
        self._more = label("", "muted", wrap=True)
        self.body.addWidget(self._headline)
        self.body.addWidget(self._more)
        self.accept_button.setEnabled(False)
        self.accepted.connect(self._take_in)
        query = BackgroundQuery(services.background, self)
        query.ask(lambda: self._work.preview(file), self._show, failed=self._refused)

    def _show(self, outcome: Outcome) -> None:
        headline, more = summary(outcome)
        self._headline.setText(headline)
        self._more.setText(more)
        self.accept_button.setEnabled(outcome.taken is not None or bool(outcome.spans))

    def _refused(self, error: DevPulseError) -> None:
        styled(self._headline, role="danger")
        self._headline.setText(said(error.title))
        self._more.setText("\n".join(said(part) for part in (error.detail, error.advice) if part))

    def _take_in(self) -> None:
        self._services.changes.run(self._work.take_in(self._file), long=True)


def summary(outcome: Outcome) -> tuple[str, str]:
    """What would come, as a headline and lines below it."""
    if outcome.taken is not None:
        return tr("An export of DevPulse."), tr("All that is not here yet comes in.")
    if not outcome.spans:
        return tr("{tracker}: nothing new would come in.", tracker=outcome.tracker), _left(outcome)
    time = told(outcome.active_seconds)
    headline = (
        tr("{tracker}: {time} on one day.", tracker=outcome.tracker, time=time)
        if outcome.days == 1
        else tr("{tracker}: {time} on {days} days.", tracker=outcome.tracker, time=time, days=outcome.days)
    )
    names = [project.name for project in outcome.projects[:_MOST_PROJECTS]]
    lines = [
        activities(outcome.spans),
        tr(
            "{count} projects, {new} of them new: {names}",
            count=len(outcome.projects),
            new=sum(project.new for project in outcome.projects),
            names=", ".join(name(n) for n in names),
        )
        if names
        else "",
        tr("The file knows days, no times: its hours mean nothing.") if outcome.days_only else "",
        tr("This very file was imported before.") if outcome.earlier is not None else "",
        _left(outcome),
    ]
    return headline, "\n".join(line for line in lines if line)


def _left(outcome: Outcome) -> str:
    return "\n".join(
        tr("Left out, {count}: {reason}", count=number(left.count), reason=said(left.reason))
        for left in outcome.left
    )
