"""The Timeline with a real pointer and keyboard: split, deleted, dragged on a category, and given back."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PyQt6.QtGui import QColor, QImage

from app.models.journal import Journal
from app.models.keys import load_key
from app.models.projects import Projects
from app.models.rules import Rules
from app.models.store import Store
from app.models.values import Activity, Span, State
from tests.desktop.agent import ROOT, Agent
from tests.desktop.desktop import Desktop
from tests.desktop.waiting import wait_until
from tests.end2end.stored import spans

pytestmark = pytest.mark.display

COLOR = "#4477aa"
HOUR = 3_600_000


@pytest.fixture
def window(desktop: Desktop, agent: Agent) -> Iterator[int]:
    """The Timeline, wide open, on a home where yesterday from nine to eleven was one activity."""
    _record(agent)
    argv = [sys.executable, "-m", "app", "--page", "timeline"]
    process = desktop.family.start("windows", argv, agent.environ, cwd=ROOT)
    found = desktop.hands.wait_window(title="Timeline.*— DevPulse")
    desktop.hands.place(found, 0, 0, 1200, 740)
    desktop.hands.focus(found)
    yield found
    if process.poll() is None:
        desktop.family.end(process)


def _record(agent: Agent) -> None:
    now = datetime.now().astimezone()
    nine = (now - timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    start = round(nine.timestamp() * 1000)
    offset = nine.utcoffset()
    assert offset is not None
    with Store.open(agent.paths.database, load_key(agent.paths).cipher()) as store:
        project = Projects(store).add("lighthouse", color=COLOR)
        activity = Activity("editor", "lamp.py — lighthouse", project_id=project)
        seconds = round(offset.total_seconds())
        Journal(store).insert([Span(start, start + 2 * HOUR, seconds, State.ACTIVE, activity)])


def yesterdays(agent: Agent) -> list[float]:
    """Hours of each span of the project."""
    return [span.seconds / 3600 for span in spans(agent.paths.database) if span.project == "lighthouse"]


def rules(agent: Agent) -> list[str]:
    with Store.open(agent.paths.database, load_key(agent.paths).cipher()) as store:
        return [str(rule.conditions) for rule in Rules(store).all()]


def block(desktop: Desktop, file: Path) -> tuple[int, int]:
    """Where on the screen the project's block is, by its colour in the upper half."""
    image = QImage(str(desktop.picture(file)))
    wanted = QColor(COLOR)

    def like(x: int, y: int) -> bool:
        seen = image.pixelColor(x, y)
        parts = ((seen.red(), wanted.red()), (seen.green(), wanted.green()), (seen.blue(), wanted.blue()))
        return all(abs(a - b) <= 6 for a, b in parts)

    places = [(x, y) for y in range(0, 360, 2) for x in range(200, 1200, 4) if like(x, y)]
    assert len(places) > 100, "the block is not on the screen"
    xs, ys = sorted(x for x, _ in places), sorted(y for _, y in places)
    return xs[len(xs) // 2], ys[len(ys) // 2]


def shown(desktop: Desktop, file: Path) -> bool:
    try:
        block(desktop, file)
    except AssertionError:
        return False
    return True


def test_select_split_delete_and_undo(
    desktop: Desktop, agent: Agent, window: int, tmp_path: Path, settled: Callable[[], None]
) -> None:
    hands, file = desktop.hands, tmp_path / "screen.png"
    hands.key("alt+Left")
    wait_until(lambda: shown(desktop, file), "yesterday's block", timeout_s=20, every_s=0.5)
    hands.click(*block(desktop, file))
    settled()
    hands.key("ctrl+shift+x")
    hands.wait_window(title="Split")
    settled()
    hands.key("Return")
    wait_until(lambda: yesterdays(agent) == [1, 1], "two halves")
    hands.focus(window)
    hands.key("ctrl+z")
    wait_until(lambda: yesterdays(agent) == [2], "one again")
    settled()
    hands.click(*block(desktop, file))
    settled()
    hands.key("Delete")
    wait_until(lambda: yesterdays(agent) == [], "nothing left")
    hands.key("ctrl+z")
    wait_until(lambda: yesterdays(agent) == [2], "all of it back")
    hands.key("ctrl+w")


def test_a_rule_is_made_by_dragging_a_row(
    desktop: Desktop, agent: Agent, window: int, tmp_path: Path, settled: Callable[[], None]
) -> None:
    hands, file = desktop.hands, tmp_path / "screen.png"
    before = rules(agent)
    hands.key("alt+Left")
    wait_until(lambda: shown(desktop, file), "yesterday's block", timeout_s=20, every_s=0.5)
    # The row; the categories come up beside the table while it is dragged.
    hands.drag((400, 363), (1000, 418))
    hands.wait_window(title="Give a category")
    settled()
    hands.key("Return")
    wait_until(lambda: len(rules(agent)) == len(before) + 1, "the rule", timeout_s=20)
    assert "editor" in rules(agent)[0]
    hands.focus(window)
    hands.key("ctrl+z")
    wait_until(lambda: rules(agent) == before, "the undo", timeout_s=20)
    hands.key("ctrl+w")


@pytest.fixture
def settled() -> Callable[[], None]:
    """A person looks at what they did before they go on."""
    return lambda: time.sleep(0.6)
