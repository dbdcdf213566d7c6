"""Our own commands, run beside the window: what a person asks of the account happens in a process of its own.

So no password and no key of the account is ever in the windows' process for longer than it takes to hand it
over a pipe, a first sync of a year cannot make a chart stutter, and whoever cancels ends a process.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, cast

from PyQt6.QtCore import QObject, QProcess, QProcessEnvironment, pyqtSignal

from app.children import PACKAGE_HOME, command
from app.errors import DevPulseError, from_json
from app.paths import Paths

Answer = dict[str, Any]

_WITHIN_S = 60


class Running(QObject):
    """One command under way. `told(dict)`: each JSON object it prints; then `finished(dict)`, with the last
    one, or `failed(DevPulseError)`. After `cancel` neither comes."""

    told = pyqtSignal(object)
    finished = pyqtSignal(object)
    failed = pyqtSignal(object)

    def say(self, line: Mapping[str, Any]) -> None:
        """Hand it one more line on its standard input."""
        raise NotImplementedError

    def cancel(self) -> None:
        """End it, if it has not ended."""
        raise NotImplementedError


class Program(Protocol):
    """`devpulse` as the windows run it; tests pass one that answers at once."""

    def run(
        self, words: Sequence[str], secrets: Mapping[str, str] | None = None, *, open_ended: bool = False
    ) -> Running:
        """Start `devpulse WORDS --json`; `secrets` go over its standard input.

        `open_ended`: its standard input stays open for `Running.say`, and what is said first are the secrets.
        """
        ...

    def call(self, words: Sequence[str], secrets: Mapping[str, str] | None = None) -> Answer:
        """The same for a step of a change: waits for its end. Not for the GUI thread. Raises
        `DevPulseError`."""
        ...

    def close(self) -> None:
        """End all that still runs."""
        ...


class Commands(QObject):
    """The real one, in the home of `paths`. `key()`: the data key in base64 where a passphrase locked it,
    else nothing."""

    def __init__(self, paths: Paths, key: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._environment = _environment(paths)
        self._key = key

    def run(
        self, words: Sequence[str], secrets: Mapping[str, str] | None = None, *, open_ended: bool = False
    ) -> Running:
        given = self._given(secrets)
        argv = command(*words, "--json")
        if given and not open_ended:
            argv.append("--secrets-stdin")
        process = QProcess(self)
        process.setProcessEnvironment(self._environment)
        process.setWorkingDirectory(str(PACKAGE_HOME))
        running = _Child(process, self)
        process.start(argv[0], argv[1:])
        if open_ended:
            running.say(given)
        else:
            if given:
                process.write(json.dumps(given).encode())
            process.closeWriteChannel()
        return running

    def call(self, words: Sequence[str], secrets: Mapping[str, str] | None = None) -> Answer:
        given = self._given(secrets)
        argv = command(*words, "--json", *(("--secrets-stdin",) if given else ()))
        environment = self._environment
        try:
            done = subprocess.run(  # noqa: S603 - our own program
                argv,
                cwd=PACKAGE_HOME,
                env={name: environment.value(name) for name in environment.keys()},  # noqa: SIM118 - Qt's, no dict
                input=json.dumps(given).encode() if given else b"",
                capture_output=True,
                timeout=_WITHIN_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            raise _gone() from None
        if done.returncode:
            raise _error(done.stderr)
        try:
            found = json.loads(done.stdout or b"{}")
        except ValueError:
            return {}
        return cast("Answer", found) if isinstance(found, dict) else {}

    def close(self) -> None:
        for running in self.findChildren(_Child):
            running.cancel()

    def _given(self, secrets: Mapping[str, str] | None) -> dict[str, str]:
        key = self._key()
        return {**(secrets or {}), **({"key": key} if key else {})}


class _Child(Running):
    def __init__(self, process: QProcess, parent: QObject) -> None:
        super().__init__(parent)
        self._process = process
        self._text = ""
        self._last: Answer = {}
        self._over = False
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._broken)

    def say(self, line: Mapping[str, Any]) -> None:
        self._process.write(json.dumps(dict(line)).encode() + b"\n")

    def cancel(self) -> None:
        if self._over:
            return
        self._over = True
        self._process.kill()
        self._process.waitForFinished(1_000)
        self._let_go()

    def _read(self) -> None:
        self._text += bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace")
        decode = json.JSONDecoder().raw_decode
        while self._text.strip() and not self._over:
            self._text = self._text.lstrip()
            try:
                value, end = decode(self._text)
            except ValueError:
                return  # the rest of it is on its way
            self._text = self._text[end:]
            if isinstance(value, dict):
                self._last = cast("Answer", value)
                self.told.emit(self._last)

    def _ended(self, code: int) -> None:
        if self._over:
            return
        self._read()
        self._over = True
        if code == 0:
            self.finished.emit(self._last)
        else:
            self.failed.emit(_error(bytes(self._process.readAllStandardError().data())))
        self._let_go()

    def _broken(self, error: QProcess.ProcessError) -> None:
        if self._over or error != QProcess.ProcessError.FailedToStart:
            return
        self._over = True
        self.failed.emit(_gone())
        self._let_go()

    def _let_go(self) -> None:
        self._text, self._last = "", {}
        self._process.deleteLater()
        self.deleteLater()


def _error(told: bytes) -> DevPulseError:
    """What the command has said on standard error: its last line is the error."""
    for line in reversed(told.decode("utf-8", "replace").splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and "title" in found:
            return from_json(cast("dict[str, str]", found))
    return _gone()


def _gone() -> DevPulseError:
    return DevPulseError(
        "A command of DevPulse ended without saying why.",
        detail="Nothing recorded is lost.",
        advice="Try again; the log file may tell more.",
    )


def _environment(paths: Paths) -> QProcessEnvironment:
    """Ours, with the home of `paths` where that is not the one it names."""
    environment = QProcessEnvironment.systemEnvironment()
    if Paths.discover(os.environ) != paths:
        environment.insert("DEVPULSE_HOME", str(paths.data.parent))
    return environment
