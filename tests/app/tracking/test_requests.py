from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import config
from app.errors import DatabaseCorrupt, DevPulseError, StorageFull, UsageError
from app.loop import Loop
from app.models import unstored
from app.models.books import Books
from app.models.cipher import Cipher
from app.models.displaced import Mooring
from app.models.journal import Journal
from app.models.migrate import migrate
from app.models.values import Activity, Place, Span, State, WindowSample
from app.paths import Paths
from app.tracking.platform.base import Limit
from app.tracking.requests import Requests
from app.tracking.service import Hooks, Service
from tests.fakes.clock import ManualClock
from tests.fakes.sources import FakeMachine

KEY = bytes(range(32))
CODE = WindowSample("xterm", "shell", window=1)


class Agent:
    """Service and requests over a real database, on a machine and with a clock of our own."""

    def __init__(self, home: Path, *, key: bytes | None = KEY, clock: ManualClock | None = None) -> None:
        self.paths = Paths.discover({"DEVPULSE_HOME": str(home)}).create()
        if not self.paths.database.exists():
            migrate(self.paths)
        self.clock, self.machine = clock or ManualClock(), FakeMachine()
        self.loop = Loop(monotonic=lambda: self.clock.now().awake_ms / 1000)
        self.told: list[dict[str, Any]] = []
        self.reminders: list[Any] = []
        self.completed: list[str | None] = []
        self.replaced: list[bool] = []
        self.quits = 0
        self.stopped = False
        books = Books.open(self.paths.database, None if key is None else Cipher(key))
        if books.projects.named("demo") is None:
            books.projects.find_or_create(Place("demo", "/demo"))
        self.service = Service(
            paths=self.paths,
            loop=self.loop,
            clock=self.clock,
            sources=self.machine.sources,
            books=books,
            settings=config.load(self.paths.settings),
            hooks=Hooks(
                tell=self.told.append,
                focus_completed=lambda _, project: self.completed.append(project),
                stored_for_sleep=lambda: None,
                new_project=lambda _: None,
                remind=self.reminders.append,
                replaced=lambda: self.replaced.append(True),
            ),
        )
        self.requests = Requests(
            self.service, paths=self.paths, clock=self.clock, checks=list, quit_agent=self._quit
        )
        self.service.start()

    def _quit(self) -> None:
        self.quits += 1

    def ask(self, name: str, /, **values: object) -> dict[str, Any]:
        answer = self.requests.handle(name, values)
        return json.loads(json.dumps(answer))  # it must cross the socket

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds)):
            self.clock.advance(1)
            self.loop.run_once(0)

    def stop(self) -> None:
        if not self.stopped:
            self.stopped = True
            self.service.stop()
            self.loop.close()


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    agent = Agent(tmp_path)
    agent.machine.windows.show(CODE)
    yield agent
    agent.stop()


def test_the_status_tells_what_is_recorded(agent: Agent) -> None:
    agent.wait(10)
    status = agent.ask("status")
    assert status["state"] == "tracking"
    assert status["current"]["title"] == "shell"
    assert status["today"]["active_seconds"] == 10
    assert status["problems"] == []


def test_a_pause_ends_by_itself(agent: Agent) -> None:
    agent.wait(5)
    assert agent.ask("pause", seconds=60)["state"] == "paused"
    agent.wait(30)
    assert agent.ask("status")["current"] is None
    agent.wait(32)
    agent.wait(5)
    status = agent.ask("status")
    assert status["state"] == "tracking"
    assert 10 <= status["today"]["active_seconds"] <= 12


def test_a_pause_outlives_a_restart(agent: Agent, tmp_path: Path) -> None:
    agent.ask("pause", until="tomorrow")
    agent.stop()
    again = Agent(tmp_path, clock=agent.clock)
    try:
        assert again.ask("status")["state"] == "paused"
        assert again.ask("resume")["state"] == "tracking"
    finally:
        again.stop()


def test_a_pause_whose_end_was_slept_through_is_over(agent: Agent) -> None:
    agent.ask("pause", seconds=3600)
    agent.clock.sleep(7200)
    agent.machine.input.touch()
    agent.wait(301)
    assert agent.ask("status")["state"] == "tracking"


def test_private_mode_is_turned_and_outlives_a_restart(agent: Agent, tmp_path: Path) -> None:
    assert agent.ask("private")["state"] == "private"
    agent.stop()
    again = Agent(tmp_path, clock=agent.clock)
    try:
        assert again.ask("status")["private"] is True
        assert again.ask("private", on=False)["private"] is False
    finally:
        again.stop()


def test_damaged_switches_mean_private_mode(tmp_path: Path) -> None:
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path)}).create()
    paths.switches.write_text("{")
    agent = Agent(tmp_path)
    assert agent.ask("status")["state"] == "private"
    agent.stop()


