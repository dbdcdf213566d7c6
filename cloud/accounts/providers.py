"""Two vendors that can say who somebody is: GitHub and Google. Authorization code with PKCE (S256)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx2
import structlog

from cloud.errors import Problem, Unavailable
from cloud.settings import Provider

logger = structlog.get_logger(__name__)

_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Vendor:
    """Where a vendor's doors are, and how it names a person: by an id that never changes, not by e-mail."""

    name: str
    title: str
    authorize: str
    token: str
    person: str
    issuer: str
    scope: str
    subject: str
    client_id: str
    client_secret: str

    def authorize_url(self, redirect_uri: str, state: str, verifier: str) -> str:
        """Where the browser goes to."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": self.scope,
            "state": state,
            "code_challenge": s256(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self.authorize}?{urlencode(query)}"


def s256(verifier: str) -> str:
    """The PKCE challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def vendors(providers: Mapping[str, Provider]) -> dict[str, Vendor]:
    """Those that the operator has set up."""
    return {name: _MAKERS[name](provider) for name, provider in providers.items()}


def _github(provider: Provider) -> Vendor:
    return Vendor(
        "github",
        "GitHub",
        f"{provider.site}/login/oauth/authorize",
        f"{provider.site}/login/oauth/access_token",
        f"{provider.api}/user",
        f"{provider.site}/login/oauth",
        "read:user",
        "id",
        provider.client_id,
        provider.client_secret,
    )


def _google(provider: Provider) -> Vendor:
    token = (
        "https://oauth2.googleapis.com" if provider.site == "https://accounts.google.com" else provider.site
    )
    return Vendor(
        "google",
        "Google",
        f"{provider.site}/o/oauth2/v2/auth",
        f"{token}/token",
        f"{provider.api}/v1/userinfo",
        provider.site,
        "openid",
        "sub",
        provider.client_id,
        provider.client_secret,
    )


_MAKERS = {"github": _github, "google": _google}


async def identify(vendor: Vendor, code: str, redirect_uri: str, verifier: str) -> str:
    """Trade the code for the person's id at the vendor. The vendor's token is used for that and forgotten.

    Raises Unavailable when the vendor does not answer, Problem 400 when it refuses the code.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": vendor.client_id,
        "client_secret": vendor.client_secret,
        "code_verifier": verifier,
    }
    accept = {"Accept": "application/json"}
    try:
        async with httpx2.AsyncClient(timeout=_SECONDS, follow_redirects=False) as client:
            answer = await client.post(vendor.token, data=form, headers=accept)
            token = _member(answer, "access_token")
            answer = await client.get(vendor.person, headers={**accept, "Authorization": f"Bearer {token}"})
            return str(_member(answer, vendor.subject))
    except httpx2.HTTPError as error:
        logger.warning("a vendor does not answer", provider=vendor.name, error=type(error).__name__)
        raise Unavailable(f"connection to {vendor.title}", 30) from None


def _member(answer: httpx2.Response, name: str) -> Any:
    try:
        told: Any = answer.json()
    except ValueError:
        told = None
    # GitHub tells a refused code with status 200 and an `error` member.
    value = told.get(name) if answer.status_code == 200 and isinstance(told, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    if not isinstance(value, str | int) or not value:
        raise Problem(
            400, "The vendor did not confirm this sign-in. Nothing was changed; begin again.", kind="oauth"
        )
    return value
