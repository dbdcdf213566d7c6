"""The service as one ASGI application: everything is built here, started upward and stopped downward."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, get_type_hints

from litestar import Litestar
from litestar.datastructures import MutableScopeHeaders
from litestar.di import Provide
from litestar.types import Message, Send

from cloud.accounts.account_pages import ACCOUNT_PAGES
from cloud.accounts.routes import ACCOUNTS
from cloud.backing import open_backing
from cloud.clock import wall_clock
from cloud.db import open_database
from cloud.db.migrate import ensure
from cloud.errors import HANDLERS
from cloud.jobs import Workers, jobs
from cloud.parts import Parts
from cloud.queue import Queue
from cloud.schema import described
from cloud.security.addresses import Addresses
from cloud.security.authentication import Authentication, Authenticator
from cloud.security.headers import SecurityHeaders
from cloud.security.idempotency import Idempotency
from cloud.security.limits import LimitByAccount, LimitByAddress, Limiter
from cloud.security.sealing import open_sealer
from cloud.security.signing import SigningKeys, server_id
from cloud.security.tokens import AccessTokens
from cloud.settings import Settings
from cloud.system.metrics import Metrics
from cloud.system.monitor import Monitor
from cloud.system.requests import Requests
from cloud.system.routes import SYSTEM
from cloud.vault.routes import VAULT

# The largest body of a route that does not say otherwise, in bytes.
BODY_LIMIT = 256 * 1024


class Service(Litestar):
    """The application inside its outermost layers, which see requests that no route takes, too."""

    outermost: Any = None
    running: Parts | None = None
    # What the server around it does when it starts, in the loop that it runs in.
    at_start: Callable[[], None] = staticmethod(lambda: None)

    def stopping(self) -> bool:
        """Begin to tell balancers to turn away; whether that had begun before."""
        if self.running is None or self.running.monitor.stopping.is_set():
            return True
        self.running.monitor.stopping.set()
        return False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.outermost is None or scope["type"] == "lifespan":
            self.at_start()
            await super().__call__(scope, receive, send)
        elif self.running is not None and self.running.monitor.stopping.is_set():
            # Kept-alive connections must go elsewhere before this process ends.
            await self.outermost(scope, receive, _closing(send))
        else:
            await self.outermost(scope, receive, send)


def _closing(send: Send) -> Send:
    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableScopeHeaders.from_message(message)["Connection"] = "close"
        await send(message)

    return closing


def create_app(
    settings: Settings,
    *,
    now: Callable[[], int] = wall_clock,
    monotonic: Callable[[], float] = time.monotonic,
) -> Service:
    """Everything the service offers. Nothing is opened before the application starts.

    Starting raises DatabaseAway, StoreAway or SchemaUnfit when what it stands on is not there.
    """
    addresses = Addresses(settings.trusted_proxies)
    metrics = Metrics()

    def running() -> Parts:
        assert app.running is not None, "the application has not started"
        return app.running

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None]:
        async with _opened(settings, metrics, now, monotonic) as opened:
            app.running = opened
            yield

    app = Service(
        route_handlers=[SYSTEM, ACCOUNTS, ACCOUNT_PAGES, VAULT],
        lifespan=[lifespan],
        middleware=[
            LimitByAddress(lambda: running().limiter, addresses),
            Authentication(lambda: running().authenticator),
            LimitByAccount(lambda: running().limiter),
            Idempotency(lambda: running().backing.store, lambda: running().sealer),
        ],
        dependencies={
            name: Provide(_giving(running, name, kind), sync_to_thread=False)
            for name, kind in get_type_hints(Parts).items()
        }
        | {"parts": Provide(running, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        openapi_config=described(settings),
        request_max_body_size=BODY_LIMIT,
        logging_config=None,
    )
    guarded = SecurityHeaders(addresses)(super(Service, app).__call__)
    app.outermost = Requests(guarded, metrics)
    return app


def _giving(running: Callable[[], Parts], name: str, kind: Any) -> Callable[[], Any]:
    def give() -> Any:
        return getattr(running(), name)

    give.__annotations__["return"] = kind
    return give


@asynccontextmanager
async def _opened(
    settings: Settings, metrics: Metrics, now: Callable[[], int], monotonic: Callable[[], float]
) -> AsyncGenerator[Parts]:
    await ensure(settings)
    async with AsyncExitStack() as stack:
        database = await open_database(settings)
        stack.push_async_callback(database.close)
        backing = await open_backing(settings)
        stack.push_async_callback(backing.close)
        sealer = open_sealer(settings)
        keys = SigningKeys(database, sealer, now)
        await keys.signer()
        tokens = AccessTokens(keys, settings.public_url, now)
        monitor = Monitor(database, backing, metrics, monotonic)
        monitor.start()
        stack.push_async_callback(monitor.close)
        parts = Parts(
            settings=settings,
            now=now,
            database=database,
            backing=backing,
            queue=Queue(database, now),
            sealer=sealer,
            tokens=tokens,
            authenticator=Authenticator(tokens, database, now),
            limiter=Limiter(settings.rates, backing.counters),
            monitor=monitor,
            metrics=metrics,
            server=await server_id(database),
        )
        workers = Workers(parts.queue, jobs(parts), metrics, now)
        workers.start()
        stack.push_async_callback(workers.close)
        yield parts