def test_a_focus_session_completes_and_is_told(agent: Agent) -> None:
    agent.ask("focus", action="start", minutes=1, project="demo")
    agent.wait(30)
    focus = agent.ask("focus", action="status")["focus"]
    assert (focus["state"], focus["remaining_seconds"], focus["project"]) == ("running", 30, "demo")
    agent.wait(31)
    assert agent.completed == ["demo"]
    assert agent.ask("focus")["focus"] is None


def test_a_focus_session_outlives_a_restart(agent: Agent, tmp_path: Path) -> None:
    agent.ask("focus", action="start", minutes=10)
    agent.wait(60)
    agent.stop()
    agent.clock.advance(30)
    again = Agent(tmp_path, clock=agent.clock)
    try:
        again.wait(60)
        focus = again.ask("focus")["focus"]
        assert focus["state"] == "running"
        assert focus["focused_seconds"] == 120
    finally:
        again.stop()


def test_a_project_by_hand_is_recorded_until_it_is_let_go(agent: Agent) -> None:
    assert agent.ask("project", name="demo")["project_by_hand"] == "demo"
    agent.wait(5)
    assert agent.ask("status")["current"]["project"] == "demo"
    assert agent.ask("project")["current"]["project"] is None


def test_reloading_puts_changed_settings_in_force(agent: Agent) -> None:
    changed = config.load(agent.paths.settings).with_value("privacy.detail", "applications")
    config.save(agent.paths.settings, changed)
    agent.ask("reload")
    assert agent.ask("status")["current"]["title"] is None
    changed = changed.with_value("privacy.excluded_applications", ["xterm"])
    config.save(agent.paths.settings, changed)
    agent.ask("reload")
    status = agent.ask("status")
    assert status["current"] is None
    assert status["hidden"] == {"excluded_application": 1}


def test_a_bad_rule_is_a_problem_in_words_and_stops_nothing(agent: Agent) -> None:
    config.save(
        agent.paths.settings,
        config.Settings().with_value("privacy.title_rules", [{"pattern": "(", "action": "drop"}]),
    )
    agent.ask("reload")
    status = agent.ask("status")
    assert status["state"] == "tracking"
    assert "rule 1" in status["problems"][0]["title"].casefold()


def test_a_locked_agent_records_without_titles_and_is_unlocked(tmp_path: Path) -> None:
    Agent(tmp_path).stop()
    agent = Agent(tmp_path, key=None)
    agent.machine.windows.show(CODE)
    agent.wait(5)
    with pytest.raises(UsageError):
        agent.ask("unlock", key="AAAA")
    with pytest.raises(DevPulseError):
        agent.ask("unlock", key=base64.b64encode(bytes(32)).decode())
    waiting = Span(1_000, 2_000, 0, State.ACTIVE, Activity("xterm", "of the last run"))
    unstored.save(agent.paths.unstored, Cipher(KEY), [waiting])
    agent.ask("unlock", key=base64.b64encode(KEY).decode())
    assert agent.ask("unlock", key="again") == {"unlocked": True}
    assert not unstored.waits(agent.paths.unstored)
    agent.machine.windows.show(WindowSample("xterm", "another", window=1))
    agent.wait(5)
    agent.ask("flush")
    connection = agent.service._books.store.connection
    rows = connection.execute("SELECT title_id IS NOT NULL FROM activity_logs ORDER BY start_ms").fetchall()
    assert rows == [(1,), (0,), (1,)]
    agent.stop()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("account", {"conflicts": -1, "alarms": 0}),
        ("account", {"conflicts": "2"}),
        ("pause", {"seconds": "soon"}),
        ("pause", {"seconds": 0}),
        ("pause", {"seconds": True}),
        ("pause", {"seconds": 1e300}),
        ("pause", {"seconds": float("nan")}),
        ("private", {"on": 1}),
        ("focus", {"action": "dance"}),
        ("focus", {"action": ["start"]}),
        ("focus", {"action": "start", "minutes": 1.5}),
        ("focus", {"action": "start", "minutes": -1}),
        ("focus", {"action": "start", "project": 3}),
        ("focus", {"action": "start", "project": "nobody's"}),
        ("focus", {"action": "stop"}),
        ("project", {"name": "nobody's"}),
        ("project", {"name": {}}),
        ("nonsense", {}),
        ("", {}),
    ],
)
def test_words_that_make_no_sense_are_refused(agent: Agent, name: str, values: dict[str, object]) -> None:
    before = agent.ask("status")
    with pytest.raises(DevPulseError):
        agent.ask(name, **values)
    assert agent.ask("status")["state"] == before["state"]


def test_what_waits_of_the_account_is_told_until_it_is_signed_out(agent: Agent, tmp_path: Path) -> None:
    assert agent.ask("status")["account"] is None
    agent.paths.account.touch()
    agent.ask("account", conflicts=2, alarms=1)
    assert agent.ask("status")["account"] == {"conflicts": 2, "alarms": 1}
    agent.ask("reload")
    assert agent.ask("status")["account"] is not None
    agent.paths.account.unlink()
    agent.ask("reload")
    assert agent.ask("status")["account"] is None


def test_quit_stores_first(agent: Agent) -> None:
    agent.wait(5)
    agent.ask("quit")
    assert agent.quits == 1


