"""Signing in with GitHub or Google: the vendor says who it is, the vault stays shut.

An identity belongs to an account only if its person has connected it while signed in. An e-mail address,
verified or not, connects nothing: whoever types somebody's address first would own their sign-in.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import CookieParameter, FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Redirect

from app.sync.wire.accounts import OAuthSignIn, Tokens
from cloud.accounts import flow
from cloud.accounts.challenges import require
from cloud.accounts.loopback import require_loopback
from cloud.accounts.proofs import signed
from cloud.accounts.providers import Vendor, identify, vendors
from cloud.accounts.sessions import open_session
from cloud.accounts.signing_in import STRICT, admit_device, answer, keep_refresh
from cloud.backing import Backing
from cloud.db import AlreadyThere, Database
from cloud.errors import Problem
from cloud.security.authentication import PUBLIC
from cloud.security.tokens import AccessTokens
from cloud.settings import Settings
from cloud.web import pages
from cloud.web.browsing import SESSION_COOKIE, cookie, require_same_origin, told_on_a_page

_FLOW_COOKIE = "devpulse_flow"
_BROWSER: dict[str, Any] = {**PUBLIC, "strict": True}
FlowCookie = Annotated[str | None, CookieParameter(name=_FLOW_COOKIE)]
_PAGES: dict[int | type[Exception], Any] = {Problem: told_on_a_page}
_Challenge = Annotated[str, QueryParameter(pattern=r"^[A-Za-z0-9_-]{43}$")]
_State = Annotated[str, QueryParameter(name="state", min_length=8, max_length=200)]
_ReturnedState = Annotated[str, QueryParameter(name="state", max_length=200)]


def vendor_of(settings: Settings, provider: str) -> Vendor:
    """The vendor of this name. Raises Problem 404 when the operator has not set it up."""
    vendor = vendors(settings.providers).get(provider)
    if vendor is None:
        raise Problem(404, "This service does not offer to sign in that way.", kind="no-provider")
    return vendor


def callback_url(settings: Settings, provider: str) -> str:
    """Where the vendor sends the browser back to: exactly this, as registered there."""
    return f"{settings.public_url}/v1/auth/oauth/{provider}/callback"


async def send_off(settings: Settings, store: Any, vendor: Vendor, **flow_of: Any) -> Redirect:
    """Begin a flow: remember it, bind it to this browser, and send the browser to the vendor."""
    browser, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    begun = flow.Flow(provider=vendor.name, verifier=verifier, browser=flow.digest(browser), **flow_of)
    state = await flow.begin(store, begun)
    target = vendor.authorize_url(callback_url(settings, vendor.name), state, verifier)
    bound = cookie(settings, _FLOW_COOKIE, browser, flow.SECONDS, path="/v1/auth/oauth")
    return Redirect(target, status_code=303, cookies=[bound])


@get("/v1/auth/oauth/{provider:str}/start", opt=_BROWSER, status_code=303, exception_handlers=_PAGES)
async def start(
    provider: FromPath[str],
    redirect_uri: FromQuery[str],
    apps_state: _State,
    code_challenge: _Challenge,
    settings: NamedDependency[Settings],
    backing: NamedDependency[Backing],
) -> Redirect:
    """The application opens this in a browser and listens on a port of its own (RFC 8252); PKCE S256."""
    vendor = vendor_of(settings, provider)
    wanted = require_loopback(redirect_uri)
    return await send_off(
        settings,
        backing.store,
        vendor,
        purpose="app",
        redirect_uri=wanted,
        state=apps_state,
        code_challenge=code_challenge,
    )


@get(
    "/v1/auth/oauth/{provider:str}/callback",
    opt=_BROWSER,
    status_code=200,
    include_in_schema=False,
    exception_handlers=_PAGES,
)
async def callback(
    provider: FromPath[str],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    now: NamedDependency[Callable[[], int]],
    returned_state: _ReturnedState = "",
    code: FromQuery[str] = "",
    iss: FromQuery[str | None] = None,
    browser: FlowCookie = None,
) -> Response[Any]:
    """Where the vendor sends the browser back to."""
    vendor = vendor_of(settings, provider)
    begun = await flow.resume(backing.store, provider, returned_state, browser)
    # An answer that names another issuer was meant for another vendor's client (RFC 9207).
    if iss is not None and iss.rstrip("/") != vendor.issuer:
        raise flow.gone()
    if not code:
        return pages.notice(
            settings, "Not signed in", f"{vendor.title} did not sign you in. Nothing was changed."
        )
    subject = await identify(vendor, code, callback_url(settings, provider), begun.verifier)
    if begun.purpose == "app":
        identified = flow.Identified(
            provider, subject, begun.redirect_uri, begun.state, begun.code_challenge, begun.browser
        )
        ticket = await flow.ask_consent(backing.store, identified)
        return pages.consent(settings, vendor.title, begun.redirect_uri, ticket)
    if begun.purpose == "link":
        return await _link(settings, database, begun.account, vendor, subject, now())
    return await _enter(settings, database, vendor, subject, now())


async def _link(
    settings: Settings, database: Database, account: bytes, vendor: Vendor, subject: str, now: int
) -> Response[Any]:
    try:
        async with database.transaction() as connection:
            sql = "INSERT INTO identities (provider, subject, account, linked) VALUES ($1, $2, $3, $4)"
            await connection.execute(sql, vendor.name, subject, account, now)
    except AlreadyThere:
        return pages.notice(
            settings,
            "Not connected",
            f"This {vendor.title} identity is connected already. Nothing was changed.",
        )
    return Redirect(f"{settings.public_url}/account", status_code=303)


async def _enter(
    settings: Settings, database: Database, vendor: Vendor, subject: str, now: int
) -> Response[Any]:
    account = await account_of(database, vendor.name, subject)
    if account is None:
        return pages.notice(
            settings,
            "No account",
            f"No account is connected with this {vendor.title} identity. Open your account's page from "
            "DevPulse (Settings, Sync), and connect it there.",
        )
    async with database.transaction() as connection:
        session = await open_session(connection, account, None, "browser", now)
    entered = Redirect(f"{settings.public_url}/account", status_code=303)
    entered.set_cookie(cookie(settings, SESSION_COOKIE, session.hex(), 43_200))
    return entered


async def account_of(database: Database, provider: str, subject: str) -> bytes | None:
    """The account that this identity is connected with and that may sign in."""
    async with database.reading() as connection:
        return await connection.value(
            "SELECT i.account FROM identities i JOIN accounts a ON a.id = i.account AND a.disabled IS NULL"
            " WHERE i.provider = $1 AND i.subject = $2",
            provider, subject,
        )  # fmt: skip


@post(
    "/v1/auth/oauth/consent",
    opt=_BROWSER,
    status_code=303,
    include_in_schema=False,
    exception_handlers=_PAGES,
)
async def agree(
    request: Request[Any, Any, Any],
    settings: NamedDependency[Settings],
    backing: NamedDependency[Backing],
    browser: FlowCookie = None,
) -> Redirect:
    """The person agreed: back to the application with a code, and with our name on it (`iss`)."""
    require_same_origin(request, settings)
    form = await request.form()
    identified = await flow.consented(backing.store, str(form.get("ticket", "")), browser)
    code = await flow.give_code(backing.store, identified)
    query = urlencode({"code": code, "state": identified.state, "iss": settings.public_url})
    return Redirect(
        f"{identified.redirect_uri}?{query}",
        status_code=303,
        cookies=[Cookie(_FLOW_COOKIE, path="/v1/auth/oauth", max_age=0)],
    )


@post(
    "/v1/auth/oauth/token",
    status_code=200,
    opt={**STRICT, "answers": {401: "The proof does not fit.", 403: "Unknown identity or revoked device."}},
)
async def trade(
    data: JSONBody[OAuthSignIn],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    tokens: NamedDependency[AccessTokens],
    server: NamedDependency[bytes],
    now: NamedDependency[Callable[[], int]],
) -> Tokens:
    """A session for the code: all but the vault, which needs the password, a key, or a paired device."""
    identified = await flow.redeem(backing.store, data.code, data.code_verifier)
    device = data.device.bytes
    challenge = hashlib.sha256(data.code.encode()).digest()
    require(data.device_key, data.device_proof, signed("sign-in", server, bytes(16), device, challenge))
    account = await account_of(database, identified.provider, identified.subject)
    if account is None:
        raise Problem(
            403,
            "No account is connected with this identity. Sign in with your password, and connect it on your "
            "account's page.",
            kind="unknown-identity",
        )
    async with database.transaction() as connection:
        await admit_device(connection, account, device, data.device_key, data.device_label, now())
        session = await open_session(connection, account, device, "oauth", now())
        await keep_refresh(connection, session, data.refresh, now())
    return await answer(tokens, account, session, "oauth")
