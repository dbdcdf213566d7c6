"""Only a token that we signed, for us, that is an access token and still good, is one."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloud.db import Database
from cloud.security.sealing import Sealer
from cloud.security.signing import RETIRED_MS, SigningKeys, rotate
from cloud.security.tokens import ACCESS_SECONDS, AccessTokens, TokenRefused

ISSUER = "https://pulse.test"
ACCOUNT, SESSION = b"a" * 16, b"s" * 16
SEALER = Sealer([b"k" * 32])


class Clock:
    ms = int(time.time() * 1000)

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def keys(database: Database, clock: Clock) -> SigningKeys:
    return SigningKeys(database, SEALER, clock)


@pytest.fixture
async def tokens(keys: SigningKeys, clock: Clock) -> AccessTokens:
    return AccessTokens(keys, ISSUER, clock)


async def test_ours_is_read_until_it_expires(tokens: AccessTokens, clock: Clock) -> None:
    token = await tokens.issue(ACCOUNT, SESSION, ["account"])
    claims = await tokens.read(token)
    assert (claims.account, claims.session, claims.scopes) == (ACCOUNT, SESSION, frozenset({"account"}))
    clock.ms += ACCESS_SECONDS * 1000
    with pytest.raises(TokenRefused):
        await tokens.read(token)


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    def decoded(part: str) -> dict[str, Any]:
        return json.loads(base64.urlsafe_b64decode(part + "=="))

    header, claims, _ = token.split(".")
    return decoded(header), decoded(claims)


async def test_forged_confused_and_half_tokens_are_refused(tokens: AccessTokens, keys: SigningKeys) -> None:
    header, claims = parts(await tokens.issue(ACCOUNT, SESSION, ["account"]))
    kid, ours = await keys.signer()
    raw = ours.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    pem = ours.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def made(key: Any = ours, alg: str = "EdDSA", head: dict[str, Any] | None = None, **changed: Any) -> str:
        body = {name: value for name, value in {**claims, **changed}.items() if value is not None}
        headers = {"kid": kid, "typ": "at+jwt", **(head or {})}
        return jwt.encode(body, key, algorithm=alg, headers=headers)

    def hs256(secret: bytes) -> str:
        # By hand: PyJWT refuses to sign with what looks like a public key.
        import hashlib
        import hmac

        def part(value: bytes) -> str:
            return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

        head = part(json.dumps({**header, "alg": "HS256"}).encode())
        signed = f"{head}.{part(json.dumps(claims).encode())}"
        return f"{signed}.{part(hmac.digest(secret, signed.encode(), hashlib.sha256))}"

    assert (await tokens.read(made())).account == ACCOUNT
    bad = {
        "none": made(None, "none"),
        "hs256 with the public key": hs256(raw),
        "hs256 with the public key as PEM": hs256(pem),
        "rs256": made(generate_private_key(65537, 2048), "RS256"),
        "foreign key": made(Ed25519PrivateKey.generate()),
        "foreign kid": made(head={"kid": "somebody-else"}),
        "no kid": jwt.encode(claims, ours, algorithm="EdDSA", headers={"typ": "at+jwt"}),
        "kid of another kind": made(head={"kid": "../../etc/passwd"}),
        "another type": made(head={"typ": "JWT"}),
        "another audience": made(aud="other"),
        "another issuer": made(iss="https://evil.example"),
        **{
            f"no {name}": made(**{name: None})
            for name in ("aud", "iss", "jti", "sub", "sid", "exp", "iat", "scope")
        },
        "expired": made(exp=1),
        "an account that is none": made(sub="zz"),
        "nothing": "",
        "dots": "..",
        "cut": made()[:-4],
    }
    for name, token in bad.items():
        with pytest.raises(TokenRefused):
            await tokens.read(token)
            pytest.fail(name)


async def test_a_rotated_key_verifies_until_its_tokens_are_over(
    database: Database, tokens: AccessTokens, clock: Clock
) -> None:
    token = await tokens.issue(ACCOUNT, SESSION, [])
    await rotate(database, SEALER, clock.ms)
    clock.ms += 61_000
    assert parts(await tokens.issue(ACCOUNT, SESSION, []))[0]["kid"] != parts(token)[0]["kid"]
    assert (await tokens.read(token)).session == SESSION
    clock.ms += RETIRED_MS + 120_000
    assert await SigningKeys(database, SEALER, clock).verifier(parts(token)[0]["kid"]) is None


async def test_keys_lie_sealed_and_do_not_open_in_another_row(database: Database, keys: SigningKeys) -> None:
    _, key = await keys.signer()
    async with database.transaction() as connection:
        sealed = await connection.value("SELECT sealed FROM signing_keys")
        assert key.private_bytes_raw() not in sealed
        await connection.execute("UPDATE signing_keys SET kid = 'swapped'")
    with pytest.raises(Exception, match=r"^$") as broken:
        await SigningKeys(database, SEALER, lambda: 0).signer()
    assert type(broken.value).__name__ == "SealBroken"


async def test_a_token_that_was_verified_goes_with_its_key(
    tokens: AccessTokens, database: Database, clock: Clock
) -> None:
    token = await tokens.issue(ACCOUNT, SESSION, ["account"])
    await tokens.read(token)
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM signing_keys")
    clock.ms += 61_000
    with pytest.raises(TokenRefused):
        await tokens.read(token)
