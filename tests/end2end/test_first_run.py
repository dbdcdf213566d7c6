"""The first start with real input: through the welcome to the first chart, then an import and its undo."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PyQt6.QtGui import QColor, QImage

from tests.app.importing.exports import windows
from tests.desktop.agent import ROOT, Agent
from tests.desktop.desktop import Desktop
from tests.desktop.waiting import wait_until
from tests.end2end.stored import spans

pytestmark = [pytest.mark.display, pytest.mark.slow]

# Where the ring of today's categories is.
_RING = (250, 420, 420, 620)


def inked(desktop: Desktop, file: Path) -> int:
    """How many pixels of the ring's place are neither paper nor letters, but the ring."""
    image = QImage(str(desktop.picture(file)))
    left, top, right, bottom = _RING
    places = ((x, y) for x in range(left, right, 2) for y in range(top, bottom, 2))
    return sum(120 < QColor(image.pixelColor(x, y)).lightness() < 200 for x, y in places)


def test_from_the_first_start_to_the_first_chart_an_import_and_its_undo(
    desktop: Desktop, make_agent: Callable[..., Agent], tmp_path: Path
) -> None:
    hands, repository = desktop.hands, desktop.repository("lantern")
    agent = make_agent(settings={"projects.folders": [str(repository.parent)]})
    process = desktop.family.start("windows", [sys.executable, "-m", "app"], agent.environ, cwd=ROOT)
    window = hands.wait_window(title="Welcome.*— DevPulse")
    hands.place(window, 0, 0, 1200, 740)
    hands.focus(window)
    wait_until(agent.answers, "the agent, which the window starts", timeout_s=30)
    time.sleep(1)
    hands.key("Return")
    hands.key("Return")
    time.sleep(0.6)
    hands.click(473, 337)  # Search for repositories
    wait_until(lambda: "lantern" in projects(agent), "the project", timeout_s=30, every_s=0.2)
    hands.focus(window)
    hands.key("ctrl+1")
    hands.wait_window(title="Today.*— DevPulse")
    file = tmp_path / "screen.png"
    wait_until(lambda: inked(desktop, file) > 500, "the first chart", timeout_s=20, every_s=0.5)
    assert agent.paths.database.exists()

    export = tmp_path / "export.json"
    bucket = windows([(0, 600, "Code", "lamp.py"), (600, 600, "firefox", "news")])
    export.write_text(json.dumps({"buckets": {bucket["id"]: bucket}}))
    hands.key("ctrl+k")
    time.sleep(0.6)
    hands.line("Import")
    hands.wait_window(title="Import from another tracker")
    time.sleep(0.6)
    hands.line(str(export))
    hands.wait_window(title="Import export.json")
    assert imported(agent) == []

    def accepted() -> bool:
        """Enter takes it in once the dry run is through."""
        hands.key("Return")
        return not hands.find(title="Import export.json")

    wait_until(accepted, "the import to be wished", timeout_s=20, every_s=1)
    wait_until(lambda: imported(agent) == [600, 600], "the imported activities", timeout_s=20)
    hands.focus(window)
    hands.key("ctrl+z")
    wait_until(lambda: imported(agent) == [], "the undo", timeout_s=20)
    hands.key("ctrl+w")
    assert process.wait(20) == 0
    agent.request("quit")
    wait_until(lambda: not agent.answers(), "the agent to end")


def projects(agent: Agent) -> list[str]:
    with closing(sqlite3.connect(f"file:{agent.paths.database}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM projects")]


def imported(agent: Agent) -> list[float]:
    """Seconds of each activity of the export."""
    return [span.seconds for span in spans(agent.paths.database) if span.seconds == 600]
