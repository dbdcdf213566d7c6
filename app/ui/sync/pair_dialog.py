"""Pairing: the new machine shows a code and six words; a machine of the account is told the code, and
compares."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.services import Services
from app.ui.sync.sign_up_dialog import own_name
from app.ui.sync.work_dialog import Prose, WorkDialog
from app.ui.theme.palette import tabular
from app.ui.widgets.labels import label
from app.ui.words import tr


class PairDialog(WorkDialog):
    """The new machine's side."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(
            services,
            parent,
            tr("Pair this machine"),
            accept=tr("Show a code"),
            words=tr("You need a machine that is signed in already, and no password."),
        )
        self._server = self.line(services.settings.text("sync.server"), "https://pulse.example.org")
        self._name = self.line(own_name())
        self.field(tr("Service"), self._server)
        self.field(tr("This machine's name"), self._name)
        self._shown = CodeView()
        self.body.insertWidget(0, self._shown)
        self._shown.hide()
        self.check()

    def complete(self) -> bool:
        return bool(self._server.text().strip()) and bool(self._name.text().strip())

    def accept(self) -> None:
        """Leave an offer at the service, and wait."""
        if self.busy or not self.complete():
            return
        words = [
            "account",
            "pair",
            "--server",
            self._server.text().strip(),
            "--name",
            self._name.text().strip(),
        ]
        self.work(words, None, self._joined, told=tr("Asking the service…"), each=self._show)

    def _show(self, told: dict[str, Any]) -> None:
        code, words = told.get("code"), told.get("words")
        if not isinstance(code, str) or not isinstance(words, str):
            return
        self._fields.hide()
        self._shown.tell(code, words)
        self._shown.show()
        self.accept_button.hide()
        self._say(
            tr("Waiting for the other machine. There: Sync, “Add a machine…”, and type this code. It is good "
               "for ten minutes.")
        )  # fmt: skip
        self.adjustSize()

    def _joined(self, _: dict[str, Any]) -> None:
        self._services.sync.look_again()
        self._services.sync.took_in()
        super().accept()

    def refused(self, error: Any) -> None:
        """The code is of no use any more: begin again."""
        self._shown.hide()
        self._shown.tell("", "")
        self._fields.show()
        self.accept_button.show()
        super().refused(error)


class AcceptDialog(WorkDialog):
    """The side of a machine that is signed in. Nothing is given away before the words were compared."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(
            services,
            parent,
            tr("Add a machine"),
            accept=tr("Go on"),
            words=tr("On the new machine choose Sync, then “Pair this machine…”. It shows a code."),
        )
        self._code = self.line("", "XXXX-XXXX-XXXX")
        self.keep_secret(self._code)
        self.field(tr("The code"), self._code)
        self._compare = CodeView()
        self.body.insertWidget(0, self._compare)
        self._compare.hide()
        self._words = ""
        self.check()
        self._code.setFocus()

    def complete(self) -> bool:
        return bool(self._words) or len(self._code.text().strip()) >= len("XXXXXXXXXXXX")

    def accept(self) -> None:
        """First look at the offer; then, once the person has compared the words, let it in."""
        if self.busy or not self.complete():
            return
        secrets = {"code": self._code.text().strip()}
        if self._words:
            words = ["account", "accept", "--words", self._words]
            self.work(words, secrets, self._let_in, told=tr("Letting the machine in…"))
        else:
            self.work(
                ["account", "accept", "--look"], secrets, self._ask, told=tr("Looking for the machine…")
            )

    def _ask(self, told: dict[str, Any]) -> None:
        self._words = str(told.get("words", ""))
        if not self._words:
            return
        self._fields.hide()
        self._compare.tell("", self._words)
        self._compare.show()
        self._say(
            tr("Does the new machine show these six words, in this order? If not, cancel: somebody is "
               "between the two.")
        )  # fmt: skip
        self.accept_button.setText(tr("They are the same: let it in"))
        self.cancel_button.setText(tr("They differ"))
        # Enter must not answer for eyes that have not looked.
        self.accept_button.setDefault(False)
        self.accept_button.setAutoDefault(False)
        self.cancel_button.setFocus()
        self.check()
        self.adjustSize()

    def _let_in(self, _: dict[str, Any]) -> None:
        super().accept()


class CodeView(QWidget):
    """A code, large, and six words to compare."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(8)
        self._code = label("", "display")
        self._code.setFont(tabular(self._code.font()))
        self._words = SixWords()
        self._about = Prose(tr("Both machines show these words; compare them:"))
        self._code.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self._code)
        column.addWidget(self._about)
        column.addWidget(self._words)

    def tell(self, code: str, words: str) -> None:
        """Show these; no code: only the words."""
        self._code.setText(code)
        self._code.setVisible(bool(code))
        self._code.setAccessibleName(tr("The code: {code}", code=" ".join(code)))
        self._words.tell(words)


class SixWords(QLabel):
    """Six words in two lines, large enough to be compared across two screens."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "words")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def tell(self, words: str) -> None:
        """Show these."""
        six = words.split()
        self.setText("\n".join("  ".join(six[at : at + 3]) for at in range(0, len(six), 3)))
        self.setAccessibleName(words)
