"""Today and Rules with real input: a session from the tray is seen, a rule made by dragging is undone."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtGui import QColor, QImage

from app.models.journal import Journal
from app.models.keys import load_key
from app.models.rules import Rules
from app.models.store import Store
from app.models.values import Activity, Span, State
from app.ui.theme.tokens import LIGHT
from tests.desktop.agent import ROOT, Agent
from tests.desktop.desktop import Desktop
from tests.desktop.tray import EmbeddedTray
from tests.desktop.waiting import wait_until
from tests.end2end.test_tray import START_FOCUS_25

pytestmark = pytest.mark.display

Opener = Callable[[str], int]
# The button that starts a session is so large, in pixels of the accent.
_BUTTON = 1500


@pytest.fixture
def open_page(desktop: Desktop, agent: Agent) -> Iterator[Opener]:
    """Opens a page in a window of a known size; returns the window."""
    processes = []

    def open_one(page: str) -> int:
        argv = [sys.executable, "-m", "app", "--page", page]
        processes.append(desktop.family.start("windows", argv, agent.environ, cwd=ROOT))
        window = desktop.hands.wait_window(title=f"{page.capitalize()}.*— DevPulse")
        desktop.hands.place(window, 0, 0, 1200, 740)
        desktop.hands.focus(window)
        return window

    yield open_one
    for process in processes:
        if process.poll() is None:
            desktop.family.end(process)


def accent(desktop: Desktop, file: Path) -> int:
    """How many pixels are of the accent where the focus card is."""
    image, wanted = QImage(str(desktop.picture(file))), QColor(LIGHT.colors.accent)

    def like(x: int, y: int) -> bool:
        seen = image.pixelColor(x, y)
        parts = ((seen.red(), wanted.red()), (seen.green(), wanted.green()), (seen.blue(), wanted.blue()))
        return all(abs(a - b) <= 8 for a, b in parts)

    return sum(like(x, y) for x in range(600, 1200) for y in range(60, 300))


def rules(agent: Agent) -> list[str]:
    with Store.open(agent.paths.database, load_key(agent.paths).cipher()) as store:
        return [str(rule.conditions) for rule in Rules(store).all()]


def test_a_focus_session_from_the_tray_is_seen_in_today(
    desktop: Desktop, agent: Agent, open_page: Opener, tmp_path: Path
) -> None:
    tray = EmbeddedTray(desktop.hands, agent.desktop.environ)
    tray.wait_icon()
    tray.choose(*START_FOCUS_25)
    wait_until(lambda: agent.status()["focus"], "the session")
    file = tmp_path / "screen.png"
    open_page("today")
    time.sleep(3)
    assert accent(desktop, file) < _BUTTON / 2
    # It ends elsewhere: the page follows at once.
    agent.request("focus", action="stop")
    wait_until(lambda: accent(desktop, file) > _BUTTON, "the button to start one", every_s=0.5)
    desktop.hands.key("ctrl+Return")
    wait_until(lambda: agent.status()["focus"], "a session started from Today")
    wait_until(lambda: accent(desktop, file) < _BUTTON / 2, "the session in Today", every_s=0.5)


def test_a_rule_is_made_by_dragging_and_undone(desktop: Desktop, agent: Agent, open_page: Opener) -> None:
    _record(agent)
    before = rules(agent)
    window, hands = open_page("rules"), desktop.hands
    time.sleep(2)
    hands.click(696, 114)  # Uncategorised
    time.sleep(2)
    # The first activity, on the second category.
    hands.drag((780, 189), (350, 213))
    hands.wait_window(title="Give a category")
    time.sleep(0.6)
    hands.key("Return")
    wait_until(lambda: len(rules(agent)) == len(before) + 1, "the rule", timeout_s=20)
    assert "lamp-editor" in rules(agent)[0]
    hands.focus(window)
    hands.key("ctrl+z")
    wait_until(lambda: rules(agent) == before, "the undo", timeout_s=20)


def _record(agent: Agent) -> None:
    now_ms = round(time.time() * 1000)
    with Store.open(agent.paths.database, load_key(agent.paths).cipher()) as store:
        activity = Activity("lamp-editor", "a lamp")
        span = Span(now_ms - 10_800_000, now_ms - 3_600_000, 0, State.ACTIVE, activity)
        Journal(store).insert([span])
