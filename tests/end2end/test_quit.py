"""The agent always ends: what it recorded is stored first, and what hangs after that is ended by force."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.agent import ROOT, Agent
from tests.desktop.buses import SYSTEM_PYTHON
from tests.desktop.desktop import Desktop
from tests.desktop.waiting import now_ms, wait_until
from tests.desktop.windows import Window
from tests.end2end import stored

pytestmark = pytest.mark.display

# Keeps the main thread inside a library, with Python's lock held, once the face is being closed.
HANGS = """
import ctypes, sys
def look(frame, event, _):
    if event == "call" and frame.f_code.co_name == "close" and frame.f_code.co_filename.endswith("face.py"):
        ctypes.PyDLL(None).sleep(100)
sys.setprofile(look)
"""


def test_a_library_that_hangs_at_the_end_costs_nothing_recorded(
    make_agent: Callable[..., Agent], first: Window, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(HANGS)
    agent = make_agent(environ={"PYTHONPATH": f"{tmp_path}:{ROOT}"})
    agent.start()
    agent.go_to(first, "alpha")
    agent.stay(1)
    agent.request("quit")
    ended_ms = now_ms()
    assert agent.process is not None
    assert agent.process.wait(15) == 1
    assert abs(stored.spans(agent.paths.database)[-1].end_ms - ended_ms) < 1000
    said = agent.log()
    assert "by force" in said
    assert "face.py" in said
    del agent.extra["PYTHONPATH"]
    with agent:
        agent.go_to(first, "alpha")


@pytest.fixture
def rain(desktop: Desktop) -> Iterator[None]:
    """Signals on both buses, a hundred a second."""
    program = Path(__file__).with_name("rain.py")
    falling = [
        subprocess.Popen([SYSTEM_PYTHON, program, bus.address])
        for bus in (desktop.session_bus, desktop.system_bus)
    ]
    yield
    for one in falling:
        one.kill()
        one.wait()


def test_it_ends_soon_again_and_again_while_signals_rain(
    make_agent: Callable[..., Agent], rain: None
) -> None:
    agent = make_agent()
    for number in range(8):
        agent.start()
        time.sleep(number % 4 * 0.2)
        began = time.monotonic()
        assert agent.terminate() == 0 if number % 2 else agent.quit() is None
        assert time.monotonic() - began < 4, agent.log(20)
        assert "Timeout" not in agent.log()


def test_quit_returns_when_another_agent_may_start(agent: Agent) -> None:
    agent.command("quit")
    taken = subprocess.run(
        [sys.executable, "-c", f"""
from pathlib import Path
from app.models.exclusive import exclusive
with exclusive(Path({str(agent.paths.lock)!r}), wait_s=0):
    pass
"""], cwd=ROOT, check=False,
    )  # fmt: skip
    assert taken.returncode == 0


def test_who_asks_to_quit_at_once_is_heard(make_agent: Callable[..., Agent]) -> None:
    agent = make_agent()
    with agent:
        agent.wait_state("tracking", "idle")
    for _ in range(4):
        agent.start(wait=False)
        wait_until(agent.answers, "the agent to answer", every_s=0.002, timeout_s=60)
        began = time.monotonic()
        agent.quit()
        assert time.monotonic() - began < 8
        assert "Timeout" not in agent.log()
