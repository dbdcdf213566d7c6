"""/v1/sync: push and pull, snapshot, versions, events."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from litestar import MediaType, Request, Router, WebSocket, get, post, websocket
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter
from litestar.response import Stream

from app.sync.wire.envelope import Kind
from app.sync.wire.exchange import PAGE_BYTES, Pushed, SyncAnswer, SyncRequest, VersionList
from cloud.backing import Backing
from cloud.db import Database
from cloud.errors import Problem
from cloud.parts import Parts
from cloud.security.authentication import PUBLIC, Authenticator, Principal, needs, require
from cloud.security.tokens import Claims
from cloud.settings import Settings
from cloud.system.metrics import Metrics
from cloud.system.monitor import Monitor
from cloud.vault.adding import Added, add
from cloud.vault.events import NOT_ALLOWED, AnySocket, Left, Listener, Refused, announcement, who_listens
from cloud.vault.pulling import everything, pull, versions
from cloud.vault.pushing import push, read_arrivals
from cloud.vault.shelf import check_place, shelf_of, standing_shelf

AnyRequest = Request[Principal, Any, Any]
# A full page, and what MessagePack puts around up to 1,000 envelopes.
_MOST_BODY = PAGE_BYTES + 16 * 1024
Cursor = Annotated[int, QueryParameter(ge=0, lt=1 << 62)]
_CONFLICTS = "The cursor, a parent or the epoch is not the current one; nothing was stored."


@post(
    "/",
    status_code=200,
    media_type=MediaType.MESSAGEPACK,
    request_max_body_size=_MOST_BODY,
    opt=needs("vault:read", answers={409: _CONFLICTS}, deferred=True),
)
async def sync(
    request: Request[Claims, Any, Any],
    data: Annotated[SyncRequest, Body(media_type=RequestEncodingType.MESSAGEPACK)],
    parts: NamedDependency[Parts],
) -> SyncAnswer:
    """Store what is pushed, all or none, then give what is new since the cursor."""
    claims, count = request.user, parts.metrics.sync_operations.labels
    added = await add(parts.database, claims, data, quota=parts.settings.quota_bytes, now=parts.now())
    if added is None:
        added = await _looking_closer(claims, data, parts)
    else:
        count("push", "done").inc()
    fresh = [one.sequence for one in added.pushed if one.fresh]
    if fresh:
        await parts.backing.channel.announce(claims.account, announcement(added.latest))
    cursor, pulled = data.cursor, []
    if data.page:
        own = range(fresh[0], fresh[-1] + 1) if fresh else range(0)
        pulled, cursor = await pull(
            parts.database, claims.account, data.cursor, added.latest, data.page, without=own
        )
        count("pull", "done").inc()
    more = bool(data.page) and cursor < added.latest
    return SyncAnswer(added.lineage, cursor, added.latest, more, added.pushed, pulled)


async def _looking_closer(claims: Claims, data: SyncRequest, parts: Parts) -> Added:
    """What is not as usual: who it is and where the vault stands first, then the push under a lock."""
    principal = await parts.authenticator.principal(claims)
    require(principal, frozenset({"vault:read"}))
    shelf = standing_shelf(principal.standing) or await shelf_of(parts.database, principal.account)
    check_place(shelf, data.lineage, data.cursor)
    pushed = await _pushed(principal, data, parts)
    return Added(shelf.lineage, max([shelf.sequence, *(one.sequence for one in pushed)]), pushed)


async def _pushed(principal: Principal, data: SyncRequest, parts: Parts) -> list[Pushed]:
    if not data.push:
        return []
    if "vault:write" not in principal.scopes or principal.device is None:
        raise Problem(403, "Only a paired device may push. Nothing was stored.", kind="device")
    arrivals = read_arrivals(data.push, principal.device)
    quota, count = parts.settings.quota_bytes, parts.metrics.sync_operations.labels
    try:
        pushed = await push(
            parts.database, principal.account, principal.device, arrivals, quota=quota, now=parts.now()
        )
    except Problem as refused:
        count("push", refused.kind or "refused").inc()
        raise
    count("push", "done").inc()
    return pushed


@get("/snapshot", media_type="application/octet-stream", opt=needs("vault:read", answers={409: _CONFLICTS}))
async def snapshot(
    request: AnyRequest,
    database: NamedDependency[Database],
    after: Cursor = 0,
    lineage: Annotated[str, QueryParameter(max_length=32, pattern=r"^([0-9a-f]{32})?$")] = "",
) -> Stream:
    """Every current envelope, in order, as a stream of frames: u32 length, u64 sequence, envelope.

    The last frame has length 0 and the last sequence. A stream that was cut off goes on with `after`, the
    sequence of the last whole frame, and `lineage`, which the header `DevPulse-Lineage` told in hexadecimal.
    """
    shelf = await shelf_of(database, request.user.account)
    check_place(shelf, bytes.fromhex(lineage), after)
    frames = everything(database, request.user.account, after, shelf.sequence)
    return Stream(
        frames,
        media_type="application/octet-stream",
        headers={"DevPulse-Lineage": shelf.lineage.hex(), "Cache-Control": "no-store"},
    )


@get("/versions/{object_id:uuid}", media_type=MediaType.MESSAGEPACK, opt=needs("vault:read"))
async def object_versions(
    request: AnyRequest,
    object_id: FromPath[UUID],
    kind: Kind,
    database: NamedDependency[Database],
    before: Annotated[int, QueryParameter(ge=1, lt=1 << 62)] = (1 << 62) - 1,
) -> VersionList:
    """The versions of one object that are still kept (50, for 30 days), the newest first."""
    return await versions(database, request.user.account, object_id.bytes, kind, before, PAGE_BYTES)


@websocket("/events", opt=PUBLIC)
async def events(
    socket: WebSocket[Any, Any, Any],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    authenticator: NamedDependency[Authenticator],
    settings: NamedDependency[Settings],
    monitor: NamedDependency[Monitor],
    metrics: NamedDependency[Metrics],
) -> None:
    """Hints that something may be new; see `cloud/vault/events.py`."""
    await socket.accept()
    metrics.websockets.inc()
    try:
        _check_origin(socket, settings)
        principal = await who_listens(socket, authenticator, backing.store)
        listener = Listener(
            socket,
            principal,
            database,
            lambda: authenticator.session(principal.session),
            monitor.stopping,
        )
        await listener.run(backing.channel)
    except Refused as refused:
        await _close(socket, refused)
    except Left:
        pass
    finally:
        metrics.websockets.dec()


def _check_origin(socket: AnySocket, settings: Settings) -> None:
    """A browser names the page that connects; only the service's own may. Raises Refused."""
    origin = socket.headers.get("origin")
    own = urlsplit(settings.public_url)
    if origin is not None and origin != f"{own.scheme}://{own.netloc}":
        raise Refused(NOT_ALLOWED, "not from this page")


async def _close(socket: AnySocket, refused: Refused) -> None:
    await socket.close(code=refused.code, reason=refused.reason)


VAULT = Router("/v1/sync", route_handlers=[sync, snapshot, object_versions, events], tags=["vault"])
