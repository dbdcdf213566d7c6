"""Where a project lies: its folders, which can be added and removed, and its remote."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.analytics.places import Places
from app.ui.pages.projects.dialogs import choose_folder
from app.ui.pages.projects.model import ProjectsModel
from app.ui.services import Services
from app.ui.widgets.buttons import button, icon_button
from app.ui.widgets.card import Card
from app.ui.widgets.labels import ElidedLabel, label
from app.ui.words import tr


class FoldersCard(Card):
    """What is edited or run below a folder belongs to the project."""

    def __init__(self, services: Services, model: ProjectsModel) -> None:
        add = button(services.icons, tr("Add"), self._choose, icon="folder-plus", kind="ghost")
        add.setAccessibleName(tr("Add a folder"))
        super().__init__(tr("Folders"), beside=add)
        self._services, self._model = services, model
        self._id = 0
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._nothing = label("", "muted", wrap=True)
        self._remote = ElidedLabel("", "caption")
        self.body.addLayout(self._rows)
        self.body.addWidget(self._nothing)
        self.body.addWidget(self._remote)
        self.body.addStretch(1)

    def show_places(self, project_id: int, places: Places) -> None:
        """Show those of this project."""
        self._id = project_id
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for folder in places.folders:
            self._rows.addWidget(self._row(folder))
        locked = self._services.library.locked
        self._nothing.setText(
            tr("The folders are not shown while your data key is locked.")
            if locked
            else tr("Without a folder, time is given to it by hand or by a rule.")
        )
        self._nothing.setVisible(not places.folders)
        self._remote.tell(tr("Remote: {remote}", remote=places.remote) if places.remote else "")
        self._remote.setVisible(bool(places.remote))

    def _row(self, folder: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(ElidedLabel(folder), 1)
        row.addWidget(
            icon_button(
                self._services.icons,
                "x",
                tr("Remove the folder {folder}", folder=folder),
                lambda: self._model.remove_folder(self._id, folder),
            )
        )
        return made

    def _choose(self) -> None:
        choose_folder(self, str(self._services.home), lambda folder: self._model.add_folder(self._id, folder))
