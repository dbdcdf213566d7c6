"""The grave steps: password, recovery words, taking a machine off, leaving, deleting the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QPlainTextEdit, QWidget

from app.errors import DevPulseError
from app.sync.crypto.emergency_kit import EmergencyKit
from app.ui.services import Services
from app.ui.shell.times import local_now
from app.ui.sync.facts import Machine
from app.ui.sync.kit_dialog import KitDialog
from app.ui.sync.sign_up_dialog import SHORTEST_PASSWORD
from app.ui.sync.work_dialog import WorkDialog
from app.ui.theme.stylesheet import styled
from app.ui.words import name, tr


class PasswordDialog(WorkDialog):
    """A new password. Where the Secret Key is not known here, by the recovery words, and with a new one."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(
            services,
            parent,
            tr("Change the password"),
            accept=tr("Change it"),
            words=tr("Your other machines go on by themselves. Nothing is sealed again."),
        )
        account = services.sync.account
        self._by_words = account is not None and not account.has_secret_key
        self._proof = _proof(self, by_words=self._by_words, title=tr("Password until now"))
        self._new, self._again = self.secret_line(), self.secret_line()
        hint = tr("At least {count} characters. It never leaves this machine.", count=SHORTEST_PASSWORD)
        self.field(tr("New password"), self._new, hint)
        self.field(tr("New password once more"), self._again)
        self.check()

    def complete(self) -> bool:
        new = self._new.text()
        return bool(_text(self._proof)) and len(new) >= SHORTEST_PASSWORD and new == self._again.text()

    def accept(self) -> None:
        """Change it."""
        if self.busy or not self.complete():
            return
        secrets = {_field(by_words=self._by_words): _text(self._proof), "new_password": self._new.text()}
        self.work(["account", "password"], secrets, self._changed, told=tr("Changing the password…"))

    def _changed(self, told: dict[str, Any]) -> None:
        services, parent = self._services, self.parentWidget()
        services.sync.look_again()
        super().accept()
        if parent is not None:
            show_kit(services, parent, str(told.get("secret_key", "")), "", fresh=self._by_words)


class NewWordsDialog(WorkDialog):
    """New recovery words; shown once, on the Emergency Kit."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(
            services,
            parent,
            tr("New recovery words"),
            accept=tr("Make new words"),
            words=tr("The words you have open nothing any more. The new ones are shown once."),
        )
        self._password = _proof(self, by_words=False, title=tr("Password"))
        self.check()

    def complete(self) -> bool:
        return bool(_text(self._password))

    def accept(self) -> None:
        """Make them."""
        if self.busy or not self.complete():
            return
        secrets = {"password": _text(self._password)}
        self.work(["account", "recovery-key"], secrets, self._made, told=tr("Making new recovery words…"))

    def _made(self, told: dict[str, Any]) -> None:
        services, parent = self._services, self.parentWidget()
        super().accept()
        if parent is not None:
            words = str(told.get("recovery_key", ""))

            def show(key: str) -> None:
                show_kit(services, parent, key, words, fresh=True)

            # Whatever happens, the words are shown: they are kept nowhere.
            _with_secret_key(services, show, lambda _: show(""))


class RevokeDialog(WorkDialog):
    """A machine is taken off, and the account's root key changes: it can read nothing that comes from now
    on."""

    def __init__(self, services: Services, parent: QWidget, machine: Machine) -> None:
        super().__init__(
            services,
            parent,
            tr("Take {machine} off the account?", machine=name(machine.name)),
            accept=tr("Take it off"),
            words=tr(
                "It gets nothing that is recorded from now on: the account's root key is changed. What it "
                "has stays on it."
            ),
            danger=True,
        )
        self._machine = machine
        self._password = _proof(self, by_words=False, title=tr("Password"))
        self.check()

    def complete(self) -> bool:
        return bool(_text(self._password))

    def accept(self) -> None:
        """Take it off."""
        if self.busy or not self.complete():
            return
        secrets = {"password": _text(self._password)}
        told = tr("Syncing, then changing the root key…")
        self.work(["account", "revoke", self._machine.device_id], secrets, self._gone, told=told)

    def _gone(self, _: dict[str, Any]) -> None:
        self._services.sync.ask_status()
        super().accept()


class _LeavingDialog(WorkDialog):
    """Afterwards nobody is signed in here."""

    def _left(self, _: dict[str, Any]) -> None:
        self._services.sync.look_again()
        super().accept()


class SignOutDialog(_LeavingDialog):
    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(
            services,
            parent,
            tr("Sign out on this machine?"),
            accept=tr("Sign out"),
            words=tr(
                "This machine is taken off the account and forgets its keys. All that is recorded here "
                "stays, also what came from other machines."
            ),
        )

    def accept(self) -> None:
        """Leave."""
        if not self.busy:
            self.work(["account", "sign-out"], None, self._left, told=tr("Signing out…"))


class ForgetDialog(_LeavingDialog):
    """Where the keys cannot be used any more: this machine was taken off, or its key file is damaged."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(
            services,
            parent,
            tr("Forget the account on this machine?"),
            accept=tr("Forget it"),
            words=tr(
                "The keys here are removed without asking the service. All that is recorded here stays, and "
                "you can sign in again."
            ),
        )

    def accept(self) -> None:
        """Forget."""
        if not self.busy:
            self.work(["account", "forget", "--yes"], None, self._left, told=tr("Forgetting…"))


