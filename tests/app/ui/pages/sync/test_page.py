from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.errors import ServiceAway, ServiceRefused
from app.paths import Paths
from app.ui.freshness import EVERYTHING
from app.ui.pages.sync.page import SyncPage
from app.ui.shell.side_bar import NavButton
from app.ui.sync.conflict_dialog import ConflictDialog
from app.ui.sync.kit_dialog import KitDialog
from app.ui.sync.work_dialog import WorkDialog
from tests.app.ui.window import Opened, make_home, opened
from tests.fakes.program import FakeProgram
from tests.pictures.account import program

D = TypeVar("D", bound=QDialog)
Open = Callable[[str], Any]
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    return make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def shown(qtbot: QtBot, home: Paths) -> Iterator[Callable[[str], Any]]:
    """The window at its Sync page, with an account in one of the pictures' states."""

    @contextmanager
    def show(state: str) -> Iterator[tuple[Opened, FakeProgram]]:
        fake = program(state)
        if state != "out":
            home.account.touch()
        with opened(qtbot, home, program=fake) as made:
            made.services.sync.start()
            made.window.open("sync")
            made.settle(qtbot)
            yield made, fake

    yield show
    home.account.unlink(missing_ok=True)


def page(made: Opened) -> SyncPage:
    found = made.window.findChild(SyncPage)
    assert isinstance(found, SyncPage)
    return found


