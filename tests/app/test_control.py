from __future__ import annotations

import json
import socket
import stat
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import control
from app.control import Client, Server
from app.errors import AgentNotRunning, DevPulseError, UsageError
from app.loop import Loop


class Agent:
    """A server in a thread, answering what a test asks of it."""

    def __init__(self, path: Path) -> None:
        self.loop = Loop()
        self.path = path
        self.server = Server(path, self.loop, self.handle)
        self.server.start()
        self.thread = threading.Thread(target=self.loop.run)
        self.thread.start()

    def handle(self, name: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        if name == "echo":
            return {"words": request.get("words")}
        if name == "subscribe":
            return {}
        if name == "bug":
            raise KeyError("a title that must not be told")
        raise UsageError("Unknown.", advice="Ask for something else.")

    def publish(self, **values: object) -> None:
        self.loop.post(lambda: self.server.publish("status", values))

    @property
    def subscribed(self) -> bool:
        found: list[bool] = []
        asked = threading.Event()
        self.loop.post(lambda: (found.append(self.server.subscribed), asked.set()))
        assert asked.wait(10)
        return found[0]

    def stop(self) -> None:
        self.loop.post(self.server.stop)
        self.loop.stop()
        self.thread.join(5)
        self.loop.close()


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    agent = Agent(tmp_path / "run" / "agent.sock")
    yield agent
    agent.stop()


def raw(agent: Agent) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(5)
    control._connect(connection, agent.path, 5)
    return connection


def answer(connection: socket.socket) -> dict[str, Any]:
    data = b""
    while not data.endswith(b"\n"):
        chunk = connection.recv(65536)
        if not chunk:
            raise EOFError
        data += chunk
    return json.loads(data)


def test_a_request_is_answered(agent: Agent) -> None:
    with Client(agent.path) as client:
        assert client.request("echo", words="ü") == {"words": "ü"}
        assert client.request("echo", words=[1]) == {"words": [1]}


def test_an_error_keeps_its_kind_and_words(agent: Agent) -> None:
    with Client(agent.path) as client, pytest.raises(UsageError) as caught:
        client.request("nonsense")
    assert caught.value.advice == "Ask for something else."


def test_a_bug_is_told_without_its_values(agent: Agent) -> None:
    with Client(agent.path) as client:
        with pytest.raises(DevPulseError) as caught:
            client.request("bug")
        assert "title" not in caught.value.told()
        assert client.request("echo", words=1) == {"words": 1}


def test_nobody_there_is_exit_code_3(tmp_path: Path) -> None:
    with pytest.raises(AgentNotRunning) as caught:
        Client(tmp_path / "none.sock")
    assert caught.value.exit_code == 3


def test_the_socket_is_for_its_owner_alone(agent: Agent) -> None:
    assert stat.S_IMODE(agent.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(agent.path.parent.stat().st_mode) == 0o700


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(DevPulseError):
        control.make_private_folder(link)


def test_a_wide_open_folder_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    control.make_private_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_stale_socket_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "agent.sock"
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    agent = Agent(path)
    try:
        with Client(path) as client:
            assert client.request("echo", words=1) == {"words": 1}
    finally:
        agent.stop()
    assert not path.exists()


def test_subscribers_get_events_others_do_not(agent: Agent) -> None:
    with Client(agent.path) as listener, Client(agent.path) as other:
        events = listener.events()
        first = threading.Thread(target=lambda: seen.append(next(events)))
        seen: list[dict[str, Any]] = []
        first.start()
        while not agent.subscribed:
            assert other.request("echo", words=1)
        agent.publish(state="idle")
        first.join(5)
        assert seen == [{"event": "status", "state": "idle"}]
        assert other.request("echo", words=2) == {"words": 2}


def test_the_end_of_the_agent_ends_the_listening(agent: Agent) -> None:
    with Client(agent.path) as listener:
        events = listener.events()
        agent.loop.post(agent.server.stop)
        with pytest.raises(AgentNotRunning):
            next(events)


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b"null", b"\xff\xfe", b'"words"', b"{}", b'{"do": 3}', b"[" * 100_000],
    ids=lambda line: repr(line[:8]),
)
def test_a_line_that_is_no_request_gets_an_error(agent: Agent, line: bytes) -> None:
    connection = raw(agent)
    connection.sendall(line + b"\n")
    assert answer(connection)["ok"] is False
    connection.sendall(b'{"do": "echo", "id": 7, "words": 1}\n')
    assert answer(connection) == {"id": 7, "ok": True, "result": {"words": 1}}
    connection.close()


def test_a_line_without_end_is_hung_up_on(agent: Agent) -> None:
    connection = raw(agent)
    with pytest.raises(OSError):
        for _ in range(100):
            connection.sendall(b"x" * 65536)
        answer(connection)
    connection.close()
    with Client(agent.path) as client:
        assert client.request("echo", words=1) == {"words": 1}


def test_requests_may_come_in_pieces_and_in_one(agent: Agent) -> None:
    connection = raw(agent)
    for byte in b'{"do": "echo", "id": 1, "words": 1}\n':
        connection.send(bytes([byte]))
    assert answer(connection)["id"] == 1
    connection.sendall(b'{"do":"echo","id":2}\n\n{"do":"echo","id":3}\n')
    data = b""
    while data.count(b"\n") < 2:
        data += connection.recv(65536)
    assert [json.loads(line)["id"] for line in data.splitlines()] == [2, 3]
    connection.close()


def test_a_reader_that_does_not_read_is_let_go(agent: Agent) -> None:
    connection = raw(agent)
    connection.sendall(b'{"do": "subscribe", "id": 1}\n')
    assert answer(connection)["ok"]
    for _ in range(200):
        agent.publish(words="x" * 50_000)
    with Client(agent.path, timeout_s=30) as client:
        assert client.request("echo", words=1) == {"words": 1}
    assert not agent.subscribed
    connection.close()


def test_too_many_connections_stop_nobody(agent: Agent) -> None:
    many = [raw(agent) for _ in range(control.MOST_CLIENTS)]
    late = raw(agent)
    with pytest.raises((EOFError, OSError)):
        late.sendall(b'{"do": "echo"}\n')
        answer(late)
    many.pop().close()
    late.close()
    for _ in range(50):
        try:
            with Client(agent.path) as client:
                assert client.request("echo", words=1) == {"words": 1}
            break
        except AgentNotRunning:
            continue
    else:
        pytest.fail("no place became free")
    for connection in many:
        connection.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_garbage_never_stops_the_agent(agent: Agent, garbage: bytes) -> None:
    connection = raw(agent)
    connection.sendall(garbage + b"\n")
    connection.close()
    with Client(agent.path) as client:
        assert client.request("echo", words=1) == {"words": 1}
