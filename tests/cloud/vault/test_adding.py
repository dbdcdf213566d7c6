"""The usual push in one statement: stored only where nothing at all speaks against it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from app.sync.wire.envelope import Flags
from app.sync.wire.exchange import SyncRequest
from cloud.db import Database, open_database
from cloud.errors import Problem
from cloud.security.tokens import Claims
from cloud.settings import from_environment
from cloud.vault.adding import Added, add
from cloud.vault.pushing import push, read_arrivals
from cloud.vault.shelf import shelf_of
from tests.cloud.servers import Stack
from tests.cloud.vault.devices import Device, make_devices, now_ms

QUOTA = 1 << 20
SCOPES = frozenset({"vault:read", "vault:write"})


@pytest.fixture
async def opened(stack: Stack) -> AsyncIterator[Database]:
    """The running service's own database, beside it."""
    database = await open_database(from_environment(stack.environ))
    yield database
    await database.close()


async def put(database: Database, device: Device, *sealed: bytes, **more: Any) -> Added | None:
    claims = Claims(device.account, device.session, more.pop("scopes", SCOPES))
    now, quota = more.pop("now", now_ms()), more.pop("quota", QUOTA)
    return await add(database, claims, SyncRequest(push=list(sealed), **more), quota=quota, now=now)


async def count(database: Database, device: Device) -> int:
    async with database.reading() as connection:
        sql = "SELECT count(*) FROM envelopes WHERE account = $1"
        return await connection.value(sql, device.account)


async def test_what_is_usual_is_stored_and_on_top_of_it_the_next(
    opened: Database, devices: Sequence[Device]
) -> None:
    device, other = devices
    shelf = await shelf_of(opened, device.account)
    first = device.seal(b"one")
    added = await put(opened, device, first, device.seal(b"two"), lineage=shelf.lineage)
    if opened.dialect == "sqlite":
        assert added is None, "SQLite has no round trips to save"
        return
    assert added is not None
    assert (added.lineage, added.latest) == (shelf.lineage, 2)
    assert [(one.sequence, one.fresh) for one in added.pushed] == [(1, True), (2, True)]
    device.keep(first)
    other.heads = dict(device.heads)
    again = await put(opened, other, other.seal(b"three", first[12:28]), cursor=2, lineage=shelf.lineage)
    assert again is not None
    assert again.latest == 3
    async with opened.reading() as connection:
        sql = "SELECT sequence, version, superseded, device, size, sealed FROM envelopes WHERE account = $1"
        rows = await connection.rows(f"{sql} ORDER BY sequence", device.account)
    assert [(row["sequence"], row["version"], row["superseded"] is None) for row in rows] == [
        (1, 1, False),
        (2, 1, True),
        (3, 2, True),
    ]
    assert rows[2]["device"] == other.id
    assert rows[0]["sealed"] == first
    assert (await shelf_of(opened, device.account)).bytes == sum(row["size"] for row in rows)


REVOKED = "UPDATE sessions SET revoked = 1 WHERE id = $1"
UNUSUAL: dict[str, Callable[[Device, Device], Any]] = {
    "a session that has ended": lambda one, _: (REVOKED, one.session),
    "a session past its time": lambda one, _: ("UPDATE sessions SET expires = 1 WHERE id = $1", one.session),
    "a session that may only read": lambda one, _: (
        "UPDATE sessions SET scopes = 'vault:read' WHERE id = $1",
        one.session,
    ),
    "an account that is disabled": lambda one, _: (
        "UPDATE accounts SET disabled = 1 WHERE id = $1",
        one.account,
    ),
    "another root key": lambda one, _: ("UPDATE accounts SET epoch = 2 WHERE id = $1", one.account),
    "a device that is not listed": lambda one, _: ("UPDATE devices SET listed = 0 WHERE id = $1", one.id),
    "a device that is revoked": lambda one, _: ("UPDATE devices SET revoked = 1 WHERE id = $1", one.id),
    "another device's envelope": lambda one, other: setattr(one, "id", other.id),
    "another account's session": lambda one, other: setattr(one, "session", bytes(16)),
}


