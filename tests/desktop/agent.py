"""The real agent on a virtual desktop: started, asked, stopped, and killed."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.control import Client
from app.errors import AgentNotRunning, DevPulseError
from app.paths import Paths
from tests.desktop import namespaces
from tests.desktop.desktop import Desktop
from tests.desktop.waiting import wait_until
from tests.desktop.windows import Window

ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = [sys.executable, "-m", "app"]


class CommandFailed(AssertionError):
    """A `devpulse` command ended with another exit code than expected."""


class Agent:
    """The agent of one desktop; a context manager that starts it and lets it quit.

    `settings` are written before the first start. `environ` is added to the desktop's; None takes a
    variable away. `fresh` gives it a new home of its own instead of the desktop's. `wrapper` is put before
    its command line.
    """

    def __init__(
        self,
        desktop: Desktop,
        *,
        settings: Mapping[str, Any] | None = None,
        environ: Mapping[str, str | None] | None = None,
        fresh: bool = False,
    ) -> None:
        self.desktop = desktop
        self.extra: dict[str, str | None] = dict(environ or {})
        self.wrapper: tuple[str, ...] = ()
        if fresh:
            self.extra["DEVPULSE_HOME"] = tempfile.mkdtemp(prefix="home-", dir=desktop.family.folder)
        self.process: subprocess.Popen[bytes] | None = None
        self.paths = Paths.discover(self.environ)
        if settings:
            self.paths.config.mkdir(parents=True, exist_ok=True)
            self.paths.settings.write_text(json.dumps(settings))

    @property
    def environ(self) -> dict[str, str]:
        # Read anew each time: the display's name may come later.
        asked = {**self.desktop.environ, "PYTHONPATH": str(ROOT), **self.extra}
        return {name: value for name, value in asked.items() if value is not None}

    @property
    def home(self) -> Path:
        """The folder that holds all that DevPulse keeps."""
        return self.paths.data.parent

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(self.log(30))
        if self.running:
            try:
                self.quit()
            except Exception:
                self.kill()
                if error is None:
                    raise

    def start(self, *, wait: bool = True) -> Self:
        """Start it; with `wait`, return when it answers and has left `starting`."""
        argv = [*self.wrapper, *_PROGRAM, "--tray"]
        self.process = self.desktop.family.start("agent", argv, self.environ, cwd=self.desktop.home)
        if wait:
            self.wait_state("tracking", "idle", "locked", "paused", "private", "away", "degraded")
        return self

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Whether its control socket answers now."""
        try:
            self.status()
        except DevPulseError:
            return False
        return True

    def look_inside(self) -> None:
        """Look for its files where it sees them, in a file system of its own."""
        hidden = namespaces.seen_by(self.pid, self.home)
        self.paths = Paths.discover({"DEVPULSE_HOME": str(hidden)})

    def copy_of_database(self, folder: Path) -> Path:
        """The database as it is now, for SQLite, which does not go into another file system."""
        self.request("flush")
        for file in self.paths.data.glob("devpulse.db*"):
            (folder / file.name).write_bytes(file.read_bytes())
        return folder / "devpulse.db"

    def request(self, name: str, **values: Any) -> dict[str, Any]:
        """One request over the control socket. Raises what the agent answers."""
        with Client(self.paths.socket) as client:
            return client.request(name, **values)

    def status(self) -> dict[str, Any]:
        return self.request("status")

    def current(self) -> dict[str, Any]:
        """What is being recorded now; empty when nothing is."""
        return self.status().get("current") or {}

    def wait_state(self, *states: str, timeout_s: float = 30.0) -> dict[str, Any]:
        """The status as soon as its state is one of `states`."""
        last: dict[str, Any] = {}

        def there() -> dict[str, Any] | None:
            nonlocal last
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"the agent ended with {self.process.returncode}\n{self.log(20)}")
            try:
                last = self.status()
            except AgentNotRunning:
                return None
            return last if last["state"] in states else None

        try:
            return wait_until(there, f"the agent to be {' or '.join(states)}", timeout_s=timeout_s)
        except AssertionError as error:
            error.add_note(f"last status: {last}")
            raise

    def wait_current(self, *, timeout_s: float = 10.0, **wanted: Any) -> dict[str, Any]:
        """What is recorded, as soon as all of `wanted` is true of it."""
        seen: dict[str, Any] = {}

        def there() -> bool:
            nonlocal seen
            # It begins anew when the display goes or comes, and does not answer then.
            with contextlib.suppress(AgentNotRunning):
                seen = self.current()
            return all(seen.get(key) == value for key, value in wanted.items())

        try:
            wait_until(there, f"the agent to record {wanted}", timeout_s=timeout_s)
        except AssertionError as error:
            error.add_note(f"last: {seen}")
            raise
        return seen

    def go_to(self, window: Window, project: str) -> None:
        """The person goes to a window of that project; returns when the agent records it."""
        self.desktop.hands.focus(window.id)
        self.wait_current(project=project)

    def command(self, *words: str, code: int = 0, given: str | None = None) -> str:
        """Run `devpulse WORDS`, and return what it printed; raises when it ends otherwise than `code`."""
        done = subprocess.run(
            [*_PROGRAM, *words], env={**self.environ, **self.desktop.family.mark}, input=given,
            cwd=self.desktop.home, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if done.returncode != code:
            raise CommandFailed(
                f"devpulse {' '.join(words)} ended with {done.returncode}, not {code}\n"
                f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
            )
        return done.stdout

    def told(self, *words: str) -> Any:
        """What a command says with `--json`."""
        return json.loads(self.command(*words, "--json"))

    def report(self, *words: str) -> dict[str, Any]:
        """`devpulse report --format json`, after the agent has stored all it knows."""
        if self.running:
            self.request("flush")
        return json.loads(self.command("report", *words, "--format", "json"))

    def quit(self) -> None:
        """Let it quit by its own command, and wait until it has."""
        self.request("quit")
        assert self.process is not None
        if (code := self.process.wait(20)) != 0:
            raise AssertionError(f"the agent quit with {code}\n{self.log(20)}")

    def terminate(self) -> int:
        """End it as a logout does; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def kill(self) -> None:
        """`kill -9`."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def log(self, lines: int | None = None) -> str:
        """What it wrote to its console and to its log files; the last `lines` of each, or everything."""
        console = self.desktop.family.logs / "agent.log"
        files = [file for file in (console, *sorted(self.paths.logs.glob("*"))) if file.exists()]
        texts = ((file.name, file.read_text(errors="replace").splitlines()) for file in files)
        return "\n".join("\n".join([f"--- {name}", *text[-(lines or 0) :]]) for name, text in texts)

    def stay(self, seconds: float) -> None:
        """Let a person be present for so long: the pointer moves every 2 s."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(2.0, left))
            self.desktop.hands.touch()
