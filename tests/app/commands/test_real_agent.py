"""The commands against the real agent, as processes of their own, where there is no display."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


class Installed:
    """A home of its own, and the program run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8",
            "DEVPULSE_HOME": str(folder / "home"), "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        }  # fmt: skip

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app", *words], cwd=ROOT, env=self.environ, input=given,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def told(self, *words: str) -> dict:
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def installed():
    folder = Path(tempfile.mkdtemp(prefix="dpa-"))
    program = Installed(folder)
    yield program
    program.run("quit")
    for pid in _agents(program):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def test_devpulse_alone_starts_the_agent_and_leaves_it_running(installed):
    done = installed.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert "was started" in done.stdout
    status = installed.told("status")
    # In a session of its own: closing the terminal does not end it.
    assert os.getsid(status["pid"]) == status["pid"]
    assert {str(Path(f"/proc/{status['pid']}/fd/{n}").readlink()) for n in range(3)} == {"/dev/null"}
    assert "is running" in installed.run().stdout
    assert installed.told("status")["pid"] == status["pid"]
    assert installed.run("quit").returncode == 0
    assert installed.run("status").returncode == 3


def test_two_at_once_start_one_agent(installed):
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: installed.run(), range(2)))
    assert [d.returncode for d in done] == [0, 0], [d.stderr for d in done]
    # The one that came second waits a moment for the lock, and ends.
    deadline = time.monotonic() + 30
    while len(_agents(installed)) > 1 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _agents(installed) == [installed.told("status")["pid"]]


def _agents(installed):
    home = f"DEVPULSE_HOME={installed.environ['DEVPULSE_HOME']}\0"
    found = subprocess.run(["pgrep", "-f", "app --tray"], capture_output=True, text=True).stdout.split()
    return [int(pid) for pid in found if home in _environ_of(pid)]


def _environ_of(pid):
    try:
        return Path(f"/proc/{pid}/environ").read_text()
    except OSError:
        return ""


def test_a_day_of_commands(installed):
    installed.run()
    assert installed.told("pause", "--for", "15m")["state"] == "paused"
    assert "Paused until" in installed.run("status").stdout
    assert installed.told("resume")["paused_until"] is None
    assert installed.told("private")["private"] is True
    assert installed.told("private", "off")["private"] is False
    assert installed.told("focus", "start", "--minutes", "25")["focus"]["planned_seconds"] == 1500
    assert installed.told("focus", "pause")["focus"]["state"] == "paused"
    assert installed.run("focus", "stop").returncode == 0
    report = installed.told("report")
    assert report["focus"]["sessions"] == 1
    checks = {check["name"]: check for check in installed.told("doctor")["checks"]}
    assert checks["agent"]["state"] == "ok"
    assert checks["windows"]["state"] == "missing"
    assert installed.run("settings", "set", "tracking.idle_after_s", "60").returncode == 0
    assert installed.run("rules", "add", "Coding", "--when", "application", "equals", "x").returncode == 0
    assert installed.run("rules", "apply").returncode == 0
    file = installed.folder / "export.json"
    assert installed.run("export", str(file)).returncode == 0
    assert json.loads(file.read_text())["version"] == 1
    assert installed.run("import", str(file)).returncode == 0
    assert installed.told("data", "backup")["bytes"] > 0
    assert installed.told("data", "check")["sound"] is True
    refused = installed.run("data", "restore", "x.db")
    assert refused.returncode == 2
    erased = installed.told("data", "erase", "--everything", "--yes")
    assert erased["focus_sessions"] == 1
    assert installed.told("report")["focus"]["sessions"] == 0


def test_the_key_can_be_locked_and_unlocked(installed):
    installed.run()
    typed = json.dumps({"new_passphrase": "correct horse"})
    moved = installed.run("data", "key", "move", "passphrase", "--secrets-stdin", given=typed)
    assert moved.returncode == 0, moved.stderr
    installed.run("quit")
    installed.run()
    assert len(installed.told("status")["problems"]) == 2
    wrong = installed.run("unlock", "--secrets-stdin", given='{"passphrase": "wrong horse"}')
    assert wrong.returncode == 1
    right = installed.run("unlock", "--secrets-stdin", given='{"passphrase": "correct horse"}')
    assert (right.returncode, right.stdout) == (0, "Unlocked: titles are recorded again.\n")
    left = installed.told("status")["problems"]
    assert ["windows" in problem["title"] for problem in left] == [True]  # there is no display here


def test_following_ends_when_the_agent_does(installed):
    installed.run()
    follower = subprocess.Popen(
        [sys.executable, "-m", "app", "status", "--follow", "--json"], cwd=ROOT, env=installed.environ,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert json.loads(follower.stdout.readline())["state"]
    installed.run("private", "on")
    deadline = time.monotonic() + 30
    while json.loads(follower.stdout.readline())["state"] != "private":
        assert time.monotonic() < deadline
    installed.run("quit")
    _, err = follower.communicate(timeout=30)
    assert follower.returncode == 3
    assert json.loads(err)["kind"] == "AgentNotRunning"


def test_ctrl_c_ends_following_quietly(installed):
    installed.run()
    follower = subprocess.Popen(
        [sys.executable, "-m", "app", "status", "--follow", "--json"], cwd=ROOT, env=installed.environ,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    follower.stdout.readline()
    time.sleep(0.5)
    follower.send_signal(signal.SIGINT)
    _, err = follower.communicate(timeout=30)
    assert (follower.returncode, err) == (0, "")
