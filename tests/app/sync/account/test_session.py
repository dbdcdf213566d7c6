"""The open session: renewed in time, repeated when an answer was lost, begun anew, ended elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.errors import NotSignedIn, ServiceAway, ServiceUntrusted
from app.sync.account.session import Signed
from app.sync.link.connection import Connection, Reply
from app.sync.wire.accounts import Account
from tests.app.sync.account.conftest import Machine

Make = Callable[[], Machine]


def aged(signed: Signed) -> Signed:
    """The same, when its access token is at its end."""
    session = signed.member.session
    assert session is not None
    signed.keep(replace(signed.member, session=replace(session, until_ms=0)))
    return signed


def account(signed: Signed) -> Account:
    return signed.call("GET", "/v1/account", Account)


def test_a_token_is_kept_between_runs_and_renewed_at_its_end(machine: Make) -> None:
    one = machine()
    before = one.sign_up().signed.member.session
    account(one.signed())
    assert one.signed().member.session == before
    account(aged(one.signed()))
    after = one.signed().member.session
    assert after is not None
    assert before is not None
    assert after.refresh != before.refresh
    assert after.following is None


def test_a_lost_answer_is_asked_for_again_with_the_same_next_token(
    machine: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = machine()
    one.sign_up()
    signed, ask = aged(one.signed()), Connection.ask

    def lose(self: Connection, method: str, path: str, *rest: object) -> Reply:
        ask(self, method, path, *rest)  # type: ignore[arg-type]
        raise ServiceAway("The answer was lost.")

    with monkeypatch.context() as patched, pytest.raises(ServiceAway):
        patched.setattr(Connection, "ask", lose)
        signed.token()
    waiting = one.signed().member.session
    assert waiting is not None
    assert waiting.following is not None
    again = one.signed()
    account(again)
    assert again.member.session is not None
    assert again.member.session.refresh == waiting.following


def test_a_listed_machine_begins_anew_without_a_password(machine: Make) -> None:
    one = machine()
    signed = one.sign_up().signed
    signed.tell("POST", "/v1/auth/sign-out")
    account(one.signed())
    signed = one.signed()
    signed.keep(replace(signed.member, session=None))
    account(one.signed())


def test_a_machine_that_was_taken_off_is_not_signed_in(machine: Make) -> None:
    first, second = machine(), machine()
    made = first.sign_up()
    device = second.joining.by_password(
        str(made.signed.member.email), "correct horse battery", made.secret_key
    )
    from uuid import UUID

    first.signed().tell("DELETE", f"/v1/devices/{UUID(bytes=device.member.device.device)}")
    with pytest.raises(NotSignedIn):
        account(second.signed())


def test_nothing_is_signed_for_another_service(machine: Make) -> None:
    one = machine()
    one.sign_up()
    signed = one.signed()
    signed.member = replace(signed.member, server_id=bytes(16), session=None)
    with pytest.raises(ServiceUntrusted, match="another service"):
        account(signed)
