"""A new password, a new recovery key, a new root key: proven by a key that counts, once, all or nothing."""

from __future__ import annotations

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.sync.wire.accounts import RotateRoot, Wrap
from tests.cloud.people import Device, Person, as_json


@pytest.mark.parametrize("by", ["password", "recovery"])
def test_a_new_password_replaces_the_old_and_ends_other_sessions(person: Person, by: str) -> None:
    other, new = person.sign_in(Device()), Ed25519PrivateKey.generate()
    message = as_json(person.change_message("change-password", new, by))
    answer = person.client.put("/v1/account/password", json=message, headers=person.headers)
    assert answer.status_code == 200, answer.text
    wraps = {wrap["kind"]: wrap["sealed"] for wrap in answer.json()["wraps"]}
    assert wraps["password"] != wraps["recovery"]
    assert person.get("/v1/account").status_code == 200
    assert person.get("/v1/account", other).status_code == 401
    old = as_json(person.sign_in_message(person.device))
    assert person.client.post("/v1/auth/token", json=old).status_code == 401
    person.login = new
    person.sign_in()


def test_a_new_recovery_key_replaces_the_old(person: Person) -> None:
    new = Ed25519PrivateKey.generate()
    message = as_json(person.change_message("change-recovery", new))
    assert person.client.put("/v1/account/recovery", json=message, headers=person.headers).status_code == 200
    old = as_json(person.sign_in_message(person.device, "recovery"))
    assert person.client.post("/v1/auth/token", json=old).status_code == 401
    person.recovery = new
    person.sign_in(method="recovery")


def test_a_token_alone_changes_no_key(person: Person) -> None:
    new = Ed25519PrivateKey.generate()
    for bad in ("proof", "new_proof"):
        message = msgspec.structs.replace(person.change_message("change-password", new), **{bad: bytes(64)})
        answer = person.client.put("/v1/account/password", json=as_json(message), headers=person.headers)
        assert answer.status_code == 401
    stale = as_json(person.change_message("change-password", new, version=7))
    assert person.client.put("/v1/account/password", json=stale, headers=person.headers).status_code == 409
    person.sign_in()


def root(person: Person, epoch: int, *wraps: Wrap, device: Device | None = None) -> int:
    both = (Wrap("password", b"p2"), Wrap("recovery", b"r2"))
    message = as_json(RotateRoot(epoch, [*(wraps or both)]))
    headers = (device or person.device).headers
    return person.client.put("/v1/account/root", json=message, headers=headers).status_code


def test_a_new_root_key_is_the_next_epoch_and_replaces_every_wrap(person: Person) -> None:
    laptop = Device()
    person.list_device(laptop)
    assert root(person, 2) == 200
    shown = person.get("/v1/account").json()
    assert (shown["epoch"], [wrap["kind"] for wrap in shown["wraps"]]) == (2, ["password", "recovery"])
    assert root(person, 2) == 409
    assert root(person, 4) == 409
    assert root(person, 3, Wrap("password", b"p"), Wrap("device", b"d")) == 400
    assert root(person, 3, device=person.sign_in(Device())) == 403
