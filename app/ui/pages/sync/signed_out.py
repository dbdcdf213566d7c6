"""What syncing is, in plain words, and the ways in."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.services import Services
from app.ui.sync.pair_dialog import PairDialog
from app.ui.sync.sign_in_dialog import SignInDialog
from app.ui.sync.sign_up_dialog import SignUpDialog
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.words import tr


class SignedOut(QWidget):
    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._about())
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(
            self._way(
                tr("The first machine"),
                tr("Make an account at a service that you or somebody you trust runs."),
                ((tr("Make an account…"), self.sign_up, "user", "primary"),),
            ),
            1,
        )
        row.addWidget(
            self._way(
                tr("You have an account"),
                tr("Join it with this machine: by a code from another one, or by password and Secret Key."),
                (
                    (tr("Pair this machine…"), self.pair, "link", ""),
                    (tr("Sign in…"), self.sign_in, "log-in", ""),
                    (tr("Use recovery words…"), self.recover, "key", "link"),
                ),
            ),
            1,
        )
        column.addLayout(row)
        column.addStretch(1)

    def sign_up(self) -> None:
        """Open the dialog for a new account."""
        SignUpDialog(self._services, self).open()

    def sign_in(self) -> None:
        """Open the dialog for one there is."""
        SignInDialog(self._services, self).open()

    def recover(self) -> None:
        """The same, by the recovery words."""
        SignInDialog(self._services, self, recover=True).open()

    def pair(self) -> None:
        """Open the dialog that shows a code."""
        PairDialog(self._services, self).open()

    def _about(self) -> Card:
        card = Card(tr("One truth on several machines"))
        card.body.setSpacing(12)
        card.body.addWidget(
            label(
                tr("Without an account everything stays on this machine, and that is fine. With one, your "
                   "machines show the same projects, rules, goals and hours, also after working offline."),
                "muted", wrap=True,
            )
        )  # fmt: skip
        for icon, words in _promises():
            row = QHBoxLayout()
            row.setSpacing(12)
            picture = QLabel()
            picture.setPixmap(self._services.icons.pixmap(icon, 18, "accent", self.devicePixelRatioF()))
            row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(words, wrap=True), 1)
            card.body.addLayout(row)
        return card

    def _way(
        self, title: str, words: str, ways: tuple[tuple[str, Callable[[], None], str, str], ...]
    ) -> Card:
        card = Card(title)
        card.body.addWidget(label(words, "muted", wrap=True))
        card.body.addSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        for said, run, icon, kind in ways:
            row.addWidget(button(self._services.icons, said, run, icon=icon, kind=kind))
        row.addStretch(1)
        card.body.addStretch(1)
        card.body.addLayout(row)
        return card


def _promises() -> tuple[tuple[str, str], ...]:
    return (
        ("lock", tr("All of it is sealed on your machines. The service sees when and how much, never what.")),
        (
            "shield-check",
            tr("A service that withholds, turns back or forges something is noticed, and you are told."),
        ),
        ("wifi-off", tr("Offline you work on as always. What was done meanwhile comes together later.")),
        ("log-out", tr("You can leave at any time. What is recorded here stays here.")),
    )
