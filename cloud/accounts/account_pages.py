"""The account in a browser: devices, sessions, vendors, sign-out, deletion. Forms only, no script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from litestar import MediaType, Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from cloud.accounts.account import erase
from cloud.accounts.devices import lock_out
from cloud.accounts.oauth import send_off, vendor_of
from cloud.accounts.providers import vendors
from cloud.accounts.sessions import end, open_session, tell_ended
from cloud.backing import Backing
from cloud.db import Connection, Database
from cloud.errors import Problem
from cloud.security import tickets
from cloud.security.authentication import PUBLIC, Authenticator, NotAuthenticated, Principal
from cloud.settings import Settings
from cloud.web import pages
from cloud.web.browsing import SESSION_COOKIE, browser_of, cookie, require_same_origin, told_on_a_page
from cloud.web.pages import Line, stamp

AnyRequest = Request[Any, Any, Any]
_HOME = "/account"
_SECONDS = 43_200
# To delete, a browser must have signed in lately: a machine left alone for an hour deletes nothing.
_FRESH_MS = 900_000


async def _required(request: AnyRequest, settings: Settings, authenticator: Authenticator) -> Principal:
    require_same_origin(request, settings)
    principal = await browser_of(request, authenticator)
    if principal is None:
        raise NotAuthenticated
    return principal


def _home() -> Redirect:
    return Redirect(_HOME, status_code=303)


@get("/", opt=PUBLIC)
async def home(
    request: AnyRequest,
    settings: NamedDependency[Settings],
    authenticator: NamedDependency[Authenticator],
    database: NamedDependency[Database],
    now: NamedDependency[Callable[[], int]],
) -> Response[str]:
    """The account, or how to get to it."""
    principal = await browser_of(request, authenticator)
    offered = [(vendor.name, vendor.title) for vendor in vendors(settings.providers).values()]
    if principal is None:
        return pages.landing(settings, offered)
    async with database.reading() as connection:
        email = await connection.value("SELECT email FROM accounts WHERE id = $1", principal.account)
        devices = await _devices(connection, principal.account)
        sessions = await _sessions(connection, principal, now())
        identities = await _identities(connection, principal.account, offered)
    name = email or str(UUID(bytes=principal.account))
    return pages.account(settings, name, devices, sessions, identities)


async def _devices(connection: Connection, account: bytes) -> list[Line]:
    sql = "SELECT * FROM devices WHERE account = $1 AND revoked IS NULL ORDER BY added"
    return [
        Line(
            f"Device {row['id'].hex()[:8]}",
            f"{'listed' if row['listed'] else 'not listed yet'}, since {stamp(row['added'])}, "
            f"last heard from {stamp(row['seen'])}",
            f"/account/devices/{UUID(bytes=row['id'])}/revoke",
            "Lock out",
        )
        for row in await connection.rows(sql, account)
    ]


async def _sessions(connection: Connection, principal: Principal, now: int) -> list[Line]:
    sql = "SELECT * FROM sessions WHERE account = $1 AND revoked IS NULL AND expires > $2 ORDER BY used DESC"
    names = {"device": "A device", "oauth": "A device, by sign in with", "browser": "A browser"}
    lines: list[Line] = []
    for row in await connection.rows(sql, principal.account, now):
        here = row["id"] == principal.session
        device = f" {row['device'].hex()[:8]}" if row["device"] else ""
        title = "This browser" if here else names[row["kind"]] + device
        detail = f"since {stamp(row['created'])}, last used {stamp(row['used'])}"
        action = "" if here else f"/account/sessions/{UUID(bytes=row['id'])}/end"
        lines.append(Line(title, detail, action, "End"))
    return lines


async def _identities(connection: Connection, account: bytes, offered: list[tuple[str, str]]) -> list[Line]:
    rows = await connection.rows("SELECT provider, linked FROM identities WHERE account = $1", account)
    linked = {row["provider"]: row["linked"] for row in rows}
    return [
        Line(
            title, f"connected {stamp(linked[name])}", f"/account/identities/{name}/disconnect", "Disconnect"
        )
        if name in linked
        else Line(title, "not connected", f"/account/identities/{name}/connect", "Connect")
        for name, title in offered
    ]


@get("/style.css", opt={**PUBLIC, "unlimited": True}, sync_to_thread=False)
def style() -> Response[str]:
    """The pages' look."""
    return Response(pages.STYLE, media_type=MediaType.CSS, headers={"Cache-Control": "public, max-age=3600"})


@get("/enter", opt=PUBLIC, sync_to_thread=False)
def arrive(settings: NamedDependency[Settings], ticket: FromQuery[str] = "") -> Response[str]:
    """Where the application sends a browser to, with a ticket."""
    return pages.enter(settings, ticket)


