"""Clocks that are set, zones that change, machines that sleep, and seats that others take."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop import namespaces
from tests.desktop.agent import ROOT, Agent
from tests.desktop.desktop import Desktop
from tests.desktop.waiting import now_ms, wait_until
from tests.desktop.windows import Window
from tests.end2end import stored

pytestmark = pytest.mark.display


class WallClock:
    """A wall clock for one agent that can be set, while its monotonic clock goes on."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set(0)
        self.environ = {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "tests/desktop/clock"), str(ROOT)]),
            "DEVPULSE_TEST_CLOCK": str(self._file),
        }

    def set(self, seconds: int) -> None:
        """It is `seconds` off from now on."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self._file)


@pytest.mark.parametrize("step_s", [7200, -7200])
def test_a_clock_that_is_set_makes_no_time(
    make_agent: Callable[..., Agent], first: Window, second: Window, tmp_path: Path, step_s: int
) -> None:
    clock = WallClock(tmp_path)
    agent = make_agent(environ=clock.environ)
    with agent:
        agent.go_to(first, "alpha")
        start = time.monotonic()
        agent.stay(2)
        clock.set(step_s)
        agent.stay(2)
        agent.go_to(second, "beta")
        agent.stay(2)
        lasted = time.monotonic() - start
        agent.request("flush")
        found = stored.spans(agent.paths.database)
        assert sum(span.seconds for span in found) == pytest.approx(lasted, abs=2.5)
        assert all(0 <= span.seconds < 10 for span in found)
        stored.check_sound(agent.paths.database)


def test_a_sleeping_machine_is_not_recorded(desktop: Desktop, agent: Agent, first: Window) -> None:
    agent.go_to(first, "alpha")
    wait_until(lambda: "DevPulse" in str(desktop.login.inhibitors()), "a delay for storing before sleep")
    desktop.login.prepare_for_sleep(before=True)
    asleep_ms = now_ms()
    wait_until(lambda: "DevPulse" not in str(desktop.login.inhibitors()), "the machine to be let go")
    agent.wait_state("asleep")
    agent.stay(3)
    desktop.login.prepare_for_sleep(before=False)
    awake_ms = now_ms()
    # A machine also wakes by itself: the person is back with their first input.
    agent.wait_state("idle")
    desktop.hands.focus(first.id)
    agent.stay(5)
    agent.wait_current(project="alpha")
    agent.stay(1)
    agent.request("flush")
    for span in stored.spans(agent.paths.database):
        assert span.end_ms <= asleep_ms + 1000 or span.start_ms >= awake_ms - 500


def test_another_person_at_the_seat_is_not_recorded(desktop: Desktop, agent: Agent, first: Window) -> None:
    agent.go_to(first, "alpha")
    desktop.login.switch_away()
    agent.wait_state("away")
    assert agent.current() == {}
    desktop.login.switch_back()
    agent.wait_state("tracking")
    agent.go_to(first, "alpha")


def test_a_session_that_is_locked_at_the_start_is_not_recorded(
    desktop: Desktop, make_agent: Callable[..., Agent], first: Window
) -> None:
    desktop.hands.focus(first.id)
    desktop.login.lock()
    try:
        with make_agent() as agent:
            agent.wait_state("locked")
            assert agent.current() == {}
    finally:
        desktop.login.unlock()


def test_a_change_of_zone_keeps_each_span_in_its_own(
    make_agent: Callable[..., Agent], first: Window, second: Window, tmp_path: Path
) -> None:
    namespaces.check()
    zone = tmp_path / "localtime"
    shutil.copyfile("/usr/share/zoneinfo/Etc/UTC", zone)
    agent = make_agent()
    agent.extra["TZ"] = None
    agent.wrapper = namespaces.instead(Path("/etc/localtime"), zone)
    with agent:
        agent.go_to(first, "alpha")
        agent.stay(1)
        zone.write_bytes(Path("/usr/share/zoneinfo/Asia/Kolkata").read_bytes())
        os.utime(zone, (1, 1))
        agent.stay(1)
        agent.go_to(second, "beta")
        agent.stay(1)
        agent.request("flush")
        offsets = stored.offsets(agent.paths.database)
        assert offsets[0] == 0
        assert offsets[-1] == 19_800
        stored.check_sound(agent.paths.database)
