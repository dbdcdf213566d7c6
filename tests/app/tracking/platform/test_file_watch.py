from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.loop import Loop
from app.tracking.platform.file_watch import SETTLES_S, FileWatch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify")


class Clock:
    now = 0.0


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Path, Callable[[], int]]]:
    """A watched file, and how often was told that something happened to it until now."""
    file = tmp_path / "file"
    file.write_text("one")
    told: list[bool] = []
    loop = Loop(monotonic=lambda: Clock.now)
    watch = FileWatch(loop, lambda: told.append(file.exists()))
    assert watch.watch(file)

    def count() -> int:
        loop.run_once(0.05)
        Clock.now += SETTLES_S
        loop.run_once(0)
        return len(told)

    yield file, count
    watch.stop()
    watch.stop()
    loop.close()


def test_a_removal_is_told_while_the_file_is_open(watched: tuple[Path, Callable[[], int]]) -> None:
    file, told = watched
    with file.open():
        file.unlink()
        assert told() == 1


def test_moving_and_replacing_are_told(watched: tuple[Path, Callable[[], int]]) -> None:
    file, told = watched
    other = file.with_name("other")
    other.write_text("two")
    other.replace(file)
    assert told() == 1


def test_writing_into_it_is_nothing(watched: tuple[Path, Callable[[], int]]) -> None:
    file, told = watched
    file.write_text("two")
    file.with_name("other").write_text("")
    file.with_name("other").unlink()
    assert told() == 0


def test_another_file_at_the_path_is_watched_when_told_to(tmp_path: Path) -> None:
    loop = Loop()
    told: list[bool] = []
    watch = FileWatch(loop, lambda: told.append(True))
    file = tmp_path / "file"
    assert not watch.watch(file)
    file.write_text("one")
    assert watch.watch(file)
    file.rename(tmp_path / "moved")
    file.write_text("two")
    assert watch.watch(file)
    file.unlink()
    loop.run_once(1)
    loop.run_once(SETTLES_S * 2)
    assert told == [True]
    watch.stop()
    loop.close()


def test_without_another_handle_nothing_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def inotify_init1(self, _: int) -> int:
            return -1

    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: Full())
    loop = Loop()
    watch = FileWatch(loop, lambda: None)
    assert not watch.watch(tmp_path)
    watch.stop()
    loop.close()
