import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.control import Server
from app.errors import AgentNotRunning, DevPulseError, UsageError
from app.loop import Loop
from app.ui.live import Live


class Other:
    """A control server in a thread of its own, as the agent has one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.state = "tracking"
        self.asked: list[str] = []
        self.start()

    def start(self) -> None:
        self._loop = Loop()
        self.server = Server(self._path, self._loop, self._answer)
        self.server.start()
        self._thread = threading.Thread(target=self._loop.run)
        self._thread.start()

    def stop(self) -> None:
        self._loop.post(self.server.stop)
        self._loop.post(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def publish(self, event: str, **values: Any) -> None:
        self._loop.post(lambda: self.server.publish(event, values))

    def _answer(self, name: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append(name)
        if name == "pause":
            raise UsageError("A pause lasts more than nothing.")
        return {"state": self.state}


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Other]:
    other = Other(tmp_path / "run" / "agent.sock")
    yield other
    other.stop()


@pytest.fixture
def live(tmp_path: Path, qtbot: QtBot) -> Iterator[Live]:
    live = Live(tmp_path / "run" / "agent.sock")
    yield live
    live.stop()


def test_the_status_is_followed(other: Other, live: Live, qtbot: QtBot) -> None:
    with qtbot.waitSignal(live.present_changed):
        live.start()
    assert live.present
    assert live.status == {"state": "tracking"}
    with qtbot.waitSignal(live.status_changed) as told:
        other.publish("status", state="idle", current={"title": "ü" * 60_000})
    assert told.args[0]["state"] == "idle"
    assert len(live.status["current"]["title"]) == 60_000
    with qtbot.waitSignal(live.focus_ended) as told:
        other.publish("focus_ended", focused_seconds=1500)
    assert told.args[0]["focused_seconds"] == 1500


def test_requests_are_answered_each_to_its_asker(other: Other, live: Live, qtbot: QtBot) -> None:
    live.start()
    qtbot.waitUntil(lambda: live.present)
    answers: list[dict[str, Any]] = []
    errors: list[DevPulseError] = []
    live.request("pause", seconds=0, then=answers.append, failed=errors.append)
    live.request("resume", then=answers.append, failed=errors.append)
    assert (answers, errors) == ([], [])
    qtbot.waitUntil(lambda: len(answers) == 1 and len(errors) == 1)
    assert isinstance(errors[0], UsageError)


def test_an_agent_that_goes_and_comes_back(other: Other, live: Live, qtbot: QtBot) -> None:
    live.start()
    qtbot.waitUntil(lambda: live.present)
    with qtbot.waitSignal(live.present_changed) as told:
        other.stop()
    assert told.args == [False]
    assert live.status is None
    errors: list[DevPulseError] = []
    live.request("resume", failed=errors.append)
    assert errors == []
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert isinstance(errors[0], AgentNotRunning)
    with qtbot.waitSignal(live.present_changed, timeout=10_000) as told:
        other.start()
    assert told.args == [True]


def test_an_answer_that_never_comes_is_told(other: Other, live: Live, qtbot: QtBot) -> None:
    live.start()
    qtbot.waitUntil(lambda: live.present)
    errors: list[DevPulseError] = []
    live.request("resume", failed=errors.append)
    live.stop()
    qtbot.waitUntil(lambda: len(errors) == 1)


def test_without_an_agent_it_waits(live: Live, qtbot: QtBot) -> None:
    live.start()
    assert not live.present
