"""An operator's commands, beside a service that runs."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import httpx2
import pytest

from cloud.cli import main
from cloud.clock import wall_clock
from cloud.db import open_database
from cloud.queue import Queue
from cloud.settings import from_environment
from tests.cloud.people import Person, arrive
from tests.cloud.servers import ROOT, Stack


@dataclass
class Told:
    returncode: int
    stdout: str
    stderr: str


def command(stack: Stack, *words: str, told: str = "", **more: str) -> Told:
    """As `devpulse-cloud WORDS`, in this process: starting one for each takes seconds."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(told))
        returncode = main(words, {**stack.environ, **more})
    return Told(returncode, out.getvalue(), err.getvalue())


def process(stack: Stack, *words: str, **more: str) -> Told:
    environ = {"PATH": "/usr/bin:/bin", **stack.environ, **more}
    run = subprocess.run(
        [sys.executable, "-m", "cloud", *words],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Told(run.returncode, run.stdout, run.stderr)


def test_accounts_are_listed_disabled_enabled_and_deleted(person: Person, stack: Stack) -> None:
    listed = json.loads(command(stack, "accounts", "list", "--json").stdout)
    (one,) = [account for account in listed if account["account"] == str(person.account)]
    assert (one["email"], one["devices"], one["disabled"]) == (person.email, 1, False)
    assert person.email in command(stack, "accounts", "list").stdout
    assert command(stack, "accounts", "disable", person.email).stdout == "Disabled.\n"
    assert person.get("/v1/account").status_code == 401
    assert command(stack, "accounts", "enable", str(person.account)).stdout == "Enabled.\n"
    person.sign_in()
    assert command(stack, "accounts", "delete", person.email, told="no\n").returncode == 1
    assert person.get("/v1/account").status_code == 200
    assert command(stack, "accounts", "delete", person.email, told="delete\n").stdout == "Deleted.\n"
    assert person.get("/v1/account").status_code == 401
    gone = command(stack, "accounts", "delete", person.email, "--yes")
    assert (gone.returncode, gone.stderr) == (1, "There is no such account.\n")


def test_an_invitation_lets_one_person_in(bare_stack: Stack) -> None:
    replica = bare_stack.launch(SIGN_UP="invited")
    try:
        with httpx2.Client(base_url=replica.url) as client:
            arrive(client)
            assert Person(client).sign_up().status_code == 403
            code = command(bare_stack, "accounts", "invite", "--days", "1").stdout.strip()
            assert Person(client).sign_up(invitation="made up").status_code == 403
            assert Person(client).sign_up(invitation=code).status_code == 201
            assert Person(client).sign_up(invitation=code).status_code == 403
    finally:
        replica.stop()


def test_keys_rotate_while_the_service_runs(person: Person, stack: Stack) -> None:
    before = person.headers
    for _ in range(2):
        run = command(stack, "keys", "rotate")
        assert run.returncode == 0, run.stderr
    # Tokens of the former key stay good, and new ones are made.
    assert person.client.get("/v1/account", headers=before).status_code == 200
    assert person.refresh().status_code == 200
    assert person.get("/v1/account").status_code == 200


def test_a_new_secret_seals_the_keys_anew(bare_stack: Stack) -> None:
    first, second = "A" * 43 + "=", "B" * 42 + "A="
    name = "DEVPULSE_CLOUD_SECRET"
    assert command(bare_stack, "migrate", **{name: first}).returncode == 0
    assert command(bare_stack, "keys", "rotate", **{name: first}).returncode == 0
    lost = command(bare_stack, "keys", "rotate", **{name: second})
    assert lost.returncode == 1
    assert "former secret" in lost.stderr
    assert command(bare_stack, "keys", "rotate", **{name: f"{second},{first}"}).returncode == 0
    assert command(bare_stack, "keys", "rotate", **{name: second}).returncode == 0


def test_check_looks_at_every_part(bare_stack: Stack) -> None:
    assert command(bare_stack, "migrate").returncode == 0
    run = command(bare_stack, "check")
    assert run.returncode == 0
    assert "this version's schema" in run.stdout
    assert ("Redis answers" in run.stdout) == (bare_stack.name == "replicated")


@pytest.mark.parametrize(
    "part", ["DATABASE_URL=postgresql://x@127.0.0.1:1/x", "REDIS_URL=redis://127.0.0.1:1/0"]
)
def test_a_part_that_is_away_is_told_without_a_trace(bare_stack: Stack, part: str) -> None:
    name, _, value = part.partition("=")
    more = {f"DEVPULSE_CLOUD_{name}": value, "DEVPULSE_CLOUD_SECRET": "A" * 43 + "="}
    command(bare_stack, "migrate")
    for run in (command(bare_stack, "check", **more), process(bare_stack, "serve", "--port", "0", **more)):
        assert run.returncode == 1, run.stdout
        assert "cannot reach its" in run.stdout + run.stderr
        assert "Traceback" not in run.stderr


def test_work_that_failed_is_listed_and_tried_once_more(migrated: Stack) -> None:
    async def fail() -> None:
        database = await open_database(from_environment(migrated.environ))
        queue = Queue(database, wall_clock)
        await queue.put("call", key="one")
        task = await queue.take(["call"], 60)
        assert task is not None
        await queue.lay_aside(task, "KeyError")
        await database.close()

    assert command(migrated, "jobs", "list").stdout == "0 wait, 0 are being done, 0 failed.\n"
    asyncio.run(fail())
    told = command(migrated, "jobs", "list").stdout
    assert told.startswith("call ")
    assert "KeyError" in told
    assert told.endswith("0 wait, 0 are being done, 1 failed.\n")
    assert command(migrated, "jobs", "retry").stdout == "1 are tried once more, within a second.\n"
    assert command(migrated, "jobs", "list").stdout == "1 wait, 0 are being done, 0 failed.\n"
