"""What is recorded now, in one strip: private mode, how much of a window, how long it is kept."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.declarations import SETTINGS
from app.ui.charts.legend import Flow
from app.ui.hearing import hear
from app.ui.pages.settings.controls import Control, control_for
from app.ui.services import Services
from app.ui.theme.stylesheet import styled
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.widgets.switch import Switch
from app.ui.words import tr

_SHOWN = ("privacy.detail", "storage.keep_days", "storage.keep_titles_days")


class StateBar(Card):
    """Private mode through the agent, the rest through the settings."""

    def __init__(self, services: Services) -> None:
        super().__init__(padding=12)
        self._services = services
        self._controls: dict[str, Control] = {}
        strip = QWidget()
        row = Flow(strip, gap=24)
        self._private = Switch(services.theme, tr("Private mode"))
        self._private.clicked.connect(lambda on: services.agent.request("private", on=on))
        self._private.setToolTip(tr("While it is on nothing is recorded, not even that you were there."))
        row.addWidget(_named(tr("Private mode"), self._private))
        for key in _SHOWN:
            row.addWidget(self._setting(key))
        more = styled(QPushButton(tr("All privacy settings")), kind="link")
        more.clicked.connect(lambda: services.navigator.open("settings", section="privacy"))
        row.addWidget(_named("", more))
        self.body.addWidget(strip)
        hear(services.settings.changed, self, lambda _: self._show_settings())
        hear(services.agent.status_changed, self, lambda _: self._show_agent())
        hear(services.agent.present_changed, self, lambda _: self._show_agent())
        self._show_settings()
        self._show_agent()

    def _setting(self, key: str) -> QWidget:
        setting = SETTINGS[key]

        def set_it(value: Any) -> None:
            told = tr("{setting} was changed", setting=tr(setting.title))
            self._services.settings.change(self._services.changes, {key: value}, told)

        control = self._controls[key] = control_for(setting, self._services, set_it)
        control.widget.setAccessibleName(tr(setting.title))
        control.widget.setToolTip(tr(setting.prose))
        if key == "privacy.detail":
            control.widget.setMinimumWidth(320)
        return _named(tr(setting.title), control.widget)

    def _show_settings(self) -> None:
        for key, control in self._controls.items():
            control.show(self._services.settings.get(key))

    def _show_agent(self) -> None:
        status = self._services.agent.status
        self._private.setEnabled(status is not None)
        self._private.setChecked(bool(status and status.get("private")))


def _named(words: str, widget: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(label(words, "caption"))
    column.addWidget(widget)
    return made
