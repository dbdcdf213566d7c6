"""Access tokens: EdDSA JWTs of 15 minutes, for one session."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import jwt

from cloud.security.signing import SigningKeys

ACCESS_SECONDS = 900
_TYPE = "at+jwt"
_REQUIRED = ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "scope"]
_AUDIENCE = "devpulse"
# So many verified tokens are remembered, of about a kilobyte each.
_MOST_SOUND = 8_192

SCOPES = frozenset({"vault:read", "vault:write", "integrations", "insights", "account"})


class TokenRefused(Exception):
    """Not a token of ours, or no longer; the words are for the log, never for the caller."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a sound token says. Whether its session still lives is the database's to say."""

    account: bytes
    session: bytes
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Sound:
    """A token whose signature was found to be ours; `expires` in seconds since 1970."""

    claims: Claims
    kid: str
    expires: int


class AccessTokens:
    """Makes and reads access tokens. A token is verified once: a device shows the same for 15 minutes."""

    def __init__(self, keys: SigningKeys, issuer: str, now: Callable[[], int]) -> None:
        self._keys = keys
        self._issuer = issuer
        self._now = now
        self._sound: dict[str, _Sound] = {}

    async def issue(self, account: bytes, session: bytes, scopes: Iterable[str]) -> str:
        """A token for this session, good for ACCESS_SECONDS."""
        kid, key = await self._keys.signer()
        seconds = self._now() // 1000
        claims = {
            "iss": self._issuer,
            "aud": _AUDIENCE,
            "sub": account.hex(),
            "sid": session.hex(),
            "jti": secrets.token_hex(16),
            "iat": seconds,
            "exp": seconds + ACCESS_SECONDS,
            "scope": " ".join(sorted(scopes)),
        }
        return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": kid, "typ": _TYPE})

    async def read(self, token: str) -> Claims:
        """What the token claims, if we signed it and it is still good. Raises TokenRefused."""
        sound = self._sound.get(token)
        if sound is None:
            sound = await self._verified(token)
            if len(self._sound) >= _MOST_SOUND:
                self._sound.clear()
            self._sound[token] = sound
        elif not await self._keys.verifies(sound.kid):
            # A signature stays true; whether its key still counts may have changed.
            raise TokenRefused("of a foreign key")
        if sound.expires <= self._now() // 1000:
            self._sound.pop(token, None)
            raise TokenRefused("expired")
        return sound.claims

    async def _verified(self, token: str) -> _Sound:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError:
            raise TokenRefused("malformed") from None
        # The header chooses among our own keys only; the kind of signature is ours to say.
        if header.get("typ") != _TYPE or header.get("alg") != "EdDSA":
            raise TokenRefused("of another type")
        kid: Any = header.get("kid")
        key = await self._keys.verifier(kid) if isinstance(kid, str) else None
        if key is None:
            raise TokenRefused("of a foreign key")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=_AUDIENCE,
                issuer=self._issuer,
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
            )
            scopes = frozenset(str(claims["scope"]).split())
            account, session = bytes.fromhex(claims["sub"]), bytes.fromhex(claims["sid"])
            return _Sound(Claims(account, session, scopes), kid, int(claims["exp"]))
        except (jwt.InvalidTokenError, ValueError, TypeError):
            raise TokenRefused("not verified") from None
