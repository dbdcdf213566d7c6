"""The device list: signed link by link; who is locked out is out at once, everywhere."""

from __future__ import annotations

import uuid

import httpx2
import pytest

from app.sync.wire.accounts import ChangeDevices
from tests.cloud.people import Device, Person, as_json
from tests.cloud.servers import Stack


def test_a_device_is_listed_by_another_and_then_signs_in_by_itself(person: Person) -> None:
    laptop = Device()
    assert person.list_device(laptop, by=person.device).status_code == 201
    person.sign_in(laptop, "device")
    listed = person.get("/v1/devices", laptop).json()
    assert [one["listed"] for one in listed["devices"]] == [True, True]
    assert [one["current"] for one in listed["devices"]] == [False, True]
    assert len(listed["chain"]) == 2


def test_a_statement_that_revokes_ends_its_sessions(person: Person, stack: Stack) -> None:
    laptop = Device()
    person.list_device(laptop)
    person.sign_in(laptop)
    assert person.list_device(laptop, by=person.device, action="revoke").status_code == 201
    with httpx2.Client(base_url=stack.b) as other:
        assert other.get("/v1/account", headers=laptop.headers).status_code == 401
    assert person.refresh(laptop).status_code == 401
    answer = person.client.post("/v1/auth/token", json=as_json(person.sign_in_message(laptop)))
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:devpulse:problem:device-revoked")
    assert person.list_device(laptop).status_code == 400
    assert person.get("/v1/account").status_code == 200


def test_a_lost_device_is_locked_out_without_a_statement(person: Person) -> None:
    laptop = person.sign_in(Device())
    path = f"/v1/devices/{laptop.id}"
    assert person.client.delete(path, headers=person.headers).status_code == 204
    assert person.client.delete(path, headers=person.headers).status_code == 404
    assert person.get("/v1/account", laptop).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"parent": b"x" * 32},
        {"sequence": 7},
        {"account": uuid.uuid4().bytes},
        {"signer": uuid.uuid4().bytes},
        {"version": 2},
        {"signing_key": b"short"},
        {"action": "promote"},
    ],
)
def test_a_statement_that_does_not_fit_is_refused(person: Person, change: dict[str, object]) -> None:
    statement = person.statement("add", Device(), person.links(), changes=change)
    message = as_json(ChangeDevices(statement))
    answer = person.client.post("/v1/devices", json=message, headers=person.headers)
    assert answer.status_code == (409 if change.keys() & {"parent", "sequence"} else 400)
    assert len(person.links()) == 1


def test_only_listed_devices_sign(person: Person, stranger: Person) -> None:
    unlisted = person.sign_in(Device())
    for signer in (unlisted, stranger.device):
        assert person.list_device(Device(), by=signer).status_code == 400
    assert len(person.links()) == 1
