from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(program: str, *words: str) -> tuple[subprocess.CompletedProcess[str], float]:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *words],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done, time.monotonic() - began


# PyDLL keeps Python's lock: no other Python thread runs from then on.
HANGS = """
    import ctypes, sys
    from pathlib import Path
    from app.ending import Deadline
    deadline = Deadline(Path(sys.argv[1]))
    deadline.set(0.5)
    def hangs_in_a_library(secret):
        ctypes.PyDLL(None).sleep(50)
    hangs_in_a_library("a title")
"""


def test_a_process_that_hangs_with_pythons_lock_is_ended_and_the_log_tells_where(tmp_path):
    log = tmp_path / "log"
    log.write_text("a line before\n")
    done, took = run(HANGS, str(log))
    assert done.returncode == 1
    assert took < 30
    told = log.read_text()
    assert told.startswith("a line before\nTimeout")
    assert "in hangs_in_a_library" in told
    assert "title" not in told


def test_it_ends_also_where_no_log_can_be_written(tmp_path):
    done, took = run(HANGS, str(tmp_path / "no folder" / "log"))
    assert done.returncode == 1
    assert took < 30


def test_a_later_time_counts_and_a_lifted_one_does_not(tmp_path):
    program = """
        import sys, time
        from pathlib import Path
        from app.ending import Deadline
        deadline = Deadline(Path(sys.argv[1]))
        deadline.set(0.2)
        deadline.set(30)
        time.sleep(0.5)
        deadline.set(0.3)
        deadline.lift()
        time.sleep(0.6)
        deadline.lift()
    """
    done, _ = run(program, str(tmp_path / "log"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "log").read_text() == ""


def test_the_end_flushes_and_takes_nothing_down(tmp_path):
    program = """
        import atexit, sys, threading, time
        from app.ending import end
        atexit.register(print, "taken down")
        threading.Thread(target=time.sleep, args=(50,)).start()
        sys.stdout.write("said")
        end(7)
    """
    done, took = run(program)
    assert (done.returncode, done.stdout) == (7, "said")
    assert took < 30
