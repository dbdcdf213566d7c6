"""Projects: the list, or one in detail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import ClassVar

from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.analytics.projects import ProjectLine
from app.errors import DevPulseError
from app.ui.freshness import Topic
from app.ui.pages.projects.details import Details
from app.ui.pages.projects.dialogs import Merge, NewProject, Recolor, Rename, choose_folder
from app.ui.pages.projects.listing import Which
from app.ui.pages.projects.model import ProjectsModel
from app.ui.pages.projects.table import ProjectTable
from app.ui.said import said_error
from app.ui.services import Services
from app.ui.shell.page import Command, Page
from app.ui.widgets.buttons import button
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.page_body import PageHeader
from app.ui.widgets.segments import Segments
from app.ui.words import tr

_MARGINS = (24, 20, 24, 24)


def build(services: Services) -> Page:
    """The page."""
    return ProjectsPage(services)


class ProjectsPage(Page):
    topics: ClassVar[frozenset[Topic]] = frozenset(
        {Topic.PROJECTS, Topic.ACTIVITY, Topic.GOALS, Topic.CATEGORIES}
    )

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.model = ProjectsModel(services, self)
        self._header = PageHeader(tr("Projects"), " ")
        self._search = QLineEdit()
        self._which = Segments(
            ((Which.ACTIVE, tr("In use")), (Which.ARCHIVED, tr("Archived")), (Which.ALL, tr("All"))),
            name=tr("Which projects"),
        )
        self._stack = QStackedWidget()
        self._lists = QStackedWidget()

    def furnish(self) -> Iterator[None]:
        self.table = ProjectTable(self._services, self.model)
        self._lay_out()
        yield
        self.details = Details(self._services, self.model)
        self._stack.addWidget(self.details)
        self._connect()

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        self.model.ask()
        if self._stack.currentWidget() is self.details:
            self.details.refresh()

    def left(self) -> None:
        self.model.forget()
        self.details.forget()

    def go(self, where: Mapping[str, str]) -> None:
        project = where.get("project", "")
        if project.isdecimal():
            self.open(int(project))
        elif "search" in where:
            self._search.setText(where["search"])

    def commands(self) -> Sequence[Command]:
        return (
            Command(tr("New project"), self.create, icon="plus", shortcut="Ctrl+N"),
            Command(tr("Find repositories"), self.find, icon="folder-git-2"),
            Command(tr("Filter projects"), self._focus_search, icon="search", shortcut="Ctrl+F"),
            Command(tr("Rename project"), self.rename, icon="pencil", shortcut="F2"),
            Command(tr("Colour of the project"), self.recolor, icon="palette"),
            Command(tr("Merge projects"), self.merge, icon="merge", shortcut="Ctrl+M"),
            Command(tr("Archive project"), self.archive, icon="archive", shortcut="Ctrl+E"),
            Command(tr("Back to all projects"), self.close_details, icon="arrow-left", shortcut="Alt+Left"),
        )

    def open(self, project_id: int) -> None:
        """Show a project in detail."""
        self._stack.setCurrentWidget(self.details)
        self.details.show_project(project_id)
        self.details.setFocus()

    def close_details(self) -> None:
        """Show the list again."""
        if self._stack.currentWidget() is not self.details:
            return
        self._stack.setCurrentIndex(0)
        row = self.table.lines.row_of(self.details.project_id)
        if row >= 0:
            self.table.selectRow(row)
        self.table.setFocus()

    def create(self) -> None:
        """Ask for a new project."""
        dialog = NewProject(self._services, self, self._names())
        dialog.accepted.connect(
            lambda: self.model.create(dialog.name.text().strip(), dialog.color, dialog.root)
        )
        dialog.open()

    def find(self) -> None:
        """Search for repositories; without a folder to search, ask for one first."""
        if self._services.settings.get("projects.folders"):
            self.model.scan()
        else:
            choose_folder(self, str(self._services.home), self._search_in)

    def rename(self) -> None:
        """Ask for another name."""
        line = next(iter(self._chosen()), None)
        if line is None:
            return
        project, dialog = line.label.id, Rename(self, line, self._names())
        dialog.accepted.connect(lambda: self.model.rename(project, dialog.name.text().strip()))
        dialog.open()

    def recolor(self) -> None:
        """Ask for another colour."""
        line = next(iter(self._chosen()), None)
        if line is None:
            return
        project, dialog = line.label.id, Recolor(self._services, self, line)
        dialog.accepted.connect(lambda: self.model.recolor(project, dialog.color))
        dialog.open()

    def archive(self) -> None:
        """Put the chosen projects away, or take them back."""
        for line in self._chosen():
            self.model.archive(line.label.id, archived=not line.archived)

    def merge(self) -> None:
        """Ask into which project the chosen ones go."""
        chosen = self._chosen()
        ids = {line.label.id for line in chosen}
        if not chosen:
            return
        dialog = Merge(self, chosen, [line for line in self.model.all if line.label.id not in ids])

        def take() -> None:
            for line in chosen:
                self.model.merge(line.label.id, dialog.target_id)
            if self._stack.currentWidget() is self.details:
                self.open(dialog.target_id)

        dialog.accepted.connect(take)
        dialog.open()

    def _chosen(self) -> list[ProjectLine]:
        if self._stack.currentWidget() is not self.details:
            return self.table.chosen
        line = self.model.line(self.details.project_id)
        return [] if line is None else [line]

    def _names(self) -> list[str]:
        return [line.label.name for line in self.model.all]

    def _search_in(self, folder: str) -> None:
        settings, changes = self._services.settings, self._services.changes
        changes.run(settings.writing({"projects.folders": [folder]}), then=lambda _: self.model.scan())

    def _focus_search(self) -> None:
        self.close_details()
        self._search.setFocus()
        self._search.selectAll()

    def _lay_out(self) -> None:
        services = self._services
        self._search.setPlaceholderText(tr("Filter projects"))
        self._search.setAccessibleName(tr("Filter projects"))
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(200)
        self._header.add(button(services.icons, tr("Find repositories"), self.find, icon="folder-git-2"))
        self._header.add(button(services.icons, tr("New project"), self.create, icon="plus", kind="primary"))
        self._lists.addWidget(self.table)
        self._lists.addWidget(
            EmptyState(
                services.theme,
                services.icons,
                icon="folder-git-2",
                title=tr("No projects yet"),
                words=tr(
                    "A project appears when you work in a repository. Your folders can be searched as well."
                ),
                action=tr("Find repositories"),
                run=self.find,
            )
        )
        self._lists.addWidget(
            EmptyState(
                services.theme,
                services.icons,
                icon="search",
                title=tr("No project fits"),
                words=tr("Change the filter, or look among the archived ones."),
            )
        )
        listing = QWidget()
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self._which)
        filters.addWidget(self._search)
        filters.addStretch(1)
        column.addWidget(self._header)
        column.addLayout(filters)
        column.addWidget(self._lists, 1)
        self._stack.addWidget(listing)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*_MARGINS)
        outer.addWidget(self._stack)

    def _connect(self) -> None:
        self._search.textChanged.connect(self.model.search)
        self._which.chosen.connect(lambda key: self.model.choose(Which(key)))
        self.model.changed.connect(self._show)
        self.model.failed.connect(self._failed)
        self.table.opened.connect(self.open)
        self.table.menu_wanted.connect(self._menu)
        self.details.back.connect(self.close_details)
        self.details.rename.connect(self.rename)
        self.details.recolor.connect(self.recolor)
        self.details.merge.connect(self.merge)

    def _show(self) -> None:
        if not self.model.known:
            return
        shown, there = len(self.model.lines), len(self.model.all)
        self._lists.setCurrentIndex(0 if shown else 2 if there else 1)
        self._header.say(_counted(shown, there))
        if self._stack.currentWidget() is self.details and self.model.line(self.details.project_id) is None:
            self.close_details()

    def _menu(self, at: QPoint) -> None:
        icons = self._services.icons
        chosen = self.table.chosen
        menu = QMenu(self)
        if len(chosen) == 1:
            project = chosen[0].label.id
            menu.addAction(icons.icon("arrow-right"), tr("Open"), lambda: self.open(project))
            menu.addAction(icons.icon("pencil"), tr("Rename…"), self.rename)
            menu.addAction(icons.icon("palette"), tr("Colour…"), self.recolor)
        menu.addAction(icons.icon("merge"), tr("Merge into…"), self.merge)
        away = all(line.archived for line in chosen)
        menu.addAction(
            icons.icon("archive"), tr("Take out of the archive") if away else tr("Archive"), self.archive
        )
        menu.popup(at)

    def _failed(self, error: DevPulseError) -> None:
        self._header.say(said_error(error))


def _counted(shown: int, there: int) -> str:
    if shown == there:
        return tr("1 project") if there == 1 else tr("{count} projects", count=there)
    return tr("{shown} of {count} projects", shown=shown, count=there)
