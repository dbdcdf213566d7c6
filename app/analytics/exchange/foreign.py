"""What another tracker's file is, told by its content and never by its name, and all that lies in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

from app.analytics.exchange import checked
from app.analytics.exchange.activitywatch import Bucket, BucketReader
from app.analytics.exchange.document import Document
from app.analytics.exchange.lanes import lane
from app.analytics.exchange.observed import (
    WINDOW,
    Events,
    Found,
    Machine,
    Observed,
    Pool,
    Skipped,
    Stretch,
)
from app.analytics.exchange.overlay import Kind, Overlay
from app.analytics.exchange.wakatime import TIMEOUT_MS, WakaTimeReader
from app.errors import ImportRefused

ACTIVITYWATCH, WAKATIME = "ActivityWatch", "WakaTime"
_DAY_MS = 86_400_000
_COMPRESSED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf")
# A browser's watcher cannot know the machine's name.
_NO_HOST = frozenset({"", "unknown"})


def read(
    file: BinaryIO,
    *,
    here: str | None,
    now_ms: int,
    kind_of: Kind,
    timeout_ms: int = TIMEOUT_MS,
    on_read: Callable[[int], None] = lambda _: None,
) -> Observed:
    """A whole file. `here`: this machine's name; None takes every machine for this one.

    Raises `ImportRefused` with line and reason.

    `kind_of` tells browsers, editors and terminals by an application's name. `on_read` is called with the
    bytes read so far, and may raise to end it.
    """
    _refuse_compressed(file)
    reader = _Reader(file, now_ms + _DAY_MS, on_read)
    reader.read()
    if reader.waka.days or len(reader.waka.heartbeats):
        return reader.wakatime(timeout_ms)
    return reader.activitywatch(here, kind_of)


def _refuse_compressed(file: BinaryIO) -> None:
    start = file.read(6)
    file.seek(0)
    if start.startswith(_COMPRESSED):
        raise ImportRefused(
            "This file is compressed.",
            detail="Nothing was imported.",
            advice="Unpack it, and import what is in it.",
        )


class _Reader:
    """Walks the outermost value, whichever of the known shapes it has."""

    def __init__(self, file: BinaryIO, latest_ms: int, on_read: Callable[[int], None]) -> None:
        self._document = Document(file, on_read)
        self._pool = Pool()
        self._skipped = Skipped()
        self._buckets = BucketReader(self._document, self._pool, self._skipped, latest_ms)
        self.waka = WakaTimeReader(self._document, self._pool, self._skipped, latest_ms)
        self._zone: str | None = None
        self._known = False

    def read(self) -> None:
        opening = self._document.peek()
        if opening == "{":
            self._object()
        elif opening == "[":
            self._array()
        if not self._known:
            raise ImportRefused(
                "This file is none that DevPulse can import.",
                detail="Nothing was imported.",
                advice="It takes its own exports, ActivityWatch's bucket exports, WakaTime's data dumps.",
            )
        self._document.end()

    def _object(self) -> None:
        single = Bucket()
        for key in self._document.members():
            if key == "buckets":
                self._known = True
                self._buckets.buckets_object()
            elif key == "events":
                self._known = True
                self._buckets.events(single)
            elif key == "days" and self._document.peek() == "[":
                self._known = True
                self.waka.days_array()
            elif key == "data" and self._document.peek() == "[":
                self._array()
            elif key == "user" and self._document.peek() == "{":
                zone = cast("dict[str, Any]", self._document.value()).get("timezone")
                self._zone = zone if isinstance(zone, str) else None
            else:
                self._buckets.member(single, key)
        if single.kind is not None or len(single.events):
            self._buckets.finish(single)

    def _array(self) -> None:
        """Bare events, or bare heartbeats: the first one tells."""
        bucket = Bucket()
        for _ in self._document.elements():
            item = checked.record(self._document.value(), "what stands there", self._document)
            if "timestamp" in item and "entity" not in item:
                self._buckets.event(bucket, item)
            elif "entity" in item or "time" in item:
                self.waka.heartbeat(item)
            else:
                self._document.refuse("it is neither an event nor a heartbeat")
            self._known = True
        if bucket.kind is not None or len(bucket.events):
            self._buckets.finish(bucket)

    def activitywatch(self, here: str | None, kind_of: Kind) -> Observed:
        groups = _by_host(self._buckets.buckets, here, self._skipped)
        return Observed(
            tracker=ACTIVITYWATCH,
            pool=self._pool,
            machines=tuple(
                Machine(host, Overlay(buckets, self._pool, self._skipped, kind_of).stretches)
                for host, buckets in groups.items()
            ),
            found=tuple(
                Found(b.id or b.type or b.kind or "", b.hostname, len(b.events))
                for b in self._buckets.buckets
            ),
            skipped=self._skipped,
        )

    def wakatime(self, timeout_ms: int) -> Observed:
        beats, sums = self.waka.heartbeats, self.waka.sums
        days_only = not len(beats)
        zone = _zone(self._zone)

        def stretches() -> Iterator[Stretch]:
            return _in_utc(sums, zone) if days_only else lane(beats.in_order(), timeout_ms)

        count = len(sums) if days_only else len(beats)
        return Observed(
            tracker=WAKATIME,
            pool=self._pool,
            machines=(Machine(None, stretches),),
            found=(Found("daily sums" if days_only else "heartbeats", "", count),),
            skipped=self._skipped,
            zone=None if zone is None else self._zone,
            days_only=days_only,
        )


def _by_host(buckets: list[Bucket], here: str | None, skipped: Skipped) -> dict[str | None, list[Bucket]]:
    """The buckets of each machine; those that do not know theirs belong to the one with the most windows."""
    groups: dict[str | None, list[Bucket]] = {}
    homeless: list[Bucket] = []
    for bucket in buckets:
        if bucket.kind is None:
            for _ in range(len(bucket.events)):
                skipped.note("events of kinds that DevPulse does not record")
        elif here is None:
            groups.setdefault(None, []).append(bucket)
        elif bucket.hostname.casefold() in _NO_HOST:
            homeless.append(bucket)
        else:
            groups.setdefault(None if _same(bucket.hostname, here) else bucket.hostname, []).append(bucket)
    if homeless:
        most = max(groups, key=lambda host: _windows(groups[host]), default=None)
        groups.setdefault(most, []).extend(homeless)
    return groups


def _windows(buckets: list[Bucket]) -> int:
    return sum(len(bucket.events) for bucket in buckets if bucket.kind == WINDOW)


def _same(host: str, here: str) -> bool:
    return host.casefold().partition(".")[0] == here.casefold().partition(".")[0]


def _zone(name: str | None) -> tzinfo | None:
    try:
        return None if name is None else ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


def _in_utc(sums: Events, zone: tzinfo | None) -> Iterator[Stretch]:
    """Sums laid down in local time, in UTC; a day moves as a whole. Two of one day stay in their order."""
    latest = 0
    for start, end, what in sums.in_order():
        noon = datetime.fromtimestamp((start // _DAY_MS * _DAY_MS + _DAY_MS // 2) / 1000, UTC)
        offset = (noon.replace(tzinfo=zone) if zone else noon.replace(tzinfo=None).astimezone()).utcoffset()
        assert offset is not None
        shift = round(offset.total_seconds() * 1000)
        at = max(latest, start - shift)
        yield Stretch(at, at + end - start, what)
        latest = at + end - start
