"""Ctrl-C, in the real program: the import ends, and nothing of it is there."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from app.paths import Paths
from tests.app.importing.exports import write_large


@pytest.mark.slow
def test_ctrl_c_leaves_nothing(tmp_path):
    write_large(tmp_path / "export.json", 200_000)
    environ = {
        **os.environ,
        "DEVPULSE_HOME": str(tmp_path / "home"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    words = [sys.executable, "-m", "app", "import", str(tmp_path / "export.json")]
    database = Paths.discover(environ).database
    with subprocess.Popen(
        words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while not database.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (process.returncode, out, err)
    assert "Traceback" not in err
    assert out == ""
    connection = sqlite3.connect(database)
    assert connection.execute(
        "SELECT (SELECT count(*) FROM activity_logs), (SELECT count(*) FROM imports)"
    ).fetchone() == (0, 0)
    connection.close()
