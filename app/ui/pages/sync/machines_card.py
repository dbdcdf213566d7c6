"""The account's machines: when each was last heard from, which can be taken off, and the list in six
words."""

from __future__ import annotations

from functools import partial

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.errors import DevPulseError
from app.ui.said import said_error
from app.ui.services import Services
from app.ui.shell.times import local_now
from app.ui.sync.facts import Machine, Machines, machines_of
from app.ui.sync.key_dialogs import RevokeDialog
from app.ui.sync.pair_dialog import AcceptDialog, SixWords
from app.ui.sync.program import Running
from app.ui.sync.told import ago
from app.ui.theme.stylesheet import styled
from app.ui.widgets.buttons import button, icon_button
from app.ui.widgets.card import Card
from app.ui.widgets.info import InfoButton
from app.ui.widgets.labels import ElidedLabel, label, separator
from app.ui.words import name, tr


class MachinesCard(Card):
    def __init__(self, services: Services) -> None:
        self._services = services
        super().__init__(
            tr("Machines"),
            beside=button(services.icons, tr("Add a machine…"), self.add, icon="plus"),
        )
        self._running: Running | None = None
        self._known: Machines | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._told = label(tr("Asking the service…"), "muted", wrap=True)
        self._six = SixWords()
        self._six.hide()
        about = QHBoxLayout()
        about.setSpacing(4)
        self._about = label(tr("The list in six words"), "caption")
        about.addWidget(self._about)
        self._info = InfoButton(services.icons, tr("The list in six words"), _about_words())
        about.addWidget(self._info)
        about.addStretch(1)
        self.body.addLayout(self._list)
        self.body.addWidget(self._told)
        self.body.addLayout(about)
        self.body.addWidget(self._six)
        self._show_words(on=False)

    def ask(self) -> None:
        """Have the list told anew; what was shown stays meanwhile."""
        if self._running is not None or not self._services.sync.signed_in:
            return
        running = self._running = self._services.sync.program.run(("account", "devices"))
        running.finished.connect(self._heard)
        running.failed.connect(self._failed)

    def forget(self) -> None:
        """Want no answer."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()

    def add(self) -> None:
        """Let another machine in."""
        AcceptDialog(self._services, self).open()

    def _heard(self, told: dict[str, object]) -> None:
        self._running = None
        self._known = found = machines_of(told, self._services.sync.heard)
        while (taken := self._list.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._told.hide()
        shown = [machine for machine in found.machines if machine.listed or machine.here]
        for place, machine in enumerate(shown):
            if place:
                self._list.addWidget(separator())
            self._list.addWidget(self._row(machine))
        self._six.tell(found.words)
        self._show_words(on=bool(found.words))

    def _failed(self, error: DevPulseError) -> None:
        self._running = None
        if self._known is None:
            self._told.setText(said_error(error))
            self._told.show()

    def _show_words(self, *, on: bool) -> None:
        self._about.setVisible(on)
        self._info.setVisible(on)
        self._six.setVisible(on)

    def _row(self, machine: Machine) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(12)
        picture = QLabel()
        icon = self._services.icons.pixmap("laptop", 20, "text_muted", self.devicePixelRatioF())
        picture.setPixmap(icon)
        row.addWidget(picture)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(name(machine.name), "strong"))
        words.addWidget(label(self._heard_words(machine), "caption"))
        row.addLayout(words, 1)
        if machine.here:
            pill = styled(QLabel(tr("This machine")), role="pill", kind="accent")
            row.addWidget(pill, 0, Qt.AlignmentFlag.AlignVCenter)
            return made
        row.addWidget(
            icon_button(
                self._services.icons,
                "unlink",
                tr("Take {machine} off the account", machine=name(machine.name)),
                partial(self._revoke, machine),
            )
        )
        return made

    def _heard_words(self, machine: Machine) -> str:
        if not machine.heard_ms:
            return tr("Not heard from yet")
        return tr("Last heard from: {moment}", moment=ago(machine.heard_ms, local_now(self._services.clock)))

    def _revoke(self, machine: Machine) -> None:
        dialog = RevokeDialog(self._services, self, machine)
        dialog.accepted.connect(self.ask)
        dialog.open()


def _about_words() -> str:
    return tr(
        "Every machine of the account shows the same six words while all see the same list of machines.\n\n"
        "Compare them now and then. Where they differ, the service shows one of them a false list: a machine "
        "that is not yours may be on it."
    )
