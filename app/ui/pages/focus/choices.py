"""What counts as an interruption, and what is told during focus: the person's choice, in place."""

from __future__ import annotations

from PyQt6.QtWidgets import QSpinBox, QWidget

from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.form import FormRow
from app.ui.widgets.switch import Switch
from app.ui.words import tr

_AFTER, _ENDED, _NUDGE = (
    "focus.interruption_after_s", "notifications.focus_ended", "notifications.distracted_in_focus",
)  # fmt: skip


class ChoicesCard(Card):
    """Changes apply at once, also in the agent."""

    def __init__(self, services: Services) -> None:
        more = button(
            services.icons, tr("All settings"), lambda: services.navigator.open("settings", section="focus"),
            kind="link",
        )  # fmt: skip
        super().__init__(tr("Your choice"), beside=more)
        self._services = services
        self._after = QSpinBox()
        self._after.setRange(1, 600)
        self._after.setSuffix(tr(" s"))
        self._after.setKeyboardTracking(False)
        self._after.setMinimumWidth(92)
        self._switches = {
            _ENDED: Switch(services.theme, tr("Tell me when a session ends")),
            _NUDGE: Switch(services.theme, tr("Nudge me when I get distracted")),
        }
        rows: tuple[tuple[str, str, QWidget], ...] = (
            (tr("Interruptions are longer than"), tr("Shorter looks elsewhere do not count."), self._after),
            (tr("Tell me when a session ends"), "", self._switches[_ENDED]),
            (
                tr("Nudge me when I get distracted"),
                tr("Once in a session, after a minute in a distracting category."),
                self._switches[_NUDGE],
            ),
        )
        self.body.setSpacing(0)
        for title, prose, control in rows:
            self.body.addWidget(FormRow(title, prose, control))
        self.body.addStretch(1)
        self.show_values()
        self._after.valueChanged.connect(lambda value: self._set(_AFTER, value))
        for key, switch in self._switches.items():
            switch.toggled.connect(lambda on, key=key: self._set(key, on))
        services.settings.changed.connect(self.show_values)

    def show_values(self, _: object = None) -> None:
        """Show what is set now."""
        settings = self._services.settings
        for widget in (self._after, *self._switches.values()):
            widget.blockSignals(True)
        self._after.setValue(int(settings.get(_AFTER)))
        for key, switch in self._switches.items():
            switch.setChecked(bool(settings.get(key)))
        for widget in (self._after, *self._switches.values()):
            widget.blockSignals(False)

    def _set(self, key: str, value: object) -> None:
        self._services.settings.change(self._services.changes, {key: value})
