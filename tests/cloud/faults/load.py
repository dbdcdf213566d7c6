"""Devices that push all the time, as the application does: what fails is tried again as it was."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx2 as httpx
import msgspec

from app.sync.wire.exchange import SyncAnswer
from cloud.db import open_database
from cloud.settings import from_environment
from tests.cloud.servers import Stack
from tests.cloud.vault.devices import Device


class Load:
    """Some devices of several accounts. `acknowledged`: by account, each object's sequence as answered."""

    def __init__(self, devices: Sequence[Device], urls: Sequence[str], pause: float = 0.01) -> None:
        self._devices = devices
        self._urls = itertools.cycle(urls)
        self._pause = pause
        self._stop = asyncio.Event()
        self.acknowledged: dict[bytes, dict[bytes, int]] = {one.account: {} for one in devices}
        self.failed: Counter[str] = Counter()

    @property
    def count(self) -> int:
        return sum(len(known) for known in self.acknowledged.values())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Load]:
        """While inside, all push; at the end each goes on until its last push is acknowledged."""
        tasks = [asyncio.create_task(self._push(device)) for device in self._devices]
        try:
            yield self
            self._stop.set()
            async with asyncio.timeout(60):
                await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def more(self, count: int = 20, seconds: float = 30) -> None:
        """Wait until so many more pushes are acknowledged."""
        wanted = self.count + count
        async with asyncio.timeout(seconds):
            while self.count < wanted:
                await asyncio.sleep(0.02)

    async def _push(self, device: Device) -> None:
        async with httpx.AsyncClient(timeout=10) as client:
            for number in itertools.count():
                if self._stop.is_set():
                    return
                await self._until_acknowledged(client, device, device.seal(b"%d" % number))
                await asyncio.sleep(self._pause)

    async def _until_acknowledged(self, client: httpx.AsyncClient, device: Device, envelope: bytes) -> None:
        while True:
            try:
                answer = await device.ask(client, envelope, page=0, url=next(self._urls))
            except httpx.TransportError as broken:
                self.failed[type(broken).__name__] += 1
            else:
                if answer.status_code == 200:
                    pushed = msgspec.msgpack.decode(answer.content, type=SyncAnswer).pushed
                    self.acknowledged[device.account][envelope[12:28]] = pushed[0].sequence
                    return
                self.failed[str(answer.status_code)] += 1
                assert answer.status_code in (502, 503), answer.text
            await asyncio.sleep(0.1)

    async def check(self, stack: Stack) -> None:
        """Everything acknowledged is there, once, under the sequence that was told; none is doubled."""
        database = await open_database(from_environment(stack.environ))
        try:
            async with database.reading() as connection:
                for account, told in self.acknowledged.items():
                    sql = "SELECT object, sequence FROM envelopes WHERE account = $1 ORDER BY sequence"
                    rows = [(bytes(row[0]), row[1]) for row in await connection.rows(sql, account)]
                    assert dict(rows) == told
                    assert [sequence for _, sequence in rows] == list(range(1, len(rows) + 1))
        finally:
            await database.close()
