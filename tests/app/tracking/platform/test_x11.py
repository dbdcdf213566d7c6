from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from Xlib import X, Xatom

from app.errors import DisplayUnavailable
from app.loop import Loop
from app.tracking.platform.x11 import X11WindowSource
from app.tracking.platform.x11_connection import X11Connection

from .conftest import Server, Watcher, Windows, start_manager, start_server, wait_for

pytestmark = pytest.mark.display


@pytest.fixture
def source(connection: X11Connection, watcher: Watcher):
    made = X11WindowSource(connection)
    yield made
    made.stop()


def start(source: X11WindowSource, watcher: Watcher) -> None:
    source.start(watcher.loop, watcher.on_window, watcher.on_lost)


MANAGERS = ("openbox", "xfwm4", "metacity")


@pytest.mark.parametrize("manager", MANAGERS)
def test_focus_title_and_closing_are_announced(manager, server, windows, source, watcher):
    start_manager(server, manager)
    first = windows.show("one – ☃", "Alpha")
    start(source, watcher)
    watcher.until(lambda: watcher.title == "one – ☃")
    assert watcher.last.application == "Alpha"
    assert watcher.last.window == first.id
    assert watcher.last.pid == os.getpid()
    assert source.limits == ()

    second = windows.show("two", "Beta")
    windows.activate(second)
    watcher.until(lambda: watcher.title == "two")
    windows.name(second, "two and a half")
    watcher.until(lambda: watcher.title == "two and a half")
    assert watcher.last.application == "Beta"

    windows.activate(first)
    watcher.until(lambda: watcher.title == "one – ☃")
    first.destroy()
    windows.display.flush()
    watcher.until(lambda: watcher.last is None or watcher.title == "two and a half")
    second.destroy()
    windows.display.flush()
    watcher.until(lambda: watcher.last is None)


@pytest.mark.parametrize("manager", MANAGERS)
def test_fullscreen_is_seen_both_ways(manager, server, windows, source, watcher):
    start_manager(server, manager)
    window = windows.show("film")
    start(source, watcher)
    watcher.until(lambda: watcher.title == "film" and not watcher.last.fullscreen)
    full = windows.atom("_NET_WM_STATE_FULLSCREEN")
    windows.ask(window, "_NET_WM_STATE", 1, full)
    watcher.until(lambda: watcher.last.fullscreen)
    windows.ask(window, "_NET_WM_STATE", 0, full)
    watcher.until(lambda: not watcher.last.fullscreen)


def test_switching_the_workspace(server, windows, source, watcher):
    start_manager(server)
    windows.show("here")
    start(source, watcher)
    watcher.until(lambda: watcher.title == "here")
    windows.ask(windows.root, "_NET_NUMBER_OF_DESKTOPS", 2)
    windows.ask(windows.root, "_NET_CURRENT_DESKTOP", 1)
    watcher.until(lambda: watcher.last is None)
    windows.ask(windows.root, "_NET_CURRENT_DESKTOP", 0)
    watcher.until(lambda: watcher.title == "here")


def test_nothing_wakes_the_loop_while_nothing_changes(server, windows, source, watcher):
    start_manager(server)
    windows.show("still")
    start(source, watcher)
    watcher.until(lambda: watcher.title == "still")
    watcher.work(0.5)
    assert watcher.work(4) == 0


def test_without_a_manager_the_focus_is_followed_without_polling(windows, source, watcher):
    start(source, watcher)
    assert watcher.seen == [None]
    assert any("window manager" in limit.what for limit in source.limits)
    first, second = windows.show("one"), windows.show("two")
    windows.focus(first)
    watcher.until(lambda: watcher.title == "one")
    windows.name(first, "one renamed")
    watcher.until(lambda: watcher.title == "one renamed")
    windows.focus(second)
    watcher.until(lambda: watcher.title == "two")
    watcher.work(0.5)
    assert watcher.work(3) == 0
    second.destroy()
    windows.display.flush()
    watcher.until(lambda: watcher.title != "two")


def test_the_focus_in_a_part_of_a_window_belongs_to_the_window(windows, source, watcher):
    window = windows.show("whole")
    part = window.create_window(0, 0, 50, 50, 0, X.CopyFromParent)
    part.map()
    windows.focus(part)
    start(source, watcher)
    watcher.until(lambda: watcher.title == "whole")
    assert watcher.last.window == window.id


def test_without_a_manager_the_pointer_decides_where_the_focus_follows_it(server, windows, source, watcher):
    left, right = windows.show("left"), windows.show("right")
    left.configure(x=0, y=0)
    right.configure(x=400, y=0)
    windows.display.set_input_focus(X.PointerRoot, X.RevertToPointerRoot, X.CurrentTime)
    windows.display.sync()
    server.do("xdotool", "mousemove", "20", "20")
    start(source, watcher)
    watcher.until(lambda: watcher.title == "left")
    server.do("xdotool", "mousemove", "420", "20")
    watcher.until(lambda: watcher.title == "right")
    server.do("xdotool", "mousemove", "700", "500")
    watcher.until(lambda: watcher.last is None)


