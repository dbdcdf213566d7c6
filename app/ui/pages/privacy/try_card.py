"""Try it: what would be kept of a window, as the settings are now."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QLineEdit

from app.ui.hearing import hear
from app.ui.pages.settings.trying import tried_window
from app.ui.services import Services
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.words import tr


class TryCard(Card):
    """Two fields and the answer; it follows every key and every change of the settings."""

    def __init__(self, services: Services) -> None:
        super().__init__(tr("Try it"))
        self._services = services
        self._application = QLineEdit()
        self._application.setPlaceholderText(tr("An application"))
        self._application.setAccessibleName(tr("Application"))
        self._title = QLineEdit()
        self._title.setPlaceholderText(tr("A window's title"))
        self._title.setAccessibleName(tr("Title"))
        self._answer = label("", "muted", wrap=True)
        self._answer.setMinimumHeight(20)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._application, 2)
        row.addWidget(self._title, 3)
        self.body.addLayout(row)
        self.body.addWidget(self._answer)
        for field in (self._application, self._title):
            field.textChanged.connect(lambda _: self._try())
        hear(services.settings.changed, self, lambda _: self._try())
        self._try()

    def _try(self) -> None:
        settings = self._services.settings.now
        told = tried_window(settings, self._application.text(), self._title.text())
        self._answer.setText(told or tr("Type a window to see what would be kept of it."))
