"""Titles behind a passphrase, opened from the window."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.keyfile import Way
from app.models.keys import create_key
from app.models.migrate import migrate
from app.paths import Paths
from app.ui.opening import Opening
from app.ui.unlocking import UnlockDialog
from tests.app.ui.window import Opened, opened
from tests.fakes.agent import status

WORDS = "correct horse battery staple"


@pytest.fixture
def locked(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path)}).create()
    create_key(paths, Way.PASSPHRASE, passphrase=WORDS)
    migrate(paths)
    with opened(qtbot, paths) as found:
        yield found


def test_titles_locked_by_a_passphrase_are_opened_from_the_notice(locked: Opened, qtbot: QtBot) -> None:
    agent, library = locked.agent, locked.services.library
    for name in ("start", "connect_now"):
        setattr(agent, name, lambda: None)
    opening = Opening(locked.services, locked.window, agent, lambda: None)  # type: ignore[arg-type]
    opening.begin("settings", None)
    agent.tell(None)
    agent.tell(status())
    notice = locked.window._notice
    assert "passphrase" in notice._words.text()
    qtbot.keyClick(notice._button, Qt.Key.Key_Space)
    dialog = locked.window.findChild(UnlockDialog)
    assert dialog is not None
    assert not dialog.accept_button.isEnabled()

    qtbot.keyClicks(dialog._field, "something else")
    qtbot.keyClick(dialog._field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(dialog._trouble.text()))
    assert library.cipher is None
    assert library.locked

    qtbot.keyClicks(dialog._field, WORDS)
    with qtbot.waitSignals([dialog.accepted, locked.services.freshness.changed]):
        qtbot.keyClick(dialog._field, Qt.Key.Key_Return)
    assert not notice.isVisible()
    assert not library.locked
    assert library.cipher is not None
    name, values = next(asked for asked in agent.asked if asked[0] == "unlock")
    assert len(base64.b64decode(values["key"])) == 32
    # Opened is opened, also after everything was opened anew.
    library.reopen()
    assert library.cipher is not None
    assert not library.wants_passphrase
