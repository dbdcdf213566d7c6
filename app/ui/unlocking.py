"""Titles behind a passphrase: asked for once, and opened for this window and for the agent."""

from __future__ import annotations

import base64

from PyQt6.QtWidgets import QLineEdit, QWidget

from app.errors import DevPulseError
from app.models.keys import DataKey
from app.ui.background import BackgroundQuery
from app.ui.freshness import EVERYTHING
from app.ui.said import said
from app.ui.services import Services
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import label
from app.ui.words import tr


class UnlockDialog(Dialog):
    """It closes when the passphrase was the right one; another one is told, and can be typed anew."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(
            parent,
            tr("Unlock titles"),
            accept=tr("Unlock"),
            words=tr("Titles stay open until DevPulse ends. The passphrase is kept nowhere."),
        )
        self._services = services
        self._query = BackgroundQuery(services.background, self)
        self._field = QLineEdit()
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setAccessibleName(tr("Passphrase"))
        self._field.setPlaceholderText(tr("Passphrase"))
        self._field.textChanged.connect(lambda text: self.accept_button.setEnabled(bool(text)))
        self._trouble = label("", "muted", wrap=True)
        # It has its room from the beginning: the dialog does not grow under the person's hands.
        self._trouble.setMinimumHeight(2 * self._trouble.fontMetrics().lineSpacing())
        self.body.addWidget(self._field)
        self.body.addWidget(self._trouble)
        self.accept_button.setEnabled(False)
        self._field.setFocus()

    def accept(self) -> None:
        """Try what was typed."""
        passphrase = self._field.text()
        if not passphrase or self._query.busy:
            return
        self._trouble.clear()
        library = self._services.library
        self._query.ask(lambda: library.unlock(passphrase), self._opened, failed=self._refused)

    def _opened(self, key: DataKey) -> None:
        self._services.agent.request("unlock", key=base64.b64encode(key.value).decode())
        self._services.freshness.tell(EVERYTHING)
        self._services.sync.look_again()
        super().accept()

    def _refused(self, error: DevPulseError) -> None:
        self._trouble.setText(" ".join(said(part) for part in (error.title, error.detail) if part))
        self._field.selectAll()
        self._field.setFocus()
