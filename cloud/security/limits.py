"""How often: by address before anything else, by account once it is known; sign-in stricter."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from typing import Any

import structlog
from limits import RateLimitItem, parse
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Send

from cloud.backing import Counters, MemoryCounters
from cloud.backing.line import AWAY
from cloud.errors import Problem
from cloud.security.addresses import Addresses, subject
from cloud.security.authentication import Principal
from cloud.security.headers import Headers, add_missing
from cloud.security.tokens import Claims
from cloud.settings import Rates

logger = structlog.get_logger(__name__)

# Where a request's scope keeps what its answer tells of the limits.
_TOLD = "devpulse.limits"


class Limiter:
    """Counts in the shared counters; while Redis is away, in this process alone, so that limits stay."""

    def __init__(self, rates: Rates, counters: Counters) -> None:
        self.address = parse(rates.address)
        self.account = parse(rates.account)
        self.sign_in = parse(rates.sign_in)
        self._shared = counters
        self._own = MemoryCounters()

    async def count(self, rate: RateLimitItem, name: str, who: str) -> Headers:
        """Count one; the RateLimit-* headers to answer with. Raises Problem 429 when it is one too many."""
        try:
            allowed, remaining, reset = await self._hit(self._shared, rate, name, who)
        except AWAY:
            logger.warning("limits are counted by each replica alone: Redis does not answer")
            allowed, remaining, reset = await self._hit(self._own, rate, name, who)
        if allowed:
            return (
                (b"ratelimit-limit", b"%d" % rate.amount),
                (b"ratelimit-remaining", b"%d" % remaining),
                (b"ratelimit-reset", b"%d" % reset),
            )
        raise Problem(
            429,
            f"Too many requests; this one was not done. Try again in {reset} seconds.",
            kind="rate-limited",
            headers={
                "RateLimit-Limit": str(rate.amount),
                "RateLimit-Remaining": "0",
                "RateLimit-Reset": str(reset),
                "Retry-After": str(reset),
            },
        )

    @staticmethod
    async def _hit(counters: Counters, rate: RateLimitItem, name: str, who: str) -> tuple[bool, int, int]:
        # Windows go by the clock, so that one call counts and none is needed to learn when the window ends.
        period, now = rate.get_expiry(), time.time()
        count = await counters.count(f"{rate.key_for(name, who)}/{int(now // period)}", period)
        return count <= rate.amount, max(0, rate.amount - count), max(1, ceil(period - now % period))


class LimitByAddress(ASGIMiddleware):
    """Before authentication: all calls, and the strict ones (`opt={"strict": True}`) once more."""

    def __init__(self, limiter: Callable[[], Limiter], addresses: Addresses) -> None:
        self._limiter = limiter
        self._addresses = addresses

    async def handle(self, scope: Any, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Count, and let through; the answer tells the RateLimit headers of the last limit that counted."""
        opt: dict[str, Any] = scope["route_handler"].opt
        if opt.get("unlimited"):
            await next_app(scope, receive, send)
            return
        limiter = self._limiter()
        who = subject(self._addresses.client(scope))
        scope[_TOLD] = await limiter.count(limiter.address, "address", who)
        if opt.get("strict"):
            scope[_TOLD] = await limiter.count(limiter.sign_in, "sign-in", who)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_missing(message, scope[_TOLD])
            await send(message)

        await next_app(scope, receive, told)


class LimitByAccount(ASGIMiddleware):
    """After authentication: what one account may do, from wherever it comes."""

    def __init__(self, limiter: Callable[[], Limiter]) -> None:
        self._limiter = limiter

    async def handle(self, scope: Any, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Count, and let through."""
        user = scope.get("user")
        if isinstance(user, Principal | Claims):
            limiter = self._limiter()
            scope[_TOLD] = await limiter.count(limiter.account, "account", user.account.hex())
        await next_app(scope, receive, send)
