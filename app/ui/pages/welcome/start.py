"""The last step: start with the system, and how DevPulse looks."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QPushButton

from app.declarations import SETTINGS
from app.errors import DevPulseError
from app.ui.hearing import hear
from app.ui.pages.settings.controls import Control, control_for
from app.ui.pages.welcome.step import Step
from app.ui.services import Services
from app.ui.theme.stylesheet import styled
from app.ui.widgets.form import FormRow
from app.ui.widgets.labels import label, separator
from app.ui.words import tr

_SHOWN = ("general.start_with_system", "appearance.theme", "appearance.language")


class StartStep(Step):
    def __init__(self, services: Services) -> None:
        super().__init__(tr("Ready"), tr("Recording has begun. You can close this window at any time."))
        self._services = services
        self._controls: dict[str, Control] = {}
        for key in _SHOWN:
            self.body.addWidget(self._row(key))
            self.body.addWidget(separator())
        self.body.addWidget(
            label(tr("Ctrl+K finds everything there is to do. The tray icon pauses recording, starts a focus "
                     "session, and opens this window."), "muted", wrap=True)
        )  # fmt: skip
        more = styled(QPushButton(tr("Use DevPulse on several machines…")), kind="link")
        more.clicked.connect(self._sync)
        row = QHBoxLayout()
        row.addWidget(more)
        row.addStretch(1)
        self.body.addLayout(row)
        hear(services.settings.changed, self, lambda _: self._show())
        self._show()

    def _sync(self) -> None:
        self._services.navigator.open("sync")

    def _row(self, key: str) -> FormRow:
        setting = SETTINGS[key]

        def set_it(value: Any) -> None:
            try:
                self._services.settings.change(self._services.changes, {key: value})
            except DevPulseError as error:
                self._services.changes.failed.emit(error)

        control = self._controls[key] = control_for(setting, self._services, set_it)
        return FormRow(tr(setting.title), tr(setting.prose), control.widget)

    def _show(self) -> None:
        for key, control in self._controls.items():
            control.show(self._services.settings.get(key))
