"""A virtual desktop for each module, an agent with a home of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.desktop.agent import Agent
from tests.desktop.desktop import Desktop
from tests.desktop.windows import Window


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    """One desktop with tint2, shared by the tests of a module."""
    with Desktop() as desktop:
        yield desktop


@pytest.fixture
def agent(desktop: Desktop) -> Iterator[Agent]:
    """The agent, tracking, in a new home."""
    with Agent(desktop, fresh=True) as agent:
        yield agent


@pytest.fixture
def make_agent(desktop: Desktop) -> Iterator[Callable[..., Agent]]:
    """Makes agents in new homes that are not started; those that live at the end are killed."""
    made: list[Agent] = []

    def make(**options: Any) -> Agent:
        made.append(Agent(desktop, **{"fresh": True, **options}))
        return made[-1]

    yield make
    for agent in made:
        if agent.running:
            agent.kill()


@pytest.fixture(scope="module")
def first(desktop: Desktop) -> Window:
    """A terminal in the repository `alpha`."""
    return desktop.programs.terminal(desktop.repository("alpha"))


@pytest.fixture(scope="module")
def second(desktop: Desktop) -> Window:
    """A terminal in the repository `beta`."""
    return desktop.programs.terminal(desktop.repository("beta"))
