"""Privacy: what was recorded of every application, how to stop it, and how to take it away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import ClassVar

from PyQt6.QtCore import QModelIndex, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QHeaderView, QLineEdit, QVBoxLayout

from app.analytics.labels import Names
from app.analytics.recorded import RecordedApplication
from app.errors import DevPulseError
from app.tracking.patterns import Globs
from app.ui.background import BackgroundQuery
from app.ui.freshness import Topic
from app.ui.pages.privacy.applications import Applications, sorted_applications
from app.ui.pages.privacy.detail import MOST_TITLES, Detail
from app.ui.pages.privacy.erase_dialog import EraseDialog
from app.ui.pages.privacy.hide_dialog import HideTitlesDialog
from app.ui.pages.privacy.state_bar import StateBar
from app.ui.pages.privacy.try_card import TryCard
from app.ui.pages.privacy.work import About, PrivacyWork
from app.ui.services import Services
from app.ui.shell.page import Command, Page
from app.ui.shell.times import local_now
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.page_body import PageHeader, scrolling_column
from app.ui.widgets.table import Table
from app.ui.words import tr

_WIDE, _HIGH, _DETAIL = 960, 660, 320


def build(services: Services) -> Page:
    """The page."""
    return PrivacyPage(services)


class PrivacyPage(Page):
    topics: ClassVar[frozenset[Topic]] = frozenset({Topic.ACTIVITY, Topic.SETTINGS})

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._work = PrivacyWork(services)
        self._list = BackgroundQuery(services.background, self)
        self._about = BackgroundQuery(services.background, self)
        self._choices = BackgroundQuery(services.background, self)
        self._chosen: RecordedApplication | None = None
        self._wanted = ""
        self._model = Applications(local_now(services.clock).date())
        self._sorted = sorted_applications(self._model)

    def furnish(self) -> Iterator[None]:
        services = self._services
        header = PageHeader(
            tr("Privacy"), tr("It all stays on this machine. Here you see what is stored, and take it away.")
        )
        header.add(button(services.icons, tr("Export everything…"), self._export, icon="download"))
        header.add(button(services.icons, tr("Erase…"), self._open_erase, icon="trash-2", kind="danger"))
        column = scrolling_column(self, header)
        column.addWidget(StateBar(services))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._applications(), 5)
        column.addLayout(row, 1)
        yield
        right = QVBoxLayout()
        right.setSpacing(16)
        self._detail = Detail(services.icons)
        # A low page scrolls, rather than press together what can be done.
        self._detail.setMinimumHeight(_DETAIL)
        self._detail.exclude.connect(self._exclude)
        self._detail.title_rule.connect(self._hide_titles)
        right.addWidget(self._detail, 1)
        self._try = TryCard(services)
        right.addWidget(self._try)
        row.addLayout(right, 4)

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        self._list.ask(
            lambda: self._services.questions.recorded_applications(), self._show, failed=self._failed
        )

    def left(self) -> None:
        self._about.forget()

    def go(self, where: Mapping[str, str]) -> None:
        self._wanted = where.get("application", "")
        self._choose_wanted()

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                tr("Search recorded applications"), self._search.setFocus, icon="search", shortcut="Ctrl+F"
            ),
            Command(tr("Erase recorded activity…"), self._open_erase, icon="trash-2"),
            Command(tr("Export everything…"), self._export, icon="download"),
        )

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        # A small window has room for what was recorded first.
        self._table.setColumnHidden(2, self.width() < _WIDE)
        self._try.setVisible(self.height() >= _HIGH)

    def _applications(self) -> Card:
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search"))
        self._search.setAccessibleName(tr("Search applications"))
        self._search.setClearButtonEnabled(True)
        self._search.setMaximumWidth(200)
        self._search.textChanged.connect(self._sorted.setFilterFixedString)
        card = Card(tr("What was recorded"), beside=self._search)
        self._table = Table(self._sorted, name=tr("Recorded applications"))
        self._table.setProperty("kind", "bare")
        self._table.setSortingEnabled(True)
        self._table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        columns = self._table.horizontalHeader()
        assert columns is not None
        # Sections measure what is in sight, not every application there ever was.
        columns.setResizeContentsPrecision(0)
        for place in (1, 2, 3):
            columns.setSectionResizeMode(place, QHeaderView.ResizeMode.ResizeToContents)
        selection = self._table.selectionModel()
        assert selection is not None
        selection.currentRowChanged.connect(self._row_changed)
        self._empty = EmptyState(
            self._services.theme,
            self._services.icons,
            icon="shield-check",
            title=tr("Nothing is recorded yet"),
            words=tr(
                "Every application that is recorded will be listed here, with all that is stored of it."
            ),
        )
        self._empty.hide()
        card.body.addWidget(self._table, 1)
        card.body.addWidget(self._empty, 1)
        return card

    def _show(self, rows: tuple[RecordedApplication, ...]) -> None:
        chosen = self._chosen
        self._model.show(rows)
        self._table.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        still = [row for row in rows if chosen is not None and row.label.id == chosen.label.id]
        if still or rows:
            self._select((still or rows)[0])
        else:
            self._chosen = None
            self._detail.forget()
        self._choose_wanted()

    def _choose_wanted(self) -> None:
        for row in range(self._model.rowCount()):
            application = self._model.application(row)
            if self._wanted and application.label.name == self._wanted:
                self._wanted = ""
                self._select(application)

    def _select(self, wanted: RecordedApplication) -> None:
        for row in range(self._model.rowCount()):
            if self._model.application(row).label.id == wanted.label.id:
                self._table.setCurrentIndex(self._sorted.mapFromSource(self._model.index(row, 0)))

    def _row_changed(self, now: QModelIndex, _: QModelIndex) -> None:
        if not now.isValid():
            return
        chosen = self._chosen = self._model.application(self._sorted.mapToSource(now).row())
        self._about.ask(
            lambda: self._work.about(chosen.label.id, MOST_TITLES), self._show_about, failed=self._failed
        )

    def _show_about(self, about: About) -> None:
        names = self._services.settings.now.texts("privacy.excluded_applications")
        excluded = bool(about.stored.label.name) and Globs(names).match_any([about.stored.label.name])
        self._detail.show_application(about.stored, excluded=excluded, locked=about.locked)

    def _failed(self, error: DevPulseError) -> None:
        self._services.changes.failed.emit(error)

    def _exclude(self, history: bool) -> None:
        if self._chosen is None:
            return
        name = self._chosen.label.name
        if not history:
            listed = self._services.settings.now.texts("privacy.excluded_applications")
            told = tr("{application} is not recorded from now on", application=name)
            values = {"privacy.excluded_applications": [*listed, name]}
            self._services.settings.change(self._services.changes, values, told)
            return
        dialog = Dialog(
            self.window() or self,
            tr("Erase {application}?", application=name),
            accept=tr("Erase for good"),
            words=tr(
                "All its time and titles go from the database and the backups, and it is not recorded "
                "any more. This cannot be undone."
            ),
            danger=True,
        )
        dialog.accepted.connect(
            lambda: self._services.changes.run(self._work.exclude(name, history=True), long=True)
        )
        dialog.open()

    def _hide_titles(self, title: str) -> None:
        dialog = HideTitlesDialog(self.window() or self, title)
        dialog.accepted.connect(
            lambda: self._services.changes.run(
                self._work.hide_titles(dialog.rule(), history=dialog.history), long=True
            )
        )
        dialog.open()

    def _open_erase(self) -> None:
        questions = self._services.library
        self._choices.ask(lambda: questions.questions.names(), self._erase_dialog, failed=self._failed)

    def _erase_dialog(self, names: Names) -> None:
        shown = sorted((project.name, project.id) for project in names.projects.values() if project.id)
        applications = [self._model.application(row) for row in range(self._model.rowCount())]
        dialog = EraseDialog(
            self.window() or self,
            self._services.background,
            self._work.preview,
            today=local_now(self._services.clock).date(),
            applications=[a.label.name for a in applications if a.label.id],
            projects=[(identity, name) for name, identity in shown],
        )
        dialog.accepted.connect(
            lambda: self._services.changes.run(self._work.erase(dialog.selection()), long=True)
        )
        dialog.open()

    def _export(self) -> None:
        dialog = QFileDialog(self, tr("Export everything"), str(self._services.home))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Everything, lossless (*.json)"), tr("A table of activities (*.csv)")])
        dialog.selectFile("devpulse-export.json")
        dialog.fileSelected.connect(self._write_export)
        dialog.open()

    def _write_export(self, file: str) -> None:
        form = "csv" if file.lower().endswith(".csv") else "json"
        self._services.changes.run(self._work.export(Path(file), form), long=True, without_agent=True)
