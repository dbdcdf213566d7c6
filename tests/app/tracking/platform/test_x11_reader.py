from __future__ import annotations

import os
import socket
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Xlib import Xatom

from app.tracking.platform.printable import printable
from app.tracking.platform.x11_connection import Property, VanishedError, X11Connection
from app.tracking.platform.x11_lib import X11Library
from app.tracking.platform.x11_reader import X11Reader, _utf8, process_name

from .conftest import PATIENCE_S, Watcher, Windows


class Nobody:
    def on_event(self, event) -> None: ...
    def settle(self) -> None: ...
    def lose(self) -> None: ...


@pytest.fixture
def opened(connection: X11Connection, watcher: Watcher):
    nobody = Nobody()
    connection.attach(watcher.loop, nobody)
    yield connection
    connection.detach(nobody)


@pytest.fixture
def reader(opened: X11Connection) -> X11Reader:
    return X11Reader(opened)


def read(reader: X11Reader, window):
    window.get_attributes()  # all that was sent before is done
    return reader.sample(reader.identity(window.id))


def put(windows: Windows, window, name: str, kind: str | int, data: bytes) -> None:
    kind = windows.atom(kind) if isinstance(kind, str) else kind
    window.change_property(windows.atom(name), kind, 8, data)
    windows.display.flush()


@pytest.mark.display
@pytest.mark.parametrize(
    ("name", "kind", "data", "title"),
    [
        ("_NET_WM_NAME", "UTF8_STRING", "日本語 – ☃".encode(), "日本語 – ☃"),
        ("_NET_WM_NAME", "UTF8_STRING", b"broken \xff\xfe end", "broken �� end"),
        ("_NET_WM_NAME", "UTF8_STRING", b"line\none\ttab\x1b[31m\0hidden", "line one tab [31m"),
        ("_NET_WM_NAME", "STRING", b"of the wrong type", ""),
        ("WM_NAME", "STRING", "Grüße".encode("latin-1"), "Grüße"),
        ("WM_NAME", "STRING", "Grüße".encode(), "Grüße"),
        ("WM_NAME", "UTF8_STRING", "żółw".encode(), "żółw"),
        ("WM_NAME", "COMPOUND_TEXT", b"\x1b-B\xbf\xf3\xb3w", "żółw"),
        ("WM_NAME", "COMPOUND_TEXT", b"\x1b$(B\x46\x7c\x4b\x5c\x38\x6c", "日本語"),
        ("WM_NAME", "COMPOUND_TEXT", b"\x1b%G\xe2\x98\x83 snow\x1b%@", "☃ snow"),
        ("WM_NAME", "COMPOUND_TEXT", b"\x1b$(B\x46", None),
        ("WM_NAME", "INTEGER", b"whatever", None),
        ("WM_NAME", "NO_SUCH_TYPE", b"whatever", None),
        ("WM_NAME", "STRING", b"", ""),
    ],
)
def test_titles_of_every_encoding(name, kind, data, title, windows, reader):
    window = windows.make("", "Legacy")
    put(windows, window, name, kind, data)
    sample = read(reader, window)
    assert sample.application == "Legacy"
    if title is not None:
        assert sample.title == title


@pytest.mark.display
def test_the_utf8_name_wins_unless_it_is_empty(windows, reader):
    window = windows.make("new")
    put(windows, window, "WM_NAME", Xatom.STRING, b"old")
    assert read(reader, window).title == "new"
    put(windows, window, "_NET_WM_NAME", "UTF8_STRING", b"")
    assert read(reader, window).title == "old"


@pytest.mark.display
def test_a_title_of_two_million_signs_is_cut_between_signs(windows, reader):
    window = windows.make("x")
    chunk = ("é" * 50_000).encode()
    put(windows, window, "_NET_WM_NAME", "UTF8_STRING", b"a" + chunk)
    for _ in range(20):
        window.change_property(windows.atom("_NET_WM_NAME"), windows.atom("UTF8_STRING"), 8, chunk, 2)
    assert read(reader, window).title == "a" + "é" * 2047


