"""The virtual X server of a desktop: it can be killed, and come back under the same number."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.desktop.family import Family
from tests.desktop.waiting import wait_until

# Far from where other servers look for the lowest free number: one that is killed must find its own again.
_NUMBERS = (1_000, 30_000)
_TRIES = 5


class XServer:
    """An Xvfb on a display number of its own."""

    def __init__(
        self, family: Family, environ: Mapping[str, str], *, size: str = "1280x800", dpi: int = 96
    ) -> None:
        self._family = family
        self._environ = environ
        self._options = ["-screen", "0", f"{size}x24", "-dpi", str(dpi), "-nolisten", "tcp", "-noreset"]
        self._process: subprocess.Popen[bytes] | None = None
        self.name = ""

    def start(self) -> None:
        """Start, on the number it had before if there was one, and wait until it takes connections."""
        names = [self.name] if self.name else [f":{random.randint(*_NUMBERS)}" for _ in range(_TRIES)]
        for name in names:
            if self._starts_as(name):
                self.name = name
                return
        raise RuntimeError("Xvfb did not start:\n" + self._family.said())

    def _starts_as(self, name: str) -> bool:
        reading, writing = os.pipe()
        try:
            self._process = self._family.start(
                "xvfb",
                ["Xvfb", name, "-displayfd", str(writing), *self._options],
                self._environ,
                pass_fds=[writing],
            )
        finally:
            os.close(writing)
        with os.fdopen(reading) as answer:
            return bool(answer.readline().strip())

    def kill(self) -> None:
        """End it as a crash would, and remove the lock a crash leaves."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        number = self.name.removeprefix(":")
        for left in (Path(f"/tmp/.X{number}-lock"), Path(f"/tmp/.X11-unix/X{number}")):
            left.unlink(missing_ok=True)

    def stop(self) -> None:
        """End it in order."""
        assert self._process is not None
        self._family.end(self._process)
        wait_until(lambda: not Path(f"/tmp/.X{self.name[1:]}-lock").exists(), "Xvfb to clean up")
