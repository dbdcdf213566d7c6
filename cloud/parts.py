"""The parts of a running service; a handler asks for one by its name here.

The framework resolves several in a task each: a handler that is called often asks for `parts`, all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cloud.backing import Backing
from cloud.db import Database
from cloud.queue import Queue
from cloud.security.authentication import Authenticator
from cloud.security.limits import Limiter
from cloud.security.sealing import Sealer
from cloud.security.tokens import AccessTokens
from cloud.settings import Settings
from cloud.system.metrics import Metrics
from cloud.system.monitor import Monitor


@dataclass(frozen=True, slots=True)
class Parts:
    """Built in `cloud.asgi`, once, when the application starts.

    `now` gives milliseconds since 1970; `server` is the 16-byte id that clients' signatures name.
    """

    settings: Settings
    now: Callable[[], int]
    database: Database
    backing: Backing
    queue: Queue
    sealer: Sealer
    tokens: AccessTokens
    authenticator: Authenticator
    limiter: Limiter
    monitor: Monitor
    metrics: Metrics
    server: bytes