@pytest.mark.display
def test_properties_of_the_wrong_format(windows, reader):
    window = windows.make("", "", pid=False)
    for name in ("_NET_WM_NAME", "WM_NAME", "WM_CLASS", "WM_CLIENT_MACHINE"):
        window.change_property(windows.atom(name), windows.atom("UTF8_STRING"), 32, [1, 2])
    for name in ("_NET_WM_PID", "_NET_WM_STATE"):
        window.change_property(windows.atom(name), Xatom.STRING, 8, b"text")
    sample = read(reader, window)
    assert sample.title == ""
    assert not sample.fullscreen
    assert sample.application == process_name(os.getpid())
    assert sample.pid == os.getpid()


@pytest.mark.display
@pytest.mark.parametrize(
    ("data", "application"),
    [
        (b"instance\0Class\0", "Class"),
        (b"instance\0\0", "instance"),
        (b"instance", "instance"),
        (b"\0Class\0", "Class"),
        (b"chromium (/home/me/profile)\0Chromium\0", "Chromium"),
        ("i\0Grüße\0".encode("latin-1"), "Grüße"),
        ("i\0Grüße\0".encode(), "Grüße"),
        (b"", "named"),
        (b"\0\0", "named"),
        (b"\0\0\0\0", "named"),
    ],
)
def test_the_application_is_the_class_else_the_instance_else_the_process(data, application, windows, opened):
    window = windows.make("", "")
    put(windows, window, "WM_CLASS", Xatom.STRING, data)
    assert read(X11Reader(opened, lambda _: "named"), window).application == application


@pytest.mark.display
def test_a_window_that_says_nothing_at_all(windows, opened):
    window = windows.make("", "", pid=False)
    sample = read(X11Reader(opened, lambda _: None), window)
    assert (sample.application, sample.title) == ("unknown", "")


@pytest.mark.display
@pytest.mark.parametrize("said", [1, 2, 0, 0xFFFFFFFF])
def test_the_process_of_a_sandboxed_window_comes_from_the_server(said, windows, reader):
    window = windows.make("boxed")
    window.change_property(windows.atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [said])
    assert reader.knows_clients
    assert read(reader, window).pid == os.getpid()


class WithoutXRes(X11Library):
    def resources(self):
        return None


@pytest.mark.display
@pytest.mark.parametrize(("said", "pid"), [(1, None), (0, None), (0xFFFFFFFF, None), (4321, 4321)])
def test_without_the_extension_what_the_window_says_counts(said, pid, server, windows, watcher):
    nobody = Nobody()
    connection = X11Connection(server.name, WithoutXRes)
    connection.attach(watcher.loop, nobody)
    reader = X11Reader(connection, lambda _: None)
    window = windows.make("boxed")
    window.change_property(windows.atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [said])
    assert not reader.knows_clients
    assert read(reader, window).pid == pid
    connection.detach(nobody)


@pytest.mark.display
def test_a_window_of_another_machine_has_no_process_here(windows, reader):
    window = windows.make("far")
    put(windows, window, "WM_CLIENT_MACHINE", Xatom.STRING, b"elsewhere.example")
    assert read(reader, window).pid is None
    put(windows, window, "WM_CLIENT_MACHINE", Xatom.STRING, socket.gethostname().encode() + b".example")
    assert read(reader, window).pid == os.getpid()


@pytest.mark.display
def test_a_window_that_is_gone_is_never_read_as_an_empty_one(windows, reader):
    window = windows.make("short-lived")
    identity = reader.identity(window.id)
    window.destroy()
    windows.display.sync()
    with pytest.raises(VanishedError):
        reader.identity(window.id)
    with pytest.raises(VanishedError):
        reader.sample(identity)


@pytest.mark.display
def test_a_real_program_of_another_process(server, windows, reader):
    program = server.run("xmessage", "-title", "asked", "text")
    found = subprocess.run(
        ["xdotool", "search", "--sync", "--name", "asked"],
        env=server.environ, capture_output=True, check=True, timeout=PATIENCE_S,
    )  # fmt: skip
    sample = reader.sample(reader.identity(int(found.stdout.split()[0])))
    assert (sample.application, sample.title, sample.pid) == ("Xmessage", "asked", program.pid)


def test_nothing_of_a_property_shows_in_its_repr():
    assert "secret" not in repr(Property(1, 8, b"secret", cut=False))


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_become_a_printable_title(data, cut):
    title = printable(_utf8(Property(1, 8, data, cut=cut)))
    assert title.isprintable()
    assert title == title.strip()


def test_the_name_of_a_process_that_is_gone():
    assert process_name(1 << 30) is None
    assert process_name(os.getpid())
