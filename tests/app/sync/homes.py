"""Homes with some activity that join one account at a real service, by the commands a person types."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.models.projects import Projects
from app.paths import Paths, resources
from tests.app.commands.conftest import Home, Outcome, Recording

PASSWORD = "correct horse battery"
LONG_AGO = datetime(2026, 3, 4, 9, tzinfo=UTC)


@dataclass
class Member:
    """One machine of one person."""

    home: Home
    recording: Recording
    server: str

    def run(self, *words: str, secrets: dict[str, Any] | None = None, code: int = 0) -> Outcome:
        """A command that must end with `code`."""
        more = () if secrets is None else ("--secrets-stdin",)
        outcome = self.home.run(*words, *more, typed="" if secrets is None else json.dumps(secrets))
        assert outcome.code == code, outcome.out + outcome.err
        return outcome

    def sign_up(self, email: str, *more: str) -> dict[str, str]:
        words = ("account", "sign-up", "--server", self.server, "--email", email, "--json", *more)
        return self.run(*words, secrets={"password": PASSWORD}).json

    def sign_in(self, email: str, secret_key: str, password: str = PASSWORD) -> dict[str, str]:
        words = ("account", "sign-in", "--server", self.server, "--email", email, "--json")
        return self.run(*words, secrets={"password": password, "secret_key": secret_key}).json

    def sync(self) -> dict[str, Any]:
        return self.run("sync", "--json").json

    def work(self, hours: float, title: str, *, minutes: float = 10, application: str = "Code") -> int:
        """Some activity, so many hours after a day long ago."""
        start = LONG_AGO + timedelta(hours=hours)
        return self.recording.add(start, minutes * 60, application=application, title=title)

    def add_project(self, name: str) -> None:
        with self.recording.store() as store:
            Projects(store).add(name)

    def spans(self) -> list[tuple[Any, ...]]:
        """All activity of all machines, titles opened: start, end, application, title."""
        with self.recording.store() as store:
            rows = store.connection.execute(
                "SELECT l.start_ms, l.end_ms, a.name, l.title_id FROM activity_logs l "
                "JOIN applications a ON a.id = l.application_id ORDER BY l.start_ms, a.name"
            ).fetchall()
            return [(start, end, name, store.text(title)) for start, end, name, title in rows]

    def projects(self) -> set[str]:
        return {row[0] for row in self.recording.rows("SELECT name FROM projects WHERE archived = 0")}

    def gone(self) -> None:
        shutil.rmtree(self.home.paths.data.parent, ignore_errors=True)


def make_member(server: str) -> Member:
    folder = Path(tempfile.mkdtemp(prefix="dp-"))
    environ = {"DEVPULSE_HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    home = Home(Paths.discover(environ).create(), environ)
    return Member(home, Recording(home, resources()), server)
