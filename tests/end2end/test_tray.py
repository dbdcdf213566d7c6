"""The tray operated by real clicks, and over D-Bus as a panel does it; panels that come late and return."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.agent import Agent
from tests.desktop.desktop import Desktop
from tests.desktop.panels import Panel
from tests.desktop.tray import BusTray, EmbeddedTray
from tests.desktop.waiting import wait_until
from tests.desktop.windows import Window

pytestmark = pytest.mark.display

# The keys that lead from the opened menu to a line. Lines that only tell something are passed over.
START_FOCUS_25 = ("Down", "Right", "Return")
STOP_FOCUS = ("Down", "Down", "Return")
PAUSE_15 = ("Down", "Down", "Right", "Return")
RESUME = ("Down", "Down", "Return")
PRIVATE = ("Down", "Down", "Down", "Return")


class TestByClicks:
    """tint2 embeds the icon's window, and Qt draws the menu."""

    @pytest.fixture
    def tray(self, agent: Agent) -> EmbeddedTray:
        tray = EmbeddedTray(agent.desktop.hands, agent.desktop.environ)
        tray.wait_icon()
        return tray

    def test_pause_and_resume(self, agent: Agent, tray: EmbeddedTray, first: Window) -> None:
        agent.go_to(first, "alpha")
        tray.choose(*PAUSE_15)
        agent.wait_state("paused")
        assert agent.current() == {}
        tray.choose(*RESUME)
        agent.go_to(first, "alpha")

    def test_private_mode(self, agent: Agent, tray: EmbeddedTray, first: Window) -> None:
        agent.go_to(first, "alpha")
        tray.choose(*PRIVATE)
        agent.wait_state("private")
        tray.choose(*PRIVATE)
        agent.go_to(first, "alpha")

    def test_focus_starts_and_stops(self, agent: Agent, tray: EmbeddedTray) -> None:
        tray.choose(*START_FOCUS_25)
        wait_until(lambda: agent.status()["focus"], "the focus session")
        assert agent.status()["focus"]["planned_seconds"] == 25 * 60
        tray.choose(*STOP_FOCUS)
        wait_until(lambda: not agent.status()["focus"], "the session's end")

    def test_quit_ends_the_agent_in_order(self, agent: Agent, tray: EmbeddedTray) -> None:
        tray.click_last()
        assert agent.process is not None
        assert agent.process.wait(20) == 0

    def test_a_panel_that_restarts_shows_the_icon_again(self, agent: Agent, tray: EmbeddedTray) -> None:
        agent.desktop.stop_panel()
        wait_until(lambda: tray.icon() is None, "the icon to go")
        agent.desktop.start_panel()
        tray.wait_icon(timeout_s=30)
        tray.choose(*PAUSE_15)
        agent.wait_state("paused")


class TestOverTheBus:
    """xfce4-panel takes a StatusNotifier item and asks for its menu over D-Bus."""

    @pytest.fixture(scope="class")
    def desktop(self) -> Iterator[Desktop]:
        with Desktop(panel=Panel.XFCE) as desktop:
            yield desktop

    @pytest.fixture
    def tray(self, agent: Agent) -> BusTray:
        tray = BusTray(agent.desktop.session_bus)
        tray.wait_item()
        return tray

    @pytest.fixture
    def window(self, desktop: Desktop) -> Window:
        return desktop.programs.terminal(desktop.home)

    def test_the_menu_tells_and_offers(self, tray: BusTray) -> None:
        labels = tray.labels()
        for label in ("25 minutes", "For 15 minutes", "For 1 hour", "Until tomorrow", "Private mode"):
            assert label in labels
        assert labels[-1] == "Quit DevPulse"

    def test_pause_and_resume(self, agent: Agent, tray: BusTray) -> None:
        tray.click("For 15 minutes")
        agent.wait_state("paused")
        wait_until(lambda: "Resume tracking" in tray.labels(), "the menu to follow")
        tray.click("Resume tracking")
        agent.wait_state("tracking")

    def test_private_mode(self, agent: Agent, tray: BusTray) -> None:
        tray.click("Private mode")
        agent.wait_state("private")
        tray.click("Private mode")
        agent.wait_state("tracking")

    def test_focus_starts_and_stops(self, agent: Agent, tray: BusTray) -> None:
        tray.click("25 minutes")
        wait_until(lambda: agent.status()["focus"], "the focus session")
        wait_until(lambda: "Stop focus" in tray.labels(), "the menu to follow")
        tray.click("Stop focus")
        wait_until(lambda: not agent.status()["focus"], "the session's end")

    def test_quit_ends_the_agent_in_order(self, agent: Agent, tray: BusTray) -> None:
        tray.click("Quit DevPulse")
        assert agent.process is not None
        assert agent.process.wait(20) == 0

    def test_a_panel_that_restarts_shows_the_icon_again(self, agent: Agent, tray: BusTray) -> None:
        agent.desktop.stop_panel()
        wait_until(lambda: not tray.items(), "the panel to go")
        agent.desktop.start_panel()
        tray.click("For 15 minutes")
        agent.wait_state("paused")


@pytest.mark.parametrize("panel", [Panel.TINT2, Panel.XFCE])
def test_a_panel_that_starts_after_the_agent_shows_the_icon(panel: Panel) -> None:
    with Desktop(panel=Panel.NONE, login=False) as desktop, Agent(desktop) as agent:
        desktop.programs.terminal(desktop.home)
        desktop.start_panel(panel)
        if panel is Panel.TINT2:
            EmbeddedTray(desktop.hands, desktop.environ).choose(*PAUSE_15)
        else:
            tray = BusTray(desktop.session_bus)
            tray.wait_item(timeout_s=30)
            tray.click("For 15 minutes")
        agent.wait_state("paused")


def test_without_a_panel_everything_works_by_command() -> None:
    with Desktop(panel=Panel.NONE, login=False) as desktop, Agent(desktop) as agent:
        window = desktop.programs.terminal(desktop.repository("alpha"))
        agent.go_to(window, "alpha")
        agent.command("pause", "--for", "15m")
        agent.wait_state("paused")
        agent.command("resume")
        agent.command("private", "on")
        agent.wait_state("private")
        agent.command("private", "off")
        agent.command("focus", "start", "--minutes", "25")
        assert agent.told("focus", "status")["focus"]["planned_seconds"] == 1500
        agent.command("focus", "stop")
        agent.go_to(window, "alpha")
        agent.command("quit")
        assert agent.process is not None
        assert agent.process.wait(20) == 0
