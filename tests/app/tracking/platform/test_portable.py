from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field

import pytest

from app.errors import DisplayUnavailable
from app.tracking.platform import portable
from app.tracking.platform.portable import PortableWindowSource, pywinctl

from .conftest import Server, Watcher, start_manager


@dataclass
class FakeWindow:
    title: str = "a title"
    application: str = "Editor"
    pid: int | None = 77
    handle: object = 5
    fails: bool = False

    def getAppName(self) -> str:  # noqa: N802
        if self.fails:
            raise UnicodeDecodeError("utf-8", b"secret", 0, 1, "secret")
        return self.application

    def getPID(self) -> int | None:  # noqa: N802
        return self.pid

    def getHandle(self) -> object:  # noqa: N802
        return self.handle


@dataclass
class FakeDesktop:
    window: FakeWindow | None = field(default_factory=FakeWindow)
    asked: int = 0

    def getActiveWindow(self) -> FakeWindow | None:  # noqa: N802
        self.asked += 1
        return self.window


@pytest.fixture
def desktop():
    return FakeDesktop()


@pytest.fixture
def source(desktop, watcher, monkeypatch):
    monkeypatch.setattr(portable, "OFTENEST_S", 0.02)
    monkeypatch.setattr(portable, "RAREST_S", 0.1)
    made = PortableWindowSource(lambda: desktop)
    made.start(watcher.loop, watcher.on_window, watcher.on_lost)
    yield made
    made.stop()


def test_what_it_tells(source, watcher):
    sample = watcher.last
    assert (sample.application, sample.title, sample.pid, sample.window) == ("Editor", "a title", 77, 5)
    assert source.limits


def test_changes_are_seen_and_told_once(source, desktop, watcher):
    desktop.window = FakeWindow("another")
    watcher.until(lambda: watcher.title == "another")
    watcher.work(0.5)
    assert len(watcher.seen) == 2
    desktop.window = None
    watcher.until(lambda: watcher.last is None)


def test_it_asks_less_often_while_nothing_changes(source, desktop, watcher):
    watcher.work(0.5)
    asked = desktop.asked
    watcher.work(1.0)
    assert desktop.asked - asked <= 11


def test_an_exception_leaves_what_was_told(source, desktop, watcher, caplog):
    desktop.window = FakeWindow(fails=True)
    watcher.work(0.1)
    assert watcher.title == "a title"
    desktop.window = FakeWindow("back")
    watcher.until(lambda: watcher.title == "back")
    assert watcher.lost == 0
    assert "secret" not in caplog.text


def test_exceptions_without_end_are_a_lost_display(source, desktop, watcher):
    desktop.window = FakeWindow(fails=True)
    watcher.until(lambda: watcher.lost == 1)
    watcher.work(0.5)
    assert watcher.lost == 1
    assert [sample.title for sample in watcher.seen] == ["a title"]


def test_what_is_odd_is_put_right(watcher):
    window = FakeWindow("line\x1b[1m\none", "  ", 0, ("app", "title"))
    source = PortableWindowSource(lambda: FakeDesktop(window))
    source.start(watcher.loop, watcher.on_window, watcher.on_lost)
    sample = watcher.last
    assert (sample.application, sample.title, sample.pid) == ("unknown", "line [1m one", None)
    assert sample.window > 0
    source.stop()


def test_failing_at_the_start(watcher, monkeypatch):
    monkeypatch.setattr(portable, "OFTENEST_S", 0.01)
    desktop = FakeDesktop(FakeWindow(fails=True))
    source = PortableWindowSource(lambda: desktop)
    source.start(watcher.loop, watcher.on_window, watcher.on_lost)
    assert watcher.seen == [None]
    desktop.window = FakeWindow("there")
    watcher.until(lambda: watcher.title == "there")
    source.stop()


def test_nothing_is_asked_after_the_stop(source, desktop, watcher):
    source.stop()
    asked = desktop.asked
    watcher.work(0.3)
    assert desktop.asked == asked


def test_a_library_that_does_not_load(monkeypatch):
    def fail(_: str) -> object:
        raise RuntimeError("no display")

    monkeypatch.setattr(portable.importlib, "import_module", fail)
    with pytest.raises(DisplayUnavailable):
        pywinctl()


# In a process of its own: PyWinCtl looks for its display once, when it is imported.
_REAL = """
import sys, time
from app.loop import Loop
from app.tracking.platform.portable import PortableWindowSource
loop, seen = Loop(), []
source = PortableWindowSource()
source.start(loop, seen.append, lambda: None)
until = time.monotonic() + 30
while time.monotonic() < until and not any(s and s.title == "asked" for s in seen):
    loop.run_once(0.2)
print(seen[-1].application, seen[-1].title, seen[-1].pid)
"""


@pytest.mark.display
def test_the_real_library_on_a_real_display(server: Server, watcher: Watcher):
    start_manager(server)
    program = server.run("xterm", "-T", "asked", "-e", "sleep", "600")
    server.do("xdotool", "search", "--sync", "--name", "asked")
    ran = subprocess.run(
        [sys.executable, "-c", _REAL], env=server.environ, capture_output=True, text=True, timeout=90
    )
    assert ran.stdout == f"xterm asked {program.pid}\n", ran.stderr


def test_the_real_library_without_a_display():
    code = (
        "from app.errors import DisplayUnavailable\nfrom app.tracking.platform.portable import pywinctl\n"
        "try:\n    pywinctl()\nexcept DisplayUnavailable as error:\n    print(error.title)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.stdout.startswith("The active window cannot be read"), ran.stderr
