"""The dialog that changes a session that has ended: its project and its note."""

from __future__ import annotations

from PyQt6.QtWidgets import QComboBox, QFormLayout, QPlainTextEdit, QWidget

from app.analytics.labels import By, Names
from app.analytics.sessions import Session
from app.durations import told_in_minutes
from app.ui.labelled import name_of
from app.ui.widgets.dialog import Dialog
from app.ui.words import tr


class SessionDialog(Dialog):
    """`project_id` and `note` are what was chosen."""

    def __init__(self, parent: QWidget, session: Session, note: str, names: Names) -> None:
        super().__init__(
            parent.window() or parent,
            tr("Change focus session"),
            accept=tr("Save"),
            words=tr("{length} focused", length=told_in_minutes(session.focused_ms / 1000)),
        )
        self._project = QComboBox()
        self._project.setAccessibleName(tr("Project"))
        self._project.setMaxVisibleItems(16)
        self._project.addItem(tr("No project"), None)
        for label in sorted(names.projects.values(), key=lambda one: one.name.casefold()):
            self._project.addItem(name_of(label, By.PROJECT), label.id)
        self._project.setCurrentIndex(max(0, self._project.findData(session.project.id or None)))
        self._note = QPlainTextEdit(note)
        self._note.setAccessibleName(tr("Note"))
        self._note.setPlaceholderText(tr("What came of it?"))
        self._note.setFixedHeight(96)
        self._note.setTabChangesFocus(True)
        form = QFormLayout()
        form.setSpacing(12)
        form.addRow(tr("Project"), self._project)
        form.addRow(tr("Note"), self._note)
        self.body.addLayout(form)
        self._note.setFocus()

    @property
    def project_id(self) -> int | None:
        found: int | None = self._project.currentData()
        return found

    @property
    def note(self) -> str:
        return self._note.toPlainText()