def words_of(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def press(widget: QWidget, qtbot: QtBot, words: str) -> None:
    found = [b for b in widget.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert found, words
    qtbot.keyClick(found[0], Qt.Key.Key_Space)


def dialog(made: Opened, kind: type[D]) -> D:
    (found,) = [d for d in made.window.findChildren(kind) if d.isVisible()]
    return found


def field(widget: QWidget, name: str) -> QLineEdit:
    (found,) = [f for f in widget.findChildren(QLineEdit) if f.accessibleName() == name and f.isVisible()]
    return found


def mark(made: Opened) -> str:
    (found,) = [b for b in made.window.findChildren(NavButton) if b.text().strip() == "Sync"]
    return found.waits


def test_an_account_is_made_by_keyboard_and_its_kit_shown_once(
    shown: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    with shown("out") as (made, fake):
        assert fake.ran == []
        press(page(made), qtbot, "Make an account…")
        asked = dialog(made, WorkDialog)
        qtbot.keyClicks(field(asked, "Service"), "https://pulse.example.org")
        qtbot.keyClicks(field(asked, "E-mail address"), "ada@example.org")
        qtbot.keyClicks(field(asked, "Password"), PASSWORD)
        qtbot.keyClicks(field(asked, "Password once more"), PASSWORD[:-1])
        assert not asked.accept_button.isEnabled()
        qtbot.keyClicks(field(asked, "Password once more"), PASSWORD[-1])
        qtbot.keyClick(field(asked, "Password once more"), Qt.Key.Key_Return)
        running = fake.last("account", "sign-up")
        assert running.secrets == {"password": PASSWORD}
        assert PASSWORD not in running.words
        running.answer(ServiceRefused("This service takes no new accounts.", advice="Ask."))
        assert "takes no new accounts" in words_of(asked)
        # What was typed is still there, for another try.
        press(asked, qtbot, "Make the account")
        made.paths.account.touch()
        fake.last("account", "sign-up").answer(
            {"account_id": "0b6f", "secret_key": "D1-7Q4M", "recovery_key": " ".join(["zebra"] * 24)}
        )
        kit = dialog(made, KitDialog)
        assert "zebra" in kit._paper.toPlainText()
        qtbot.keyClick(kit, Qt.Key.Key_Escape)
        assert kit.isVisible()
        kit._write(tmp_path / "kit.html", b"words")
        assert stat.S_IMODE((tmp_path / "kit.html").stat().st_mode) == 0o600
        kit._kept.setChecked(True)
        paper = kit._paper
        press(kit, qtbot, "Done")
        assert paper.toPlainText() == ""
        assert made.services.sync.signed_in


def test_secrets_leave_the_fields_with_the_dialog(shown: Open, qtbot: QtBot) -> None:
    with shown("out") as (made, fake):
        press(page(made), qtbot, "Sign in…")
        asked = dialog(made, WorkDialog)
        fields = asked.findChildren(QLineEdit)
        secret = [f for f in fields if f.echoMode() is QLineEdit.EchoMode.Password]
        assert len(secret) == 2
        for one in secret:
            one.setText("hush")
        field(asked, "Service").setText("https://x")
        field(asked, "E-mail address or account").setText("ada@example.org")
        asked.accept()
        running = fake.last("account", "sign-in")
        assert running.secrets == {"password": "hush", "secret_key": "hush"}
        qtbot.keyClick(asked, Qt.Key.Key_Escape)
        assert running.over
        assert [one.text() for one in secret] == ["", ""]
        assert not any(one.isUndoAvailable() for one in secret)
        press(page(made), qtbot, "Use recovery words…")
        asked = dialog(made, WorkDialog)
        (words,) = [f for f in asked.findChildren(QPlainTextEdit) if f.isVisible()]
        words.setPlainText(" zebra\n" * 24)
        field(asked, "Service").setText("https://x")
        field(asked, "E-mail address or account").setText("0b6f")
        asked.accept()
        running = fake.last("account", "sign-in")
        assert running.secrets == {"recovery_key": " ".join(["zebra"] * 24)}
        assert {"--account", "0b6f", "--recovery"} <= set(running.words)
        asked.reject()
        assert words.toPlainText() == ""


def test_the_new_machine_shows_a_code_and_six_words(shown: Open, qtbot: QtBot) -> None:
    with shown("out") as (made, fake):
        press(page(made), qtbot, "Pair this machine…")
        asked = dialog(made, WorkDialog)
        field(asked, "Service").setText("https://x")
        asked.accept()
        fake.last("account", "pair").tell({"code": "7Q4M-0ZKD-W2XA", "words": "a b c d e f"})
        assert "7Q4M-0ZKD-W2XA" in words_of(asked)
        assert "a  b  c\nd  e  f" in words_of(asked)
        asked.reject()


def test_a_machine_is_let_in_only_after_the_words_were_compared(shown: Open, qtbot: QtBot) -> None:
    with shown("in") as (made, fake):
        press(page(made), qtbot, "Add a machine…")
        asked = dialog(made, WorkDialog)
        field(asked, "The code").setText("7q4m 0zkd w2xa")
        asked.accept()
        looked = fake.last("account", "accept")
        assert looked.words == ("account", "accept", "--look")
        assert looked.secrets == {"code": "7q4m 0zkd w2xa"}
        looked.answer({"words": "a b c d e f", "device_id": "dd"})
        # Neither Enter nor Space lets it in by itself: the focus is where nothing happens.
        assert not asked.accept_button.isDefault()
        assert asked.focusWidget() is asked.cancel_button
        assert fake.last("account", "accept") is looked
        press(asked, qtbot, "They are the same: let it in")
        assert fake.last("account", "accept").words == ("account", "accept", "--words", "a b c d e f")
        fake.last("account", "accept").answer({})
        assert not asked.isVisible()


def test_how_it_stands_is_told(shown: Open, qtbot: QtBot) -> None:
    with shown("in") as (made, fake):
        told = words_of(page(made))
        assert "Everything is synced" in told
        assert "office-workstation" in told
        assert "Last heard from: today, " in told
        assert "orbit  velvet  maple" in told
        assert mark(made) == ""
        live = fake.last("sync", "--live")
        press(page(made), qtbot, "Sync now")
        assert live.said[-1] == {"do": "sync"}
        live.tell({"event": "syncing", "done": 30, "total": 120})
        assert page(made)._status._bar.value() == 250
        live.tell({"event": "failed", "error": ServiceAway("The service is away.", detail="x").as_json()})
        assert "The service is away." in words_of(page(made))
        heard: list[object] = []
        made.services.freshness.changed.connect(heard.append)
        live.tell({"event": "synced", "records": 1, "spans": 0})
        assert heard == [EVERYTHING]
        assert "Everything is synced" in words_of(page(made))
        # A change of one's own goes out at once.
        before = len(live.said)
        made.services.settings.change(made.services.changes, {"notifications.goal_reached": False})
        qtbot.waitUntil(lambda: len(live.said) > before, timeout=5_000)
        assert live.said[-1] == {"do": "sync"}


def test_an_alarm_stays_until_it_was_read(shown: Open, qtbot: QtBot) -> None:
    with shown("alarm") as (made, fake):
        assert "holds back" in words_of(page(made)._alarms)
        assert mark(made) == "an alarm to read"
        fake.answers["sync --read-alarms"] = {"read": 2}
        press(page(made), qtbot, "I have read this")
        made.settle(qtbot)
        live = fake.last("sync", "--live")
        assert live.said[-2:] == [{"do": "status"}, {"do": "sync"}]
        live.tell({"event": "status", "alarms": [], "account": {"account_id": "x"}, "last_success_ms": 5})
        assert not page(made)._alarms.isVisible()
        assert mark(made) == ""


def test_a_conflict_is_decided_field_by_field_and_undone(shown: Open, qtbot: QtBot) -> None:
    with shown("conflicts") as (made, fake):
        fake.answers |= {"conflicts resolve": {}, "conflicts undo": {}}
        assert mark(made) == "2 conflicts wait for your choice"
        page(made).go({"show": "conflict"})
        asked = dialog(made, ConflictDialog)
        asked._choice.choose("merge")
        asked._chosen("merge")
        asked._groups["color"].button(0).setChecked(True)  # type: ignore[union-attr]
        asked.accept()
        made.settle(qtbot)
        ran = fake.last("conflicts", "resolve")
        assert ran.words == ("conflicts", "resolve", "k1")
        assert json.loads(ran.secrets["merge"]) == {"name": 1, "color": 0, "language": 1}
        made.window.activateWindow()
        qtbot.waitUntil(made.window.isActiveWindow)
        qtbot.keyClick(made.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        made.settle(qtbot)
        assert fake.last("conflicts", "undo").words == ("conflicts", "undo", "k1")
        press(page(made), qtbot, "Undo")
        made.settle(qtbot)
        assert fake.last("conflicts", "undo").words == ("conflicts", "undo", "k3")


def test_of_two_sessions_both_can_be_kept(shown: Open, qtbot: QtBot) -> None:
    with shown("conflicts") as (made, fake):
        fake.answers["conflicts resolve"] = {}
        second = page(made)._conflicts._conflicts[1]
        page(made)._conflicts._open(second)
        asked = dialog(made, ConflictDialog)
        asked._choice.choose("both")
        asked.accept()
        made.settle(qtbot)
        assert fake.last("conflicts", "resolve").words == ("conflicts", "resolve", "k2", "--take", "both")


def test_a_machine_is_taken_off_with_the_password(shown: Open, qtbot: QtBot) -> None:
    with shown("in") as (made, fake):
        machine = page(made)._machines._known.machines[1]  # type: ignore[union-attr]
        page(made)._machines._revoke(machine)
        asked = dialog(made, WorkDialog)
        assert not asked.accept_button.isEnabled()
        field(asked, "Password").setText(PASSWORD)
        asked.accept()
        ran = fake.last("account", "revoke")
        assert ran.words == ("account", "revoke", machine.device_id)
        assert ran.secrets == {"password": PASSWORD}
        ran.answer({})
        assert not asked.isVisible()
        made.settle(qtbot)


def test_new_words_are_shown_even_where_the_secret_key_is_not_known(shown: Open, qtbot: QtBot) -> None:
    with shown("in") as (made, fake):
        fake.answers["account kit"] = ServiceRefused("no")
        press(page(made), qtbot, "New recovery words…")
        asked = dialog(made, WorkDialog)
        field(asked, "Password").setText(PASSWORD)
        asked.accept()
        fake.last("account", "recovery-key").answer({"recovery_key": " ".join(["zebra"] * 24)})
        made.settle(qtbot)
        assert "zebra" in dialog(made, KitDialog)._paper.toPlainText()
        dialog(made, KitDialog)._kept.setChecked(True)
        dialog(made, KitDialog).accept()
