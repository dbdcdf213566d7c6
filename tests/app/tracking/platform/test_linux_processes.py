from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracking.platform.linux_processes import LinuxProcesses

GONE = 1 << 30
processes = LinuxProcesses()


def wait_for(condition):
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def child(tmp_path):
    """A process of our own that waits, in a folder of its own, with a file open."""
    (tmp_path / "open file.txt").write_text("x")
    code = "import sys, time; f = open('open file.txt'); print('ready', flush=True); time.sleep(600)"
    running = subprocess.Popen(
        [sys.executable, "-c", code, "an argument", ""],
        cwd=tmp_path, env={**os.environ, "WINDOWID": "42=x", "EMPTY": ""}, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    running.stdout.readline()
    yield running
    running.kill()
    running.wait()
    running.stdout.close()


def test_a_process_of_our_own(child, tmp_path):
    found = processes.read(child.pid)
    assert found is not None
    assert (found.pid, found.parent) == (child.pid, os.getpid())
    assert found.name.startswith("python")
    assert child.pid in processes.children(os.getpid())
    assert processes.working_directory(child.pid) == str(tmp_path)
    assert list(processes.command_line(child.pid))[:2] == [sys.executable, "-c"]
    assert "an argument" in processes.command_line(child.pid)
    assert str(tmp_path / "open file.txt") in processes.open_files(child.pid)
    assert processes.environment(child.pid, "WINDOWID") == "42=x"
    assert processes.environment(child.pid, "EMPTY") == ""
    assert processes.environment(child.pid, "WINDOW") is None


def test_files_are_regular_ones_that_still_have_a_name(tmp_path):
    kept, deleted = tmp_path / "kept", tmp_path / "deleted"
    read_end, write_end = os.pipe()
    with kept.open("w"), kept.open("r"), deleted.open("w"), Path("/dev/null").open():
        deleted.unlink()
        files = processes.open_files(os.getpid())
    os.close(read_end)
    os.close(write_end)
    assert files.count(str(kept)) == 1
    assert not [path for path in files if "deleted" in path or path.startswith(("/dev/", "pipe:"))]


def test_a_great_many_open_files_are_bounded(tmp_path):
    opened = [(tmp_path / str(number)).open("w") for number in range(400)]
    try:
        assert len(processes.open_files(os.getpid())) == 256
    finally:
        for file in opened:
            file.close()


@pytest.mark.parametrize("name", ["a b", "x) R 1 (", ")))(((", "(sd-pam)", "ünï", "\n"])
def test_a_name_of_spaces_and_parentheses(name, tmp_path):
    script = tmp_path / "named"
    script.write_text(
        f"import ctypes, time\nctypes.CDLL(None).prctl(15, {name.encode()!r})\n"
        "print('ready', flush=True)\ntime.sleep(600)\n"
    )
    running = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE)
    try:
        assert running.stdout is not None
        running.stdout.readline()
        found = processes.read(running.pid)
        assert found is not None
        assert found.name == name
        assert found.parent == os.getpid()
    finally:
        running.kill()
        running.wait()
        running.stdout.close()


def test_a_long_name_is_told_in_full(tmp_path):
    program = tmp_path / "gnome-terminal-server"
    program.symlink_to("/usr/bin/sleep")
    running = subprocess.Popen([str(program), "600"])
    try:
        wait_for(lambda: processes.read(running.pid).name == "gnome-terminal-server")
    finally:
        running.kill()
        running.wait()


def test_the_foreground_group_of_a_terminal():
    parent, terminal = pty.fork()
    if parent == 0:
        os.execvp("bash", ["bash", "--norc", "-i"])
    try:
        os.write(terminal, b"sleep 600\n")

        def front():
            found = processes.read(parent)
            return found.foreground if found is not None else None

        # bash makes the group before it becomes the program.
        wait_for(lambda: front() not in (None, parent) and processes.read(front()).name == "sleep")
        foreground = processes.read(front())
        assert foreground is not None
        assert foreground.name == "sleep"
        assert foreground.terminal == processes.read(parent).terminal
        assert foreground.terminal
    finally:
        os.kill(parent, 9)
        os.waitpid(parent, 0)
        os.close(terminal)


def test_without_a_terminal():
    running = subprocess.Popen(["sleep", "600"], start_new_session=True)
    try:
        found = processes.read(running.pid)
        assert (found.foreground, found.terminal) == (None, None)
    finally:
        running.kill()
        running.wait()


@pytest.mark.parametrize("pid", [GONE, 0, -1])
def test_what_is_gone_or_never_was(pid):
    assert processes.read(pid) is None
    assert processes.children(pid) == ()
    assert processes.working_directory(pid) is None
    assert processes.command_line(pid) == ()
    assert processes.open_files(pid) == ()
    assert processes.environment(pid, "PATH") is None


def test_a_zombie():
    running = subprocess.Popen(["true"])
    wait_for(lambda: Path(f"/proc/{running.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z")
    assert processes.read(running.pid) is not None
    assert processes.working_directory(running.pid) is None
    assert processes.command_line(running.pid) == ()
    assert processes.open_files(running.pid) == ()
    running.wait()


def test_what_may_not_be_read():
    """Somebody else's process: `nobody` looks at this one."""
    code = (
        "import os, sys; os.setgid(65534); os.setuid(65534); sys.path.insert(0, sys.argv[2]);"
        "from app.tracking.platform.linux_processes import LinuxProcesses;"
        "p = int(sys.argv[1]); l = LinuxProcesses();"
        "print(l.read(p) is not None, l.working_directory(p), l.open_files(p), l.environment(p, 'PATH'))"
    )
    if os.getuid() != 0:
        assert processes.working_directory(1) is None
        return
    told = subprocess.run(
        [sys.executable, "-c", code, str(os.getpid()), str(Path.cwd())],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert told.stdout == "True None () None\n", told.stderr


def test_children_without_the_kernels_list(tmp_path):
    for pid, parent in ((1, 0), (10, 1), (11, 10), (12, 10), (13, 11)):
        folder = tmp_path / str(pid)
        (folder / "task" / str(pid)).mkdir(parents=True)
        (folder / "stat").write_text(f"{pid} (x) S {parent} 0 0 0 -1 0\n")
    (tmp_path / "bus").mkdir()
    scanned = LinuxProcesses(str(tmp_path))
    assert scanned.children(10) == (11, 12)
    assert scanned.children(13) == ()
    assert LinuxProcesses(str(tmp_path / "none")).children(10) == ()


@given(st.binary(max_size=300))
def test_any_content_of_stat_and_cmdline(tmp_path_factory, content):
    root = tmp_path_factory.getbasetemp() / "any"
    (root / "5").mkdir(parents=True, exist_ok=True)
    for name in ("stat", "cmdline", "environ"):
        (root / "5" / name).write_bytes(content)
    read = LinuxProcesses(str(root))
    read.read(5)
    assert all(isinstance(word, str) for word in read.command_line(5))
    read.environment(5, "A")


def test_a_command_line_that_was_overwritten(tmp_path):
    (tmp_path / "5").mkdir()
    (tmp_path / "5" / "cmdline").write_bytes(b"nginx: worker process\0\0\0\0")
    assert LinuxProcesses(str(tmp_path)).command_line(5) == ("nginx: worker process",)
