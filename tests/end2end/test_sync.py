"""Two homes and a real service, all processes: killed at any moment, restored, and apart for a while."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.app.sync.homes import PASSWORD, Member, make_member
from tests.cloud.conftest import make_stack, servers
from tests.cloud.servers import ROOT, Replica, Stack

__all__ = ["servers"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(params=["embedded", "replicated"])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    made = make_stack(request, request.param, tmp_path)
    made.environ["DEVPULSE_CLOUD_DATA"] = str(tmp_path / "data")
    made.replicas.append(made.launch())
    yield made
    for replica in made.replicas:
        if replica.process is not None and replica.process.poll() is None:
            replica.stop()


@pytest.fixture
def pair(stack: Stack) -> Iterator[tuple[Member, Member]]:
    first, second = make_member(stack.a), make_member(stack.a)
    email = f"{uuid4().hex[:12]}@example.org"
    secret_key = first.sign_up(email)["secret_key"]
    first.sync()
    second.sign_in(email, secret_key)
    second.sync()
    first.sync()
    yield first, second
    first.gone()
    second.gone()


def started(member: Member, *words: str) -> subprocess.Popen[bytes]:
    """`devpulse WORDS` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "app", *words], cwd=ROOT, env={**os.environ, **member.home.environ},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def in_step(first: Member, second: Member) -> None:
    for one in (first, second, first, second):
        one.sync()
    assert first.spans() == second.spans()
    assert first.projects() == second.projects()
    assert [one.sync()["pushed"] for one in (first, second)] == [0, 0]
    for one in (first, second):
        assert one.run("sync", "--status", "--json").json["alarms"] == []


def test_edits_on_both_sides_offline_then_online(pair: tuple[Member, Member], stack: Stack) -> None:
    first, second = pair
    stack.replicas[0].stop()
    for number in range(30):
        (first, second)[number % 2].work(number / 3, f"offline {number}")
    first.add_project("made by the first")
    second.add_project("made by the second")
    assert first.run("sync", "--json", code=1).error["kind"] == "ServiceAway"
    again = stack.launch(("--port", stack.a.rsplit(":", 1)[1]))
    stack.replicas.append(again)
    in_step(first, second)
    assert len(first.spans()) == 30
    assert {"made by the first", "made by the second"} <= first.projects()


def test_a_client_killed_at_any_moment_goes_on(pair: tuple[Member, Member]) -> None:
    first, second = pair
    chance = random.Random(7)
    count = 0
    killed = 0
    for attempt in range(16):
        member = (first, second)[attempt % 2]
        for _ in range(6):
            member.work(count / 3, f"title {count}")
            count += 1
        process = started(member, "sync", "--json")
        time.sleep(chance.uniform(0.1, 0.9))
        process.kill()
        killed += process.wait(30) < 0
        process.communicate()
    assert killed > 3
    in_step(first, second)
    assert len(first.spans()) == count


def cloud(stack: Stack, *words: str) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DEVPULSE")}
    run = subprocess.run(
        [sys.executable, "-m", "cloud", *words], cwd=ROOT, env={**clean, **stack.environ},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_service_is_killed_and_restored_from_its_backup(
    pair: tuple[Member, Member], stack: Stack, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first, second = pair
    first.work(0, "before the backup")
    in_step(first, second)
    backup = tmp_path / "backup"
    cloud(stack, "backup", str(backup))
    second.work(1, "after the backup")
    second.add_project("after the backup")
    in_step(first, second)
    import signal

    stack.replicas[0].stop(signal.SIGKILL)
    fresh = make_stack(request, stack.name, tmp_path / "fresh")
    fresh.environ = {**stack.environ, **{
        name: value for name, value in fresh.environ.items() if name in (
            "DEVPULSE_CLOUD_DATABASE_URL", "DEVPULSE_CLOUD_REDIS_URL")
    }}  # fmt: skip
    if stack.name == "embedded":
        data = Path(stack.environ["DEVPULSE_CLOUD_DATA"])
        for file in data.glob("*.sqlite*"):
            file.unlink()
        for file in data.glob("*.db*"):
            file.unlink()
    cloud(fresh, "restore", str(backup))
    again = Replica(fresh.environ, tmp_path / "again.log", ("--port", stack.a.rsplit(":", 1)[1]))
    again.start()
    stack.replicas.append(again)
    first.work(2, "while it was away")
    for one in (first, second, first, second):
        one.sync()
    assert first.spans() == second.spans()
    assert {title for *_, title in first.spans()} == {
        "before the backup", "after the backup", "while it was away",
    }  # fmt: skip
    assert "after the backup" in first.projects() & second.projects()
    kinds = {alarm["kind"] for alarm in first.run("sync", "--status", "--json").json["alarms"]}
    assert kinds <= {"restored"}


def test_a_change_is_shown_elsewhere_within_moments(pair: tuple[Member, Member]) -> None:
    first, second = pair
    followers = [started(one, "sync", "--follow", "--json") for one in pair]
    try:
        time.sleep(4)
        first.work(0, "live")
        until = time.monotonic() + 15
        while not second.spans():
            assert time.monotonic() < until, "nothing came"
            time.sleep(0.1)
        assert second.spans() == first.spans()
    finally:
        for follower in followers:
            follower.terminate()
            follower.wait(20)
            follower.communicate()


def test_secrets_are_in_no_arguments_environment_or_log(stack: Stack) -> None:
    member = make_member(stack.a)
    words = (
        "account",
        "sign-up",
        "--server",
        stack.a,
        "--email",
        "x@example.org",
        "--secrets-stdin",
        "--json",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "app", *words], cwd=ROOT, env={**os.environ, **member.home.environ},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    for name in ("cmdline", "environ"):
        assert PASSWORD.encode() not in Path(f"/proc/{process.pid}/{name}").read_bytes()
    out, _ = process.communicate(json.dumps({"password": PASSWORD}).encode(), timeout=60)
    made = json.loads(out)
    for file in member.home.paths.logs.glob("*"):
        assert made["secret_key"] not in file.read_text()
    member.gone()
