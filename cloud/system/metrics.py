"""Figures for Prometheus, with labels of bounded number: never an id, an address or a person's word."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of one process. Each worker has its own; a scraper sees the one it reaches."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = Counter(
            "http_requests_total", "Requests answered.", ("method", "path", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "http_request_duration_seconds",
            "Until the last byte of the answer.",
            ("method", "path"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.in_progress = Gauge(
            "http_requests_in_progress", "Requests being answered.", registry=self.registry
        )
        self.sync_operations = Counter(
            "sync_operations_total",
            "Pushes, pulls and what became of them.",
            ("kind", "outcome"),
            registry=self.registry,
        )
        self.integration_calls = Counter(
            "integration_api_calls_total",
            "Calls to vendors.",
            ("provider", "outcome"),
            registry=self.registry,
        )
        self.sign_ins = Counter(
            "sign_ins_total", "Attempts to sign in.", ("method", "outcome"), registry=self.registry
        )
        self.websockets = Gauge("websockets_open", "Listeners for events.", registry=self.registry)

    def watch_database(self, active: Callable[[], int]) -> None:
        """Report the connections in use as `database_connections_active`."""
        gauge = Gauge("database_connections_active", "Connections in use.", registry=self.registry)
        gauge.set_function(active)  # pyright: ignore[reportUnknownMemberType]

    def shown(self) -> bytes:
        """The text a scraper reads."""
        return generate_latest(self.registry)