@pytest.mark.parametrize("what", UNUSUAL)
async def test_nothing_is_stored_from(what: str, opened: Database, devices: Sequence[Device]) -> None:
    device, other = devices
    await shelf_of(opened, device.account)
    if (change := UNUSUAL[what](device, other)) is not None:
        async with opened.transaction() as connection:
            assert await connection.execute(*change) == 1
    assert await put(opened, device, device.seal(b"one")) is None
    assert await count(opened, device) == 0
    assert (await shelf_of(opened, device.account)).sequence == 0


async def test_nothing_is_stored_out_of_its_place(opened: Database, devices: Sequence[Device]) -> None:
    device = devices[0]
    await shelf_of(opened, device.account)
    one, two = device.chain(bytes(16), b"one", b"two")
    fresh = device.seal(b"x")
    erasing = device.seal(b"y", flags=Flags.ERASES_OLDER)
    for sealed, more in (
        ([two], {}),
        ([one, two], {}),
        ([fresh, fresh], {}),
        ([erasing], {}),
        ([fresh[:-1]], {}),
        ([fresh], {"quota": len(fresh) - 1}),
        ([fresh], {"lineage": bytes(16)}),
        ([fresh], {"cursor": 1}),
        ([fresh], {"scopes": frozenset({"vault:read"})}),
    ):
        assert await put(opened, device, *sealed, **more) is None
    assert await count(opened, device) == 0


async def test_at_once_and_both_ways_no_sequence_is_lost_or_doubled(stack: Stack, opened: Database) -> None:
    devices = await make_devices(stack, 4)
    await shelf_of(opened, devices[0].account)

    async def usual(device: Device) -> list[int]:
        sealed = device.seal(b"x")
        if (added := await put(opened, device, sealed)) is not None:
            return [one.sequence for one in added.pushed]
        return await locked(device, sealed)

    async def locked(device: Device, sealed: bytes) -> list[int]:
        arrivals = read_arrivals([sealed], device.id)
        stored = await push(opened, device.account, device.id, arrivals, quota=QUOTA, now=now_ms())
        return [one.sequence for one in stored]

    told = await asyncio.gather(
        *(
            usual(device) if turn % 3 else locked(device, device.seal(b"y"))
            for turn in range(30)
            for device in devices
        )
    )
    assert sorted(one for each in told for one in each) == list(range(1, 121))
    assert await count(opened, devices[0]) == 120


async def test_of_many_who_change_one_thing_at_once_one_succeeds(stack: Stack, opened: Database) -> None:
    devices = await make_devices(stack, 8)
    await shelf_of(opened, devices[0].account)

    async def change(device: Device) -> bool:
        sealed = device.seal(device.id, bytes(16))
        if await put(opened, device, sealed) is not None:
            return True
        try:
            arrivals = read_arrivals([sealed], device.id)
            await push(opened, device.account, device.id, arrivals, quota=QUOTA, now=now_ms())
        except Problem as refused:
            assert refused.kind == "stale-parent"
            return False
        return True

    assert sum(await asyncio.gather(*map(change, devices))) == 1
    assert await count(opened, devices[0]) == 1


async def test_a_session_that_has_ended_is_told_so_by_the_service(
    client: Any, opened: Database, devices: Sequence[Device]
) -> None:
    device = devices[0]
    await device.sync(client, device.seal(b"one"))
    async with opened.transaction() as connection:
        await connection.execute(REVOKED, device.session)
    for body in (device.body(device.seal(b"two")), device.body(), b"nonsense"):
        answer = await client.post(f"{device.url}/v1/sync", content=body, headers=device.headers)
        assert answer.status_code in (400, 401)
        assert (answer.status_code == 400) == (body == b"nonsense")
    assert await count(opened, device) == 1
