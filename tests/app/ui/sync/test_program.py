from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.errors import AgentNotRunning, DevPulseError
from app.paths import Paths
from app.ui.sync.program import Commands

WAIT_MS = 30_000


@pytest.fixture
def commands(qtbot: QtBot, tmp_path: Path) -> Commands:
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path)}).create()
    return Commands(paths, lambda: "")


def test_a_command_runs_in_the_home_of_the_window_and_answers_in_json(
    commands: Commands, qtbot: QtBot
) -> None:
    running = commands.run(("settings", "get", "sync.when"))
    told: list[Any] = []
    running.told.connect(told.append)
    with qtbot.waitSignal(running.finished, timeout=WAIT_MS) as done:
        pass
    assert done.args == told[-1:]
    assert "automatic" in str(done.args)


def test_an_error_comes_as_what_it_is(commands: Commands, qtbot: QtBot) -> None:
    running = commands.run(("pause",))
    with qtbot.waitSignal(running.failed, timeout=WAIT_MS) as done:
        pass
    assert done.args is not None
    assert isinstance(done.args[0], AgentNotRunning)
    with pytest.raises(AgentNotRunning):
        commands.call(("pause",))


def test_a_cancelled_command_is_gone_and_says_nothing(commands: Commands, qtbot: QtBot) -> None:
    running = commands.run(("status", "--follow"))
    heard: list[object] = []
    for signal in (running.told, running.finished, running.failed):
        signal.connect(heard.append)
    process = running._process  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: process.processId() > 0, timeout=WAIT_MS)
    pid = process.processId()
    commands.close()
    assert heard == []
    assert not Path(f"/proc/{pid}").exists()


def test_what_is_no_command_is_an_error_too(commands: Commands) -> None:
    with pytest.raises(DevPulseError):
        commands.call(("no-such-command",))
