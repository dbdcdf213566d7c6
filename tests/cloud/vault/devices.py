"""A device as the vault sees one: it seals envelopes, and speaks to /v1/sync."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx
import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.sync.wire.envelope import HEADER_BYTES, NO_PARENT, Flags, Header, Kind, pack
from app.sync.wire.exchange import CONTENT_TYPE, SyncAnswer, SyncRequest
from cloud.db import open_database
from cloud.security.sealing import open_sealer
from cloud.security.signing import SigningKeys
from cloud.security.tokens import AccessTokens
from cloud.settings import from_environment
from tests.cloud.servers import Stack

HOUR_MS = 3_600_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Device:
    """One listed device with an open session and its access token."""

    url: str
    account: bytes
    id: bytes
    session: bytes
    token: str
    key: bytes
    cursor: int = 0
    lineage: bytes = b""
    epoch: int = 1
    heads: dict[tuple[int, bytes], tuple[int, bytes]] = field(default_factory=dict)

    def seal(
        self, body: bytes, object_: bytes | None = None, kind: Kind = Kind.RECORD, flags: Flags = Flags.NONE
    ) -> bytes:
        """The next version, as this device knows it, of the object (None: a new one)."""
        object_ = object_ or secrets.token_bytes(16)
        version, parent = self.heads.get((kind, object_), (0, NO_PARENT))
        nonce = secrets.token_bytes(12)
        header = pack(
            Header(
                kind=kind,
                object=object_,
                version=version + 1,
                parent=parent,
                device=self.id,
                epoch=self.epoch,
                nonce=nonce,
                length=len(body) + 16,
                flags=flags,
            )
        )
        return header + AESGCM(self.key).encrypt(nonce, body, header + self.account)

    def open(self, envelope: bytes) -> bytes:
        header = envelope[:HEADER_BYTES]
        return AESGCM(self.key).decrypt(header[84:96], envelope[HEADER_BYTES:], header + self.account)

    def keep(self, envelope: bytes) -> None:
        """This is the current version of its object now."""
        version = int.from_bytes(envelope[28:36])
        self.heads[envelope[5], envelope[12:28]] = (version, hashlib.sha256(envelope).digest())

    def chain(self, object_: bytes, *bodies: bytes) -> list[bytes]:
        """One version after the other, for one push."""
        made = []
        for body in bodies:
            made.append(self.seal(body, object_))
            self.keep(made[-1])
        return made

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": CONTENT_TYPE}

    def body(self, *envelopes: bytes, page: int | None = None) -> bytes:
        more = {} if page is None else {"page": page}
        request = SyncRequest(cursor=self.cursor, lineage=self.lineage, push=list(envelopes), **more)
        return msgspec.msgpack.encode(request)

    async def ask(
        self, client: httpx.AsyncClient, *envelopes: bytes, page: int | None = None, url: str = ""
    ) -> httpx.Response:
        """One push and pull, whatever the answer."""
        body = self.body(*envelopes, page=page)
        return await client.post(f"{url or self.url}/v1/sync", content=body, headers=self.headers)

    async def sync(
        self, client: httpx.AsyncClient, *envelopes: bytes, page: int | None = None, url: str = ""
    ) -> SyncAnswer:
        """One push and pull that must succeed; cursor and heads go on."""
        response = await self.ask(client, *envelopes, page=page, url=url)
        assert response.status_code == 200, response.text
        answer = msgspec.msgpack.decode(response.content, type=SyncAnswer)
        self.lineage, self.cursor = answer.lineage, answer.cursor
        for envelope in [*envelopes, *(one.envelope for one in answer.pulled)]:
            self.keep(envelope)
        return answer


async def make_devices(stack: Stack, count: int = 2) -> Sequence[Device]:
    """An account with this many listed devices, straight in the database; every second asks replica b."""
    settings = from_environment(stack.environ)
    database = await open_database(settings)
    keys = SigningKeys(database, open_sealer(settings), now_ms)
    tokens = AccessTokens(keys, settings.public_url, now_ms)
    owner, key = secrets.token_bytes(16), secrets.token_bytes(32)
    try:
        async with database.transaction() as connection:
            await connection.execute(
                "INSERT INTO accounts (id, kdf, login_key, recovery_key, epoch, keys_version, created) "
                "VALUES ($1, $2, $3, $3, 1, 1, $4)",
                owner, b"kdf", bytes(32), now_ms(),
            )  # fmt: skip
        urls = [stack.a if number % 2 == 0 else stack.b for number in range(count)]
        return [await _device(database, tokens, owner, key, url) for url in urls]
    finally:
        await database.close()


async def _device(database: Any, tokens: AccessTokens, owner: bytes, key: bytes, url: str) -> Device:
    device, session, now = secrets.token_bytes(16), secrets.token_bytes(16), now_ms()
    scopes = ("vault:read", "vault:write", "account")
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO devices (account, id, signing_key, label, listed, added, seen) "
            "VALUES ($1, $2, $3, $4, 1, $5, $5)",
            owner, device, bytes(32), b"label", now,
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO sessions (id, account, device, kind, scopes, created, used, expires) "
            "VALUES ($1, $2, $3, 'device', $4, $5, $5, $6)",
            session, owner, device, " ".join(scopes), now, now + HOUR_MS,
        )  # fmt: skip
    return Device(url, owner, device, session, await tokens.issue(owner, session, scopes), key)


async def execute(stack: Stack, sql: str, *values: Any) -> int:
    """Change the database behind the service's back."""
    database = await open_database(from_environment(stack.environ))
    try:
        async with database.transaction() as connection:
            return await connection.execute(sql, *values)
    finally:
        await database.close()


async def value(stack: Stack, sql: str, *values: Any) -> Any:
    """Look into the database."""
    database = await open_database(from_environment(stack.environ))
    try:
        async with database.reading() as connection:
            return await connection.value(sql, *values)
    finally:
        await database.close()
