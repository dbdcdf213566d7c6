"""The dialogs of syncing, opened for a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PyQt6.QtWidgets import QApplication, QWidget

from app.desktop import Windows
from app.ui.services import Services
from app.ui.sync import key_dialogs
from app.ui.sync.conflict_dialog import ConflictDialog
from app.ui.sync.facts import Machine, conflicts_of
from app.ui.sync.pair_dialog import AcceptDialog, PairDialog
from app.ui.sync.sign_in_dialog import SignInDialog
from app.ui.sync.sign_up_dialog import SignUpDialog
from tests.fakes.program import FakeProgram

_WORDS = "orbit velvet maple canyon thunder glide"


def open_dialog(kind: str, windows: Windows) -> QWidget:
    """Open one over the window, with what it shows in it."""
    services, window = windows.services, windows.window
    QApplication.processEvents()
    DIALOGS[kind](services, window)
    QApplication.processEvents()
    found = [top for top in QApplication.topLevelWidgets() if top.isVisible() and top is not window]
    return found[-1]


def _pair(services: Services, window: QWidget) -> None:
    dialog = PairDialog(services, window)
    dialog.open()
    dialog._server.setText("https://pulse.example.org")
    dialog.accept()
    assert isinstance(services.sync.program, FakeProgram)
    services.sync.program.last("account", "pair").tell({"code": "7Q4M-0ZKD-W2XA", "words": _WORDS})


def _accept(services: Services, window: QWidget) -> None:
    dialog = AcceptDialog(services, window)
    dialog.open()
    dialog._code.setText("7Q4M-0ZKD-W2XA")
    dialog.accept()
    assert isinstance(services.sync.program, FakeProgram)
    services.sync.program.last("account", "accept").answer({"words": _WORDS})


def _kit(services: Services, window: QWidget) -> None:
    words = (
        "abandon ability able about above absent absorb abstract absurd abuse access accident account accuse "
        "achieve acid acoustic acquire across act action actor actress actual"
    )
    key = "D1-7Q4M-0ZKD-W2XA-93HC-5TRE-8GKP-1VYN"
    key_dialogs.show_kit(services, window, key, words, fresh=True)


def _conflict(number: int) -> Callable[[Services, QWidget], None]:
    def show(services: Services, window: QWidget) -> None:
        told: Any = services.sync.program.call(("conflicts", "list"))
        ConflictDialog(services, window, conflicts_of(told)[number], lambda _: None).open()

    return show


def _merge(services: Services, window: QWidget) -> None:
    told: Any = services.sync.program.call(("conflicts", "list"))
    dialog = ConflictDialog(services, window, conflicts_of(told)[0], lambda _: None)
    dialog._choice.choose("merge")
    dialog._chosen("merge")
    dialog.open()


_LAPTOP = Machine("bb" * 16, "laptop", here=False, listed=True, heard_ms=1)
DIALOGS: Mapping[str, Callable[[Services, QWidget], None]] = {
    "sign-up": lambda services, window: SignUpDialog(services, window).open(),
    "sign-in": lambda services, window: SignInDialog(services, window).open(),
    "recover": lambda services, window: SignInDialog(services, window, recover=True).open(),
    "pair": _pair,
    "accept": _accept,
    "password": lambda services, window: key_dialogs.PasswordDialog(services, window).open(),
    "revoke": lambda services, window: key_dialogs.RevokeDialog(services, window, _LAPTOP).open(),
    "delete": lambda services, window: key_dialogs.DeleteDialog(services, window).open(),
    "kit": _kit,
    "conflict": _conflict(0),
    "sessions": _conflict(1),
    "merge": _merge,
}