def test_quit_is_refused_while_something_cannot_be_stored(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.wait(5)

    def full(*_: object) -> None:
        raise StorageFull("The disk is full.")

    monkeypatch.setattr(agent.service._books.journal, "set_end", full)
    with pytest.raises(DevPulseError):
        agent.ask("quit")
    assert agent.quits == 0
    assert agent.ask("status")["state"] == "degraded"
    monkeypatch.undo()
    agent.ask("quit")
    assert agent.quits == 1
    assert agent.ask("status")["state"] == "tracking"


def test_a_damaged_file_is_no_reason_to_go_on(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    agent.machine.windows.show(CODE)
    agent.wait(5)

    def damaged(*_: object) -> None:
        raise DatabaseCorrupt("The database's file is damaged.")

    with monkeypatch.context() as broken:
        broken.setattr(agent.service._books.journal, "set_end", damaged)
        agent.ask("quit")
        assert agent.quits == 1
        agent.stop()
    with Books.open(agent.paths.database, Cipher(KEY)).store as store:
        assert unstored.take_in(agent.paths.unstored, Journal(store)) == 1
        [(total,)] = store.connection.execute("SELECT sum(end_ms - start_ms) FROM activity_logs").fetchall()
    assert total >= 4_000
    assert not agent.paths.unstored.exists()


def test_where_no_window_can_be_seen_the_status_says_so(tmp_path: Path) -> None:
    agent = Agent(tmp_path)
    try:
        agent.machine.windows.name = "null"
        agent.machine.windows.limits = (Limit("There is no display.", "Start it in your session."),)
        status = agent.ask("status")
        assert status["state"] == "degraded"
        assert status["problems"][0]["detail"] == "There is no display."
        assert status["problems"][0]["advice"] == "Start it in your session."
        agent.ask("pause")
        assert agent.ask("status")["state"] == "paused"
    finally:
        agent.stop()


def test_a_removed_database_is_put_back_and_told(agent: Agent) -> None:
    agent.machine.windows.show(CODE)
    agent.wait(3)
    for file in agent.paths.data.glob("devpulse.db*"):
        file.unlink()
    agent.wait(2)
    assert agent.paths.database.exists()
    status = agent.ask("status")
    assert status["state"] == "tracking"
    assert "removed" in status["problems"][0]["title"]
    agent.wait(3)
    agent.ask("flush")
    agent.stop()
    with Books.open(agent.paths.database, Cipher(KEY)).store as store:
        [(start, end)] = store.connection.execute("SELECT start_ms, end_ms FROM activity_logs").fetchall()
    assert end - start >= 8_000


def test_a_database_removed_while_nobody_is_there_is_put_back_at_once(agent: Agent) -> None:
    agent.wait(5)
    agent.machine.input.idle = 200_000
    agent.machine.input.go_idle(200_000)
    agent.wait(10)
    assert agent.ask("status")["state"] == "idle"
    for file in agent.paths.data.glob("devpulse.db*"):
        file.unlink()
    agent.loop.run_once(1)
    agent.wait(2)
    assert agent.paths.database.exists()


def test_a_removed_database_that_cannot_be_put_back_is_told_and_tried_again(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.machine.windows.show(CODE)
    agent.wait(3)
    for file in agent.paths.data.glob("devpulse.db*"):
        file.unlink()

    def refuse(*_: object) -> None:
        raise StorageFull("The disk is full.")

    with monkeypatch.context() as full:
        full.setattr(Mooring, "put_back", refuse)
        agent.wait(2)
        assert agent.ask("status")["state"] == "degraded"
        with pytest.raises(DevPulseError, match="Not everything"):
            agent.ask("quit")
    assert agent.quits == 0
    agent.wait(65)
    assert agent.ask("status")["state"] == "tracking"
    assert agent.paths.database.exists()


def test_a_removed_database_is_put_back_at_the_end(agent: Agent) -> None:
    agent.machine.windows.show(CODE)
    agent.wait(3)
    for file in agent.paths.data.glob("devpulse.db*"):
        file.unlink()
    agent.stop()
    with Books.open(agent.paths.database, Cipher(KEY)).store as store:
        assert store.connection.execute("SELECT count(*) FROM activity_logs").fetchone() == (1,)


def test_a_database_that_was_replaced_leaves_the_other_one_alone(agent: Agent, tmp_path: Path) -> None:
    agent.machine.windows.show(CODE)
    agent.wait(3)
    other = Paths.discover({"DEVPULSE_HOME": str(tmp_path / "other")}).create()
    migrate(other)
    content = other.database.read_bytes()
    other.database.replace(agent.paths.database)
    agent.wait(2)
    assert agent.replaced == [True]
    agent.stop()
    assert agent.paths.database.read_bytes() == content
    [kept] = agent.paths.data.glob("devpulse.displaced-*.db")
    with Books.open(kept, Cipher(KEY)).store as store:
        assert store.connection.execute("SELECT count(*) FROM activity_logs").fetchone() == (1,)
