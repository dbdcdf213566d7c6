"""Signing up and in: what proves what, what is good once, and what strangers learn."""

from __future__ import annotations

import uuid
from typing import Any

import httpx2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.cloud.people import Device, Person, arrive, as_json, public
from tests.cloud.servers import Stack


def test_a_person_signs_up_in_and_out(person: Person) -> None:
    shown = person.get("/v1/account").json()
    assert (shown["account"], shown["email"], shown["epoch"]) == (str(person.account), person.email, 1)
    assert {wrap["kind"] for wrap in shown["wraps"]} == {"password", "recovery"}
    assert person.client.post("/v1/auth/sign-out", headers=person.headers).status_code == 204
    assert person.get("/v1/account").status_code == 401


def test_by_password_recovery_key_or_listed_device(person: Person) -> None:
    for method in ("password", "recovery", "device"):
        person.sign_in(method=method)
        assert person.get("/v1/sessions").status_code == 200


def test_a_session_of_one_replica_counts_on_the_other(person: Person, stack: Stack) -> None:
    with httpx2.Client(base_url=stack.b) as other:
        assert other.get("/v1/account", headers=person.headers).status_code == 200
        assert other.post("/v1/auth/sign-out", headers=person.headers).status_code == 204
    assert person.get("/v1/account").status_code == 401


def refused(person: Person, message: Any) -> None:
    answer = person.client.post("/v1/auth/token", json=as_json(message))
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:devpulse:problem:not-proven"


def test_a_challenge_is_good_once(person: Person) -> None:
    message = person.sign_in_message(Device())
    assert person.client.post("/v1/auth/token", json=as_json(message)).status_code == 200
    refused(person, message)


def test_a_challenge_is_good_for_its_action_and_account_only(person: Person, stranger: Person) -> None:
    message = person.sign_in_message(person.device)
    refused(person, msgspec.structs.replace(message, challenge=person.challenge("recover").challenge))
    refused(person, msgspec.structs.replace(message, challenge=stranger.challenge("sign-in").challenge))


def test_only_the_right_keys_prove(person: Person) -> None:
    wrong = Ed25519PrivateKey.generate()
    for change in ("proof", "device_proof"):
        message = person.sign_in_message(person.device)
        proof = person.sign(wrong, "sign-in", message.challenge, person.device.id.bytes)
        refused(person, msgspec.structs.replace(message, **{change: proof}))
    # The right key for another device, or for another server.
    message = person.sign_in_message(person.device)
    proof = person.sign(person.login, "sign-in", message.challenge, uuid.uuid4().bytes)
    refused(person, msgspec.structs.replace(message, proof=proof))
    message = person.sign_in_message(person.device)
    person.server = bytes(16)
    proof = person.sign(person.login, "sign-in", message.challenge, person.device.id.bytes)
    refused(person, msgspec.structs.replace(message, proof=proof))


def test_a_known_device_keeps_its_key(person: Person) -> None:
    thief = Device()
    thief.id = person.device.id
    refused(person, person.sign_in_message(thief))


def test_an_unlisted_device_cannot_sign_in_by_itself(person: Person) -> None:
    device = person.sign_in(Device())
    refused(person, person.sign_in_message(device, "device"))


def test_nobody_looks_like_somebody(person: Person, client: httpx2.Client) -> None:
    nobody = Person(client, "nobody@example.org")
    for login in (nobody.email, str(nobody.account)):
        first, second = nobody.challenge("sign-in", login), nobody.challenge("sign-in", login)
        assert (first.account, first.kdf) == (second.account, second.kdf)
        assert first.challenge != second.challenge
        assert first.account.version == 4
        real = person.challenge("sign-in", person.email)
        assert (real.kdf.algorithm, real.kdf.memory_kib) == (first.kdf.algorithm, first.kdf.memory_kib)
    assert nobody.challenge("sign-in").account == nobody.account
    refused(nobody, nobody.sign_in_message(nobody.device))


def test_an_email_has_one_spelling(person: Person) -> None:
    assert person.challenge("sign-in", f" {person.email.upper()}").account == person.account


def test_what_is_taken_is_taken(person: Person, client: httpx2.Client) -> None:
    twin = Person(client, person.email)
    assert twin.sign_up().status_code == 409
    twin = Person(client)
    twin.account = person.account
    assert twin.sign_up().status_code == 409
    assert person.get("/v1/account").status_code == 200


@pytest.mark.parametrize("change", ["login_proof", "recovery_proof", "recovery_key", "device"])
def test_sign_up_proves_all_keys(client: httpx2.Client, change: str) -> None:
    person = Person(client)
    wrong = Ed25519PrivateKey.generate()
    stranger = Person(client)
    values: dict[str, Any] = {
        "login_proof": bytes(64),
        "recovery_proof": bytes(64),
        "recovery_key": public(wrong),
        "device": stranger.statement("add", person.device),
    }
    assert person.sign_up(**{change: values[change]}).status_code in (400, 401)
    assert person.sign_up().status_code == 201


def test_idempotency_key(client: httpx2.Client) -> None:
    person = Person(client)
    message = as_json(person.sign_up_message())
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    first = client.post("/v1/accounts", json=message, headers=headers)
    again = client.post("/v1/accounts", json=message, headers=headers)
    assert (first.status_code, first.content) == (201, again.content)
    assert again.headers["idempotency-replayed"] == "true"
    other = client.post("/v1/accounts", json={**message, "email": "x@y.z"}, headers=headers)
    assert other.status_code == 422
    assert client.post("/v1/accounts", json=message, headers={"Idempotency-Key": "short"}).status_code == 400
    # A refusal is not remembered: what was wrong may be mended under the same key.
    person, headers = Person(client), {"Idempotency-Key": uuid.uuid4().hex}
    bad = as_json(person.sign_up_message(login_proof=bytes(64)))
    assert client.post("/v1/accounts", json=bad, headers=headers).status_code == 401
    good = as_json(person.sign_up_message())
    assert client.post("/v1/accounts", json=good, headers=headers).status_code == 201


def test_who_may_sign_up(bare_stack: Stack) -> None:
    replica = bare_stack.launch(SIGN_UP="closed")
    try:
        with httpx2.Client(base_url=replica.url) as client:
            arrive(client)
            answer = Person(client).sign_up()
            assert (answer.status_code, answer.json()["type"]) == (403, "urn:devpulse:problem:sign-up-closed")
    finally:
        assert replica.stop() == 0


def test_a_text_that_no_database_can_hold_is_refused_in_words(client: httpx2.Client, stack: Stack) -> None:
    answer = client.post("/v1/auth/challenge", json={"action": "sign-in", "login": "a\0b"})
    # SQLite can hold it, and then it is nobody's name.
    assert answer.status_code == (200 if stack.name == "embedded" else 400), answer.text