def test_a_menu_is_not_a_window_of_its_own(windows, source, watcher):
    window = windows.show("document")
    windows.focus(window)
    start(source, watcher)
    watcher.until(lambda: watcher.title == "document")
    menu = windows.show("menu", "Menu", menu=True)
    windows.focus(menu)
    watcher.work(1)
    assert [sample.title for sample in watcher.seen if sample] == ["document"]
    windows.focus(window)
    windows.name(window, "document, saved")
    watcher.until(lambda: watcher.title == "document, saved")


@pytest.mark.parametrize("manager", MANAGERS)
def test_a_killed_manager_is_noticed_and_a_new_one_picked_up(manager, server, windows, source, watcher):
    running = start_manager(server, manager)
    first, second = windows.show("one"), windows.show("two")
    windows.activate(first)
    start(source, watcher)
    watcher.until(lambda: watcher.title == "one")
    running.kill()
    running.wait()
    watcher.until(lambda: source.limits != ())
    wait_for(lambda: second.get_attributes().map_state == X.IsViewable)
    windows.focus(second)
    watcher.until(lambda: watcher.title == "two")
    windows.focus(first)
    watcher.until(lambda: watcher.title == "one")

    start_manager(server, manager)
    watcher.until(lambda: source.limits == ())
    windows.activate(second)
    watcher.until(lambda: watcher.title == "two")
    windows.activate(first)
    watcher.until(lambda: watcher.title == "one")


def test_the_last_word_of_a_dead_manager_does_not_count(windows, source, watcher):
    stale, real = windows.show("stale"), windows.show("real")
    for name, value in (("_NET_ACTIVE_WINDOW", stale.id), ("_NET_SUPPORTING_WM_CHECK", stale.id + 1000)):
        windows.root.change_property(windows.atom(name), Xatom.WINDOW, 32, [value])
    windows.focus(real)
    start(source, watcher)
    assert watcher.title == "real"


def fake_manager(windows: Windows, supported: tuple[str, ...] = ("_NET_ACTIVE_WINDOW",)):
    check = windows.make("", "")
    atom = windows.atom("_NET_SUPPORTING_WM_CHECK")
    for window in (windows.root, check):
        window.change_property(atom, Xatom.WINDOW, 32, [check.id])
    atoms = [windows.atom(name) for name in supported]
    windows.root.change_property(windows.atom("_NET_SUPPORTED"), Xatom.ATOM, 32, atoms)
    windows.display.sync()
    return check


def test_a_hanging_manager_that_names_a_window_long_gone(windows, source, watcher):
    fake_manager(windows)
    gone, there = windows.show("gone"), windows.show("there")
    windows.root.change_property(windows.atom("_NET_ACTIVE_WINDOW"), Xatom.WINDOW, 32, [gone.id])
    windows.focus(there)
    start(source, watcher)
    watcher.until(lambda: watcher.title == "gone")
    gone.destroy()
    windows.display.sync()
    watcher.until(lambda: watcher.title == "there")


def test_a_manager_that_does_not_tell_the_active_window(windows, source, watcher):
    fake_manager(windows, ("_NET_CLIENT_LIST",))
    window = windows.show("focused")
    windows.focus(window)
    start(source, watcher)
    assert watcher.title == "focused"


def test_none_that_lasts_a_blink_is_not_reported(windows, source, watcher):
    fake_manager(windows)
    one, two = windows.show("one"), windows.show("two")
    active = windows.atom("_NET_ACTIVE_WINDOW")
    windows.root.change_property(active, Xatom.WINDOW, 32, [one.id])
    windows.display.sync()
    start(source, watcher)
    for window in (two, one, two, one, two):
        windows.root.change_property(active, Xatom.WINDOW, 32, [0])
        windows.display.sync()
        watcher.work(0.01)
        windows.root.change_property(active, Xatom.WINDOW, 32, [window.id])
        windows.display.sync()
        watcher.work(0.5)
    assert [sample and sample.title for sample in watcher.seen] == ["one", "two", "one", "two", "one", "two"]


@pytest.mark.parametrize(
    "value", [[], [0xFFFFFFFF], [5, 6], [1]], ids=["empty", "nonsense", "two", "pointer root"]
)
def test_nonsense_as_the_active_window(value, windows, source, watcher):
    fake_manager(windows)
    windows.root.change_property(windows.atom("_NET_ACTIVE_WINDOW"), Xatom.WINDOW, 32, value)
    windows.display.sync()
    start(source, watcher)
    assert watcher.seen == [None]
    window = windows.show("real")
    windows.root.change_property(windows.atom("_NET_ACTIVE_WINDOW"), Xatom.WINDOW, 32, [window.id])
    windows.display.flush()
    watcher.until(lambda: watcher.title == "real")


