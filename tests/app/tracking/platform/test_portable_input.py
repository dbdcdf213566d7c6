from __future__ import annotations

import pytest

from app.errors import DisplayUnavailable
from app.tracking.platform.portable_input import PortableInputSource, macos_meter, windows_meter


class FakeFunction:
    """Like a function of a foreign library: it can be declared and called."""

    def __init__(self, answer):
        self.answer = answer
        self.restype = self.argtypes = None

    def __call__(self, *arguments):
        return self.answer(*arguments)


class FakeLibrary:
    def __init__(self, **functions):
        self.__dict__.update({name: FakeFunction(answer) for name, answer in functions.items()})


def test_macos():
    asked = []

    def seconds(*arguments):
        asked.append(arguments)
        return 12.3456

    meter = macos_meter(lambda path: FakeLibrary(CGEventSourceSecondsSinceLastEventType=seconds))
    assert meter() == 12346
    assert asked == [(0, 0xFFFFFFFF)]


@pytest.mark.parametrize(("now", "last", "idle"), [(5000, 2000, 3000), (100, 0xFFFFFF00, 356), (7, 7, 0)])
def test_windows(now, last, idle):
    def last_input(info):
        info._obj.ticks = last
        return 1

    library = FakeLibrary(GetLastInputInfo=last_input, GetTickCount=lambda: now)
    assert windows_meter(lambda _: library)() == idle


def test_windows_that_does_not_tell():
    library = FakeLibrary(GetLastInputInfo=lambda _: 0, GetTickCount=lambda: 5000)
    assert windows_meter(lambda _: library)() == 0


class Hand:
    """A person whose last input is turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.last = 1000.0
        self.said: list[object] = []

    def meter(self) -> int:
        return round((self.now - self.last) * 1000)

    def source(self) -> PortableInputSource:
        return PortableInputSource("darwin", lambda _: self.meter, lambda: self.now)


def test_idle_and_input_by_asking(watcher):
    hand = Hand()
    source = hand.source()
    source.start(watcher.loop, 0.05, hand.said.append, lambda: hand.said.append("input"))
    hand.now += 0.06
    watcher.until(lambda: hand.said == [60])
    hand.now += 5
    assert source.idle_ms() == 5060
    hand.last = hand.now
    watcher.until(lambda: hand.said == [60, "input"])
    source.set_idle_after(600)
    hand.now += 100
    watcher.work(0.2)
    assert hand.said == [60, "input"]
    source.set_idle_after(10)
    assert hand.said == [60, "input", 100_000]
    source.stop()
    assert source.idle_ms() == 0
    source.set_idle_after(1)


def test_a_system_that_lacks_the_call(watcher):
    for error in (OSError("no such library"), AttributeError("no such function")):

        def fail(_, error=error):
            raise error

        with pytest.raises(DisplayUnavailable):
            PortableInputSource("darwin", fail).start(watcher.loop, 1, print, print)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_on_this_system_neither_is_there(platform, watcher):
    with pytest.raises(DisplayUnavailable):
        PortableInputSource(platform).start(watcher.loop, 1, print, print)
