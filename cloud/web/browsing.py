"""What makes a browser trustworthy enough: a cookie that only it has, and requests that began here."""

from __future__ import annotations

from typing import Any, Literal

from litestar import Request
from litestar.datastructures import Cookie

from cloud.errors import Problem
from cloud.security.authentication import Authenticator, NotAuthenticated, Principal
from cloud.settings import Settings

SESSION_COOKIE = "devpulse_session"


def cookie(settings: Settings, name: str, value: str, seconds: int, path: str = "/account") -> Cookie:
    """A cookie for this service only, out of reach of scripts and of other sites' forms."""
    same_site: Literal["lax"] = "lax"
    secure = settings.public_url.startswith("https://")
    return Cookie(
        name, value=value, path=path, max_age=seconds, httponly=True, samesite=same_site, secure=secure
    )


def require_same_origin(request: Request[Any, Any, Any], settings: Settings) -> None:
    """Raise Problem 403 unless a page of ours sent the form. Browsers always say so on POST."""
    if request.headers.get("origin") != settings.public_url:
        raise Problem(403, "No page of this service sent this form. Nothing was done.", kind="origin")


async def browser_of(request: Request[Any, Any, Any], authenticator: Authenticator) -> Principal | None:
    """Whose browser this is, by its cookie; None when nobody is signed in."""
    try:
        session = bytes.fromhex(request.cookies.get(SESSION_COOKIE, ""))
        principal = await authenticator.session(session) if len(session) == 16 else None
    except (ValueError, NotAuthenticated):
        return None
    return principal if principal is not None and principal.kind == "browser" else None
