"""The windows' process: asked for to painted, the longest stretches on its GUI thread, memory, live updates.

The real process with the real agent on a virtual desktop (`windows_process.py` walks through it from within),
over a year and over five years of two million activities each. A stretch is judged by the processor time of
the GUI thread, for the machine may be shared; what the clock said stands beside it.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.app.importing.exports import write_large
from tests.benchmarks import page_cache, proc
from tests.benchmarks.figures import Figure
from tests.benchmarks.homes import home_of
from tests.desktop.agent import ROOT, Agent
from tests.desktop.desktop import Desktop
from tests.desktop.panels import Panel
from tests.desktop.switcher import Switcher
from tests.desktop.waiting import wait_until

# By then the agent has handed back what only its start needed.
HANDED_BACK_S = 5
COLD, WARM, WALKS, SWITCHES = 3, 5, 3, 20
IMPORTED = 20_000
PAINTED_MS, STRETCH_MS, LIVE_MS = 1_200, 50, 150

Told = dict[str, Any]


def run() -> list[Figure]:
    """Medians of some starts and walks; about five minutes, once the histories are made."""
    with _place() as place, Desktop(panel=Panel.TINT2) as desktop:
        return [*_over(desktop, place, 1, rest=True), *_over(desktop, place, 5, rest=False)]


@contextmanager
def _place() -> Iterator[Path]:
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="windows-", dir=build))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _agent(desktop: Desktop, home: Path) -> Iterator[Agent]:
    """The agent of a home with years in it; its first start may look through all of them."""
    agent = Agent(desktop, environ={"DEVPULSE_HOME": str(home)}).start(wait=False)
    try:
        agent.wait_state("tracking", "idle", "degraded", timeout_s=300)
        yield agent
    finally:
        if agent.process is not None:
            desktop.family.end(agent.process, patience_s=60)


def _over(desktop: Desktop, place: Path, years: int, *, rest: bool) -> list[Figure]:
    """All figures over so many years; `rest`: also those that do not depend on how many."""
    home = place / str(years)
    shutil.copytree(home_of(years), home)
    (home / "data" / "welcomed").touch()
    span = "a year" if years == 1 else f"{years} years"
    with _agent(desktop, home) as agent:
        opened = Opened(desktop, agent, place)
        time.sleep(HANDED_BACK_S)
        before = proc.memory(agent.pid)
        figures = _starts(opened, span)
        walks = [opened.walk("all") for _ in range(WALKS)]
        during = max(walk["agent_pss"] for walk in walks)
        figures += _stretches(walks, span)
        figures += _memory(walks, span)
        if rest:
            figures += _live(opened)
            figures += _import(opened, place)
            after = proc.memory(agent.pid)
            figures += [
                Figure("agent's memory before the window opens: PSS", before.pss, "MiB", 45),
                Figure("agent's memory while it is open: PSS", during, "MiB"),
                Figure("agent's memory after all this: PSS", after.pss, "MiB"),
            ]
        return figures


class Opened:
    """Opens the windows of an agent's home, again and again."""

    def __init__(self, desktop: Desktop, agent: Agent, place: Path) -> None:
        self.desktop, self.agent, self._place = desktop, agent, place
        self.result = place / "result.json"

    def start(self, walk: str, **environ: str) -> subprocess.Popen[bytes]:
        """Ask for the window now."""
        self.result.unlink(missing_ok=True)
        argv = [sys.executable, "-m", "tests.benchmarks.windows_process"]
        words = [walk, str(time.monotonic()), str(self.result)]
        surroundings = {**self.agent.environ, **environ}
        return self.desktop.family.start("windows", [*argv, *words], surroundings, cwd=ROOT)

    def walk(self, walk: str, **environ: str) -> Told:
        """Have it go its way to the end, when the process is gone; what it told."""
        process = self.start(walk, **environ)
        if process.wait(600):
            raise RuntimeError(f"the windows ended with {process.returncode}\n{self.desktop.family.said()}")
        gone = time.monotonic()
        told: Told = json.loads(self.result.read_text("utf-8"))
        return {**told, "gone_s": gone - told["closed_s"], "agent_pss": proc.memory(self.agent.pid).pss}


