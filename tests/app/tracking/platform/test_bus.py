"""A connection to a message bus, and what becomes of questions when it goes."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QCoreApplication

from app.tracking.platform.bus import Bus
from tests.app.tracking.platform.message_buses import PrivateBus, qt_until, qt_work

_DAEMON = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


@pytest.fixture
def daemon(tmp_path: Path, qapp: QCoreApplication) -> Iterator[PrivateBus]:
    bus = PrivateBus(tmp_path / "bus")
    bus.start()
    yield bus
    bus.end()


def _bus(address: str | None) -> Bus:
    return Bus(address, on_up=lambda: None, on_down=lambda: None)


def test_a_question_is_answered(daemon):
    answers: list[Sequence[Any] | None] = []
    bus = _bus(daemon.address)
    assert bus.open()
    bus.ask(_DAEMON, "GetId", (), answers.append)
    qt_until(lambda: answers)
    assert answers[0] is not None
    bus.close()


def test_an_error_is_an_answer_too(daemon):
    answers: list[Sequence[Any] | None] = []
    bus = _bus(daemon.address)
    assert bus.open()
    bus.ask(_DAEMON, "NoSuchMethod", (), answers.append)
    qt_until(lambda: answers)
    assert answers == [None]
    bus.close()


def test_a_bus_that_is_not_there_is_told(tmp_path, qapp):
    for address in (None, f"unix:path={tmp_path}/none"):
        bus = _bus(address)
        assert not bus.open()
        bus.close()


def test_answers_that_come_while_it_closes_and_is_collected_reach_nobody(daemon):
    """Once an answer's closure, emptied by the collector and called by Qt all the same, ended the process."""
    answers: list[Sequence[Any] | None] = []
    for _ in range(30):
        bus = _bus(daemon.address)
        assert bus.open()
        for _ in range(4):
            bus.ask(_DAEMON, "GetId", (), answers.append)
        time.sleep(0.02)
        bus.close()
        del bus
        gc.collect()
        qt_work(0.01)
    assert answers == []
