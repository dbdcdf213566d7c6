"""Garbage and crowds on the control socket never stop tracking."""

from __future__ import annotations

import contextlib
import random
import socket
from pathlib import Path

import pytest

from tests.desktop.agent import Agent
from tests.desktop.waiting import wait_until
from tests.desktop.windows import Window
from tests.end2end import stored

pytestmark = pytest.mark.display

LINES = (
    b"x" * 1_000_000,
    b"\n" * 10_000,
    b"[" * 100_000 + b"\n",
    b"\xff\xfe\x00\n",
    b"[]\n",
    b"7\n",
    b'{"do": null}\n',
    b'{"do": {"a": 1}}\n',
    b'{"do": "\\ud800"}\n',
    b'{"do": "' + b"q" * 100_000 + b'"}\n',
    b'{"do": "status", "id": [[[]]]}\n',
    b'{"do": "private", "on": "perhaps"}\n',
    b'{"do": "pause", "seconds": -1}\n',
    b'{"do": "pause", "seconds": 1e999}\n',
    b'{"do": "pause", "seconds": "x", "until": []}\n',
    b'{"do": "focus", "action": "explode"}\n',
    b'{"do": "focus", "action": "start", "minutes": 1e400}\n',
    b'{"do": "focus", "action": "start", "minutes": "5"}\n',
    b'{"do": "focus", "action": "start", "project": {}}\n',
)


class Garbage:
    """A visitor of the control socket without manners."""

    def __init__(self, path: Path, seed: int) -> None:
        self._path = path
        self._random = random.Random(seed)

    def connect(self) -> socket.socket | None:
        """A connection; None when the agent takes no more."""
        visitor = socket.socket(socket.AF_UNIX)
        visitor.settimeout(1)
        try:
            visitor.connect(str(self._path))
        except OSError:
            visitor.close()
            return None
        return visitor

    def say(self, *parts: bytes) -> None:
        """Send, perhaps read a little, and go without a word."""
        visitor = self.connect()
        if visitor is None:
            return
        with visitor:
            try:
                for part in parts:
                    visitor.sendall(part)
                if self._random.random() < 0.5:
                    visitor.recv(100)
            except OSError:
                return

    def noise(self) -> bytes:
        return self._random.randbytes(self._random.randint(1, 5000)) + b"\n" * self._random.randint(0, 2)


def test_garbage_on_the_control_socket_never_stops_tracking(
    agent: Agent, first: Window, second: Window
) -> None:
    visitor = Garbage(agent.paths.socket, seed=5)
    for _ in range(200):
        visitor.say(visitor.noise(), visitor.noise())
    for line in LINES:
        visitor.say(line)
    # Whatever they managed to switch, a person switches back.
    agent.request("private", on=False)
    agent.request("resume")
    agent.go_to(first, "alpha")
    agent.go_to(second, "beta")
    assert agent.running


def test_two_hundred_visitors_and_slow_readers_do_not_hold_the_agent_up(
    agent: Agent, first: Window, second: Window
) -> None:
    visitor = Garbage(agent.paths.socket, seed=6)
    agent.desktop.hands.focus(first.id)
    crowd = [one for one in (visitor.connect() for _ in range(200)) if one is not None]
    try:
        for one in crowd:
            one.setblocking(False)
            # Subscribes, asks for more than it will ever read, and stays.
            with contextlib.suppress(OSError):
                one.send(b'{"do":"subscribe"}\n' + b'{"do":"status"}\n' * 50)
        # Some thousand answers take a moment; after that they must not be felt.
        agent.stay(3)
        for _ in range(5):
            agent.desktop.hands.focus(second.id)
            agent.stay(1)
            agent.desktop.hands.focus(first.id)
            agent.stay(1)
    finally:
        for one in crowd:
            one.close()
    wait_until(agent.answers, "the agent to answer again")
    agent.request("flush")
    stays = [span for span in stored.spans(agent.paths.database) if span.seconds > 0.5]
    assert [span.project for span in stays].count("alpha") >= 5
    assert [span.project for span in stays].count("beta") == 5
