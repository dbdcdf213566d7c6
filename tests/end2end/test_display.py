"""The display goes away and returns, the window manager dies, and there may be none at the start."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.desktop.agent import Agent
from tests.desktop.desktop import Desktop
from tests.desktop.panels import Panel
from tests.end2end import stored

pytestmark = pytest.mark.display


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """Each test breaks its own."""
    with Desktop(panel=Panel.NONE) as desktop:
        yield desktop


def test_a_display_that_dies_and_returns_is_tracked_again(desktop: Desktop) -> None:
    repository = desktop.repository("alpha")
    window = desktop.programs.terminal(repository)
    with Agent(desktop) as agent:
        desktop.hands.focus(window.id)
        agent.wait_current(project="alpha")
        agent.stay(3)
        died_ms = time.time_ns() // 1_000_000
        desktop.display.kill()
        time.sleep(3)
        desktop.start_display()
        desktop.start_window_manager()
        returned_ms = time.time_ns() // 1_000_000
        window = desktop.programs.terminal(desktop.repository("beta"))
        desktop.hands.focus(window.id)
        agent.wait_current(project="beta", timeout_s=60)
        agent.stay(1)
        agent.request("flush")
        found = stored.spans(agent.paths.database)
        assert stored.overlaps(found) == []
        for span in found:
            assert span.end_ms <= died_ms + 1500 or span.start_ms >= died_ms, "recorded across the gap"
            assert not died_ms + 1500 < span.start_ms < returned_ms, "recorded without a display"


def test_an_agent_that_starts_before_the_display_finds_it(desktop: Desktop) -> None:
    desktop.display.kill()
    with Agent(desktop) as agent:
        assert agent.status()["current"] is None
        desktop.start_display()
        desktop.start_window_manager()
        window = desktop.programs.terminal(desktop.repository("alpha"))
        desktop.hands.focus(window.id)
        agent.wait_current(project="alpha", timeout_s=60)


def test_an_agent_without_any_display_answers_commands(desktop: Desktop) -> None:
    del desktop.environ["DISPLAY"]
    with Agent(desktop) as agent:
        assert agent.status()["current"] is None
        agent.command("doctor", "--json")


def test_a_killed_window_manager_is_no_reason_to_stop(desktop: Desktop) -> None:
    first = desktop.programs.terminal(desktop.repository("alpha"))
    second = desktop.programs.terminal(desktop.repository("beta"))
    with Agent(desktop) as agent:
        desktop.hands.focus(first.id)
        agent.wait_current(project="alpha")
        desktop.kill_window_manager()
        agent.stay(2)
        desktop.start_window_manager()
        desktop.hands.focus(second.id)
        agent.wait_current(project="beta", timeout_s=20)
        desktop.hands.focus(first.id)
        agent.wait_current(project="alpha")


def test_a_desktop_without_window_manager_is_tracked() -> None:
    with Desktop(panel=Panel.NONE, window_manager=False, login=False) as desktop:
        window = desktop.programs.terminal(desktop.repository("alpha"))
        with Agent(desktop) as agent:
            x, y, width, height = desktop.hands.geometry(window.id)
            desktop.hands.move(x + width // 2, y + height // 2)
            desktop.hands.key("shift")
            agent.wait_current(project="alpha", timeout_s=20)


def test_a_window_that_closes_is_no_longer_recorded(desktop: Desktop) -> None:
    window = desktop.programs.terminal(desktop.repository("alpha"))
    with Agent(desktop) as agent:
        desktop.hands.focus(window.id)
        agent.wait_current(project="alpha")
        desktop.programs.close(window)
        agent.wait_current(project=None)


def test_another_workspace_is_noticed(desktop: Desktop) -> None:
    window = desktop.programs.terminal(desktop.repository("alpha"))
    with Agent(desktop) as agent:
        desktop.hands.focus(window.id)
        agent.wait_current(project="alpha")
        desktop.hands.workspace(2)
        agent.wait_current(project=None)
        desktop.hands.workspace(0)
        desktop.hands.focus(window.id)
        agent.wait_current(project="alpha")


def test_a_storm_of_windows_does_not_stop_tracking(desktop: Desktop) -> None:
    stayer = desktop.programs.terminal(desktop.repository("alpha"))
    with Agent(desktop) as agent:
        for _ in range(25):
            window = desktop.programs.terminal(desktop.home, title="gone in a moment")
            window.process.kill()
            window.process.wait()
        desktop.hands.focus(stayer.id)
        agent.wait_current(project="alpha")
        agent.request("flush")
        assert stored.overlaps(stored.spans(agent.paths.database)) == []
