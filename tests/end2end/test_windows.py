"""The windows' process: opened by command and from the tray, one a home, and the agent none the wiser."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.desktop.agent import ROOT, Agent
from tests.desktop.desktop import Desktop
from tests.desktop.tray import EmbeddedTray
from tests.desktop.waiting import wait_until

pytestmark = pytest.mark.display

Opener = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def opened(desktop: Desktop) -> Iterator[Opener]:
    """Opens the windows of an agent's home; what is still open at the end is closed."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(agent: Agent, *words: str) -> subprocess.Popen[bytes]:
        agent.paths.data.mkdir(parents=True, exist_ok=True)
        agent.paths.welcomed.touch()
        argv = [sys.executable, "-m", "app", *words]
        processes.append(desktop.family.start("windows", argv, agent.environ, cwd=ROOT))
        return processes[-1]

    yield start
    for process in processes:
        if process.poll() is None:
            desktop.family.end(process)


def the_window(desktop: Desktop, page: str = "") -> int:
    return desktop.hands.wait_window(title=f"{page}.*— DevPulse")


def close(desktop: Desktop, window: int, process: subprocess.Popen[bytes]) -> None:
    desktop.hands.focus(window)
    desktop.hands.key("ctrl+w")
    assert process.wait(20) == 0


def test_the_first_window_starts_the_agent_and_leaves_it_alone(
    desktop: Desktop, make_agent: Callable[..., Agent], opened: Opener
) -> None:
    agent = make_agent()
    assert not agent.answers()
    process = opened(agent)
    window = the_window(desktop)
    wait_until(agent.answers, "the agent to be started", timeout_s=30)
    pid = agent.status()["pid"]
    close(desktop, window, process)
    assert agent.status()["pid"] == pid
    agent.request("quit")
    wait_until(lambda: not agent.answers(), "the agent to end")


def test_a_second_start_raises_the_window_at_its_page(desktop: Desktop, agent: Agent, opened: Opener) -> None:
    first = opened(agent)
    window = the_window(desktop)
    other = desktop.programs.terminal(desktop.repository("alpha"))
    desktop.hands.focus(other.id)
    second = opened(agent, "--page", "settings")
    assert second.wait(20) == 0
    wait_until(lambda: desktop.hands.title(window).startswith("Settings"), "the page")
    wait_until(lambda: desktop.hands.active() == window, "the window in front")
    close(desktop, window, first)


def test_a_killed_window_opens_again_where_it_was(desktop: Desktop, agent: Agent, opened: Opener) -> None:
    process = opened(agent, "--page", "settings")
    window = the_window(desktop, "Settings")
    desktop.hands.place(window, 60, 40, 1100, 700)
    close(desktop, window, process)
    again = opened(agent)
    window = the_window(desktop, "Settings")
    wait_until(lambda: desktop.hands.geometry(window)[2:] == (1100, 700), "the size of the last time")
    again.send_signal(signal.SIGKILL)
    again.wait(20)
    wait_until(lambda: not desktop.hands.find(title="— DevPulse"), "the window to go")
    once_more = opened(agent)
    close(desktop, the_window(desktop), once_more)


def test_a_window_outlives_its_agent(desktop: Desktop, agent: Agent, opened: Opener) -> None:
    process = opened(agent)
    window = the_window(desktop)
    agent.kill()
    agent.start()
    assert process.poll() is None
    close(desktop, window, process)


def test_the_tray_opens_the_window(desktop: Desktop, agent: Agent) -> None:
    tray = EmbeddedTray(desktop.hands, agent.environ)
    desktop.hands.click(*tray.wait_icon().middle)
    window = the_window(desktop)
    desktop.hands.focus(window)
    desktop.hands.key("ctrl+w")
    wait_until(lambda: not desktop.hands.find(title="— DevPulse"), "the window to close")
    assert agent.answers()
