"""The windows' process as `devpulse` starts it, walked through from within and watched by a heartbeat.

    python -m tests.benchmarks.windows_process WALK ASKED RESULT

`WALK`: `open` (show the first page and end), `all`, `live` (write when the window has painted what is
recorded now, until it is ended) or `import`. `ASKED`: when the window was asked for, seconds of the monotonic
clock. `RESULT`: a file for what was measured, as JSON. The history ends in the past; for the window
it is the evening of its last day.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import app.desktop as desktop
from app.clock import Instant, SystemClock
from tests.benchmarks.proc import memory

EVENING = datetime(2026, 6, 30, 20, 30, tzinfo=ZoneInfo("Europe/Berlin"))
PAGES = ("today", "timeline", "trends", "projects", "focus", "rules", "privacy", "welcome")
# So long must nothing be asked and nothing be drawn before a step counts as over.
_CALM_S, _PATIENCE_S = 0.4, 300.0
_POLL_MS = 25


class EveningClock:
    """The system's clock, set to the evening of the history's last day."""

    def __init__(self) -> None:
        self._own = SystemClock()
        self._back_ms = self._own.now().wall_ms - round(EVENING.timestamp() * 1000)

    def now(self) -> Instant:
        own = self._own.now()
        return Instant(own.wall_ms - self._back_ms, own.awake_ms, own.boot_ms)

    def utc_offset_s(self, wall_ms: int) -> int:
        return self._own.utc_offset_s(wall_ms)


class Walk:
    """Takes one step after the other, each when the one before has come to rest; then closes the window."""

    def __init__(
        self, windows: desktop.Windows, asked: float, steps: Callable[[Walk], Generator[None]]
    ) -> None:
        from PyQt6.QtCore import QTimer

        from tests.benchmarks.heartbeat import Heartbeat

        self.windows = windows
        self.told: dict[str, Any] = {"steps": {}, "memory": {}}
        self._asked = asked
        self._beat = Heartbeat(windows.window)
        self._since = time.perf_counter()
        self._steps = steps(self)
        self._name = ""
        self._timer = QTimer(windows.window)
        self._timer.timeout.connect(self._look)
        self._timer.start(_POLL_MS)
        self._painted = _Painted(windows)

    def step(self, name: str, do: Callable[[], object]) -> None:
        """Do it now; how long it kept the thread is noted when it has come to rest."""
        self._name, self._since = name, time.perf_counter()
        self._beat.begin()
        do()

    def _look(self) -> None:
        now = time.perf_counter()
        asked = self.windows.window.coming or not self.windows.services.background.idle
        busy = asked or now - self._beat.quiet_since < _CALM_S
        if now - self._since < _PATIENCE_S and (busy or now - self._since < _CALM_S):
            return
        if self._name:
            self.told["steps"][self._name] = asdict(self._beat.longest)
            used = memory(os.getpid())
            self.told["memory"][self._name] = {"rss": used.rss, "pss": used.pss, "uss": used.uss}
        try:
            next(self._steps)
        except StopIteration:
            self._timer.stop()
            self.told["first_s"] = self._painted.first - self._asked
            self.told["painted_s"] = self._painted.last - self._asked
            self.told["closed_s"] = time.monotonic()
            self.windows.window.close()

    def at_rest(self) -> None:
        """The window is open: what is painted from here on is something else."""
        self.told["processor_s"] = time.process_time()
        self._painted.stop()


class _Painted:
    """When the window was painted first and last while it opened, by the monotonic clock.

    It is painted "last" when the numbers of its page are in it and nothing more is asked.
    """

    def __init__(self, windows: desktop.Windows) -> None:
        from PyQt6.QtCore import QEvent, QObject, QTimer

        outer = self
        self.first = self.last = 0.0
        self._over = False

        class Ears(QObject):
            def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:  # noqa: N802 - Qt's name
                if a1 is not None and a1.type() in (QEvent.Type.Paint, QEvent.Type.UpdateRequest):
                    QTimer.singleShot(0, outer.painted)
                return False

        self._ears = Ears(windows.window)
        self._windows = windows
        windows.window.installEventFilter(self._ears)

    def painted(self) -> None:
        now = time.monotonic()
        self.first = self.first or now
        if not self._over:
            self.last = now

    def stop(self) -> None:
        self._over = True
        self._windows.window.removeEventFilter(self._ears)


def opening(walk: Walk) -> Generator[None]:
    """Nothing but the first page."""
    walk.step("opened", lambda: None)
    yield
    walk.at_rest()


def everywhere(walk: Walk) -> Generator[None]:
    """All pages, there and back; the look; days and ranges."""
    from app.ui.dates import Span, around

    window = walk.windows.window
    yield from opening(walk)
    for page in PAGES:
        walk.step(f"first {page}", lambda page=page: window.lead_to(page))
        yield
    for page in PAGES:
        walk.step(f"back {page}", lambda page=page: window.lead_to(page))
        yield
    walk.step("", lambda: window.open("today"))
    yield
    for look in ("dark", "light"):
        walk.step(f"theme {look}", lambda look=look: walk.windows.services.theme.wish(look))
        yield
    walk.step("", lambda: window.open("timeline"))
    yield
    timeline = window.findChild(_class("app.ui.pages.timeline.page", "TimelinePage"))
    for number in range(3):
        walk.step(f"day {number}", lambda: timeline.show_day(_before(timeline.days.day)))
        yield
    walk.step("", lambda: window.open("trends"))
    yield
    trends = window.findChild(_class("app.ui.pages.trends.page", "TrendsPage"))
    trends.ranges.first_recorded = trends.model.recorded.first
    for kind in (Span.DAY, Span.MONTH, Span.QUARTER, Span.YEAR, Span.ALL):
        found = around(kind, EVENING.date(), first_recorded=trends.ranges.first_recorded)
        walk.step(f"range {kind.value}", lambda found=found: trends.show_range(found))
        yield


def live(walk: Walk) -> Generator[None]:
    """Stay open, and write the moment at which each news of the agent was painted."""
    from PyQt6.QtCore import QTimer

    yield from opening(walk)
    services, before = walk.windows.services, [None]
    file = Path(os.environ["DEVPULSE_BENCH_PAINTS"])
    file.touch()

    def painted() -> None:
        with file.open("a") as out:
            out.write(f"{time.monotonic()}\n")

    def heard(status: Any) -> None:
        project = (status.get("current") or {}).get("project")
        if project != before[0]:
            before[0] = project
            # The paint that was asked for by then is in the queue before this.
            QTimer.singleShot(0, lambda: QTimer.singleShot(0, painted))

    services.agent.status_changed.connect(heard)
    while True:
        yield


def importing(walk: Walk) -> Generator[None]:
    """An import runs while the window is open."""
    from app.ui.importing.work import ImportWork

    yield from opening(walk)
    services, file = walk.windows.services, Path(os.environ["DEVPULSE_BENCH_IMPORT"])
    work = ImportWork(services).take_in(file)
    walk.step("import", lambda: services.changes.run(work, long=True))
    yield


def _class(module: str, name: str) -> Any:
    from importlib import import_module

    return getattr(import_module(module), name)


def _before(day: Any) -> Any:
    from datetime import timedelta

    return day - timedelta(days=1)


WALKS = {"open": opening, "all": everywhere, "live": live, "import": importing}


def main(walk: str, asked: str, result: str) -> int:
    """Run `devpulse` and the walk; returns its exit code."""
    build = desktop.assemble
    walks: list[Walk] = []

    def assemble(application: Any, **parts: Any) -> desktop.Windows:
        windows = build(application, **{**parts, "clock": EveningClock()})
        walks.append(Walk(windows, float(asked), WALKS[walk]))
        return windows

    desktop.assemble = assemble  # type: ignore[assignment]
    from app.__main__ import main as devpulse

    # A walk through all pages has each of them opened the first time when the window is there.
    code = devpulse(["--page", "settings" if walk == "all" else "today"])
    Path(result).write_text(json.dumps(walks[0].told), "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
