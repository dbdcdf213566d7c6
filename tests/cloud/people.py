"""A person with keys, as the application will be: signs up, signs in, refreshes. The tests' own client."""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
from collections.abc import Iterable
from typing import Any

import httpx2
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.sync.wire.accounts import (
    LABEL,
    Challenge,
    ChangeDevices,
    ChangePassword,
    DeleteAccount,
    DeviceStatement,
    Kdf,
    Proof,
    Refresh,
    SignedStatement,
    SignIn,
    SignUp,
    Tokens,
)

CANARY = b"canary-7c1f-plaintext"


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def as_json(message: msgspec.Struct) -> dict[str, Any]:
    return msgspec.to_builtins(message)


class Device:
    """One machine: an id and a signing key, and once signed in its tokens."""

    def __init__(self) -> None:
        self.id = uuid.uuid4()
        self.key = Ed25519PrivateKey.generate()
        self.refresh_token = secrets.token_bytes(32)
        self.tokens: Tokens | None = None

    @property
    def headers(self) -> dict[str, str]:
        assert self.tokens is not None
        return {"Authorization": f"Bearer {self.tokens.access_token}"}


class Person:
    """One account. `client` has the service's address as base_url."""

    def __init__(self, client: httpx2.Client, email: str | None = None) -> None:
        self.client = client
        self.account = uuid.uuid4()
        self.email = email or f"{self.account.hex[:12]}@example.org"
        self.login, self.recovery = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        self.kdf = Kdf("argon2id", secrets.token_bytes(32), 65_536, 3, 4)
        self.device = Device()
        self.server = b""

    @property
    def headers(self) -> dict[str, str]:
        return self.device.headers

    # The steps, each of which a test may take apart.

    def challenge(self, action: str, login: str | None = None) -> Challenge:
        answer = self.client.post(
            "/v1/auth/challenge", json={"action": action, "login": login or str(self.account)}
        )
        assert answer.status_code == 200, answer.text
        challenge = msgspec.json.decode(answer.content, type=Challenge)
        self.server = challenge.server.bytes
        return challenge

    def sign(self, key: Ed25519PrivateKey, action: str, challenge: bytes, device: bytes = bytes(16)) -> bytes:
        proof = Proof(LABEL, action, self.server, self.account.bytes, device, challenge)
        return key.sign(msgspec.msgpack.encode(proof))

    def statement(
        self,
        action: str,
        device: Device,
        links: Iterable[SignedStatement] = (),
        by: Device | None = None,
        changes: dict[str, Any] | None = None,
    ) -> SignedStatement:
        links = list(links)
        last = links[-1] if links else None
        parent = hashlib.sha256(last.statement + last.signature).digest() if last else bytes(32)
        statement = DeviceStatement(
            1, self.account.bytes, len(links), parent, action, device.id.bytes, public(device.key),  # type: ignore[arg-type]
            bytes(32), int(time.time() * 1000), by.id.bytes if by else self.account.bytes,
        )  # fmt: skip
        raw = msgspec.msgpack.encode(msgspec.structs.replace(statement, **(changes or {})))
        return SignedStatement(raw, (by.key if by else self.login).sign(raw))

    def sign_up_message(self, **changes: Any) -> SignUp:
        challenge = self.challenge("sign-up").challenge
        message = SignUp(
            account=self.account,
            kdf=self.kdf,
            login_key=public(self.login),
            recovery_key=public(self.recovery),
            password_wrap=b"wrapped by password",
            recovery_wrap=b"wrapped by recovery key",
            device=self.statement("add", self.device),
            device_label=b"sealed label",
            challenge=challenge,
            login_proof=self.sign(self.login, "sign-up", challenge, self.device.id.bytes),
            recovery_proof=self.sign(self.recovery, "sign-up", challenge, self.device.id.bytes),
            email=self.email,
        )
        return msgspec.structs.replace(message, **changes)

    def sign_up(self, **changes: Any) -> httpx2.Response:
        return self.client.post("/v1/accounts", json=as_json(self.sign_up_message(**changes)))

    def sign_in_message(self, device: Device, method: str = "password", **changes: Any) -> SignIn:
        action = "recover" if method == "recovery" else "sign-in"
        challenge = self.challenge(action).challenge
        key = {"password": self.login, "recovery": self.recovery, "device": device.key}[method]
        message = SignIn(
            account=self.account,
            device=device.id,
            method=method,  # type: ignore[arg-type]
            challenge=challenge,
            proof=self.sign(key, action, challenge, device.id.bytes),
            device_key=public(device.key),
            device_proof=self.sign(device.key, action, challenge, device.id.bytes),
            refresh=hashlib.sha256(device.refresh_token).digest(),
            device_label=b"sealed label",
        )
        return msgspec.structs.replace(message, **changes)

    def sign_in(self, device: Device | None = None, method: str = "password") -> Device:
        device = device or self.device
        device.refresh_token = secrets.token_bytes(32)
        answer = self.client.post("/v1/auth/token", json=as_json(self.sign_in_message(device, method)))
        assert answer.status_code == 200, answer.text
        device.tokens = msgspec.json.decode(answer.content, type=Tokens)
        return device

    def refresh_message(self, device: Device, following: bytes, token: bytes | None = None) -> Refresh:
        token = token or device.refresh_token
        challenge = hashlib.sha256(token).digest() + hashlib.sha256(following).digest()
        proof = self.sign(device.key, "refresh", challenge, device.id.bytes)
        return Refresh(token, hashlib.sha256(following).digest(), proof)

    def refresh(self, device: Device | None = None) -> httpx2.Response:
        device = device or self.device
        following = secrets.token_bytes(32)
        answer = self.client.post("/v1/auth/refresh", json=as_json(self.refresh_message(device, following)))
        if answer.status_code == 200:
            device.refresh_token = following
            device.tokens = msgspec.json.decode(answer.content, type=Tokens)
        return answer

    def get(self, path: str, device: Device | None = None) -> httpx2.Response:
        return self.client.get(path, headers=(device or self.device).headers)

    def links(self) -> list[SignedStatement]:
        return msgspec.convert(self.get("/v1/devices").json()["chain"], list[SignedStatement])

    def list_device(self, device: Device, by: Device | None = None, action: str = "add") -> httpx2.Response:
        message = ChangeDevices(
            self.statement(action, device, self.links(), by), b"wrapped for the device", b"label"
        )
        return self.client.post("/v1/devices", json=as_json(message), headers=self.headers)

    def change_message(
        self, action: str, new: Ed25519PrivateKey, by: str = "password", version: int = 1, **changes: Any
    ) -> ChangePassword:
        challenge = self.challenge(action).challenge
        key = self.login if by == "password" else self.recovery
        message = ChangePassword(
            version, challenge, by, self.sign(key, action, challenge), public(new),  # type: ignore[arg-type]
            self.sign(new, action, challenge), b"wrapped anew", self.kdf,
        )  # fmt: skip
        return msgspec.structs.replace(message, **changes)

    def delete(self, key: Ed25519PrivateKey | None = None) -> httpx2.Response:
        challenge = self.challenge("delete").challenge
        proof = self.sign(key or self.login, "delete", challenge)
        message = DeleteAccount(challenge, "password", proof)
        return self.client.post("/v1/account/deletion", json=as_json(message), headers=self.headers)


def arrive(client: httpx2.Client) -> Person:
    """Somebody who has signed up and in."""
    person = Person(client)
    answer = person.sign_up()
    assert answer.status_code == 201, answer.text
    person.sign_in()
    return person
