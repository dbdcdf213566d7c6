"""/health for everybody, /health/detailed and /metrics for operators."""

from __future__ import annotations

import hmac
import resource
import time
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import HeaderParameter

from cloud.errors import Problem, Unavailable
from cloud.queue import Queue
from cloud.security.authentication import PUBLIC
from cloud.settings import Settings
from cloud.system.metrics import CONTENT_TYPE, Metrics
from cloud.system.monitor import Monitor, Seen, Status
from cloud.version import __version__

_OPEN = {**PUBLIC, "unlimited": True}
Authorization = Annotated[str | None, HeaderParameter(name="Authorization")]


class Health(msgspec.Struct):
    """How the service fares: `degraded` without Redis, `unhealthy` without database; uptime in s."""

    status: Status
    timestamp: str
    version: str
    uptime: int


class Part(msgspec.Struct):
    """One part: whether it answers, and how quickly."""

    status: Literal["healthy", "unhealthy", "unused"]
    ms: float


class Work(msgspec.Struct):
    """How many tasks wait, are being done, and were laid aside because they failed again and again."""

    waiting: int
    running: int
    dead: int


class DetailedHealth(Health, rename="camel"):
    """The parts one by one; memory in bytes, CPU in seconds since the start. `jobs` is null where unknown."""

    database: Part
    redis: Part
    jobs: Work | None
    integrations: dict[str, str]
    memory_usage: int
    cpu_usage: float


class Word(msgspec.Struct):
    """One word."""

    status: Literal["alive", "ready", "not ready"]


def _health(monitor: Monitor) -> Health:
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
    return Health(monitor.status, stamp, __version__, monitor.uptime)


@get("/health", opt=_OPEN, sync_to_thread=False)
def health(monitor: NamedDependency[Monitor]) -> Health:
    """Whether the service works, for a person who asks. By what was last seen; asks no database."""
    return _health(monitor)


@get("/health/live", opt=_OPEN, sync_to_thread=False)
def live() -> Word:
    """Whether this process answers at all: restart it if not. Depends on nothing else."""
    return Word("alive")


@get(
    "/health/ready",
    opt=_OPEN,
    sync_to_thread=False,
    responses={503: ResponseSpec(Word, generate_examples=False, description="Not now.")},
)
def ready(monitor: NamedDependency[Monitor]) -> Response[Word]:
    """Whether to send requests here: not while the database is away, not once stopping has begun."""
    if monitor.ready:
        return Response(Word("ready"))
    return Response(Word("not ready"), status_code=503)


@get("/health/detailed", opt={**_OPEN, "answers": {401: "Not an operator."}})
async def detailed(
    monitor: NamedDependency[Monitor],
    queue: NamedDependency[Queue],
    settings: NamedDependency[Settings],
    authorization: Authorization = None,
) -> DetailedHealth:
    """Each part by itself, for operators: needs the operator's token."""
    _operators_only(settings, authorization)
    plain = _health(monitor)
    return DetailedHealth(
        status=plain.status,
        timestamp=plain.timestamp,
        version=plain.version,
        uptime=plain.uptime,
        database=_part(monitor.database),
        redis=_part(monitor.redis) if monitor.redis_in_use else Part("unused", 0.0),
        jobs=await _work(monitor, queue),
        integrations=dict.fromkeys(settings.providers, "configured"),
        memory_usage=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        cpu_usage=round(time.process_time(), 3),
    )


@get("/metrics", opt=_OPEN, sync_to_thread=False, include_in_schema=False)
def metrics(
    metrics: NamedDependency[Metrics],
    settings: NamedDependency[Settings],
    authorization: Authorization = None,
) -> Response[bytes]:
    """What Prometheus reads: needs the operator's token."""
    _operators_only(settings, authorization)
    return Response(metrics.shown(), media_type=CONTENT_TYPE)


def _part(seen: Seen) -> Part:
    return Part("healthy" if seen.works else "unhealthy", seen.ms)


async def _work(monitor: Monitor, queue: Queue) -> Work | None:
    # One that is known to be away is not waited for.
    if not monitor.database.works:
        return None
    try:
        counts = await queue.counts()
    except Unavailable:
        return None
    return Work(counts.waiting, counts.running, counts.dead)


def _operators_only(settings: Settings, authorization: str | None) -> None:
    given = (authorization or "").encode()
    wanted = f"Bearer {settings.operator_token}".encode()
    if not settings.operator_token or not hmac.compare_digest(given, wanted):
        raise Problem(
            401,
            "This is for operators: send DEVPULSE_CLOUD_OPERATOR_TOKEN as a bearer token. "
            "While none is set, nobody may see this.",
            kind="operators-only",
            headers={"WWW-Authenticate": 'Bearer realm="operators"'},
        )


SYSTEM = Router("/", route_handlers=[health, live, ready, detailed, metrics], tags=["system"])
