"""How often: by address before anything else, by account once it is known; sign-in stricter."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from typing import Any

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, Storage
from litestar.datastructures import MutableScopeHeaders
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Send
from redis.exceptions import RedisError

from cloud.errors import Problem
from cloud.security.addresses import Addresses, subject
from cloud.security.authentication import Principal
from cloud.settings import Rates

logger = structlog.get_logger(__name__)


class Limiter:
    """Counts in the shared counters; while Redis is away, in this process alone, so that limits stay."""

    def __init__(self, rates: Rates, counters: Storage) -> None:
        self.address = parse(rates.address)
        self.account = parse(rates.account)
        self.sign_in = parse(rates.sign_in)
        self._shared = counters
        self._own = MemoryStorage()

    async def count(self, rate: RateLimitItem, name: str, who: str) -> dict[str, str]:
        """Count one; the RateLimit-* headers to answer with. Raises Problem 429 when it is one too many."""
        try:
            allowed, remaining, reset = await self._hit(self._shared, rate, name, who)
        except (RedisError, OSError, TimeoutError):
            logger.warning("limits are counted by each replica alone: Redis does not answer")
            allowed, remaining, reset = await self._hit(self._own, rate, name, who)
        headers = {
            "RateLimit-Limit": str(rate.amount),
            "RateLimit-Remaining": str(remaining),
            "RateLimit-Reset": str(reset),
        }
        if not allowed:
            raise Problem(
                429,
                f"Too many requests; this one was not done. Try again in {reset} seconds.",
                kind="rate-limited",
                headers={**headers, "Retry-After": str(reset)},
            )
        return headers

    @staticmethod
    async def _hit(counters: Storage, rate: RateLimitItem, name: str, who: str) -> tuple[bool, int, int]:
        # Windows go by the clock, so that one call counts and none is needed to learn when the window ends.
        period, now = rate.get_expiry(), time.time()
        count = await counters.incr(f"{rate.key_for(name, who)}/{int(now // period)}", period)
        return count <= rate.amount, max(0, rate.amount - count), max(1, ceil(period - now % period))


class LimitByAddress(ASGIMiddleware):
    """Before authentication: all calls, and the strict ones (`opt={"strict": True}`) once more."""

    def __init__(self, limiter: Callable[[], Limiter], addresses: Addresses) -> None:
        self._limiter = limiter
        self._addresses = addresses

    async def handle(self, scope: Any, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Count, and let through with RateLimit headers on the answer."""
        opt: dict[str, Any] = scope["route_handler"].opt
        if opt.get("unlimited"):
            await next_app(scope, receive, send)
            return
        limiter = self._limiter()
        who = subject(self._addresses.client(scope))
        headers = await limiter.count(limiter.address, "address", who)
        if opt.get("strict"):
            headers = await limiter.count(limiter.sign_in, "sign-in", who)
        await next_app(scope, receive, _telling(send, headers))


class LimitByAccount(ASGIMiddleware):
    """After authentication: what one account may do, from wherever it comes."""

    def __init__(self, limiter: Callable[[], Limiter]) -> None:
        self._limiter = limiter

    async def handle(self, scope: Any, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Count, and let through with RateLimit headers on the answer."""
        principal = scope.get("user")
        if not isinstance(principal, Principal):
            await next_app(scope, receive, send)
            return
        limiter = self._limiter()
        headers = await limiter.count(limiter.account, "account", principal.account.hex())
        await next_app(scope, receive, _telling(send, headers))


def _telling(send: Send, headers: dict[str, str]) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer: Any = MutableScopeHeaders.from_message(message)
            for name, value in headers.items():
                answer.setdefault(name, value)
        await send(message)

    return told
