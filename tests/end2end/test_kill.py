"""`kill -9` at random moments: at most 5 s of the current span are lost, and nothing earlier."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from tests.desktop.agent import Agent
from tests.desktop.desktop import Desktop
from tests.desktop.waiting import now_ms
from tests.desktop.windows import Window
from tests.end2end import stored

pytestmark = pytest.mark.display

LOSS_S = 5.0
# What a busy machine may add between a clock that is read here and the agent's.
SLACK_S = 0.7


@pytest.fixture(scope="module")
def windows(desktop: Desktop) -> list[Window]:
    repositories = [desktop.repository("one"), desktop.repository("two", branch="develop")]
    return [desktop.programs.terminal(folder) for folder in repositories]


class Torture:
    """One home, an agent that is killed again and again, and what it owes after each time."""

    def __init__(self, agent: Agent, windows: list[Window], seed: int) -> None:
        self._agent = agent
        self._windows = windows
        self._random = random.Random(seed)
        self._before: dict[int, stored.StoredSpan] = {}
        self._killed_ms = 0
        self._tracked_from_ms = 0

    def round(self, *, short: bool = False) -> None:
        """Start, look at what the last round left, work for a while, kill."""
        self._agent.start()
        self._check()
        self._before = {span.id: span for span in stored.spans(self._agent.paths.database)}
        self._tracked_from_ms = now_ms()
        # Long stays are those the pulse is for.
        longest = 0.3 if short else self._random.choice([0.4, 2.0, 8.0])
        until = time.monotonic() + self._random.uniform(0.0, longest)
        while time.monotonic() < until:
            self._act()
            time.sleep(min(self._random.uniform(0.02, longest), max(0.0, until - time.monotonic())))
        self._agent.kill()
        self._killed_ms = now_ms()

    def die_at_birth(self) -> None:
        """Kill it somewhere within its start."""
        self._agent.start(wait=False)
        time.sleep(self._random.uniform(0.0, 1.0))
        self._agent.kill()

    def finish(self) -> None:
        """A last start that is allowed to end well."""
        with self._agent:
            self._check()
        stored.check_sound(self._agent.paths.database)

    def _act(self) -> None:
        self._agent.desktop.hands.focus(self._random.choice(self._windows).id)
        if self._random.random() < 0.3:
            self._agent.request(self._random.choice(["flush", "status", "reload"]))

    def _check(self) -> None:
        database = self._agent.paths.database
        stored.check_sound(database)
        found = stored.spans(database)
        assert stored.overlaps(found) == []
        now = {span.id: span for span in found}
        for span in self._before.values():
            assert span.id in now, "a stored span has vanished"
            assert now[span.id].end_ms >= span.end_ms, "a stored span became shorter"
            assert now[span.id].start_ms == span.start_ms
        if self._killed_ms - self._tracked_from_ms > LOSS_S * 1000:
            reached = max(s.end_ms for s in found if s.start_ms < self._killed_ms)
            assert reached >= self._killed_ms - (LOSS_S + SLACK_S) * 1000
            assert reached <= self._killed_ms


def _torture(agent: Agent, windows: list[Window], rounds: int, seed: int) -> None:
    torture = Torture(agent, windows, seed)
    for _ in range(rounds):
        torture.round()
    torture.finish()


def test_ten_kills(make_agent: Callable[..., Agent], windows: list[Window]) -> None:
    _torture(make_agent(), windows, rounds=10, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", [2, 3])
def test_fifty_kills(make_agent: Callable[..., Agent], windows: list[Window], seed: int) -> None:
    _torture(make_agent(), windows, rounds=50, seed=seed)


def test_an_agent_killed_while_it_starts_starts_again(
    make_agent: Callable[..., Agent], windows: list[Window]
) -> None:
    agent = make_agent()
    torture = Torture(agent, windows, seed=4)
    for _ in range(8):
        torture.die_at_birth()
    torture.round(short=True)
    torture.finish()
