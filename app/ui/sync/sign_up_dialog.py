"""A new account: made at a service, with keys that are made here and shown once."""

from __future__ import annotations

import platform
from typing import Any

from PyQt6.QtWidgets import QLineEdit, QWidget

from app.sync.crypto.emergency_kit import EmergencyKit
from app.ui.services import Services
from app.ui.shell.times import local_now
from app.ui.sync.kit_dialog import KitDialog
from app.ui.sync.work_dialog import WorkDialog
from app.ui.theme.stylesheet import styled
from app.ui.words import tr

SHORTEST_PASSWORD = 10


def own_name() -> str:
    """What this machine is called, unless the person says."""
    return platform.node().partition(".")[0]


class SignUpDialog(WorkDialog):
    """Afterwards the Emergency Kit is shown; nothing of it is kept."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(
            services,
            parent,
            tr("Make an account"),
            accept=tr("Make the account"),
            words=tr(
                "Its keys are made on this machine. The service keeps sealed data only, and cannot help you "
                "if you lose password and recovery words."
            ),
        )
        self._server = self.line(services.settings.text("sync.server"), "https://pulse.example.org")
        self._email = self.line("", "ada@example.org")
        self._password, self._again = self.secret_line(), self.secret_line()
        self._name = self.line(own_name())
        self._invitation = self.line()
        self.field(tr("Service"), self._server)
        self.field(tr("E-mail address"), self._email, tr("By it you sign in. You may leave it out."))
        self.field(
            tr("Password"),
            self._password,
            tr("At least {count} characters. It never leaves this machine.", count=SHORTEST_PASSWORD),
        )
        self.field(tr("Password once more"), self._again)
        self.field(tr("This machine's name"), self._name)
        self.field(tr("Invitation"), self._invitation, tr("Only where the service asks for one."))
        self.check()
        (self._email if self._server.text() else self._server).setFocus()

    def complete(self) -> bool:
        password, again = self._password.text(), self._again.text()
        differ = bool(again) and not password.startswith(again) and password != again
        styled(self._again, invalid="true" if differ else "false")
        named = bool(self._server.text().strip()) and bool(self._name.text().strip())
        return named and len(password) >= SHORTEST_PASSWORD and password == again

    def accept(self) -> None:
        """Make it."""
        if self.busy or not self.complete():
            return
        words = ["account", "sign-up", "--server", _typed(self._server), "--name", _typed(self._name)]
        for option, field in (("--email", self._email), ("--invitation", self._invitation)):
            if _typed(field):
                words += [option, _typed(field)]
        secrets = {"password": self._password.text()}
        self.work(words, secrets, self._made, told=tr("Making the keys and the account…"))

    def _made(self, told: dict[str, Any]) -> None:
        now = local_now(self._services.clock)
        kit = EmergencyKit(
            server=_typed(self._server),
            account=str(told.get("account_id", "")),
            email=_typed(self._email),
            secret_key=str(told.get("secret_key", "")),
            words=str(told.get("recovery_key", "")),
            made_on=now.date().isoformat(),
        )
        self._services.sync.look_again()
        parent = self.parentWidget()
        super().accept()
        assert parent is not None
        KitDialog(self._services, parent, kit, fresh=True).open()


def _typed(field: QLineEdit) -> str:
    return field.text().strip()
