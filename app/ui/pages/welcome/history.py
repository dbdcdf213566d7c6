"""The fourth step: history from another tracker."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout

from app.ui.importing.dialog import open_import
from app.ui.pages.welcome.step import Step
from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.labels import label
from app.ui.words import tr


class HistoryStep(Step):
    def __init__(self, services: Services) -> None:
        super().__init__(
            tr("Bring your history"),
            tr("Have you used ActivityWatch or WakaTime? Then DevPulse can begin with what they know."),
        )
        self.body.addWidget(
            label(tr("ActivityWatch: its web page, Raw Data, Export all buckets as JSON."), wrap=True)
        )
        self.body.addWidget(
            label(tr("WakaTime: Settings, Account, Export my data; daily totals or heartbeats."), wrap=True)
        )
        self.body.addWidget(label(tr("DevPulse itself: an export from another machine."), wrap=True))
        row = QHBoxLayout()
        row.addWidget(
            button(services.icons, tr("Choose a file…"), lambda: open_import(services, self), icon="file-up")
        )
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(
            label(
                tr("First you are told what would come; nothing is stored before you say so."),
                "muted",
                wrap=True,
            )
        )