def _starts(opened: Opened, span: str) -> list[Figure]:
    opened.walk("open")  # what a first start leaves beside the database is there from now on
    cold = [_cold(opened) for _ in range(COLD)]
    warm = [opened.walk("open") for _ in range(WARM)]

    def ms(told: Sequence[Told], key: str) -> float:
        return statistics.median(one[key] for one in told) * 1000

    name, used = f"window asked for → painted, {span}", f"{ms(warm, 'processor_s'):.0f} of the processor"
    return [
        Figure(
            f"{name}, cold", ms(cold, "painted_s"), "ms", PAINTED_MS, "programs dropped from the page cache"
        ),
        Figure(f"{name}, again", ms(warm, "painted_s"), "ms", PAINTED_MS, used),
        Figure(
            f"window asked for → on the screen, {span}", ms(warm, "first_s"), "ms", None, "title and side bar"
        ),
    ]


def _cold(opened: Opened) -> Told:
    page_cache.drop_programs()
    return opened.walk("open")


def _stretches(walks: Sequence[Told], span: str) -> list[Figure]:
    def figure(name: str, *begins: str) -> Figure:
        return _longest(walks, f"{name}, {span}", lambda step: step.startswith(begins))

    firsts = [step for step in walks[0]["steps"] if step.startswith("first ")]
    return [
        *(figure(f"longest stretch: {step.split()[1]} opened the first time", step) for step in firsts),
        figure("longest stretch: going back to a page", "back "),
        figure("longest stretch: another look", "theme "),
        figure("longest stretch: another day in Timeline", "day "),
        figure("longest stretch: another range in Trends", "range "),
    ]


def _longest(walks: Sequence[Told], name: str, which: Callable[[str], bool]) -> Figure:
    """Of the steps that `which` takes the one with the longest stretch, each the median of all walks."""
    found: list[tuple[float, float, str]] = []
    for step in filter(which, walks[0]["steps"]):
        stretches: list[Mapping[str, float]] = [walk["steps"][step] for walk in walks]
        processor, clock = (
            statistics.median(one[key] for one in stretches) for key in ("processor_ms", "clock_ms")
        )
        found.append((processor, clock, step))
    processor, clock, step = max(found)
    where = f", {step}" if len(found) > 1 else ""
    return Figure(name, processor, "ms", STRETCH_MS, f"by the clock {clock:.0f}{where}")


def _memory(walks: Sequence[Told], span: str) -> list[Figure]:
    def pss(step: str) -> float:
        return statistics.median(walk["memory"][step]["pss"] for walk in walks)

    steps = list(walks[0]["memory"])
    gone = statistics.median(walk["gone_s"] for walk in walks)
    pages = ", ".join(f"{step.split()[1]} {pss(step):.0f}" for step in steps if step.startswith("first "))
    return [
        Figure(f"windows' memory with one page, {span}: PSS", pss(steps[0]), "MiB", None, f"then {pages}"),
        Figure(f"windows' memory at the end of the walk, {span}: PSS", pss(steps[-1]), "MiB"),
        Figure(f"window closed → its process gone, {span}", gone * 1000, "ms", None, "with all its memory"),
    ]


def _live(opened: Opened) -> list[Figure]:
    """From a focus change to the painted window."""
    desktop, paints = opened.desktop, opened.result.with_suffix(".paints")
    one, other = (desktop.programs.terminal(desktop.repository(name)) for name in ("alpha", "beta"))
    paints.unlink(missing_ok=True)
    process = opened.start("live", DEVPULSE_BENCH_PAINTS=str(paints))
    took: list[float] = []
    try:
        wait_until(paints.exists, "the window", timeout_s=60)
        with Switcher(desktop.display.name) as switcher:
            for number in range(SWITCHES):
                desktop.hands.touch()
                there = len(paints.read_text().split())
                start = time.monotonic()
                switcher.to((other if number % 2 else one).id)
                wait_until(
                    lambda there=there: len(paints.read_text().split()) > there, "a paint", every_s=0.002
                )
                took.append(float(paints.read_text().split()[there]) - start)
                time.sleep(0.5)
    finally:
        desktop.family.end(process)
    took.sort()
    return [
        Figure("focus change → painted in the window, p50", statistics.median(took) * 1000, "ms", LIVE_MS),
        Figure(
            "focus change → painted in the window, longest",
            took[-1] * 1000,
            "ms",
            None,
            f"{SWITCHES} switches",
        ),
    ]


def _import(opened: Opened, place: Path) -> list[Figure]:
    file = place / "export.json"
    write_large(file, IMPORTED)
    told = opened.walk("import", DEVPULSE_BENCH_IMPORT=str(file))
    return [
        _longest([told], f"longest stretch: an import of {IMPORTED:,} events runs", lambda s: s == "import")
    ]
