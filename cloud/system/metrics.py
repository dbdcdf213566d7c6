"""Figures for Prometheus, with labels of bounded number: never an id, an address or a person's word."""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST
# The folder in which the workers of one `serve` share their figures, by the library's own name for it.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of this process; of several workers of one `serve`, their sum (`SHARED`)."""

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
        self.in_progress = self._gauge("http_requests_in_progress", "Requests being answered.")
        self.connections = self._gauge("database_connections_active", "Connections in use, every 2 s.")
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
        self.tasks = Counter(
            "tasks_total",
            "Work done later, and what became of it.",
            ("task", "outcome"),
            registry=self.registry,
        )
        self.sign_ins = Counter(
            "sign_ins_total", "Attempts to sign in.", ("method", "outcome"), registry=self.registry
        )
        self.websockets = self._gauge("websockets_open", "Listeners for events.")

    def _gauge(self, name: str, words: str) -> Gauge:
        return Gauge(name, words, registry=self.registry, multiprocess_mode="livesum")

    def shown(self) -> bytes:
        """The text a scraper reads."""
        if SHARED not in os.environ:
            return generate_latest(self.registry)
        # Memory and processor time are one process's own, and a scraper reaches any of them: not told here.
        together = CollectorRegistry()
        MultiProcessCollector(together)
        return generate_latest(together)


def forget_the_dead(folder: Path) -> None:
    """A worker that was killed has no requests in progress and no sockets open any more."""
    for file in folder.glob("gauge_live*.db"):
        pid = file.stem.rpartition("_")[2]
        if not Path("/proc", pid).exists():
            file.unlink(missing_ok=True)
