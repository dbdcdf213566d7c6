"""Listeners: a device that keeps a WebSocket open is told at once that something may be new.

Only hints go out. A listener shows who it is in its first message, never in the address; it is closed
with 4401 when its session ends, and with 1001 when the service stops.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect

from app.sync.wire.exchange import Hint, Listen
from cloud.backing import Channel, Store, Subscription
from cloud.backing.channel import LOOK_AGAIN
from cloud.db import Database
from cloud.errors import Problem
from cloud.security.authentication import Authenticator, NotAuthenticated, Principal
from cloud.security.tickets import take
from cloud.vault.shelf import shelf_of

NOT_AUTHENTICATED = 4401
NOT_ALLOWED = 4403
TOO_MANY = 4429
STOPPING = 1001
TRY_LATER = 1013
_NEWS = b"n"
_REVOKED = b"\x00revoked"
_FIRST_WITHIN_SECONDS = 10
# A session may also end by its own time, which nobody announces.
_LOOK_AGAIN_SECONDS = 900
MOST_LISTENERS = 32

AnySocket = WebSocket[Any, Any, Any]


class Left(Exception):
    """The other end has closed."""


class Refused(Exception):
    """The listener is closed with this code and these words."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def who_listens(socket: AnySocket, authenticator: Authenticator, store: Store) -> Principal:
    """The principal of a listener's first message. Raises Refused, Left."""
    try:
        async with asyncio.timeout(_FIRST_WITHIN_SECONDS):
            text = await _received(socket)
        first = msgspec.json.decode(text, type=Listen)
        if first.ticket:
            session = await take(store, first.ticket, "events")
            principal = await authenticator.session(session or b"")
        else:
            principal = await authenticator.token(first.token)
    except TimeoutError:
        raise Refused(NOT_AUTHENTICATED, "the first message must say who listens") from None
    except (msgspec.DecodeError, NotAuthenticated):
        raise Refused(NOT_AUTHENTICATED, "sign in again") from None
    except Problem as problem:
        code = TRY_LATER if problem.status == 503 else NOT_AUTHENTICATED
        raise Refused(code, "try again later" if code == TRY_LATER else "sign in again") from None
    if "vault:read" not in principal.scopes:
        raise Refused(NOT_ALLOWED, "this session may not read the vault")
    return principal


async def _received(socket: AnySocket) -> str:
    try:
        return await socket.receive_text()
    except WebSocketDisconnect:
        raise Left from None


class Listener:
    """One open socket, from its acceptance to its end."""

    def __init__(
        self,
        socket: AnySocket,
        principal: Principal,
        database: Database,
        still: Callable[[], Any],
        stopping: asyncio.Event,
    ) -> None:
        self._socket = socket
        self._principal = principal
        self._database = database
        self._still = still
        self._stopping = stopping
        self._told = -1

    async def run(self, channel: Channel) -> None:
        """Tell hints until one end leaves. Raises Refused with the code to close with, Left."""
        if channel.listening(self._principal.account) >= MOST_LISTENERS:
            raise Refused(TOO_MANY, "too many listeners of this account")
        async with channel.listen(self._principal.account) as subscription:
            # Subscribed first: what is pushed between this answer and the next message is not missed.
            await self._tell_latest()
            tasks = {
                asyncio.create_task(self._hear(subscription)),
                asyncio.create_task(self._leaving()),
                asyncio.create_task(self._stop()),
            }
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            for task in done:
                task.result()

    async def _hear(self, subscription: Subscription) -> None:
        while True:
            try:
                async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                    message = await subscription.next()
            except TimeoutError:
                await self._check()
                continue
            if message == _REVOKED + self._principal.session:
                raise Refused(NOT_AUTHENTICATED, "this session has ended")
            if message == LOOK_AGAIN:
                await self._check()
                await self._tell_latest()
            elif message.startswith(_NEWS):
                latest = int.from_bytes(message[len(_NEWS) :])
                if latest > self._told:
                    await self._tell(latest)

    async def _check(self) -> None:
        try:
            await self._still()
        except NotAuthenticated:
            raise Refused(NOT_AUTHENTICATED, "this session has ended") from None
        except Problem:
            return  # the database is away; the session is not over for that

    async def _tell_latest(self) -> None:
        try:
            shelf = await shelf_of(self._database, self._principal.account)
        except Problem:
            raise Refused(TRY_LATER, "try again later") from None
        await self._tell(shelf.sequence)

    async def _tell(self, latest: int) -> None:
        self._told = latest
        await self._socket.send_text(msgspec.json.encode(Hint(latest)).decode())

    async def _leaving(self) -> None:
        """Nothing is expected from the other end; but only who receives sees it leave."""
        await _received(self._socket)
        raise Refused(NOT_ALLOWED, "nothing is expected here")

    async def _stop(self) -> None:
        await self._stopping.wait()
        raise Refused(STOPPING, "the service is stopping; connect again")


def announcement(latest: int) -> bytes:
    """The message that tells every listener of an account of a new last sequence."""
    return _NEWS + latest.to_bytes(8)
