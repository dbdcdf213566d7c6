"""Choosing the length and the project of a focus session, and starting it."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.focus.control import FocusControl
from app.ui.focus.presets import presets
from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.segments import Segments
from app.ui.words import name, tr


class Starter(QWidget):
    """`chosen()`: another length is. Follows the setting `focus.presets_min`."""

    chosen = pyqtSignal()

    def __init__(self, services: Services, control: FocusControl) -> None:
        super().__init__()
        self._services, self._control = services, control
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._lengths: Segments | None = None
        self.project = ProjectBox(tr("Project of the session"))
        self._start = button(services.icons, tr("Start focus"), self.start, icon="play", kind="primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.project, 1)
        row.addWidget(self._start)
        self._column.addLayout(row)
        services.settings.changed.connect(self._offer)
        self._offer()

    def start(self) -> None:
        """Start what is chosen."""
        self._control.start(self.minutes, self.project.chosen)

    @property
    def minutes(self) -> int | None:
        """The length that is chosen; None for an open end."""
        current = "" if self._lengths is None else self._lengths.current
        return next((preset.minutes for preset in self._presets if preset.key == current), None)

    def enable(self, *, there: bool) -> None:
        """Whether there is an agent to lead a session."""
        self._start.setEnabled(there)

    def _offer(self, _: object = None) -> None:
        before = "" if self._lengths is None else self._lengths.current
        self._presets = presets(self._services.settings.get("focus.presets_min"))
        keys = [preset.key for preset in self._presets]
        if self._lengths is not None:
            self._column.removeWidget(self._lengths)
            self._lengths.deleteLater()
        self._lengths = Segments(
            [(preset.key, preset.words) for preset in self._presets],
            name=tr("Length in minutes, and of the break after it"),
            current=before if before in keys else keys[0],
        )
        self._lengths.chosen.connect(self.chosen)
        self._column.insertWidget(0, self._lengths, 0, Qt.AlignmentFlag.AlignLeft)


class ProjectBox(QComboBox):
    """A choice of projects by name, found by typing; `chosen` is None for none."""

    def __init__(self, accessible: str) -> None:
        super().__init__()
        self.setAccessibleName(accessible)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMaxVisibleItems(14)
        completer = self.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        line = self.lineEdit()
        if line is not None:
            line.setAccessibleName(accessible)
            line.setPlaceholderText(tr("No project"))
            line.editingFinished.connect(self._settle)
        self.addItem(tr("No project"), None)

    @property
    def chosen(self) -> str | None:
        """The project's name."""
        found = self.currentData()
        return None if found is None else str(found)

    def offer(self, names: Sequence[str]) -> None:
        """Offer these, in this order; the choice stays where it can."""
        if [self.itemData(at) for at in range(1, self.count())] == list(names):
            return
        before = self.chosen
        self.blockSignals(True)
        self.clear()
        self.addItem(tr("No project"), None)
        for one in names:
            self.addItem(name(one), one)
        self.choose(before)
        self.blockSignals(False)

    def choose(self, project: str | None) -> None:
        """Take this one; one that is not offered is none."""
        self.setCurrentIndex(max(0, self.findData(project)))

    def _settle(self) -> None:
        # What was typed and is no project becomes the choice before it.
        found = self.findText(self.currentText(), Qt.MatchFlag.MatchFixedString)
        self.setCurrentIndex(found if found >= 0 else max(0, self.currentIndex()))
        self.setEditText(self.itemText(self.currentIndex()))
