"""The dialogs of Projects: a new one, another name or colour, merging."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.analytics.projects import ProjectLine
from app.models.projects import LONGEST_NAME, PALETTE, color_for
from app.ui.services import Services
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import label
from app.ui.widgets.swatches import Swatches
from app.ui.words import name, tr


class NewProject(Dialog):
    """`taken`: the names there are, which another project cannot have."""

    def __init__(self, services: Services, parent: QWidget, taken: Sequence[str]) -> None:
        super().__init__(
            parent.window() or parent,
            tr("New project"),
            accept=tr("Create"),
            words=tr("Repositories become projects by themselves; this is for all other work."),
        )
        self._taken = {one.casefold() for one in taken}
        self.name = _name_field("")
        self._root = QLineEdit()
        self._root.setAccessibleName(tr("Folder"))
        self._root.setPlaceholderText(tr("None; time is given to it by hand or by a rule"))
        self._swatches = Swatches(services.theme, services.icons, PALETTE)
        browse = QPushButton(tr("Choose…"))
        browse.clicked.connect(lambda: choose_folder(self, str(services.home), self._root.setText))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._root, 1)
        row.addWidget(browse)
        form = QFormLayout()
        form.setSpacing(12)
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Colour"), self._swatches)
        form.addRow(tr("Folder"), row)
        self._problem = label("", "danger", wrap=True)
        self._problem.hide()
        self.body.addLayout(form)
        self.body.addWidget(self._problem)
        self.name.textChanged.connect(self._check)
        self._touched = False
        self._swatches.chosen.connect(lambda _: setattr(self, "_touched", True))
        self._check()
        self.name.setFocus()

    @property
    def color(self) -> str:
        return self._swatches.color

    @property
    def root(self) -> str | None:
        """The folder; None for none."""
        return self._root.text().strip() or None

    def _check(self) -> None:
        words = self.name.text().strip()
        known = words.casefold() in self._taken
        self._problem.setText(tr("There is a project of this name already."))
        self._problem.setVisible(known)
        self.accept_button.setEnabled(bool(words) and not known)
        if words and not self._touched:
            self._swatches.choose(color_for(words))


class Rename(Dialog):
    """`name` holds what was typed."""

    def __init__(self, parent: QWidget, line: ProjectLine, taken: Sequence[str]) -> None:
        super().__init__(parent.window() or parent, tr("Rename project"), accept=tr("Rename"))
        self._before = line.label.name
        self._taken = {one.casefold() for one in taken} - {self._before.casefold()}
        self.name = _name_field(self._before)
        self.name.textChanged.connect(self._check)
        self._problem = label(tr("There is a project of this name already; merge them instead."), "danger")
        self._problem.hide()
        self.body.addWidget(self.name)
        self.body.addWidget(self._problem)
        self._check()
        self.name.setFocus()
        self.name.selectAll()

    def _check(self) -> None:
        words = self.name.text().strip()
        known = words.casefold() in self._taken
        self._problem.setVisible(known)
        self.accept_button.setEnabled(bool(words) and words != self._before and not known)


class Recolor(Dialog):
    """`color` is what was taken."""

    def __init__(self, services: Services, parent: QWidget, line: ProjectLine) -> None:
        super().__init__(
            parent.window() or parent,
            tr("Colour of {project}", project=name(line.label.name)),
            accept=tr("Save"),
            words=tr("The project has this colour in every chart."),
        )
        self._swatches = Swatches(services.theme, services.icons, PALETTE, current=line.label.color)
        self.body.addWidget(self._swatches)

    @property
    def color(self) -> str:
        return self._swatches.color


class Merge(Dialog):
    """One or more projects become part of another; `target_id` is which."""

    def __init__(
        self, parent: QWidget, sources: Sequence[ProjectLine], others: Sequence[ProjectLine]
    ) -> None:
        names = ", ".join(name(line.label.name) for line in sources)
        super().__init__(
            parent.window() or parent,
            tr("Merge projects"),
            accept=tr("Merge"),
            words=tr(
                "All time, sessions, goals and folders of {projects} go to the project you choose. "
                "It can be undone.",
                projects=names,
            ),
        )
        self._into = QComboBox()
        self._into.setAccessibleName(tr("Merge into"))
        self._into.setMaxVisibleItems(16)
        for line in sorted(others, key=lambda one: one.label.name.casefold()):
            self._into.addItem(name(line.label.name, 80), line.label.id)
        form = QFormLayout()
        form.addRow(tr("Into"), self._into)
        self.body.addLayout(form)
        self.accept_button.setEnabled(self._into.count() > 0)
        self._into.setFocus()

    @property
    def target_id(self) -> int:
        found: int = self._into.currentData()
        return found


def choose_folder(parent: QWidget, start: str, take: Callable[[str], object]) -> None:
    """Let the person choose a folder; `take` is called with it."""
    dialog = QFileDialog(parent, tr("Choose a folder"), start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(take)
    dialog.open()


def _name_field(text: str) -> QLineEdit:
    made = QLineEdit(text)
    made.setAccessibleName(tr("Name of the project"))
    made.setMaxLength(LONGEST_NAME)
    return made
