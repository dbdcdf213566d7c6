"""Reasons to count a person as present who touches neither keyboard nor pointer, looked for in a child."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from app.loop import Loop, Timer
from app.paths import resources
from app.tracking.platform.base import Hold, Limit

# The child ends by itself after 3 s; the protocol allows 5.
_LONGEST_S = 4.5
_LONGEST_ANSWER = 4096
_PACKAGE_HOME = Path(__file__).resolve().parents[3]

_BLIND = {
    Hold.MICROPHONE: Limit(
        "Calls are not noticed: no sound server answers.",
        "PulseAudio, or PipeWire with pipewire-pulse, tells when a microphone is used.",
    ),
    Hold.MEDIA_PLAYING: Limit("Playing media is not noticed: there is no session bus."),
    Hold.IDLE_INHIBITOR: Limit("Programs that keep the screen on are not noticed: there is no message bus."),
}


def is_video_application(application: str) -> bool:
    """Whether this application's full screen is a film, a stream or a call."""
    return application.strip().lower() in _video_applications()


@lru_cache(maxsize=1)
def _video_applications() -> frozenset[str]:
    content = json.loads((resources() / "video_applications.json").read_text("utf-8"))
    return frozenset(content["applications"])


def probe_command() -> Sequence[str]:
    """The child's argv, up to the holds it is to look for."""
    return (sys.executable, "-m", "app.tracking.platform.hold_probe")


class ChildHoldSource:
    """Starts a short-lived process for every look; see `hold_probe`."""

    def __init__(
        self,
        loop: Loop,
        environ: Mapping[str, str] = os.environ,
        command: Sequence[str] | None = None,
        longest_s: float = _LONGEST_S,
    ) -> None:
        self._loop = loop
        self._environ = environ
        self._command = probe_command() if command is None else command
        self._longest_s = longest_s
        self._blind: dict[Hold, bool] = {}

    @property
    def limits(self) -> Sequence[Limit]:
        """What the last look could not see."""
        return tuple(limit for hold, limit in _BLIND.items() if self._blind.get(hold))

    def check(self, wanted: frozenset[Hold], on_result: Callable[[frozenset[Hold]], None]) -> None:
        """See `HoldSource.check`. `FULLSCREEN_VIDEO` is seen by its window, and never found here."""
        asked = wanted - {Hold.FULLSCREEN_VIDEO}

        def answer(words: frozenset[str]) -> None:
            self._blind |= {hold: f"-{hold}" in words for hold in asked}
            on_result(frozenset(hold for hold in asked if hold in words))

        if not asked:
            self._loop.call_later(0, lambda: answer(frozenset()))
            return
        try:
            child = self._start(sorted(asked))
        except OSError:
            self._loop.call_later(0, lambda: answer(frozenset()))
            return
        _Look(self._loop, child, answer, self._longest_s)

    def _start(self, asked: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own program, no word of it from outside
            [*self._command, *asked],
            cwd=_PACKAGE_HOME,
            env=dict(self._environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


class _Look:
    """One child at work: its words until it ends, or until its time is over."""

    def __init__(
        self,
        loop: Loop,
        child: subprocess.Popen[bytes],
        answer: Callable[[frozenset[str]], None],
        longest_s: float,
    ) -> None:
        assert child.stdout is not None
        self._loop = loop
        self._child = child
        self._answer = answer
        self._pipe = child.stdout
        self._fd = child.stdout.fileno()
        self._said = bytearray()
        os.set_blocking(self._fd, False)
        loop.watch(self._fd, self._read)
        self._timer: Timer = loop.call_later(longest_s, self._end)

    def _read(self) -> None:
        try:
            part = os.read(self._fd, 4096)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        self._said += part
        if not part or len(self._said) > _LONGEST_ANSWER:
            self._end()

    def _end(self) -> None:
        self._timer.cancel()
        self._loop.unwatch(self._fd)
        self._pipe.close()
        # It closed its output just before its end, or has had its time.
        self._child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(0.2)
        self._answer(frozenset(self._said.decode("ascii", "replace").split()))
