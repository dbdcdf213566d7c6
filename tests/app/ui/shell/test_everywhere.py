from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.ui.shell.everywhere import commands
from tests.app.ui.window import Opened, make_home, opened
from tests.fakes.agent import status


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    with opened(qtbot, make_home(tmp_path)) as made:
        yield made


def run(made: Opened, title: str) -> None:
    (found,) = [c for c in commands(made.services, lambda: made.window) if c.title == title]
    found.run()


def titles(made: Opened) -> list[str]:
    return [c.title for c in commands(made.services, lambda: made.window)]


def test_what_is_offered_follows_the_agent(made: Opened) -> None:
    run(made, "Pause for 15 minutes")
    run(made, "Private mode")
    run(made, "Start focus")
    assert made.agent.asked == [
        ("pause", {"seconds": 900}),
        ("private", {"on": True}),
        ("focus", {"action": "start"}),
    ]
    made.agent.tell(status(state="paused", private=True, focus={"state": "running"}))
    assert {"Resume tracking", "Leave private mode", "Stop focus"} <= set(titles(made))
    made.agent.tell(None)
    assert titles(made) == ["Import from another tracker", "Dark"]


def test_the_look_changes_from_anywhere(made: Opened, qtbot: QtBot) -> None:
    run(made, "Dark")
    made.settle(qtbot)
    assert made.services.theme.tokens.dark
    run(made, "Light")
    made.settle(qtbot)
    assert not made.services.theme.tokens.dark
