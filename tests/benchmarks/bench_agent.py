"""The agent at work: memory and its growth, processor, wakeups, start, latency, bytes written.

`DEVPULSE_BENCH_MINUTES` (default 10) is how long each of the two driven stretches lasts.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.control import Client
from app.errors import DevPulseError
from tests.benchmarks import page_cache, proc
from tests.benchmarks.figures import Figure
from tests.desktop.agent import ROOT, Agent
from tests.desktop.desktop import Desktop
from tests.desktop.panels import Panel
from tests.desktop.switcher import Switcher
from tests.desktop.waiting import wait_until
from tests.desktop.windows import Window

SWITCH_EVERY_S = 5.0
SETTLED_S = 120.0
SWITCHES = 200
IDLE_S = 60.0
STARTS = 5
# The nearest peer's four processes, measured on a machine like this one in the same scenario.
PEER = "peer: 139 MiB PSS, 187 RSS"


def run() -> list[Figure]:
    """All figures; with the default length it takes about 25 minutes."""
    minutes = float(os.environ.get("DEVPULSE_BENCH_MINUTES", "10"))
    with _place() as place, Desktop(panel=Panel.TINT2) as desktop:
        windows = _windows(desktop)
        untrimmed = _driven(desktop, windows, place / "untrimmed", minutes, hand_back=False)
        usual = _driven(desktop, windows, place / "usual", minutes, hand_back=True)
        return [
            *_memory_figures(usual, untrimmed, minutes),
            *_work_figures(usual, minutes),
            *_idle_figures(desktop, place / "idle"),
            *_latency_figures(desktop, windows, place / "latency"),
            *_start_figures(desktop, place / "start"),
        ]


@contextmanager
def _place() -> Iterator[Path]:
    """A folder on the disk: what is written to a tmpfs is not written. In it one in memory, for sockets."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="bench-", dir=build))
    memory = Path(tempfile.mkdtemp(prefix="bench-", dir="/dev/shm"))
    (place / "memory").symlink_to(memory)
    try:
        yield place
    finally:
        shutil.rmtree(memory, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)


def _windows(desktop: Desktop) -> list[Window]:
    repositories = [desktop.repository(name, also=("feature/x",)) for name in ("alpha", "beta", "gamma")]
    windows = [desktop.programs.terminal(folder) for folder in repositories]
    (repositories[0] / "app.py").write_text("print('hello')\n")
    editor = desktop.programs.editor(repositories[0] / "app.py")
    browser = desktop.programs.browser(desktop.page("A page"), "A page")
    return [*windows, editor, browser]


