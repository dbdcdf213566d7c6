"""One windows' process a home: a second start hands its wish to the first, and ends.

A socket in the runtime folder, for its owner only. Its holder also holds a lock, so a socket that a killed
process left behind is told from a living one and replaced.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

from PyQt6.QtCore import QObject, QSocketNotifier
from PyQt6.sip import voidptr

from app.control import make_private_folder

_PATIENCE_S = 2.0
_LONGEST = 65536


class Instance:
    """`take()` first: False means that another process has been asked to show itself instead."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: IO[bytes] | None = None
        self._listener: socket.socket | None = None
        self._notifier: QSocketNotifier | None = None

    def take(self, wish: dict[str, Any]) -> bool:
        """Become the one process, or hand `wish` (JSON) to the one there is.

        Raises `DevPulseError` when the runtime folder belongs to somebody else.
        """
        make_private_folder(self._path.parent)
        if not self._locked():
            return not self._handed_over(wish)
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.setblocking(False)
        before = os.umask(0o177)
        try:
            listener.bind(str(self._path))
        finally:
            os.umask(before)
        listener.listen(8)
        self._listener = listener
        return True

    def listen(self, wished: Callable[[dict[str, Any]], None], parent: QObject) -> None:
        """From now on `wished(wish)` is called in Qt's thread for each further start."""
        if self._listener is None:
            return
        notifier = QSocketNotifier(voidptr(self._listener.fileno()), QSocketNotifier.Type.Read, parent)
        notifier.activated.connect(lambda: self._accept(wished))
        self._notifier = notifier

    def close(self) -> None:
        """Let another process be the one."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            self._path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _locked(self) -> bool:
        path = self._path.with_suffix(".lock")
        path.touch(mode=0o600)
        lock = path.open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _handed_over(self, wish: dict[str, Any]) -> bool:
        """Whether the other process took it; one that hangs does not keep a person from their window."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
            other.settimeout(_PATIENCE_S)
            try:
                other.connect(str(self._path))
                other.sendall(json.dumps(wish).encode() + b"\n")
                return other.recv(16) == b"ok\n"
            except OSError:
                return False

    def _accept(self, wished: Callable[[dict[str, Any]], None]) -> None:
        assert self._listener is not None
        with contextlib.suppress(OSError):
            connection, _ = self._listener.accept()
            with connection:
                connection.settimeout(0.2)
                line = connection.recv(_LONGEST)
                connection.sendall(b"ok\n")
            wished(_wish(line))


def _wish(line: bytes) -> dict[str, Any]:
    try:
        wish: object = json.loads(line)
    except ValueError:
        return {}
    return cast("dict[str, Any]", wish) if isinstance(wish, dict) else {}
