"""A home of its own for each test, commands run in it, and a stand-in for the agent."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.clock import SystemClock
from app.commands.context import Context
from app.control import Server
from app.errors import DevPulseError
from app.loop import Loop
from app.models.categories import Categories
from app.models.journal import Journal
from app.models.keyfile import Way
from app.models.keys import create_key
from app.models.migrate import migrate
from app.models.projects import Projects
from app.models.store import Store
from app.models.values import Activity, Span, State
from app.paths import Paths

STATUS: dict[str, Any] = {
    "version": "1",
    "pid": 1,
    "state": "tracking",
    "since": "2026-03-04T10:00:00+01:00",
    "current": {
        "application": "Code",
        "title": "cli.py",
        "project": "devpulse",
        "branch": "main",
        "category": "Coding",
        "since": "2026-03-04T10:00:00+01:00",
    },
    "today": {
        "active_seconds": 3 * 3600 + 24 * 60,
        "idle_seconds": 600,
        "by_project": [{"name": "devpulse", "seconds": 7200}, {"name": None, "seconds": 5040}],
    },
    "paused_until": None,
    "private": False,
    "focus": None,
    "sources": {"windows": "x11", "input": "x11", "session": "logind"},
    "problems": [],
    "hidden": {},
}


@dataclass
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err)


@dataclass
class Home:
    """A DevPulse home and a way to run commands in it."""

    paths: Paths
    environ: dict[str, str]

    def run(self, *words: str, typed: str = "", isatty: bool = False, clock: Any = None) -> Outcome:
        out, err = io.StringIO(), io.StringIO()
        context = Context(
            paths=self.paths,
            out=out,
            err=err,
            input=io.StringIO(typed),
            clock=clock or SystemClock(),
            environ=self.environ,
            isatty=isatty,
        )
        code = main(words, context)
        return Outcome(code, out.getvalue(), err.getvalue())


@pytest.fixture
def home() -> Iterator[Home]:
    # Not pytest's tmp_path: a socket's address holds about a hundred bytes.
    folder = Path(tempfile.mkdtemp(prefix="dp-"))
    environ = {"DEVPULSE_HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    yield Home(Paths.discover(environ).create(), environ)
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class FakeAgent:
    """Answers like the agent, and remembers what it was asked."""

    loop: Loop
    server: Server | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    status: dict[str, Any] = field(default_factory=lambda: json.loads(json.dumps(STATUS)))

    def handle(self, name: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append({k: v for k, v in request.items() if k != "id"})
        answer = self.answers.get(name, {})
        if isinstance(answer, Exception):
            raise answer
        if name == "status":
            return self.status
        if name == "quit":
            self.loop.call_later(0.2, self.loop.stop)
        return answer

    @property
    def names(self) -> list[str]:
        return [request["do"] for request in self.asked]


@pytest.fixture
def agent(home: Home) -> Iterator[FakeAgent]:
    loop = Loop()
    fake = FakeAgent(loop)
    fake.server = Server(home.paths.socket, loop, fake.handle)
    fake.server.start()

    def work() -> None:
        loop.run()
        assert fake.server is not None
        fake.server.stop()

    thread = threading.Thread(target=work)
    thread.start()
    yield fake
    loop.stop()
    thread.join(10)
    loop.close()


@pytest.fixture
def refusal() -> DevPulseError:
    return DevPulseError("It is not so.", detail="Because.", advice="Do otherwise.")


class Recording:
    """A migrated home with some activity in it, sealed by a key in a file."""

    def __init__(self, home: Home, resources: Path) -> None:
        migrate(home.paths, resources_dir=resources)
        self.home = home
        self.cipher = create_key(home.paths, Way.FILE).cipher()
        with self.store() as store:
            categories = Categories(store)
            self.work = categories.add("Work", color="#112233").id
            self.coding = categories.add("Coding", color="#223344", parent_id=self.work).id
            self.reading = categories.add("Reading", color="#334455").id
            self.project = Projects(store).add("devpulse")

    def store(self) -> Store:
        return Store.open(self.home.paths.database, self.cipher)

    def add(self, start: datetime, seconds: float, application: str = "Code", **activity: Any) -> int:
        ms = round(start.timestamp() * 1000)
        offset = start.astimezone().utcoffset()
        assert offset is not None
        with self.store() as store:
            return Journal(store).append(
                Span(ms, ms + round(seconds * 1000), int(offset.total_seconds()), State.ACTIVE,
                     Activity(application, **activity), switched=True)
            )  # fmt: skip

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.home.paths.database)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@pytest.fixture
def recording(home: Home, tmp_path: Path) -> Recording:
    return Recording(home, tmp_path / "no-resources")
