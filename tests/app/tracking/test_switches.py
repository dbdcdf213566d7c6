from __future__ import annotations

from pathlib import Path

import pytest

from app.tracking import switches
from app.tracking.switches import Switches


def test_a_pause_ends_with_its_time_and_takes_nothing_else_along() -> None:
    paused = Switches(private=True, project_id=7).turned(paused=True, until_ms=1000)
    assert paused == Switches(paused=True, paused_until_ms=1000, private=True, project_id=7)
    assert paused.at(999) == paused
    assert paused.at(1000) == Switches(private=True, project_id=7)


def test_a_pause_without_an_end_lasts() -> None:
    assert Switches().turned(paused=True).at(2**60).paused


def test_going_on_forgets_the_end() -> None:
    assert Switches(paused=True, paused_until_ms=5).turned(paused=False, until_ms=9) == Switches()
    assert Switches(paused=True).turned(private=True) == Switches(paused=True, private=True)


def test_they_outlive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "switches.json"
    assert switches.load(file) == Switches()
    given = Switches(paused=True, paused_until_ms=5, private=True, project_id=3)
    switches.save(file, given)
    assert switches.load(file) == given
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"paused": 1}', b'{"project_id": true}', b'{"paused_until_ms": "now"}', b"[" * 9999],
)
def test_what_is_not_understood_is_private_mode(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "switches.json"
    file.write_bytes(content)
    assert switches.load(file) == Switches(private=True)
