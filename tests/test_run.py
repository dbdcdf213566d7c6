"""The runner finds what a test left running, by descent, and ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A grandchild in a session of its own whose parent is gone: what an agent that a test forgot looks like.
LEAVES = """
import subprocess, sys
def test_it():
    subprocess.run([sys.executable, "-c", '''
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "a (left) one"],
                         start_new_session=True)
open("pid", "w").write(str(child.pid))
'''], check=True)
    assert {verdict}
"""


def run_pytest(folder: Path, test: str, *more: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(textwrap.dedent(test))
    words = [sys.executable, "-m", "tests.run", *more]
    words += ["-p", "no:cacheprovider", "--rootdir", ".", "-c", os.devnull]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [*words, "test_it.py"], cwd=folder, env={**environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("verdict", [True, False])
def test_a_process_left_behind_is_told_ended_and_fails_the_run(tmp_path: Path, verdict: bool) -> None:
    run = run_pytest(tmp_path, LEAVES.format(verdict=verdict))
    assert run.returncode == 1, run.stderr
    pid = int((tmp_path / "pid").read_text())
    assert f"left running by a test: {pid}" in run.stderr
    assert "a (left) one" in run.stderr
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_clean_run_passes(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, "import subprocess\ndef test_it():\n    subprocess.run(['true'])\n")
    assert (run.returncode, run.stderr) == (0, "")


def test_a_process_that_is_about_to_end_is_waited_for(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, "import subprocess\ndef test_it():\n    subprocess.Popen(['sleep', '1'])\n")
    assert run.returncode == 0, run.stderr


def test_an_interrupted_run_ends_what_it_started(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import os, subprocess, time\ndef test_it():\n    child = subprocess.Popen(['sleep', '600'])\n"
        "    open('pid', 'w').write(str(child.pid)); os.rename('pid', 'there'); time.sleep(600)\n"
    )
    words = [sys.executable, "-m", "tests.run", "-p", "no:cacheprovider", "--rootdir", ".", "-c", os.devnull]
    run = subprocess.Popen(
        [*words, "test_it.py"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    while not (tmp_path / "there").exists():
        assert run.poll() is None
        time.sleep(0.05)
    # As a terminal does: to the whole group.
    os.killpg(run.pid, signal.SIGINT)
    assert run.wait(60) != 0
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "there").read_text()), 0)


def test_a_run_that_hangs_is_ended_and_fails(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, "import time\ndef test_it():\n    time.sleep(600)\n", "--within=0.1")
    assert run.returncode == 124
    assert "did not end within 6 s" in run.stderr


# `sleep` by PyDLL keeps Python's lock, as a library that waits for another thread of its own may.
KEEPS_LOCK = """
import ctypes, pytest
@pytest.mark.timeout(1)
def test_it():
    ctypes.PyDLL(None).sleep(600)
"""


@pytest.mark.slow
def test_a_test_that_hangs_with_pythons_lock_is_ended(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_runtest_protocol\n")
    run = run_pytest(tmp_path, KEEPS_LOCK, "-o", "timeout=1", "-o", "timeout_method=thread")
    assert run.returncode != 0
    assert "Timeout (0:00:31)!" in run.stderr
