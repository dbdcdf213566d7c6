"""Listeners over both stacks: a push to one replica is announced by the other."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from cloud.backing import open_backing
from cloud.settings import from_environment
from cloud.vault.events import MOST_LISTENERS
from tests.cloud.vault.devices import Device, execute, make_devices


@asynccontextmanager
async def opened(device: Device, **more: Any) -> AsyncIterator[Any]:
    async with connect(device.url.replace("http", "ws", 1) + "/v1/sync/events", **more) as socket:
        yield socket


@asynccontextmanager
async def listening(device: Device) -> AsyncIterator[Any]:
    async with opened(device) as socket:
        await socket.send(json.dumps({"token": device.token}))
        yield socket


async def latest(socket: Any) -> int:
    async with asyncio.timeout(10):
        return json.loads(await socket.recv())["latest"]


async def closed(socket: Any) -> int:
    """The code it is closed with, whatever comes before."""
    async with asyncio.timeout(20):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as end:
            assert end.rcvd is not None
            return end.rcvd.code


async def test_a_push_to_one_replica_is_told_by_the_other(client, devices) -> None:
    ada, bob = devices
    await ada.sync(client, ada.seal(b"before"))
    async with listening(bob) as socket:
        assert await latest(socket) == 1
        await ada.sync(client, ada.seal(b"x"), ada.seal(b"y"))
        assert await latest(socket) == 3
        await ada.sync(client)
        await ada.sync(client, ada.seal(b"z"))
        assert await latest(socket) == 4, "a pull is no news"


async def test_nobody_hears_of_another_account(client, devices, stack) -> None:
    ada, _ = devices
    (stranger,) = await make_devices(stack, 1)
    async with listening(stranger) as socket:
        assert await latest(socket) == 0
        await ada.sync(client, ada.seal(b"x"))
        await stranger.sync(client, stranger.seal(b"own"))
        assert await latest(socket) == 1
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await socket.recv()


@pytest.mark.parametrize(
    "first", ["", "x", "{}", "[]", '{"token": "x"}', '{"ticket": "x"}', '{"more": 1}', b"\x00" * 9]
)
async def test_who_does_not_say_who_listens_is_closed(devices, first) -> None:
    async with opened(devices[0]) as socket:
        await socket.send(first)
        assert await closed(socket) == 4401


async def test_the_address_carries_no_token_and_another_page_may_not_listen(devices) -> None:
    ada, _ = devices
    url = ada.url.replace("http", "ws", 1) + f"/v1/sync/events?token={ada.token}"
    async with connect(url) as socket:
        await socket.send("{}")
        assert await closed(socket) == 4401
    for origin in ("https://evil.test", "null", "http://pulse.test.evil.test", "https://pulse.test"):
        async with opened(ada, additional_headers={"Origin": origin}) as socket:
            assert await closed(socket) == 4403
    async with opened(ada, additional_headers={"Origin": "http://pulse.test"}) as socket:
        await socket.send(json.dumps({"token": ada.token}))
        assert await latest(socket) == 0


async def test_a_session_without_the_scope_may_not_listen(devices, stack) -> None:
    ada, _ = devices
    await execute(stack, "UPDATE sessions SET scopes = 'account' WHERE id = $1", ada.session)
    async with listening(ada) as socket:
        assert await closed(socket) == 4403


async def test_what_a_listener_says_later_is_not_listened_to(devices) -> None:
    async with listening(devices[0]) as socket:
        await latest(socket)
        await socket.send(b"\x00")
        assert await closed(socket) == 4403


async def test_an_account_has_so_many_listeners_and_no_more(devices) -> None:
    ada, _ = devices
    sockets = [await connect(ada.url.replace("http", "ws", 1) + "/v1/sync/events") for _ in range(33)]
    try:
        for socket in sockets[:MOST_LISTENERS]:
            await socket.send(json.dumps({"token": ada.token}))
            assert await latest(socket) == 0
        await sockets[-1].send(json.dumps({"token": ada.token}))
        assert await closed(sockets[-1]) == 4429
        # One that leaves is noticed though nothing was to be told to it.
        await sockets[0].close()
        async with asyncio.timeout(20):
            while True:
                sockets.append(await connect(ada.url.replace("http", "ws", 1) + "/v1/sync/events"))
                await sockets[-1].send(json.dumps({"token": ada.token}))
                with contextlib.suppress(ConnectionClosed):
                    assert await latest(sockets[-1]) == 0
                    break
    finally:
        for socket in sockets:
            await socket.close()


async def test_a_revoked_session_is_closed_at_once_on_every_replica(devices, stack) -> None:
    ada, bob = devices
    # In one process nothing shares its memory, so this announcement needs Redis.
    if stack.name == "embedded":
        pytest.skip("the accounts' own tests revoke through the service")
    backing = await open_backing(from_environment(stack.environ))
    try:
        async with listening(ada) as ended, listening(bob) as goes_on:
            await latest(ended)
            await latest(goes_on)
            await backing.channel.announce(ada.account, b"\x00revoked" + ada.session)
            assert await closed(ended) == 4401
            await goes_on.ping()
    finally:
        await backing.close()


async def test_a_replica_that_stops_tells_its_listeners(bare_stack) -> None:
    replica = bare_stack.launch()
    bare_stack.replicas.append(replica)
    (ada,) = await make_devices(bare_stack, 1)
    async with listening(ada) as socket:
        await latest(socket)
        assert replica.process is not None
        replica.process.send_signal(signal.SIGTERM)
        assert await closed(socket) == 1001
    assert replica.process.wait(40) in (0, -signal.SIGTERM)
