"""`devpulse account`, `sync` and `conflicts` as a person types them, at a real service over both stacks."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.sync.crypto import kdf
from tests.app.sync.conftest import servers, stack
from tests.app.sync.homes import PASSWORD, Member, make_member
from tests.cloud.servers import Stack

__all__ = ["servers", "stack"]

Make = Callable[[], Member]


@pytest.fixture
def member(stack: Stack) -> Iterator[Make]:
    """Makes machines, every second at the other replica."""
    made: list[Member] = []
    urls = itertools.cycle((stack.a, stack.b))

    def make() -> Member:
        made.append(make_member(next(urls)))
        return made[-1]

    yield make
    for one in made:
        one.gone()


@pytest.fixture(autouse=True)
def light_hardening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kdf, "ARGON2_MEMORY_KIB", (64, 1 << 20))


@pytest.fixture
def email() -> str:
    return f"{uuid4().hex[:12]}@example.org"


@pytest.fixture
def pair(member: Make, email: str) -> tuple[Member, Member]:
    """Two machines of one account, in step."""
    first, second = member(), member()
    secret_key = first.sign_up(email)["secret_key"]
    first.sync()
    second.sign_in(email, secret_key)
    second.sync()
    first.sync()
    return first, second


def test_two_machines_show_one_truth(pair: tuple[Member, Member], stack: Stack) -> None:
    first, second = pair
    for number in range(20):
        first.work(number / 2, f"secret plan {number}")
    second.work(3, "elsewhere", application="Firefox")
    second.add_project("apollo")
    assert first.sync()["pushed"] > 0
    assert second.sync()["spans"] == 20
    assert first.sync()["spans"] == 1
    assert first.spans() == second.spans()
    assert len(first.spans()) == 21
    assert "apollo" in first.projects()
    assert [one.sync()["pushed"] for one in (first, second)] == [0, 0]
    told = first.run("sync", "--status", "--json").json
    assert (told["waiting"], told["conflicts"], told["alarms"], told["problem"]) == (0, 0, [], None)
    assert len(told["heard"]) == 2
    for file in stack.folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            assert b"secret plan" not in file.read_bytes()


def test_work_on_both_sides_while_apart(pair: tuple[Member, Member]) -> None:
    first, second = pair
    first.run("projects", "rename", "devpulse", "from the first")
    second.run("projects", "rename", "devpulse", "from the second")
    for one in (first, second, first, second):
        one.sync()
    assert first.projects() == second.projects()
    live = first.home.run("sync", "--live", "--json", typed='{}\n{"do": "sync"}\n{"do": "status"}\n')
    told = [json.loads(line) for line in live.out.splitlines()]
    assert [one["event"] for one in told].count("status") >= 2
    assert told[0]["account"]["name"] == first.run("account", "status", "--json").json["name"]
    kit = first.run("account", "kit", "--json").json
    assert kit["secret_key"].startswith("D1-")
    assert len(first.projects() & {"from the first", "from the second"}) >= 1


def test_who_is_not_signed_in_is_told_by_exit_code_4(member: Make) -> None:
    one = member()
    for words in (
        ("sync",), ("sync", "--status"), ("account", "status"), ("account", "devices"),
        ("account", "sign-out"), ("account", "password"), ("account", "delete", "--yes"),
        ("conflicts", "list"), ("account", "kit"), ("sync", "--live"),
    ):  # fmt: skip
        told = one.run(*words, "--json", code=4)
        assert told.error["kind"] == "NotSignedIn"


def test_secrets_are_where_they_belong(member: Make, email: str, tmp_path: Path) -> None:
    one = member()
    kit = tmp_path / "kit.html"
    made = one.sign_up(email, "--kit", str(kit))
    assert set(made) == {"account_id", "secret_key", "recovery_key", "fingerprint"}
    assert len(made["recovery_key"].split()) == 24
    assert kit.stat().st_mode & 0o777 == 0o600
    assert made["secret_key"] in kit.read_text()
    one.sync()
    hidden = (PASSWORD, made["secret_key"], made["recovery_key"].split()[0] + " ")
    for file in one.home.paths.data.parent.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(secret.encode() in content for secret in hidden), file.name
    assert one.run("account", "sign-up", "--server", one.server, "--json", secrets={"password": "x"}, code=2)


def test_by_the_recovery_words_and_a_new_password(member: Make, email: str) -> None:
    first, second, third = member(), member(), member()
    made = first.sign_up(email)
    first.work(0, "before")
    first.sync()
    words = ("account", "sign-in", "--server", second.server, "--email", email, "--json")
    second.run(*words, secrets={"recovery_key": made["recovery_key"]})
    second.sync()
    assert len(second.spans()) == 1
    given = {"recovery_key": made["recovery_key"], "new_password": "another long password"}
    fresh = second.run("account", "password", "--json", secrets=given).json["secret_key"]
    third.sign_in(email, fresh, "another long password")
    third.sync()
    assert len(third.spans()) == 1


def test_a_machine_is_revoked_and_the_others_go_on(member: Make, email: str) -> None:
    first, second, third = member(), member(), member()
    secret_key = first.sign_up(email)["secret_key"]
    for one in (second, third):
        one.sign_in(email, secret_key)
        one.sync()
    gone = third.run("account", "status", "--json").json["device_id"]
    first.run("account", "revoke", gone[:8], "--json", secrets={"password": PASSWORD})
    third.run("sync", code=4)
    first.work(0, "after")
    first.sync()
    second.work(1, "and there")
    second.sync()
    first.sync()
    assert first.spans() == second.spans()
    assert third.spans() == []


def test_leaving_and_deleting_keep_what_is_here(pair: tuple[Member, Member], email: str) -> None:
    first, second = pair
    second.work(0, "mine")
    second.sync()
    first.sync()
    before = first.spans()
    assert len(before) == 1
    second.run("account", "sign-out", "--json")
    second.run("sync", code=4)
    first.run("account", "delete", "--json", secrets={"password": PASSWORD})
    first.run("sync", code=4)
    assert first.spans() == before == second.spans()
    # Nothing is noted any more, and this home can join another account.
    assert first.sign_up(email)["account_id"]


def test_pairing_by_code_in_two_processes_steps(member: Make, email: str) -> None:
    from app.commands.membership import home_key, settings_of
    from app.sync.account.opening import open_service
    from app.sync.account.pairing import Newcomer

    first, second = member(), member()
    first.sign_up(email)
    newcomer = Newcomer(open_service(second.server, settings_of(_context(second)), {}))
    assert home_key(_context(second), {})
    looked = first.run("account", "accept", "--look", "--json", secrets={"code": newcomer.code}).json
    assert looked["words"] == newcomer.words
    words = ("account", "accept", "--json", "--words")
    first.run(*words, "six other words than these are", secrets={"code": newcomer.code}, code=2)
    assert newcomer.welcome() is None
    first.run(*words, newcomer.words, secrets={"code": newcomer.code})
    assert newcomer.welcome() is not None


def _context(one: Member):  # type: ignore[no-untyped-def]
    import io

    from app.clock import SystemClock
    from app.commands.context import Context

    stream = io.StringIO()
    return Context(one.home.paths, stream, stream, stream, SystemClock(), one.home.environ)


def test_a_service_that_is_away_costs_nothing(pair: tuple[Member, Member]) -> None:
    first, _ = pair
    first.run("settings", "set", "sync.server", "http://127.0.0.1:9")
    told = first.run("sync", "--json", code=1)
    assert told.error["kind"] == "ServiceAway"
    first.work(0, "offline")
    kept = json.loads(first.home.paths.sync_state.read_text())
    assert kept["breaker"]["failures"] == 1
    # The agent's own does not go before it may.
    assert first.run("sync", "--automatic", "--json").out == ""
    first.run("settings", "reset", "sync.server")
    assert first.sync()["pushed"] > 0
    assert json.loads(first.home.paths.sync_state.read_text())["breaker"]["failures"] == 0


def test_never_means_never(pair: tuple[Member, Member]) -> None:
    first, _ = pair
    first.run("settings", "set", "sync.when", "never")
    first.run("sync", code=2)
    assert first.run("sync", "--automatic").out == ""
