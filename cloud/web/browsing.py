"""What makes a browser trustworthy enough, a cookie and requests that began here; and refusals as pages."""

from __future__ import annotations

from typing import Any, Literal

from litestar import Request, Response
from litestar.datastructures import Cookie

from cloud.errors import Problem, told
from cloud.security.authentication import Authenticator, NotAuthenticated, Principal
from cloud.settings import Settings
from cloud.web import pages

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


_TITLES = {400: "Begin again", 404: "Not here", 429: "Too often", 503: "Not now"}


def told_on_a_page(request: Request[Any, Any, Any], error: Problem) -> Response[Any]:
    """A refusal as a person reads it, where a browser asks for pages; for all others as everywhere."""
    if "text/html" not in request.headers.get("accept", ""):
        return told(request, error)
    service: Any = request.app
    title = _TITLES.get(error.status, "Not done")
    answer = pages.notice(service.running.settings, title, error.detail, error.status)
    answer.headers.update(error.headers)
    return answer
