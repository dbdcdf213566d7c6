"""The pairing mailbox: one offer and one answer under a place, for those who may, and not for long."""

from __future__ import annotations

import base64
import secrets

import httpx2

from tests.cloud.people import Person


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_an_offer_and_its_answer(client: httpx2.Client, person: Person) -> None:
    place = secrets.token_bytes(32)
    offer, path = {"place": b64(place), "content": b64(b"offer")}, f"/v1/pairing/{place.hex()}"
    assert (
        client.put(f"{path}/answer", json={"content": b64(b"x")}, headers=person.headers).status_code == 404
    )
    assert client.post("/v1/pairing", json=offer).status_code == 204
    assert client.post("/v1/pairing", json=offer).status_code == 409
    assert client.get(path).status_code == 401
    assert person.get(path).json() == {"content": b64(b"offer")}
    assert client.get(f"{path}/answer").status_code == 404
    answer = {"content": b64(b"answer" * 1000)}
    assert client.put(f"{path}/answer", json=answer, headers=person.headers).status_code == 204
    assert client.put(f"{path}/answer", json=answer, headers=person.headers).status_code == 409
    for _ in range(2):  # an answer may get lost on its way
        assert client.get(f"{path}/answer").json() == answer


def test_what_is_no_place_or_too_large_is_refused(client: httpx2.Client, person: Person) -> None:
    assert person.get("/v1/pairing/" + "x" * 64).status_code == 400
    assert person.get("/v1/pairing/" + "0" * 63).status_code == 400
    assert person.get("/v1/pairing/" + "0" * 64).status_code == 404
    big = {"place": b64(bytes(32)), "content": b64(bytes(1025))}
    assert client.post("/v1/pairing", json=big).status_code == 400
