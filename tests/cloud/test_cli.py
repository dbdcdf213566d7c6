"""`devpulse-cloud` as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cloud.cli import main
from cloud.version import __version__

PROGRAM = [sys.executable, "-m", "cloud"]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **more}


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True, env=environment()
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield process, found[0]
                break
        else:
            pytest.fail(f"the service ended with {process.wait()}")
    finally:
        process.kill()
        process.communicate()


def test_it_serves_and_ends_when_asked(served: tuple[subprocess.Popen[str], str]) -> None:
    process, address = served
    answer = httpx.get(f"{address}/health", timeout=30)
    assert answer.json()["version"] == __version__
    assert "server" not in answer.headers
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0


def test_an_address_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = [*PROGRAM, "serve", "--port", str(taken.getsockname()[1])]
        run = subprocess.run(words, capture_output=True, text=True, timeout=60, env=environment())
    assert run.returncode == 1
    assert "in use" in run.stderr
    assert "Traceback" not in run.stderr


def test_check_tells_every_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--port", "x"], {"DEVPULSE_CLOUD_LOG_LEVEL": "loud"}) == 1
    told = capsys.readouterr().err
    assert "PORT must be" in told
    assert "LOG_LEVEL must be" in told


def test_check_is_content_with_nothing_set(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check"], {"DEVPULSE_CLOUD_DATA": str(tmp_path)}) == 0
    assert "127.0.0.1, port 8420" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["sync"], ["serve", "extra"], ["accounts"], ["keys", "lose"]])
def test_wrong_usage_ends_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words, {})
    assert left.value.code == 2


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"], {})
    assert left.value.code == 0
    assert capsys.readouterr().out == f"devpulse-cloud {__version__}\n"
