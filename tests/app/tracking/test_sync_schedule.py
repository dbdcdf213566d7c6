"""The agent's syncs: one at a time, only for who is signed in, more often while somebody works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.loop import Loop
from app.tracking.sync_schedule import BUSY_EVERY_S, FIRST_AFTER_S, QUIET_EVERY_S, SyncSchedule
from tests.fakes.clock import ManualClock


class Machine:
    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.loop = Loop(monotonic=lambda: self.clock.now().awake_ms / 1000)
        self.account = folder / "account.sealed"
        self.account.touch()
        self.automatic = self.busy = True
        self.secrets: bytes | None = b"{}"
        self.started: list[bytes | None] = []
        self.ends: list[Callable[[int], None]] = []
        schedule = SyncSchedule(
            self.loop, self.begin, ["sync"], account=self.account, automatic=lambda: self.automatic,
            busy=lambda: self.busy, secrets=lambda: self.secrets,
        )  # fmt: skip
        schedule.start()

    def begin(
        self, argv: list[str], on_end: Callable[[int], None], *, limit_s: float, secrets: bytes | None
    ) -> None:
        assert argv == ["sync"]
        self.started.append(secrets)
        self.ends.append(on_end)

    def wait(self, seconds: float) -> int:
        """How many were started meanwhile."""
        before = len(self.started)
        for _ in range(round(seconds)):
            self.clock.advance(1)
            self.loop.run_once(0)
        return len(self.started) - before


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_next_begins_only_when_the_last_has_ended(machine: Machine) -> None:
    assert machine.wait(FIRST_AFTER_S + 1) == 1
    assert machine.wait(3 * BUSY_EVERY_S) == 0
    machine.ends[-1](1)
    assert machine.wait(BUSY_EVERY_S + 1) == 1
    assert machine.started == [b"{}", b"{}"]


def test_a_quiet_machine_looks_less_often(machine: Machine) -> None:
    machine.busy = False
    machine.wait(FIRST_AFTER_S + 1)
    machine.ends[-1](0)
    assert machine.wait(QUIET_EVERY_S - 5) == 0
    assert machine.wait(10) == 1


def test_nobody_signed_in_not_wanted_or_locked(machine: Machine) -> None:
    machine.account.unlink()
    assert machine.wait(FIRST_AFTER_S + BUSY_EVERY_S) == 0
    machine.account.touch()
    machine.automatic = False
    assert machine.wait(2 * BUSY_EVERY_S) == 0
    machine.automatic, machine.secrets = True, None
    assert machine.wait(2 * BUSY_EVERY_S) == 0
    machine.secrets = b"key"
    assert machine.wait(BUSY_EVERY_S + 1) == 1
