from __future__ import annotations

import os
import pty
import subprocess
import sys

import psutil
import pytest

from app.tracking.platform.linux_processes import LinuxProcesses
from app.tracking.platform.portable_processes import PortableProcesses

processes = PortableProcesses()


@pytest.fixture
def child(tmp_path):
    (tmp_path / "file").write_text("x")
    code = "import time; f = open('file'); print('ready', flush=True); time.sleep(600)"
    running = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "A": "b"}, stdout=subprocess.PIPE
    )
    assert running.stdout is not None
    running.stdout.readline()
    yield running
    running.kill()
    running.wait()
    running.stdout.close()


def test_a_process_of_our_own(child, tmp_path):
    found = processes.read(child.pid)
    assert (found.pid, found.parent) == (child.pid, os.getpid())
    assert child.pid in processes.children(os.getpid())
    assert processes.working_directory(child.pid) == str(tmp_path)
    assert processes.command_line(child.pid)[1] == "-c"
    assert str(tmp_path / "file") in processes.open_files(child.pid)
    assert processes.environment(child.pid, "A") == "b"
    assert processes.environment(child.pid, "NOT_SET_AT_ALL") is None


def test_a_terminal_is_told_as_the_other_reader_tells_it():
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("sleep", ["sleep", "600"])
    try:
        expected = LinuxProcesses().read(pid)
        found = processes.read(pid)
        assert found.terminal == expected.terminal
        assert found.foreground is None
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)


@pytest.mark.parametrize("pid", [1 << 30, -1])
def test_what_is_gone(pid):
    assert processes.read(pid) is None
    assert processes.children(pid) == ()
    assert processes.working_directory(pid) is None
    assert processes.command_line(pid) == ()
    assert processes.open_files(pid) == ()
    assert processes.environment(pid, "PATH") is None


def test_what_may_not_be_read(monkeypatch):
    class Closed:
        def __init__(self, pid):
            raise psutil.AccessDenied(pid)

    monkeypatch.setattr(psutil, "Process", Closed)
    test_what_is_gone(5)
