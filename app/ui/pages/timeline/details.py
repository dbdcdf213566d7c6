"""What is selected, and what can be done to it."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.analytics.labels import By
from app.ui.charts.clock_axis import exact
from app.ui.charts.counted import activities
from app.ui.labelled import name_of
from app.ui.pages.timeline.actions import TimelineActions
from app.ui.pages.timeline.model import TimelineModel
from app.ui.pages.timeline.name_picker import NamePicker, field_label
from app.ui.pages.timeline.recorded import Chosen, Recorded
from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.labels import label
from app.ui.words import tr


class SelectionDetails(QWidget):
    """`split_wanted(int)`, `times_wanted(int)`: of one span. `cut_wanted`: the dragged stretch out of it.
    `add_wanted`: missed time in what is free of the stretch."""

    split_wanted = pyqtSignal(int)
    times_wanted = pyqtSignal(int)
    cut_wanted = pyqtSignal()
    add_wanted = pyqtSignal()

    def __init__(self, services: Services, model: TimelineModel, actions: TimelineActions) -> None:
        super().__init__()
        self._model, self._actions = model, actions
        self._note_shown = ""
        self._heading = label("", "strong", wrap=True)
        self._title = label("", "muted", wrap=True)
        self._when = label("", "muted")
        self._branch = label("", "caption")
        self.project = NamePicker(services.theme, By.PROJECT, tr("Project"))
        self.category = NamePicker(services.theme, By.CATEGORY, tr("Category"))
        self.project.picked.connect(lambda chosen: actions.assign_project(chosen))
        self.category.picked.connect(lambda chosen: actions.assign_category(chosen))
        self.note = QLineEdit()
        self.note.setAccessibleName(tr("Note"))
        self.note.setPlaceholderText(tr("Add a note, Enter keeps it"))
        self.note.setMaxLength(500)
        self.note.returnPressed.connect(self._annotate)
        icons = services.icons
        self.split = button(icons, tr("Split…"), self._split, icon="scissors")
        self.times = button(icons, tr("Times…"), self._times, icon="clock")
        self.merge = button(icons, tr("Merge"), actions.merge, icon="merge")
        self.cut = button(icons, tr("Cut out this stretch"), self.cut_wanted.emit, icon="scissors")
        self.fill = button(icons, tr("Add missed time here…"), self.add_wanted.emit, icon="plus")
        self.delete = button(icons, tr("Delete"), actions.delete, icon="trash-2", kind="danger")
        self._lay_out()
        model.texts_changed.connect(self._tell_texts)

    def show_chosen(self, recorded: Recorded, found: Chosen) -> None:
        """Show a selection."""
        names, one = recorded.view.names, len(found.ids) == 1
        clock = f"{recorded.wall(found.start_ms):%H:%M:%S} – {recorded.wall(found.end_ms):%H:%M:%S}"
        length = (found.active_ms + found.idle_ms) / 1000
        self._when.setText(f"{clock}  ·  {exact(length)}")
        only_idle = not found.active_ms and found.idle_ms > 0
        if only_idle:
            self._heading.setText(tr("Idle"))
        elif found.application is not None:
            application = name_of(names.application(found.application), By.APPLICATION)
            count = f"{application}, {activities(len(found.ids))}"
            self._heading.setText(application if one else count)
        else:
            self._heading.setText(activities(len(found.ids)))
        branch = names.branches.get(found.branch or 0, "")
        self._branch.setText(tr("Branch {branch}", branch=branch) if branch else "")
        self._branch.setVisible(bool(branch))
        for picker, current in ((self.project, found.project), (self.category, found.category)):
            picker.show_names(names, current)
            picker.setEnabled(not only_idle)
        self._offer(recorded, found)
        self._tell_texts()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(12)
        for words, field in (
            (tr("Project"), self.project),
            (tr("Category"), self.category),
            (tr("Note"), self.note),
        ):
            form.addRow(field_label(words, field), field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self._heading, self._title, self._when, self._branch):
            column.addWidget(widget)
        column.addSpacing(6)
        column.addLayout(form)
        column.addSpacing(6)
        both = QHBoxLayout()
        both.setSpacing(8)
        for widget in (self.split, self.times, self.merge):
            both.addWidget(widget)
        column.addLayout(both)
        column.addWidget(self.cut)
        column.addWidget(self.fill)
        column.addWidget(self.delete)
        column.addStretch(1)

    def _offer(self, recorded: Recorded, found: Chosen) -> None:
        """Only the buttons that would do something."""
        one, selection = len(found.ids) == 1, self._model.selection
        self.split.setVisible(one)
        self.times.setVisible(one)
        self.merge.setVisible(not one)
        self.merge.setEnabled(found.neighbours)
        self.merge.setToolTip(
            "" if found.neighbours else tr("Only activities that follow each other can be made one.")
        )
        stretch = selection.start is not None and selection.end is not None
        inside = (
            one
            and stretch
            and (found.start_ms < (selection.start or 0) or (selection.end or 0) < found.end_ms)
        )
        self.cut.setVisible(bool(inside))
        free = recorded.free(selection.start, selection.end) if selection.start and selection.end else 0
        self.fill.setVisible(free >= 1_000)

    def _tell_texts(self) -> None:
        found = self._model.chosen()
        if found is None:
            return
        title = self._model.text(found.title) if found.title else None
        self._title.setText(title or "")
        self._title.setVisible(bool(title))
        note = (self._model.text(found.note) if found.note else None) or ""
        if note != self._note_shown or not self.note.isModified():
            self._note_shown = note
            self.note.setText(note)
        several = found.note is None
        self.note.setPlaceholderText(tr("Several notes") if several else tr("Add a note, Enter keeps it"))

    def _annotate(self) -> None:
        if self.note.text().strip() != self._note_shown:
            self.note.setModified(False)
            self._actions.annotate(self.note.text())

    def _split(self) -> None:
        self.split_wanted.emit(self._actions.ids[0])

    def _times(self) -> None:
        self.times_wanted.emit(self._actions.ids[0])

    def buttons(self) -> list[QPushButton]:
        """What can be pressed now."""
        return [
            b for b in (self.split, self.times, self.merge, self.cut, self.fill, self.delete) if b.isVisible()
        ]
