"""Sync at a real service on this machine: a year's first sync, one new event, a change shown elsewhere.

Beside the floor: the same rows by plain zstd, AES-GCM and `executemany`. The service shares the cores.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.models.keyfile import Way
from app.models.keys import create_key
from app.models.store import Store
from app.paths import Paths
from app.sync.crypto import kdf
from app.sync.crypto.compression import compress, decompress
from tests.benchmarks.figures import Figure
from tests.benchmarks.history import make_history
from tests.cloud.conftest import OPEN
from tests.cloud.servers import ROOT, Stack

EVENTS = 300_000
PASSWORD = "a password of the bench"
_REPEATS = 5


def run() -> list[Figure]:
    """All figures; about two minutes."""
    with tempfile.TemporaryDirectory(prefix="dp-") as folder:
        stack = Stack("embedded", {**OPEN, "DEVPULSE_CLOUD_DATA": f"{folder}/cloud"}, Path(folder))
        stack.replicas.append(stack.launch())
        try:
            return _all(Path(folder), stack)
        finally:
            for replica in stack.replicas:
                replica.stop()


def _all(folder: Path, stack: Stack) -> list[Figure]:
    first, second = (
        Paths.discover(_environ(folder / "a")).create(),
        Paths.discover(_environ(folder / "b")).create(),
    )
    cipher = create_key(first, Way.FILE).cipher()
    made = make_history(first.database, 1.0, per_day=EVENTS // 365, cipher=cipher)
    _owned_by(first)
    figures = [_argon(), *_floor(first)]
    up, _ = _ask(folder / "a", "account", "sign-up", "--server", stack.a, "--email", "a@example.org",
                 secrets={"password": PASSWORD})  # fmt: skip
    told, cpu = _ask(folder / "a", "sync")
    sent = told["sent_bytes"] / 1e6
    figures += [
        Figure("first sync of a year: client CPU", cpu, "s", 1.5, f"{made.spans} events, sealing"),
        Figure("first sync of a year: sent", sent, "MB", 4.5, f"{told['round_trips']} round trips"),
    ]
    given = {"password": PASSWORD, "secret_key": up["secret_key"]}
    _ask(folder / "b", "account", "sign-in", "--server", stack.a, "--email", "a@example.org", secrets=given)
    began = time.perf_counter()
    told, cpu = _ask(folder / "b", "sync")
    figures += [
        Figure("a new machine takes in a year: client CPU", cpu, "s", None, "opening, storing, rollups"),
        Figure("a new machine takes in a year: time", time.perf_counter() - began, "s"),
        Figure("a new machine takes in a year: received", told["received_bytes"] / 1e6, "MB", 4.5),
    ]
    figures += _incremental(folder, first)
    figures.append(_latency(folder, first, second))
    return figures


def _incremental(folder: Path, paths: Paths) -> list[Figure]:
    """One new event a time."""
    bodies: list[float] = []
    trips: list[int] = []
    cpus: list[float] = []
    _ask(folder / "a", "sync")
    for number in range(_REPEATS):
        _event(paths, number)
        told, cpu = _ask(folder / "a", "sync")
        bodies.append(told["sent_bytes"])
        trips.append(told["round_trips"])
        cpus.append(cpu)
    _, idle = _ask(folder / "a", "sync")
    return [
        Figure("one new event: sent", sorted(bodies)[_REPEATS // 2], "B", None, "heads and headers too"),
        Figure("one new event: round trips", sorted(trips)[_REPEATS // 2], "", 1),
        Figure(
            "one new event: the command's CPU", sorted(cpus)[_REPEATS // 2], "s", None, "each minute at work"
        ),
        Figure("nothing new: the command's CPU", idle, "s"),
    ]


def _latency(folder: Path, first: Paths, second: Paths) -> Figure:
    """From a commit on one machine until it is in the other's database, both following."""
    followers = [_start(folder / name, "sync", "--follow") for name in ("a", "b")]
    try:
        time.sleep(5)
        waits: list[float] = []
        for number in range(_REPEATS):
            start = _event(first, 100 + number)
            began = time.perf_counter()
            while not _has(second, start) and time.perf_counter() - began < 20:
                time.sleep(0.02)
            waits.append(time.perf_counter() - began)
            time.sleep(1)
        return Figure("a change here is there", sorted(waits)[_REPEATS // 2], "s", 2.0, "both online, median")
    finally:
        for follower in followers:
            follower.terminate()
            follower.wait(20)


def _argon() -> Figure:
    parameters = kdf.fresh(os.urandom)
    began = time.perf_counter()
    kdf.stretch(PASSWORD, bytes(16), parameters)
    return Figure(
        "a password becomes a key (Argon2id)", time.perf_counter() - began, "s", None, "64 MiB, t=3, p=4"
    )


def _floor(paths: Paths) -> list[Figure]:
    """What the same rows take by the parts alone."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    with sqlite3.connect(paths.database) as connection:
        rows = connection.execute(
            "SELECT start_ms, end_ms, application_id, project_id, category_id, title_id FROM activity_logs"
        ).fetchall()
    began = time.process_time()
    plain = json.dumps([list(column) for column in zip(*rows, strict=True)]).encode()
    cipher, nonce = AESGCM(bytes(32)), bytes(12)
    sealed = cipher.encrypt(nonce, compress(plain), b"")
    columns = json.loads(decompress(cipher.decrypt(nonce, sealed, b""), 1 << 30))
    with sqlite3.connect(":memory:") as target:
        target.execute("CREATE TABLE t (a, b, c, d, e, f)")
        target.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", zip(*columns, strict=True))
    took = time.process_time() - began
    return [
        Figure(
            "the floor: a year by zstd, AES-GCM, executemany", took, "s", None, f"{len(sealed) / 1e6:.1f} MB"
        )
    ]


def _environ(folder: Path) -> dict[str, str]:
    return {"DEVPULSE_HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def _start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", *words, "--json"], cwd=ROOT, env={**os.environ, **_environ(folder)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def _ask(folder: Path, *words: str, secrets: dict[str, str] | None = None) -> tuple[dict[str, Any], float]:
    """A command's answer, and the processor seconds it took."""
    more = () if secrets is None else ("--secrets-stdin",)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = _start(folder, *words, *more)
    out, _ = process.communicate(b"" if secrets is None else json.dumps(secrets).encode(), timeout=600)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process.returncode == 0, out
    return json.loads(out), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def _store(paths: Paths) -> Iterator[Store]:
    from app.models.keys import load_key

    with Store.open(paths.database, load_key(paths).cipher()) as store:
        yield store


def _event(paths: Paths, number: int) -> int:
    """One more activity, long after the others; its start."""
    from app.models.journal import Journal
    from app.models.values import Activity, Span, State

    start = 1_790_000_000_000 + number * 60_000
    with _store(paths) as store:
        activity = Activity("Code", title=f"event {number}")
        Journal(store).append(Span(start, start + 30_000, 0, State.ACTIVE, activity, switched=True))
    return start


def _has(paths: Paths, start: int) -> bool:
    with sqlite3.connect(paths.database) as connection:
        found = connection.execute("SELECT 1 FROM activity_logs WHERE start_ms = ?", (start,)).fetchone()
    return found is not None


def _owned_by(paths: Paths) -> None:
    """The history is this machine's own."""
    with sqlite3.connect(paths.database) as connection:
        connection.execute("UPDATE activity_logs SET device_id = 1 WHERE device_id <> 1")
