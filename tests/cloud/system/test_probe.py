"""The container's health check, as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

from tests.cloud.servers import ROOT, Stack, free_port


def probe(**settings: str) -> int:
    environ = {**os.environ, **{f"DEVPULSE_CLOUD_{name}": value for name, value in settings.items()}}
    return subprocess.run([sys.executable, "-m", "cloud.system.probe"], cwd=ROOT, env=environ).returncode


def test_it_finds_a_ready_service(stack: Stack) -> None:
    assert probe(HOST="0.0.0.0", PORT=str(urlsplit(stack.a).port)) == 0


def test_it_tells_when_nobody_answers() -> None:
    assert probe(PORT=str(free_port())) == 1


def test_it_tells_when_the_settings_are_refused() -> None:
    assert probe(PORT="none") == 1