def _agent(desktop: Desktop, home: Path, **settings: Any) -> Agent:
    """As on a person's machine: data on the disk, the folder of sockets in memory."""
    home.mkdir()
    places = {f"XDG_{what}_HOME": str(home / what.lower()) for what in ("CONFIG", "DATA", "STATE")}
    runtime = home.parent / "memory" / home.name
    runtime.mkdir()
    environ = {"DEVPULSE_HOME": None, **places, "XDG_RUNTIME_DIR": str(runtime)}
    return Agent(desktop, environ=environ, settings=settings)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a stretch of driven work cost."""

    settled: proc.Memory
    end: proc.Memory
    cpu_share: float
    wakeups_a_second: float
    bytes_an_hour: float


def _driven(
    desktop: Desktop, windows: Sequence[Window], home: Path, minutes: float, *, hand_back: bool
) -> Stretch:
    """A person who switches windows every 5 s, and now and then changes folder, branch or title."""
    with _agent(desktop, home, **{"memory.hand_back": hand_back}) as agent:
        time.sleep(5)
        lasts = minutes * 60
        start = time.monotonic()
        cpu, wakes, written = (
            proc.cpu_seconds(agent.pid),
            proc.wakeups(agent.pid),
            proc.bytes_written(agent.pid),
        )
        settled: proc.Memory | None = None
        for number in itertools.count():
            passed = time.monotonic() - start
            if settled is None and passed >= min(SETTLED_S, lasts / 2):
                settled = proc.memory(agent.pid)
            if passed >= lasts:
                break
            _do_something(desktop, windows, number)
            agent.stay(SWITCH_EVERY_S - 0.1)
        took = time.monotonic() - start
        end = proc.memory(agent.pid)
        assert settled is not None
        return Stretch(
            settled,
            end,
            (proc.cpu_seconds(agent.pid) - cpu) / took,
            (proc.wakeups(agent.pid) - wakes) / took,
            (proc.bytes_written(agent.pid) - written) / took * 3600,
        )


def _do_something(desktop: Desktop, windows: Sequence[Window], number: int) -> None:
    window = windows[number % len(windows)]
    desktop.hands.focus(window.id)
    if number % len(windows) == 0:
        desktop.hands.line("git switch -q -")
    elif number % len(windows) == 1:
        desktop.hands.line(f"mkdir -p part{number % 40} && cd part{number % 40}; cd ..")


def _memory_figures(usual: Stretch, untrimmed: Stretch, minutes: float) -> list[Figure]:
    after = f"after {minutes:g} min"
    both = ((usual, "as it runs", 50.0, None), (untrimmed, "nothing handed back", None, 45.0))
    figures: list[Figure] = []
    for stretch, how, rss, pss in both:
        figures += [
            Figure(f"memory {after}, {how}: RSS", stretch.end.rss, "MiB", rss, PEER if rss else ""),
            Figure(f"memory {after}, {how}: PSS", stretch.end.pss, "MiB", pss),
            Figure(f"memory {after}, {how}: USS", stretch.end.uss, "MiB"),
            Figure(
                f"growth from minute 2, {how}: USS", stretch.end.uss - stretch.settled.uss, "MiB", 1.0,
                "titles met for the first time cost a little",
            ),
        ]  # fmt: skip
    return figures


def _work_figures(stretch: Stretch, minutes: float) -> list[Figure]:
    working = "working, a switch every 5 s"
    return [
        Figure(f"processor, {working}", stretch.cpu_share * 100, "% of a core", 0.3, "peer: 0.89"),
        Figure(f"wakeups, {working}", stretch.wakeups_a_second, "a second"),
        Figure(
            f"written to disk, {working}", stretch.bytes_an_hour / 1e6, "MB an hour", 5.0,
            f"from {minutes:g} min; peer: 60",
        ),
    ]  # fmt: skip


def _idle_figures(desktop: Desktop, home: Path) -> list[Figure]:
    with _agent(desktop, home, **{"tracking.idle_after_s": 10}) as agent:
        agent.wait_state("idle", timeout_s=60)
        time.sleep(5)
        before, cpu = proc.wakeups(agent.pid), proc.cpu_seconds(agent.pid)
        time.sleep(IDLE_S)
        woken = proc.wakeups(agent.pid) - before
        used = (proc.cpu_seconds(agent.pid) - cpu) / IDLE_S
    return [
        Figure(
            f"wakeups idle, {IDLE_S:g} s, all threads", woken, "switches", 10, "2 is the least Qt and X need"
        ),
        Figure("processor, idle", used * 100, "% of a core", 0.01),
    ]


def _latency_figures(desktop: Desktop, windows: Sequence[Window], home: Path) -> list[Figure]:
    with _agent(desktop, home) as agent:
        time.sleep(3)
        stored, shown = _latencies(desktop, agent, windows[0].id, windows[1].id)
    figures: list[Figure] = []
    for what, times in (("stored", stored), ("shown", shown)):
        cuts = statistics.quantiles(times, n=100)
        figures += [
            Figure(f"focus change to {what}, p50", cuts[49] * 1000, "ms", 150.0, f"{len(times)} switches"),
            Figure(f"focus change to {what}, p99", cuts[98] * 1000, "ms", 150.0),
        ]
    return figures


def _latencies(desktop: Desktop, agent: Agent, one: int, other: int) -> tuple[list[float], list[float]]:
    """Seconds from the request to the window manager to a new row, and to a new status told."""
    seen = _Listener(agent)
    stored: list[float] = []
    shown: list[float] = []
    database = sqlite3.connect(f"{agent.paths.database.as_uri()}?mode=ro", uri=True)
    with Switcher(desktop.display.name) as switcher:
        switcher.to(one)
        time.sleep(1)
        for number in range(SWITCHES):
            # Switching is no input, and who gives none is idle.
            desktop.hands.touch()
            before = _last_row(database)
            told = seen.count
            start = time.monotonic()
            switcher.to(other if number % 2 == 0 else one)
            wait_until(lambda b=before: _last_row(database) > b, "the new span", every_s=0.0005)
            stored.append(time.monotonic() - start)
            wait_until(lambda t=told: seen.count > t, "the new status", every_s=0.0005)
            shown.append(seen.last - start)
            time.sleep(0.25)
    database.close()
    seen.close()
    return stored, shown


def _last_row(database: sqlite3.Connection) -> int:
    return database.execute("SELECT ifnull(max(id), 0) FROM activity_logs").fetchone()[0]


class _Listener:
    """Notes when the agent tells that something else is recorded now."""

    def __init__(self, agent: Agent) -> None:
        self.count = 0
        self.last = 0.0
        self._client = Client(agent.paths.socket)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._client.close()

    def _listen(self) -> None:
        before: object = None
        try:
            for event in self._client.events():
                current = event.get("current") or {}
                now = (current.get("project"), current.get("title"))
                if now != before:
                    before = now
                    self.last = time.monotonic()
                    self.count += 1
        except (DevPulseError, OSError, ValueError):
            return


def _start_figures(desktop: Desktop, home: Path) -> list[Figure]:
    agent = _agent(desktop, home)
    first = _start(agent)
    warm = statistics.median(_start(agent) for _ in range(STARTS))
    emptied = [_start(agent, before=page_cache.drop_programs) for _ in range(STARTS)]
    how = "the files it reads dropped from the page cache"
    return [
        Figure("start to tracking, cold", statistics.median(emptied) * 1000, "ms", 800.0, how),
        Figure("start to tracking, warm", warm * 1000, "ms", 800.0, f"median of {STARTS}"),
        Figure("very first start, database made", first * 1000, "ms", 3000.0),
    ]


def _start(agent: Agent, before: Callable[[], None] = lambda: None) -> float:
    """Seconds from the start of the process until it tracks."""
    before()
    start = time.monotonic()
    agent.start(wait=False)

    def tracks() -> bool:
        try:
            return agent.status()["state"] != "starting"
        except DevPulseError:
            return False

    wait_until(tracks, "the agent to track", every_s=0.005, timeout_s=60)
    took = time.monotonic() - start
    agent.quit()
    return took