class DeleteDialog(_LeavingDialog):
    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(
            services,
            parent,
            tr("Delete the account for good?"),
            accept=tr("Delete the account"),
            words=tr(
                "The service erases all it keeps of you; that cannot be undone. What is recorded on your "
                "machines stays there."
            ),
            danger=True,
        )
        account = services.sync.account
        self._by_words = account is not None and not account.has_secret_key
        self._proof = _proof(self, by_words=self._by_words, title=tr("Password"))
        self.check()

    def complete(self) -> bool:
        return bool(_text(self._proof))

    def accept(self) -> None:
        """Delete it."""
        if self.busy or not self.complete():
            return
        secrets = {_field(by_words=self._by_words): _text(self._proof)}
        self.work(["account", "delete", "--yes"], secrets, self._left, told=tr("Deleting the account…"))


def open_kit(services: Services, parent: QWidget) -> None:
    """Show the Emergency Kit again: without the recovery words, which are kept nowhere."""
    failed = services.changes.failed.emit
    _with_secret_key(services, lambda key: show_kit(services, parent, key, "", fresh=False), failed)


def show_kit(services: Services, parent: QWidget, secret_key: str, words: str, *, fresh: bool) -> None:
    """Show a kit of the account that is signed in."""
    account = services.sync.account
    kit = EmergencyKit(
        server=account.server if account else "",
        account=account.account_id if account else "",
        email=account.email if account else "",
        secret_key=secret_key,
        words=words,
        made_on=local_now(services.clock).date().isoformat(),
    )
    KitDialog(services, parent, kit, fresh=fresh).open()


def _with_secret_key(
    services: Services, then: Callable[[str], None], failed: Callable[[DevPulseError], object]
) -> None:
    running = services.sync.program.run(["account", "kit"])
    running.finished.connect(lambda told: then(str(told.get("secret_key") or "")))
    running.failed.connect(failed)


def _proof(dialog: WorkDialog, *, by_words: bool, title: str) -> QWidget:
    """The field for what proves that it is the person: the password, or the words where it is of no use."""
    if not by_words:
        line = dialog.secret_line()
        dialog.field(title, line)
        line.setFocus()
        return line
    made = QPlainTextEdit()
    made.setTabChangesFocus(True)
    styled(made, role="words")
    made.textChanged.connect(dialog.check)
    dialog.keep_secret(made)
    dialog.field(
        tr("Recovery words"), made, tr("The Secret Key is not on this machine, so the words are needed.")
    )
    made.setFocus()
    return made


def _text(proof: QWidget) -> str:
    return " ".join(proof.toPlainText().split()) if isinstance(proof, QPlainTextEdit) else proof.text()  # type: ignore[attr-defined]


def _field(*, by_words: bool) -> str:
    return "recovery_key" if by_words else "password"
