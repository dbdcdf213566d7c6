"""A small TCP proxy of the tests: sends new connections to whoever is ready, and can lose an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Proxy:
    """Listens on loopback. `choose` gives the address for each new connection; None refuses it."""

    def __init__(self, choose: Callable[[], str | None]) -> None:
        self._choose = choose
        self._open: set[asyncio.Task[None]] = set()
        self.url = ""
        self.lose = 0
        """So many answers to come are cut off: the request arrives, its answer never does."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Proxy]:
        server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for task in list(self._open):
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._carry(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = self._choose()
        if address is None:
            return
        parts = urlsplit(address)
        far_reader, far_writer = await asyncio.open_connection(parts.hostname, parts.port)
        there = asyncio.create_task(_pump(reader, far_writer))
        try:
            while data := await far_reader.read(1 << 16):
                if self.lose:
                    self.lose -= 1
                    return
                writer.write(data)
                await writer.drain()
        finally:
            there.cancel()
            with suppress(OSError, asyncio.CancelledError):
                await there
            far_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
