"""PostgreSQL, Redis and the service as processes of the tests: on loopback, unprivileged, gone afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import redis

ROOT = Path(__file__).resolve().parents[2]


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _unprivileged() -> dict[str, Any]:
    """How to start a server that refuses to run as root, or should not."""
    if os.geteuid() != 0:
        return {}
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait_for(true: Callable[[], bool], seconds: float = 30, what: str = "it") -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)


@contextlib.contextmanager
def servers_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="devpulse-test-"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Server:
    """A server that can be stopped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def words(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        self._process = subprocess.Popen(
            self.words(),
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_die_with_parent,
            **_unprivileged(),
        )
        wait_for(self.answers, what=f"{type(self).__name__} answering")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None


class Postgres(_Server):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._binaries = max(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
        )
        initdb = [str(self._binaries / "initdb"), "-D", str(folder / "pg"), "-U", "devpulse", "--auth=trust"]
        initdb += ["--no-sync", "--encoding=UTF8", "--locale=C"]
        subprocess.run(initdb, cwd=folder, check=True, capture_output=True, **_unprivileged())

    def words(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder,
            "jit": "off",
            "fsync": "off", "full_page_writes": "off", "max_connections": 100,
        }  # fmt: skip
        set_ = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(self._binaries / "postgres"), "-D", str(self.folder / "pg"), *set_]

    def answers(self) -> bool:
        try:
            self.run("SELECT 1", "postgres")
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    def url(self, name: str) -> str:
        return f"postgresql://devpulse@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template1") -> str:
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"', "postgres")
        return self.url(name)

    def run(self, sql: str, name: str) -> None:
        async def ask() -> None:
            connection = await asyncpg.connect(self.url(name), timeout=5)
            try:
                await connection.execute(sql)
            finally:
                await connection.close()

        # In a thread: a test's fixture may be made while the test's own loop runs.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, ask()).result()


class Redis(_Server):
    def words(self) -> list[str]:
        return [
            "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
            "--appendonly", "no", "--dir", str(self.folder),
        ]  # fmt: skip

    def answers(self) -> bool:
        try:
            with redis.Redis(port=self.port, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def url(self, number: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{number}"


@dataclass
class Replica:
    """One `devpulse-cloud serve`; its log goes to a file."""

    environ: Mapping[str, str]
    log: Path
    words: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    url: str = ""

    def start(self) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DEVPULSE")}
        with self.log.open("ab") as out:
            began = out.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cloud", "serve", "--port", "0", *self.words],
                cwd=ROOT, stdout=out, stderr=out, env={**clean, **self.environ}, preexec_fn=_die_with_parent,
            )  # fmt: skip
        wait_for(lambda: self._listens(began), 60, "the service listening")

    def _listens(self, began: int) -> bool:
        assert self.process is not None
        text = self.log.read_bytes()[began:].decode()
        assert self.process.poll() is None, text
        for line in text.splitlines():
            if "Uvicorn running on" in line:
                self.url = json.loads(line)["message"].split()[3]
                return True
        return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(40)


@dataclass
class Stack:
    """The service over one kind of database and backing."""

    name: str
    environ: dict[str, str]
    folder: Path
    postgres: Postgres | None = None
    redis: Redis | None = None
    replicas: list[Replica] = field(default_factory=list)

    def launch(self, words: tuple[str, ...] = (), **settings: str) -> Replica:
        """One more replica of this stack, with further settings (`SIGN_UP="closed"`); the caller stops it."""
        more = {f"DEVPULSE_CLOUD_{name}": value for name, value in settings.items()}
        log = self.folder / f"replica-{time.monotonic_ns()}.log"
        replica = Replica({**self.environ, **more}, log, words)
        replica.start()
        return replica

    @property
    def a(self) -> str:
        return self.replicas[0].url

    @property
    def b(self) -> str:
        """Another replica where there are two."""
        return self.replicas[-1].url

    def logs(self) -> str:
        return "".join(file.read_text() for file in self.folder.glob("*.log"))
