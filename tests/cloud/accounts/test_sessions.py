"""Sessions are shown to their account and end when it says so, on every replica."""

from __future__ import annotations

import httpx2

from tests.cloud.people import Device, Person
from tests.cloud.servers import Stack


def test_one_is_ended_and_the_others_go_on(person: Person, stack: Stack) -> None:
    laptop = person.sign_in(Device())
    shown = person.get("/v1/sessions").json()["sessions"]
    assert [one["current"] for one in shown].count(True) == 1
    other = next(one["session"] for one in shown if not one["current"])
    assert person.client.delete(f"/v1/sessions/{other}", headers=person.headers).status_code == 204
    with httpx2.Client(base_url=stack.b) as client:
        assert client.get("/v1/account", headers=laptop.headers).status_code == 401
    assert person.client.delete(f"/v1/sessions/{other}", headers=person.headers).status_code == 404
    assert person.get("/v1/account").status_code == 200


def test_all_others_are_ended_at_once(person: Person) -> None:
    others = [person.sign_in(Device()) for _ in range(3)]
    assert person.client.delete("/v1/sessions", headers=person.headers).status_code == 204
    assert [person.get("/v1/account", one).status_code for one in others] == [401] * 3
    assert len(person.get("/v1/sessions").json()["sessions"]) == 1
