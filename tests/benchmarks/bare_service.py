"""The floor under the service: the framework and the driver alone, with none of our layers.

`python -m tests.benchmarks.bare_service PORT DATABASE_URL`: GET / says hello, POST / stores the body.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import uvicorn
from litestar import Litestar, Request, get, post
from litestar.datastructures import State

AnyRequest = Request[Any, Any, Any]


def make(url: str) -> Litestar:
    @asynccontextmanager
    async def pool(app: Litestar) -> AsyncGenerator[None]:
        async with asyncpg.create_pool(url, max_size=10) as opened:
            await opened.execute("CREATE TABLE IF NOT EXISTS bare (id bytea PRIMARY KEY, body bytea)")
            app.state.pool = opened
            yield

    @get("/", sync_to_thread=False)
    def hello() -> str:
        return "hello"

    @post("/", status_code=200)
    async def store(request: AnyRequest, state: State) -> str:
        await state.pool.execute(
            "INSERT INTO bare VALUES ($1, $2)", secrets.token_bytes(16), await request.body()
        )
        return "stored"

    return Litestar([hello, store], lifespan=[pool], openapi_config=None, logging_config=None)


if __name__ == "__main__":
    options: dict[str, Any] = {"loop": "uvloop", "http": "httptools", "access_log": False, "log_config": None}
    uvicorn.run(make(sys.argv[2]), port=int(sys.argv[1]), **options)
