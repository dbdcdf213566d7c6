"""Signing up and in, over both stacks: what rests where, what is refused, what a lost answer leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.errors import ServiceRefused, UsageError
from app.sync.account.device_list import machines
from app.sync.account.signing_up import sign_up
from app.sync.crypto.refusals import Refused
from app.sync.crypto.secret import Secret
from app.sync.link.problems import Refusal
from tests.app.sync.account.conftest import PASSWORD, Machine, now_ms
from tests.cloud.servers import Stack

Make = Callable[[], Machine]


def test_two_machines_with_one_account(machine: Make, stack: Stack) -> None:
    first, second = machine(), machine()
    made = first.sign_up()
    email = made.signed.member.email
    assert email is not None
    joined = second.joining.by_password(email, PASSWORD, made.secret_key)
    assert joined.member.account == made.signed.member.account
    assert joined.member.roots.current.key == made.signed.member.roots.current.key
    found, told = machines(first.signed())
    assert [(one.name, one.here, one.listed) for one in told] == [
        ("first", True, True),
        ("second", False, True),
    ]
    assert found.mark == machines(second.signed())[0].mark
    for place in (first.path, second.path):
        content = place.read_bytes()
        assert place.stat().st_mode & 0o777 == 0o600
        assert b"example.org" not in content
        assert made.secret_key.reveal() not in content
    assert PASSWORD not in stack.logs()


def test_by_the_recovery_words_alone(machine: Make) -> None:
    first, second = machine(), machine()
    made = first.sign_up()
    joined = second.joining.by_words(str(made.signed.member.email), made.words)
    assert joined.member.roots.current.key == made.signed.member.roots.current.key
    assert joined.member.secret_key is None
    assert [one.listed for one in machines(first.signed())[1]] == [True, True]


def test_a_wrong_password_secret_key_or_word_joins_nothing(machine: Make) -> None:
    made = machine().sign_up()
    email, other = str(made.signed.member.email), machine()
    for password, key in ((PASSWORD + "x", made.secret_key), (PASSWORD, Secret(bytes(16)))):
        with pytest.raises(Refusal) as told:
            other.joining.by_password(email, password, key)
        assert told.value.problem == "not-proven"
    with pytest.raises(Refusal):
        other.joining.by_password("nobody@example.org", PASSWORD, made.secret_key)
    assert not other.path.exists()


def test_an_email_is_taken_once_and_leaves_nothing_behind(machine: Make) -> None:
    email = str(machine().sign_up().signed.member.email)
    other = machine()
    with pytest.raises(ServiceRefused, match="e-mail"):
        other.sign_up(email=email)
    assert not other.path.exists()


def test_a_short_password_is_not_even_sent(machine: Make) -> None:
    one = machine()
    with pytest.raises(UsageError):
        sign_up(one.service, one.file, "short", email=None, invitation=None, label="x", now_ms=now_ms)
    assert not one.path.exists()


def test_the_file_opens_with_its_own_key_only(machine: Make) -> None:
    first, second = machine(), machine()
    first.sign_up()
    second.path.write_bytes(first.path.read_bytes())
    with pytest.raises(Exception, match="cannot be read"):
        second.file.load()
    content = bytearray(first.path.read_bytes())
    for place in (0, 5, 40, len(content) - 1):
        content[place] ^= 1
        first.path.write_bytes(content)
        with pytest.raises(Exception, match="cannot be read"):
            first.file.load()
        content[place] ^= 1


def test_weak_parameters_from_the_service_are_refused(machine: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.sync.crypto import kdf

    made = machine().sign_up()
    monkeypatch.setattr(kdf, "ARGON2_MEMORY_KIB", (65_536, 1 << 20))
    with pytest.raises(Refused, match="not safe"):
        machine().joining.by_password(str(made.signed.member.email), PASSWORD, made.secret_key)
