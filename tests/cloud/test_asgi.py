"""What the service answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar import get
from litestar.testing import TestClient

from cloud.asgi import create_app
from cloud.security.authentication import PUBLIC
from cloud.settings import Settings
from cloud.version import __version__


class Watch:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def client(watch: Watch, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Settings(data=tmp_path), monotonic=watch)

    @get("/broken", sync_to_thread=False, opt=PUBLIC)
    def broken() -> None:
        raise ValueError("a secret of the inside")

    app.register(broken)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_health_tells_state_time_version_and_uptime(client: TestClient, watch: Watch) -> None:
    watch.seconds += 90.7
    answer = client.get("/health")
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == {"status", "timestamp", "version", "uptime"}
    assert (told["status"], told["version"], told["uptime"]) == ("healthy", __version__, 90)
    stamp = datetime.fromisoformat(told["timestamp"])
    assert abs(datetime.now(UTC) - stamp) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [("GET", "/nothing", 404, "Not Found"), ("POST", "/health", 405, "Method Not Allowed")],
)
def test_a_refusal_is_problem_json(
    client: TestClient, method: str, path: str, status: int, title: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["title"], told["status"]) == ("about:blank", title, status)
    assert told["detail"]


def test_a_refused_method_names_those_that_work(client: TestClient) -> None:
    assert "GET" in client.post("/health").headers["allow"]


def test_a_bug_tells_the_caller_nothing_of_the_inside(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    told = capsys.readouterr()
    assert "ValueError" in told.out + told.err
    assert "secret" not in told.out + told.err
