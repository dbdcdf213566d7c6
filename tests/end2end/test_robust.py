"""What happens to a program that runs all day: second starts, damaged files, logouts, missing buses."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from app.errors import AgentNotRunning
from tests.desktop.agent import Agent
from tests.desktop.desktop import Desktop
from tests.desktop.waiting import now_ms, wait_until
from tests.desktop.windows import Window
from tests.end2end import stored

pytestmark = pytest.mark.display


def test_a_second_agent_refuses_and_the_first_goes_on(agent: Agent, first: Window) -> None:
    agent.go_to(first, "alpha")
    agent.command("--tray", code=1)
    assert agent.running
    agent.go_to(first, "alpha")


def test_two_agents_started_at_once_become_one(make_agent: Callable[..., Agent]) -> None:
    one = make_agent()
    other = Agent(one.desktop, environ=one.extra)
    one.start(wait=False)
    other.start(wait=False)
    wait_until(lambda: one.running != other.running, "one of them to refuse")
    left, gone = (one, other) if one.running else (other, one)
    assert gone.process is not None
    assert gone.process.returncode == 1
    left.wait_state("tracking", "idle")
    left.quit()


@pytest.mark.parametrize("damage", ["garbage", "torn", "empty"])
def test_a_damaged_database_is_set_aside_and_told(
    make_agent: Callable[..., Agent], first: Window, damage: str
) -> None:
    agent = make_agent()
    with agent:
        agent.go_to(first, "alpha")
        agent.stay(1)
        agent.command("data", "backup")
    database = agent.paths.database
    whole = database.read_bytes()
    ruined = {
        "garbage": os.urandom(len(whole)),
        "torn": whole[: len(whole) // 2] + os.urandom(len(whole) // 2),
        "empty": b"",
    }[damage]
    database.write_bytes(ruined)
    with agent:
        agent.go_to(first, "alpha")
        assert agent.status()["problems"], "nothing was said about the damage"
        agent.stay(1)
        agent.request("flush")
        stored.check_sound(database)
    kept = [file for file in agent.home.rglob("*") if file.is_file() and file != database]
    if damage != "empty":
        assert any(file.read_bytes()[:4096] == ruined[:4096] for file in kept), "the damaged file is gone"
    assert stored.spans(database)


def test_a_database_that_is_gone_is_told_until_the_person_decides(
    make_agent: Callable[..., Agent], first: Window
) -> None:
    agent = make_agent()
    with agent:
        agent.go_to(first, "alpha")
        agent.stay(1)
        agent.command("data", "backup")
    before = stored.spans(agent.paths.database)
    for file in agent.paths.data.glob("devpulse.db*"):
        file.unlink()
    for _ in range(2):
        with agent:
            agent.go_to(first, "alpha")
            assert "database was gone" in agent.status()["problems"][0]["title"]
    agent.command("data", "restore", "--yes")
    assert stored.spans(agent.paths.database)[: len(before) - 1] == before[:-1]
    with agent:
        assert agent.status()["problems"] == []


def _told_a_problem(agent: Agent) -> bool:
    with contextlib.suppress(AgentNotRunning):
        return bool(agent.status()["problems"])
    return False


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_logging_out_stores_everything(
    make_agent: Callable[..., Agent], first: Window, end: signal.Signals
) -> None:
    agent = make_agent()
    agent.start()
    agent.go_to(first, "alpha")
    agent.stay(2)
    assert agent.process is not None
    agent.process.send_signal(end)
    ended_ms = now_ms()
    assert agent.process.wait(20) == 0
    last = stored.spans(agent.paths.database)[-1]
    assert abs(last.end_ms - ended_ms) < 700


def test_a_shutdown_announced_stores_everything(desktop: Desktop, agent: Agent, first: Window) -> None:
    agent.go_to(first, "alpha")
    agent.stay(1)
    desktop.login.prepare_for_shutdown()
    ended_ms = now_ms()
    wait_until(
        lambda: abs(stored.spans(agent.paths.database)[-1].end_ms - ended_ms) < 1500,
        "the last span to be stored",
    )


def test_a_bus_that_goes_away_does_not_stop_tracking(
    desktop: Desktop, make_agent: Callable[..., Agent], first: Window
) -> None:
    with Desktop(panel=desktop.panel) as other:
        window = other.programs.terminal(other.repository("alpha"))
        with Agent(other) as agent:
            other.session_bus.kill()
            other.system_bus.kill()
            time.sleep(1)
            agent.go_to(window, "alpha")


def test_no_bus_at_all_is_no_reason_not_to_track(make_agent: Callable[..., Agent], first: Window) -> None:
    nowhere = {
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
    }
    agent = make_agent(environ=nowhere)
    with agent:
        agent.go_to(first, "alpha")


def test_a_command_without_an_agent_says_so(make_agent: Callable[..., Agent]) -> None:
    agent = make_agent()
    agent.command("status", code=3)
    agent.command("pause", code=3)


def test_the_agent_leaves_no_process_behind(agent: Agent) -> None:
    before = set(agent.desktop.family.members())
    agent.quit()
    left = before & set(agent.desktop.family.members())
    mine = [pid for pid in left if b"app" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]
    assert mine == []
    assert not agent.paths.socket.exists()


def test_the_span_being_recorded_is_corrected_by_command(agent: Agent, first: Window) -> None:
    agent.command("projects", "list")
    agent.go_to(first, "alpha")
    agent.command("projects", "add", str(agent.desktop.home), "--name", "elsewhere")
    agent.stay(3)
    agent.command("correct", "--last", "1s", "--project", "elsewhere")
    agent.command("correct", "--project", "elsewhere")
    agent.stay(2)
    told = agent.report()
    report = {row["name"]: row["seconds"] for row in told["by_project"]}
    assert report["elsewhere"] > 3  # the last second before the first command, and all since
    assert report["alpha"] > 2
    assert report["alpha"] + report["elsewhere"] == pytest.approx(told["active_seconds"], abs=0.1)
    stored.check_sound(agent.paths.database)
    agent.command("projects", "use", "elsewhere")
    agent.wait_current(project="elsewhere")
    agent.command("projects", "use", "--recognised")
    agent.wait_current(project="alpha")


def test_a_database_removed_while_it_is_recorded_into_is_put_back(
    make_agent: Callable[..., Agent], first: Window, second: Window
) -> None:
    agent = make_agent()
    with agent:
        agent.go_to(first, "alpha")
        agent.stay(1)
        agent.request("flush")
        before = stored.spans(agent.paths.database)
        for file in agent.paths.data.glob("devpulse.db*"):
            file.unlink()
        agent.go_to(second, "beta")
        wait_until(agent.paths.database.exists, "the database to be put back")
        wait_until(lambda: agent.status()["problems"], "the removal to be told")
        assert "removed" in agent.status()["problems"][0]["title"]
        assert "was removed" in agent.command("doctor")
        agent.stay(1)
    stored.check_sound(agent.paths.database)
    after = stored.spans(agent.paths.database)
    assert [span.start_ms for span in before] == [span.start_ms for span in after][: len(before)]
    assert after[-1].project == "beta"


def test_a_database_removed_just_before_the_end_is_put_back(
    make_agent: Callable[..., Agent], first: Window
) -> None:
    agent = make_agent()
    with agent:
        agent.go_to(first, "alpha")
        agent.stay(1)
        for file in agent.paths.data.glob("devpulse.db*"):
            file.unlink()
    stored.check_sound(agent.paths.database)
    assert stored.spans(agent.paths.database)[-1].project == "alpha"


def test_a_database_removed_while_nobody_is_there_outlives_a_kill(
    make_agent: Callable[..., Agent], first: Window
) -> None:
    agent = make_agent(settings={"tracking.idle_after_s": 10})
    agent.start()
    agent.go_to(first, "alpha")
    agent.stay(1)
    agent.wait_state("idle", timeout_s=60)
    before = stored.spans(agent.paths.database)
    for file in agent.paths.data.glob("devpulse.db*"):
        file.unlink()
    wait_until(agent.paths.database.exists, "the database to be put back")
    agent.kill()
    stored.check_sound(agent.paths.database)
    after = stored.spans(agent.paths.database)
    assert [span.start_ms for span in before] == [span.start_ms for span in after][: len(before)]
    assert "alpha" in [span.project for span in after]


def test_a_database_replaced_while_it_is_recorded_into_is_kept_aside(
    make_agent: Callable[..., Agent], first: Window, second: Window
) -> None:
    agent = make_agent()
    with agent:
        agent.go_to(first, "alpha")
        agent.stay(1)
        agent.command("data", "backup")
        [backup] = agent.paths.backups.glob("*.db")
        agent.go_to(second, "beta")
        agent.stay(1)
        agent.request("flush")
        restored = len(stored.spans(backup))
        backup.rename(agent.paths.database)
        wait_until(lambda: list(agent.paths.data.glob("devpulse.displaced-*.db")), "it to be set aside")
        wait_until(partial(_told_a_problem, agent), "it to be told", timeout_s=60)
        assert any("Another file" in problem["title"] for problem in agent.status()["problems"])
        agent.go_to(first, "alpha")
        agent.stay(1)
    [aside] = agent.paths.data.glob("devpulse.displaced-*.db")
    stored.check_sound(aside)
    assert stored.spans(aside)[-1].project == "beta"
    stored.check_sound(agent.paths.database)
    assert len(stored.spans(agent.paths.database)) > restored
    agent.command("data", "restore", "--none")
    with agent:
        assert not any("Another file" in problem["title"] for problem in agent.status()["problems"])


def test_a_database_damaged_while_it_is_recorded_into_can_be_quit_and_recovered(
    make_agent: Callable[..., Agent], first: Window, second: Window
) -> None:
    agent = make_agent()
    with agent:
        agent.go_to(first, "alpha")
        agent.stay(1)
        agent.command("data", "backup")
        database = agent.paths.database
        with database.open("r+b") as file:
            file.write(os.urandom(database.stat().st_size))
        agent.go_to(second, "beta")
        agent.stay(2)
    agent.command("data", "recover")
    with agent:
        agent.go_to(first, "alpha")
        agent.stay(1)
    stored.check_sound(database)
    assert "alpha" in [span.project for span in stored.spans(database)]
