"""Refresh tokens: each once; a second time ends the session; a lost answer may be asked for again."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import httpx2
import msgspec

from tests.cloud.people import Person, as_json
from tests.cloud.servers import Stack


def test_a_session_goes_on(person: Person) -> None:
    for _ in range(3):
        before = person.headers
        assert person.refresh().status_code == 200
        assert person.get("/v1/account").status_code == 200
        assert before != person.headers


def test_reuse_ends_the_session_seen_from_a_new_connection(person: Person, stack: Stack) -> None:
    old = person.device.refresh_token
    assert person.refresh().status_code == 200
    stolen = person.refresh_message(person.device, secrets.token_bytes(32), old)
    with httpx2.Client(base_url=stack.b) as other:
        answer = other.post("/v1/auth/refresh", json=as_json(stolen))
        assert answer.json()["type"] == "urn:devpulse:problem:session-over"
        assert other.get("/v1/account", headers=person.headers).status_code == 401
    assert person.refresh().status_code == 401


def test_reuse_needs_no_signature_to_end_the_session(person: Person) -> None:
    old = person.device.refresh_token
    assert person.refresh().status_code == 200
    message = msgspec.structs.replace(person.refresh_message(person.device, b"", old), proof=bytes(64))
    assert person.client.post("/v1/auth/refresh", json=as_json(message)).status_code == 401
    assert person.get("/v1/account").status_code == 401


def test_a_token_without_the_device_is_worth_nothing(person: Person) -> None:
    message = person.refresh_message(person.device, secrets.token_bytes(32))
    for bad in (bytes(64), person.sign(person.login, "refresh", bytes(32))):
        answer = person.client.post(
            "/v1/auth/refresh", json=as_json(msgspec.structs.replace(message, proof=bad))
        )
        assert answer.status_code == 401
    # And spends nothing: the session's own client goes on.
    assert person.refresh().status_code == 200


def test_of_twenty_at_once_one_succeeds(person: Person, stack: Stack) -> None:
    following = [secrets.token_bytes(32) for _ in range(20)]
    messages = [as_json(person.refresh_message(person.device, one)) for one in following]
    clients = [httpx2.Client(base_url=url, timeout=60) for url in (stack.a, stack.b)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(lambda n: clients[n % 2].post("/v1/auth/refresh", json=messages[n]), range(20))
        )
    for client in clients:
        client.close()
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19
    assert person.get("/v1/account").status_code == 401


def test_a_lost_answer_may_be_asked_for_again(person: Person) -> None:
    following = secrets.token_bytes(32)
    message = as_json(person.refresh_message(person.device, following))
    for _ in range(3):
        assert person.client.post("/v1/auth/refresh", json=message).status_code == 200
    person.device.refresh_token = following
    assert person.refresh().status_code == 200
    # Once the next one is used, the old request is a copy like any other.
    assert person.client.post("/v1/auth/refresh", json=message).status_code == 401
    assert person.get("/v1/account").status_code == 401


def test_an_access_token_is_no_refresh_token_and_the_other_way_round(person: Person) -> None:
    token = person.device.refresh_token.hex()
    answer = person.client.get("/v1/account", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
