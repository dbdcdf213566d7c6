"""Where DevPulse keeps its files.

`DEVPULSE_HOME` puts everything under one folder (tests, portable use); otherwise the platform's own
places are used. Every folder is created for its owner only (mode 0700).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing NUL included.
_LONGEST_SOCKET_PATH = 100


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one DevPulse home, and the files in them."""

    config: Path
    data: Path
    logs: Path
    runtime: Path

    @classmethod
    def discover(cls, environ: Mapping[str, str] = os.environ) -> Paths:
        """The home that `environ` names, or the platform's own places."""
        home = environ.get("DEVPULSE_HOME")
        if home:
            root = Path(home).expanduser().absolute()
            return cls(root / "config", root / "data", root / "logs", root / "run")
        return cls._of_platform(environ)

    @classmethod
    def _of_platform(cls, environ: Mapping[str, str]) -> Paths:
        if sys.platform == "linux":
            # The XDG base directory rules, spelled out: platformdirs would cost the agent 1.6 MB.
            def xdg(name: str, fallback: str) -> Path:
                given = environ.get(name, "")
                base = Path(given) if given.startswith("/") else Path.home() / fallback
                return base / "devpulse"

            data = xdg("XDG_DATA_HOME", ".local/share")
            state = xdg("XDG_STATE_HOME", ".local/state")
            given = environ.get("XDG_RUNTIME_DIR", "")
            runtime = Path(given) / "devpulse" if given.startswith("/") else state / "run"
            return cls(xdg("XDG_CONFIG_HOME", ".config"), data, state / "logs", runtime)
        from platformdirs import PlatformDirs

        places = PlatformDirs("DevPulse", appauthor=False)
        data = Path(places.user_data_dir)
        return cls(Path(places.user_config_dir) / "config", data, Path(places.user_log_dir), data / "run")

    def create(self) -> Paths:
        """Make the folders, for their owner only. Raises OSError when the disk refuses."""
        for folder in (self.config, self.data, self.logs, self.runtime):
            _make_private(folder)
        return self

    @property
    def settings(self) -> Path:
        return self.config / "settings.json"

    @property
    def database(self) -> Path:
        return self.data / "devpulse.db"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def key_file(self) -> Path:
        """How the data key is kept, and, where the person chose a file, the key itself (0600)."""
        return self.data / "key.json"

    @property
    def account(self) -> Path:
        """The keys of the account this machine has signed in to, sealed; there only while it has."""
        return self.data / "account.sealed"

    @property
    def sync_state(self) -> Path:
        """How the last sync went, and how far the one is that runs now."""
        return self.data / "sync.json"

    @property
    def sync_lock(self) -> Path:
        """Held by the one command that speaks to the service."""
        return self.data / "sync.lock"

    @property
    def pulse(self) -> Path:
        """The end of the span that is open now, rewritten in place every few seconds.

        With the socket: that is in memory on most systems, and on a disk a file that is always being
        written costs 0.7 MB an hour.
        """
        return self.runtime / "pulse"

    @property
    def unstored(self) -> Path:
        """What could not be stored before the agent's end, until its next start."""
        return self.data / "unstored"

    @property
    def switches(self) -> Path:
        """Pause, private mode and the project chosen by hand, across restarts."""
        return self.data / "switches.json"

    @property
    def prepared(self) -> Path:
        """The version that last made sure of the database, so that a start need not."""
        return self.data / "prepared"

    @property
    def lock(self) -> Path:
        """Held by the one agent of this home while it lives."""
        return self.data / "agent.lock"

    @property
    def socket(self) -> Path:
        """The control socket; a home too deep for a socket's address gets a short stand-in."""
        path = self.runtime / "agent.sock"
        if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
            return path
        # Only here: it brings in OpenSSL, 3.3 MB for an agent that needs neither.
        import hashlib
        import tempfile

        name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"devpulse-{name}" / "agent.sock"

    @property
    def windows_socket(self) -> Path:
        """Where the one windows' process of this home hears from a second start."""
        return self.socket.with_name("windows.sock")

    @property
    def welcomed(self) -> Path:
        """There once the person has seen, or skipped, the welcome."""
        return self.data / "welcomed"

    @property
    def window(self) -> Path:
        """Size, place and page of the window, for its next opening."""
        return self.data / "window.json"


def resources() -> Path:
    """The folder of icons, default categories and rules: beside the package, or inside it."""
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def _make_private(folder: Path) -> None:
    """`mkdir -p` whose missing parents are the owner's only, too (pathlib gives them the usual mode)."""
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