@post("/enter", opt={**PUBLIC, "strict": True}, status_code=303)
async def enter(
    request: AnyRequest,
    settings: NamedDependency[Settings],
    authenticator: NamedDependency[Authenticator],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    now: NamedDependency[Callable[[], int]],
) -> Response[Any]:
    """Spend the ticket: this browser gets a session of its own."""
    require_same_origin(request, settings)
    ticket = str((await request.form()).get("ticket", ""))
    session = await tickets.take(backing.store, ticket, "browser")
    if session is None:
        words = "This page is good once, for a minute. Open it from DevPulse again."
        return pages.notice(settings, "Too late", words, status=410)
    principal = await authenticator.session(session)
    async with database.transaction() as connection:
        own = await open_session(connection, principal.account, None, "browser", now())
    entered = _home()
    entered.set_cookie(cookie(settings, SESSION_COOKIE, own.hex(), _SECONDS))
    return entered


@post("/sign-in/{provider:str}", opt={**PUBLIC, "strict": True}, status_code=303)
async def sign_in(
    request: AnyRequest,
    provider: FromPath[str],
    settings: NamedDependency[Settings],
    backing: NamedDependency[Backing],
) -> Redirect:
    """Sign this browser in by a vendor."""
    require_same_origin(request, settings)
    return await send_off(settings, backing.store, vendor_of(settings, provider), purpose="browser")


@post("/identities/{provider:str}/connect", opt=PUBLIC, status_code=303)
async def connect(
    request: AnyRequest,
    provider: FromPath[str],
    settings: NamedDependency[Settings],
    authenticator: NamedDependency[Authenticator],
    backing: NamedDependency[Backing],
) -> Redirect:
    """Let a vendor's identity sign in to this account from now on."""
    principal = await _required(request, settings, authenticator)
    vendor = vendor_of(settings, provider)
    return await send_off(settings, backing.store, vendor, purpose="link", account=principal.account)


@post("/identities/{provider:str}/disconnect", opt=PUBLIC, status_code=303)
async def disconnect(
    request: AnyRequest,
    provider: FromPath[str],
    settings: NamedDependency[Settings],
    authenticator: NamedDependency[Authenticator],
    database: NamedDependency[Database],
) -> Redirect:
    """Let it sign in no more."""
    principal = await _required(request, settings, authenticator)
    async with database.transaction() as connection:
        sql = "DELETE FROM identities WHERE account = $1 AND provider = $2"
        await connection.execute(sql, principal.account, provider)
    return _home()


@post("/sessions/{session:uuid}/end", opt=PUBLIC, status_code=303)
async def end_one(
    request: AnyRequest,
    session: FromPath[UUID],
    settings: NamedDependency[Settings],
    authenticator: NamedDependency[Authenticator],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    now: NamedDependency[Callable[[], int]],
) -> Redirect:
    """End one session of the account."""
    principal = await _required(request, settings, authenticator)
    async with database.transaction() as connection:
        ended = await end(connection, principal.account, now(), one=session.bytes)
    await tell_ended(backing.channel, principal.account, ended)
    return _home()


@post("/devices/{device:uuid}/revoke", opt=PUBLIC, status_code=303)
async def revoke(
    request: AnyRequest,
    device: FromPath[UUID],
    settings: NamedDependency[Settings],
    authenticator: NamedDependency[Authenticator],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    now: NamedDependency[Callable[[], int]],
) -> Redirect:
    """Lock a device out."""
    principal = await _required(request, settings, authenticator)
    await lock_out(database, backing, principal.account, device.bytes, now())
    return _home()


@post("/sign-out", opt=PUBLIC, status_code=303)
async def sign_out(
    request: AnyRequest,
    settings: NamedDependency[Settings],
    authenticator: NamedDependency[Authenticator],
    database: NamedDependency[Database],
    now: NamedDependency[Callable[[], int]],
) -> Redirect:
    """End this browser's session."""
    principal = await _required(request, settings, authenticator)
    async with database.transaction() as connection:
        await end(connection, principal.account, now(), one=principal.session)
    left = _home()
    left.set_cookie(cookie(settings, SESSION_COOKIE, "", 0))
    return left


@post("/delete", opt={**PUBLIC, "strict": True}, status_code=200)
async def delete(
    request: AnyRequest,
    settings: NamedDependency[Settings],
    authenticator: NamedDependency[Authenticator],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    now: NamedDependency[Callable[[], int]],
) -> Response[str]:
    """Erase the account, for good."""
    principal = await _required(request, settings, authenticator)
    if str((await request.form()).get("word", "")).strip().lower() != "delete":
        raise Problem(400, "Type the word delete to confirm. Nothing was deleted.", kind="not-confirmed")
    async with database.reading() as connection:
        created = await connection.value("SELECT created FROM sessions WHERE id = $1", principal.session)
    if created is None or now() - created > _FRESH_MS:
        words = "To delete the account, sign in to this page again first."
        return pages.notice(settings, "Not deleted", words, status=403)
    await erase(database, backing, principal.account, now())
    return pages.notice(
        settings, "Deleted", "Nothing of your account is left here. Your own data stays yours."
    )


ACCOUNT_PAGES = Router(
    "/account",
    route_handlers=[
        home, style, arrive, enter, sign_in, connect, disconnect, end_one, revoke, sign_out, delete,
    ],
    include_in_schema=False,
    exception_handlers={Problem: told_on_a_page},
)  # fmt: skip
