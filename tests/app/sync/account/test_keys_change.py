"""Password, words and root key change: who comes in afterwards, who does not, and what a forged list does."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from app.errors import NotSignedIn, UsageError
from app.sync.account import device_list
from app.sync.account.leaving import sign_out
from app.sync.account.passwords import (
    change_password,
    change_words,
    delete_account,
    prove_by_password,
    prove_by_words,
)
from app.sync.account.rotating import fetch_root, revoke
from app.sync.account.session import Signed
from app.sync.crypto.refusals import WrongDeviceList, WrongPassword
from app.sync.link.problems import Refusal
from app.sync.wire.accounts import Account
from app.sync.wire.accounts import DeviceList as ShownDevices
from tests.app.sync.account.conftest import PASSWORD, Machine

Make = Callable[[], Machine]
NEW = "a new and longer password"


def test_a_new_password(machine: Make) -> None:
    first, second, third = machine(), machine(), machine()
    made = first.sign_up()
    email = str(made.signed.member.email)
    other = second.joining.by_password(email, PASSWORD, made.secret_key)
    with pytest.raises(WrongPassword):
        prove_by_password(first.signed(), NEW)
    assert change_password(prove_by_password(first.signed(), PASSWORD), NEW) == made.secret_key
    with pytest.raises(Refusal):
        third.joining.by_password(email, PASSWORD, made.secret_key)
    third.joining.by_password(email, NEW, made.secret_key)
    # The others go on, and know the machine that came in by the new password.
    assert [one.listed for one in device_list.machines(second.signed())[1]] == [True] * 3
    assert other.member.account == third.signed().member.account
    prove_by_words(second.signed(), made.words)


def test_a_new_password_by_the_words_brings_a_new_secret_key(machine: Make) -> None:
    first, second, third = machine(), machine(), machine()
    made = first.sign_up()
    email = str(made.signed.member.email)
    joined = second.joining.by_words(email, made.words)
    with pytest.raises(UsageError):
        prove_by_password(joined, PASSWORD)
    fresh = change_password(prove_by_words(second.signed(), made.words), NEW)
    assert fresh != made.secret_key
    third.joining.by_password(email, NEW, fresh)
    revoke(prove_by_password(third.signed(), NEW), first.signed().member.device.device)
    machine().joining.by_words(email, made.words)


def test_new_words(machine: Make) -> None:
    first, second = machine(), machine()
    made = first.sign_up()
    email = str(made.signed.member.email)
    words = change_words(prove_by_password(first.signed(), PASSWORD), PASSWORD)
    with pytest.raises(Refusal):
        second.joining.by_words(email, made.words)
    second.joining.by_words(email, words)
    prove_by_password(first.signed(), PASSWORD)


def test_a_machine_is_taken_off_and_the_root_key_changes(machine: Make) -> None:
    first, second, third, fourth = machine(), machine(), machine(), machine()
    made = first.sign_up()
    email = str(made.signed.member.email)
    for other in (second, third):
        other.joining.by_password(email, PASSWORD, made.secret_key)
    gone = third.signed().member
    with pytest.raises(UsageError):
        revoke(prove_by_password(first.signed(), PASSWORD), first.signed().member.device.device)
    revoke(prove_by_password(first.signed(), PASSWORD), gone.device.device)
    assert first.signed().member.roots.epoch == 2
    with pytest.raises(NotSignedIn):
        third.signed().call("GET", "/v1/account", Account)
    assert fetch_root(second.signed())
    assert not fetch_root(second.signed())
    assert second.signed().member.roots.current.key == first.signed().member.roots.current.key
    for signed in (
        fourth.joining.by_password(email, PASSWORD, made.secret_key),
        machine().joining.by_words(email, made.words),
    ):
        assert signed.member.roots.complete
        assert signed.member.roots.current.key == first.signed().member.roots.current.key


def test_a_change_of_words_that_was_not_finished_keeps_the_root_key(
    machine: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = machine(), machine()
    made = first.sign_up()
    email = str(made.signed.member.email)
    other = second.joining.by_password(email, PASSWORD, made.secret_key)
    call = Signed.call

    def die(self: Signed, method: str, path: str, *rest: object) -> object:
        if path.endswith("/recovery"):
            raise KeyboardInterrupt
        return call(self, method, path, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Signed, "call", die)
        change_words(prove_by_password(first.signed(), PASSWORD), PASSWORD)
    with pytest.raises(UsageError, match="not finished"):
        revoke(prove_by_password(first.signed(), PASSWORD), other.member.device.device)
    machine().joining.by_words(email, made.words)
    words = change_words(prove_by_password(first.signed(), PASSWORD), PASSWORD)
    revoke(prove_by_password(first.signed(), PASSWORD), other.member.device.device)
    machine().joining.by_words(email, words)


def test_sign_out_takes_this_machine_off_and_forgets_its_keys(machine: Make) -> None:
    first, second = machine(), machine()
    made = first.sign_up()
    second.joining.by_password(str(made.signed.member.email), PASSWORD, made.secret_key)
    assert sign_out(second.signed()) is None
    assert not second.path.exists()
    assert [one.listed for one in device_list.machines(first.signed())[1]] == [True, False]


@pytest.mark.parametrize("by", ["password", "words"])
def test_an_account_is_deleted_for_good(machine: Make, by: str) -> None:
    one = machine()
    made = one.sign_up()
    signed = one.signed()
    delete_account(
        prove_by_password(signed, PASSWORD) if by == "password" else prove_by_words(signed, made.words)
    )
    assert not one.path.exists()
    with pytest.raises(Refusal):
        machine().joining.by_words(str(made.signed.member.email), made.words)


def test_a_list_the_account_has_not_signed_is_refused(machine: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    first, stranger = machine(), machine()
    made, other = first.sign_up(), stranger.sign_up()
    second = machine()
    second.joining.by_password(str(made.signed.member.email), PASSWORD, made.secret_key)
    call = Signed.call
    foreign = other.signed.call("GET", "/v1/devices", ShownDevices)

    def shown(chain: Callable[[ShownDevices], list[object]]) -> None:
        def forge(self: Signed, method: str, path: str, *rest: object) -> object:
            answer = call(self, method, path, *rest)  # type: ignore[arg-type]
            if isinstance(answer, ShownDevices):
                return ShownDevices(answer.devices, chain(answer))  # type: ignore[arg-type]
            return answer

        monkeypatch.setattr(Signed, "call", forge)

    device_list.machines(first.signed())
    for forged in (
        lambda _: foreign.chain,  # another account's
        lambda told: told.chain[:1],  # a machine withheld
        lambda told: told.chain[::-1],
        lambda told: told.chain + told.chain[-1:],
        lambda _: [],
    ):
        shown(forged)  # type: ignore[arg-type]
        with pytest.raises(WrongDeviceList):
            device_list.machines(first.signed())
        monkeypatch.setattr(Signed, "call", call)
    assert UUID(bytes=first.signed().member.account)
