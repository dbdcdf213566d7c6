"""Join an account with this machine: who one is, and what opens the vault.

An e-mail address, GitHub or Google tell which account it is; only the password with the Secret Key, or the
recovery words, open what the service keeps.
"""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QPlainTextEdit, QWidget

from app.ui.services import Services
from app.ui.sync.sign_up_dialog import own_name
from app.ui.sync.work_dialog import Prose, WorkDialog
from app.ui.theme.stylesheet import styled
from app.ui.widgets.labels import ElidedLabel
from app.ui.widgets.segments import Segments
from app.ui.words import tr

_WORDS = 24


class SignInDialog(WorkDialog):
    def __init__(self, services: Services, parent: QWidget, *, recover: bool = False) -> None:
        super().__init__(
            services,
            parent,
            tr("Sign in"),
            accept=tr("Sign in"),
            words=tr("What is recorded here and on your other machines comes together. Nothing is lost."),
            width=540,
        )
        self._server = self.line(services.settings.text("sync.server"), "https://pulse.example.org")
        self._who = Segments(
            [("email", tr("E-mail or account")), ("github", "GitHub"), ("google", "Google")],
            name=tr("Who you are"),
        )
        self._login = self.line("", "ada@example.org")
        self._browser = Prose(tr("Your browser opens and says which account it is. It opens no vault."))
        self._how = Segments(
            [("password", tr("Password and Secret Key")), ("words", tr("Recovery words"))],
            name=tr("What opens it"),
            current="words" if recover else "password",
        )
        self._password, self._key = self.secret_line(), self.secret_line()
        self._words = QPlainTextEdit()
        self._words.setTabChangesFocus(True)
        styled(self._words, role="words")
        self._words.textChanged.connect(self.check)
        self.keep_secret(self._words)
        self._name = self.line(own_name())
        self.field(tr("Service"), self._server)
        self.field(tr("Who you are"), self._who)
        self._login_row = self.field(tr("E-mail address or account"), self._login)
        self.fields.addWidget(self._browser)
        self.field(tr("What opens it"), self._how)
        self._password_rows = (
            self.field(tr("Password"), self._password),
            self.field(tr("Secret Key"), self._key, tr("It is on your Emergency Kit, and begins with D1.")),
        )
        self._words_row = self.field(
            tr("Recovery words"), self._words, tr("All 24, with spaces between. Then set a new password.")
        )
        self.field(tr("This machine's name"), self._name)
        self._address = ElidedLabel("", "caption")
        self.fields.addWidget(self._address)
        self._who.chosen.connect(self._choose)
        self._how.chosen.connect(self._choose)
        self._choose()
        (self._login if self._server.text() else self._server).setFocus()

    def complete(self) -> bool:
        named = bool(self._server.text().strip()) and bool(self._name.text().strip())
        known = self._who.current != "email" or bool(self._login.text().strip())
        if self._how.current == "words":
            return named and known and len(self._words.toPlainText().split()) == _WORDS
        return named and known and bool(self._password.text()) and bool(self._key.text().strip())

    def accept(self) -> None:
        """Sign in."""
        if self.busy or not self.complete():
            return
        words = ["account", "sign-in", "--server", self._server.text().strip()]
        words += ["--name", self._name.text().strip()]
        login = self._login.text().strip()
        if self._who.current != "email":
            words += ["--with", self._who.current]
        else:
            words += ["--email" if "@" in login else "--account", login]
        if self._how.current == "words":
            words.append("--recovery")
            secrets = {"recovery_key": " ".join(self._words.toPlainText().split())}
        else:
            secrets = {"password": self._password.text(), "secret_key": self._key.text().strip()}
        told = tr("Signing in…")
        if self._who.current != "email":
            told = tr("Waiting for your browser. Come back here when it says that you can.")
        self.work(words, secrets, self._joined, told=told, each=self._said)

    def _said(self, told: dict[str, Any]) -> None:
        """The address to open, where no browser opened by itself."""
        address = told.get("address")
        if isinstance(address, str):
            self._address.tell(address)

    def _joined(self, _: dict[str, Any]) -> None:
        self._services.sync.look_again()
        self._services.sync.took_in()
        super().accept()

    def _choose(self, _: str = "") -> None:
        by_mail, by_words = self._who.current == "email", self._how.current == "words"
        self._login_row.setVisible(by_mail)
        self._browser.setVisible(not by_mail)
        for row in self._password_rows:
            row.setVisible(not by_words)
        self._words_row.setVisible(by_words)
        self.check()
        self.adjustSize()
