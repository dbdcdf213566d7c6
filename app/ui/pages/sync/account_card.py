"""The account itself, and the settings of syncing."""

from __future__ import annotations

from functools import partial
from typing import Any

from PyQt6.QtWidgets import QPushButton, QWidget

from app.config import SETTINGS
from app.declarations import Kind
from app.errors import DevPulseError, KeyUnavailable, NotSignedIn
from app.ui.charts.legend import Flow
from app.ui.hearing import hear
from app.ui.pages.settings.controls import Control, control_for
from app.ui.services import Services
from app.ui.sync.key_dialogs import (
    DeleteDialog,
    ForgetDialog,
    NewWordsDialog,
    PasswordDialog,
    SignOutDialog,
    open_kit,
)
from app.ui.theme.stylesheet import styled
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.form import FormRow
from app.ui.widgets.labels import label, separator
from app.ui.words import name, tr

_SHOWN = ("sync.when", "sync.on_metered")


class AccountCard(Card):
    def __init__(self, services: Services) -> None:
        super().__init__(tr("Account"))
        self._services = services
        self._who = label("", "muted", wrap=True)
        self.body.addWidget(self._who)
        strip = QWidget()
        row = Flow(strip, gap=8)
        icons = services.icons
        for words, run, icon, kind in (
            (tr("Emergency Kit…"), self._kit, "file-text", ""),
            (tr("Change the password…"), self._password, "key", ""),
            (tr("New recovery words…"), self._words, "refresh-cw", ""),
            (tr("Account's page"), self._page, "external-link", ""),
            (tr("Sign out…"), self._sign_out, "log-out", ""),
            (tr("Delete the account…"), self._delete, "trash-2", "danger"),
        ):
            row.addWidget(button(icons, words, run, icon=icon, kind=kind))
        self.body.addWidget(strip)
        self._forget = styled(QPushButton(tr("Forget the account here…")), kind="link")
        self._forget.clicked.connect(self._forget_it)
        self._forget.hide()
        self.body.addWidget(self._forget)
        self.show_now()

    def show_now(self) -> None:
        """Bring it to what is known now."""
        sync = self._services.sync
        account = sync.account
        # Then what is left is to sign in anew.
        self._forget.setVisible(isinstance(sync.error, NotSignedIn | KeyUnavailable))
        if account is None:
            self._who.setText("")
            return
        told = tr(
            "{who} at {server}. This machine is called {machine}.",
            who=name(account.email or account.account_id, 80),
            server=name(account.server, 80),
            machine=name(account.name),
        )
        self._who.setText(told)

    def _kit(self) -> None:
        open_kit(self._services, self)

    def _password(self) -> None:
        PasswordDialog(self._services, self).open()

    def _words(self) -> None:
        NewWordsDialog(self._services, self).open()

    def _sign_out(self) -> None:
        SignOutDialog(self._services, self).open()

    def _delete(self) -> None:
        DeleteDialog(self._services, self).open()

    def _forget_it(self) -> None:
        ForgetDialog(self._services, self).open()

    def _page(self) -> None:
        """The page opens in the browser; its address holds a ticket, and is told nobody else."""
        running = self._services.sync.program.run(("account", "page"))
        running.finished.connect(_open)
        running.failed.connect(self._services.changes.failed.emit)


def _open(told: dict[str, Any]) -> None:
    from PyQt6.QtCore import QUrl
    from PyQt6.QtGui import QDesktopServices

    address = str(told.get("address") or "")
    if address.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
        QDesktopServices.openUrl(QUrl(address))


class SyncSettingsCard(Card):
    """When to sync; what wins where two machines changed the same."""

    def __init__(self, services: Services) -> None:
        more = styled(QPushButton(tr("All settings of syncing")), kind="link")
        more.clicked.connect(lambda: services.navigator.open("settings", section="sync"))
        super().__init__(tr("When to sync"), beside=more)
        self._services = services
        self._controls: dict[str, Control] = {}
        self.body.setSpacing(0)
        for place, key in enumerate(_SHOWN):
            if place:
                self.body.addWidget(separator())
            self.body.addWidget(self._row(key))
        hear(services.settings.changed, self, lambda _: self._show())
        self._show()

    def _row(self, key: str) -> FormRow:
        setting = SETTINGS[key]
        control = self._controls[key] = control_for(setting, self._services, partial(self._set, key))
        control.widget.setAccessibleDescription(tr(setting.prose))
        wide = setting.kind is Kind.CHOICE
        return FormRow(tr(setting.title), tr(setting.prose), control.widget, wide=wide)

    def _set(self, key: str, value: Any) -> None:
        told = tr("{setting} was changed", setting=tr(SETTINGS[key].title))
        try:
            self._services.settings.change(self._services.changes, {key: value}, told)
        except DevPulseError as error:
            self._services.changes.failed.emit(error)

    def _show(self) -> None:
        for key, control in self._controls.items():
            control.show(self._services.settings.get(key))