def test_the_active_window_as_text(windows, source, watcher):
    fake_manager(windows)
    windows.root.change_property(windows.atom("_NET_ACTIVE_WINDOW"), Xatom.STRING, 8, b"what")
    windows.display.sync()
    start(source, watcher)
    assert watcher.seen == [None]


def test_a_spinner_in_a_title_is_read_some_ten_times_a_second_and_the_last_title_comes(
    server, windows, source, watcher
):
    start_manager(server)
    window = windows.show("start")
    start(source, watcher)
    watcher.until(lambda: watcher.title == "start")
    watcher.work(0.5)
    before = len(watcher.seen)

    def spin() -> None:
        for turn in range(240):
            windows.name(window, f"turn {turn}")
            time.sleep(1 / 120)
        windows.name(window, "done")

    began = time.monotonic()
    spinner = threading.Thread(target=spin)
    spinner.start()
    woke = watcher.work(2)
    watcher.until(lambda: watcher.title == "done")
    spinner.join()
    took = time.monotonic() - began
    assert len(watcher.seen) - before <= 5 + 11 * took
    assert woke <= 8 + 12 * took
    watcher.work(0.3)
    assert watcher.work(2) == 0


def test_a_display_that_goes_away_is_told_once_and_one_that_comes_back_is_used(server, watcher):
    start_manager(server)
    with Windows(server) as windows:
        windows.show("before")
        connection = X11Connection(server.name)
        source = X11WindowSource(connection)
        start(source, watcher)
        watcher.until(lambda: watcher.title == "before")
        server.kill()
        watcher.until(lambda: watcher.lost)
    watcher.work(0.3)
    assert watcher.lost == 1
    assert not connection.is_open
    with pytest.raises(DisplayUnavailable):
        start(source, watcher)
    again = start_server(server.name)
    try:
        with Windows(again) as windows:
            window = windows.show("after")
            windows.focus(window)
            start(source, watcher)
            assert watcher.title == "after"
            source.stop()
    finally:
        again.end()


def test_a_display_that_goes_away_in_the_middle_of_work(server, watcher):
    """The server dies while requests are under way, not while the loop waits."""
    connection = X11Connection(server.name)
    source = X11WindowSource(connection)
    start(source, watcher)
    server.kill()
    source._dirty = True
    source.settle()
    assert connection.broken
    connection.called()
    watcher.until(lambda: watcher.lost == 1)
    source.stop()


def test_stopping_gives_the_connection_back(server, source, watcher):
    start(source, watcher)
    before = len(list(Path("/proc/self/fd").iterdir()))
    source.stop()
    source.stop()
    assert len(list(Path("/proc/self/fd").iterdir())) == before - 1
    start(source, watcher)
    assert watcher.seen == [None, None]


def test_no_such_display():
    loop = Loop()
    source = X11WindowSource(X11Connection(":98765"))
    with pytest.raises(DisplayUnavailable) as told:
        source.start(loop, lambda _: None, lambda: None)
    assert ":98765" in told.value.told()
    source.stop()
    loop.close()


def test_windows_come_go_and_change_as_fast_as_they_can(server: Server, source, watcher):
    start_manager(server)
    ended = threading.Event()

    def churn() -> None:
        with Windows(server) as windows:
            kept = []
            count = 0
            while not ended.is_set():
                count += 1
                window = windows.make(f"window {count}", "Churn")
                window.map()
                windows.activate(window)
                kept.append(window)
                windows.name(kept[count % len(kept)], f"renamed {count}")
                if len(kept) > 4:
                    kept.pop(count % 4).destroy()
                windows.display.flush()
                if count % 20 == 0:
                    windows.display.sync()
                    time.sleep(0.01)

    start(source, watcher)
    churning = threading.Thread(target=churn)
    churning.start()
    try:
        watcher.work(5)
        # How many a window manager lets through in a time is its own affair, and the machine's.
        watcher.until(lambda: sum(sample is not None for sample in watcher.seen) > 20, "windows reported")
    finally:
        ended.set()
        churning.join()
    reported = [sample for sample in watcher.seen if sample is not None]
    assert {sample.application for sample in reported} == {"Churn"}
    assert all(sample.title.startswith(("window ", "renamed ")) for sample in reported)
    assert all(sample.pid == os.getpid() for sample in reported)
    with Windows(server) as windows:
        last = windows.show("the end")
        windows.activate(last)
        watcher.until(lambda: watcher.title == "the end")
