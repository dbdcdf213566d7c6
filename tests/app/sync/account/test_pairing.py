"""Pairing through the real mailbox: by the right code only, and with all that the new machine needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.errors import UsageError
from app.sync.account import pairing
from app.sync.account.device_list import machines
from app.sync.account.pairing import Newcomer
from app.sync.account.passwords import prove_by_password
from app.sync.crypto.refusals import Mistyped
from app.sync.link.problems import Refusal
from tests.app.sync.account.conftest import PASSWORD, Machine, now_ms

Make = Callable[[], Machine]
HEADS = {bytes(16): (7, bytes(32))}


def test_a_new_machine_by_a_code(machine: Make) -> None:
    first, second, third = machine(), machine(), machine()
    first.sign_up()
    newcomer = Newcomer(second.service)
    assert newcomer.welcome() is None
    code, offer = pairing.read_offer(first.signed(), newcomer.code.lower().replace("-", " "))
    assert offer.words == newcomer.words
    pairing.accept(first.signed(), code, offer, HEADS)
    welcome = newcomer.welcome()
    assert welcome is not None
    assert welcome.heads == HEADS
    joined = newcomer.join(welcome, second.file, "laptop", now_ms)
    assert joined.member.roots.current.key == first.signed().member.roots.current.key
    assert [one.listed for one in machines(second.signed())[1]] == [True, True]
    # It knows the Secret Key: the password alone proves the person there, and it can pair the next.
    prove_by_password(second.signed(), PASSWORD)
    again = Newcomer(third.service)
    pairing.accept(second.signed(), *pairing.read_offer(second.signed(), again.code), {})
    answer = again.welcome()
    assert answer is not None
    again.join(answer, third.file, "third", now_ms)
    with pytest.raises(Refusal):
        pairing.accept(first.signed(), code, offer, {})


def test_a_wrong_code_finds_nothing(machine: Make) -> None:
    one = machine()
    one.sign_up()
    with pytest.raises(Refusal) as told:
        pairing.read_offer(one.signed(), "0000-0000-0000")
    assert told.value.problem == "pairing"
    with pytest.raises(Mistyped):
        pairing.read_offer(one.signed(), "0000")


def test_another_offer_under_the_code_is_seen(machine: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = machine()
    one.sign_up()
    mine, theirs = Newcomer(one.service), Newcomer(one.service)
    signed = one.signed()
    place = pairing.pairing.read_code(theirs.code).place
    read = pairing.pairing.read_code

    def swapped(text: str) -> pairing.PairingCode:
        code = read(text)
        return pairing.PairingCode(code.text, place, code._mac)

    monkeypatch.setattr(pairing.pairing, "read_code", swapped)
    with pytest.raises(Mistyped):
        pairing.read_offer(signed, mine.code)


def test_without_a_secret_key_nothing_is_handed_on(machine: Make) -> None:
    first, second = machine(), machine()
    made = first.sign_up()
    joined = second.joining.by_words(str(made.signed.member.email), made.words)
    assert joined.member.secret_key is None
    with pytest.raises(UsageError):
        pairing.read_offer(joined, "0000-0000-0000")
