"""Logs: one JSON object a line on standard error, from every library too; never a token or a body."""

from __future__ import annotations

import logging
import logging.config
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import msgspec
import structlog

# The last net below the rule that nobody logs such a thing: what looks like a secret is cut out.
_SECRETS = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]+|(?i:bearer|basic)\s+\S+|(?<=://)[^/\s:@]*:[^/\s@]*(?=@)|[\w+/=-]{40,}"
)

_SHORTEST = 7


def configure(level: str) -> None:
    """Send the logs of this process, the server's and the libraries' among them, through one formatter."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        without_secrets,
    ]
    # Our own lines go past the standard library: its records are most of what a line costs.
    structlog.configure(
        processors=[*shared, structlog.processors.EventRenamer("message"), _as_json],
        logger_factory=_Lines,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            _without_values,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_secrets,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(),
        ],
    }
    quiet = {"level": "WARNING"}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": level.upper()},
            "loggers": {
                "uvicorn.access": {"level": "CRITICAL"},
                "aiosqlite": quiet,
                "httpx2": quiet,
                "alembic": quiet,
            },
        }
    )


class _Lines:
    """What a logger of ours writes to: standard error as it is now, a line at a time."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def debug(self, line: bytes) -> None:
        """Write it. Who reads the log may be gone; the service goes on."""
        with suppress(OSError, ValueError):
            sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()

    info = warning = error = debug


def _as_json(_: Any, __: str, event: MutableMapping[str, Any]) -> bytes:
    return msgspec.json.encode(event, enc_hook=str) + b"\n"


def without_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor that cuts out of every text what looks like a token, a password in a URL or a long key."""
    for name, value in event.items():
        # Nothing shorter can be one.
        if isinstance(value, str) and len(value) >= _SHORTEST:
            event[name] = _SECRETS.sub("[cut]", value)
    return event


def _without_values(_: Any, __: str, event: Any) -> MutableMapping[str, Any]:
    """An exception is told by its type alone: its words and its frames may hold what a person sent."""
    trouble: Any = event.pop("exc_info", None)
    record = event.get("_record")
    trouble = trouble or getattr(record, "exc_info", None)
    told = str(event.get("event", ""))
    if told.startswith("Traceback"):
        # uvicorn writes out why a start failed; the last line begins with the kind of error.
        event["event"] = "an exception ended the start"
        event["error"] = told.strip().splitlines()[-1].partition(":")[0]
    if trouble and trouble is not True:
        event["error"] = getattr(trouble[0], "__name__", "unknown")
    return event
