from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.errors import DevPulseError
from app.ui.opening import Opening
from app.ui.shell.place import load_place
from tests.app.ui.window import Opened, make_home, opened


class Starter:
    """Stands for the command that starts an agent."""

    def __init__(self) -> None:
        self.error: DevPulseError | None = None
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1
        if self.error is not None:
            raise self.error


class Made:
    def __init__(self, opened_: Opened) -> None:
        self.opened = opened_
        self.starter = Starter()
        self.agent = opened_.agent
        # What a line to an agent has beside being one.
        for name in ("start", "connect_now"):
            setattr(self.agent, name, lambda: None)
        self.opening = Opening(opened_.services, opened_.window, self.agent, self.starter)  # type: ignore[arg-type]
        self.opening._absent.setInterval(30)
        self.notice = opened_.window._notice


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Made]:
    with opened(qtbot, make_home(tmp_path)) as found:
        yield Made(found)


def test_the_first_start_welcomes_and_the_next_goes_on(made: Made, qtbot: QtBot) -> None:
    made.opening.begin("", None)
    made.opened.settle(qtbot)
    assert made.opened.window.shown == "welcome"
    made.opened.paths.welcomed.touch()
    made.opening.show("settings", {"section": "focus"})
    made.opened.settle(qtbot)
    assert made.opened.window.shown == "settings"
    made.opening.end()
    assert load_place(made.opened.paths.window).page == "settings"
    made.opened.window.open("privacy")
    made.opening.begin("", None)
    assert made.opened.window.shown == "settings"


def test_a_page_that_is_named_comes_first(made: Made, qtbot: QtBot) -> None:
    made.opening.begin("privacy", None)
    made.opened.settle(qtbot)
    assert made.opened.window.shown == "privacy"


def test_an_agent_that_goes_is_told_and_can_be_started(made: Made, qtbot: QtBot) -> None:
    made.opening.begin("settings", None)
    qtbot.waitUntil(lambda: made.starter.calls == 1)
    made.opened.settle(qtbot)
    made.agent.tell(None)
    qtbot.waitUntil(made.notice.isVisible)
    assert "not recording" in made.notice._words.text()
    made.starter.error = DevPulseError("The disk is full.", advice="Free some space.")
    qtbot.keyClick(made.notice._button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "The disk is full. Free some space." in made.notice._words.text())
    from tests.fakes.agent import status

    made.agent.tell(status())
    assert not made.notice.isVisible()


def test_one_that_is_soon_back_is_not_worth_a_word(made: Made, qtbot: QtBot) -> None:
    from tests.fakes.agent import status

    made.opening._absent.setInterval(10_000)
    made.opening.begin("settings", None)
    made.opened.settle(qtbot)
    made.agent.tell(None)
    made.agent.tell(status())
    assert not made.notice.isVisible()
    assert not made.opening._absent.isActive()


def test_a_desktop_without_a_tray_is_told_once(made: Made, qtbot: QtBot) -> None:
    missing = {"name": "tray", "state": "missing", "detail": "", "advice": ""}
    made.agent.answers["doctor"] = {"checks": [missing]}
    made.opening.begin("settings", None)
    made.opening._ask_for_tray()
    assert "no tray icons" in made.notice._words.text()
    qtbot.keyClick(made.notice._button, Qt.Key.Key_Space)
    assert not made.notice.isVisible()
    made.opening.end()
    assert load_place(made.opened.paths.window).told_no_tray
    made.opening._ask_for_tray()
    assert not made.notice.isVisible()


def test_what_the_windows_write_is_their_owners_only(made: Made, qtbot: QtBot, tmp_path: Path) -> None:
    from app.ui.instance import Instance

    paths = made.opened.paths
    instance = Instance(paths.windows_socket)
    assert instance.take({})
    made.opening.begin("settings", None)
    made.opening.end()
    instance.close()
    written = [paths.windows_socket.with_suffix(".lock"), paths.window]
    assert [oct(file.stat().st_mode & 0o777) for file in written] == ["0o600"] * 2


def test_a_key_that_comes_with_the_agent_opens_the_titles(made: Made, qtbot: QtBot) -> None:
    from tests.fakes.agent import status

    paths, library = made.opened.paths, made.opened.services.library
    kept = (paths.data / "key.json").read_bytes()
    (paths.data / "key.json").unlink()
    made.opening.begin("privacy", None)
    made.opened.settle(qtbot)
    assert library.cipher is None
    assert library.locked
    made.agent.tell(None)
    (paths.data / "key.json").write_bytes(kept)
    with qtbot.waitSignal(made.opened.services.freshness.changed):
        made.agent.tell(status())
    assert library.cipher is not None
    assert not library.locked
