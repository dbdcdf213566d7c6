"""ActivityWatch's bucket exports, of aw-server (Python) and aw-server-rust: one bucket, all, or bare events.

    {"buckets": {"aw-watcher-window_host": {"id": …, "type": "currentwindow", "client": …, "hostname": …,
        "created": …, "events": [{"timestamp": …, "duration": 1.5, "data": {"app": …, "title": …}}, …]}}}

The Python server leaves the events' ids out and sorts keys, so a bucket's type may come after its events;
the other writes ids, `metadata` and `last_updated`. Source: `export_bucket` in aw-server's `api.py`, `Bucket`
and `Event` in aw-server-rust's `aw-models`, the event types in ActivityWatch's documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.analytics.exchange import checked
from app.analytics.exchange.document import Document
from app.analytics.exchange.observed import AFK, EDITOR, WEB, WINDOW, Content, Events, Pool, Skipped

MOST_EVENTS = 10_000_000
AWAY, HERE = "afk", "not-afk"
KINDS = {
    "currentwindow": WINDOW,
    "afkstatus": AFK,
    "web.tab.current": WEB,
    "app.editor.activity": EDITOR,
}
# Watchers write this where they know nothing.
_UNKNOWN = frozenset({"", "unknown", "Unknown"})


@dataclass(slots=True)
class Bucket:
    """A bucket with its events; `kind` None: of a kind that says nothing of what was worked on."""

    id: str = ""
    type: str = ""
    client: str = ""
    hostname: str = ""
    kind: str | None = None
    events: Events = field(default_factory=Events)


class BucketReader:
    """Reads buckets. `latest_ms`: what lies after that is left out (a clock was wrong)."""

    def __init__(self, document: Document, pool: Pool, skipped: Skipped, latest_ms: int) -> None:
        self._document = document
        self._pool = pool
        self._skipped = skipped
        self._latest_ms = latest_ms
        self._count = 0
        # The same data comes again and again: checked once.
        self._seen: dict[tuple[tuple[str, Any], ...], int] = {}
        self.buckets: list[Bucket] = []

    def buckets_object(self) -> None:
        """The value of `buckets`. Raises `ImportRefused`, as all here do."""
        if self._document.peek() != "{":
            self._document.value()
            self._document.refuse("buckets is not an object")
        for name in self._document.members():
            bucket = Bucket(id=name)
            if self._document.peek() != "{":
                self._document.value()
                self._document.refuse("a bucket is not an object")
            for key in self._document.members():
                self.member(bucket, key)
            self.finish(bucket)

    def member(self, bucket: Bucket, key: str) -> None:
        """One member of a bucket."""
        if key == "events":
            self.events(bucket)
        elif key in ("id", "type", "client", "hostname"):
            setattr(bucket, key, checked.text({key: self._document.value()}, key, self._document)[:1000])
        else:
            self._document.value()

    def events(self, bucket: Bucket) -> None:
        """An array of events; a null stands for none."""
        if self._document.peek() == "n":
            self._document.value()
            return
        for _ in self._document.elements():
            self.event(bucket, checked.record(self._document.value(), "an event", self._document))

    def event(self, bucket: Bucket, event: Mapping[str, Any]) -> None:
        """One event, decoded."""
        at = self._document
        start = checked.moment_of_text(event, "timestamp", at)
        length = checked.length_ms(event, "duration", at)
        end = start + length
        data = checked.record(event.get("data"), "an event's data", at)
        self._count += 1
        if self._count > MOST_EVENTS:
            at.refuse("there are more than ten million events; export one bucket at a time")
        if bucket.kind is None:
            bucket.kind = _guessed(data)
        if end > self._latest_ms:
            self._skipped.note("events in the future")
            return
        if length < 0:
            self._skipped.note("events that end before they begin")
            return
        bucket.events.add(start, end, self._number(data))

    def _number(self, data: Mapping[str, Any]) -> int:
        key = tuple(data.items())
        try:
            number = self._seen.get(key)
        except TypeError:  # a list or object in it, which no watcher of these kinds writes
            return self._pool.put(_content(data, self._document))
        if number is None:
            number = self._seen[key] = self._pool.put(_content(data, self._document))
        return number

    def finish(self, bucket: Bucket) -> None:
        """The bucket is complete; its type goes before what its events look like."""
        if bucket.type:
            bucket.kind = KINDS.get(bucket.type)
        self.buckets.append(bucket)


def _guessed(data: Mapping[str, Any]) -> str | None:
    if "status" in data:
        return AFK
    if "url" in data:
        return WEB
    if "app" in data:
        return WINDOW
    return EDITOR if "file" in data else None


def _content(data: Mapping[str, Any], at: checked.Refuses) -> Content:
    def known(name: str) -> str | None:
        value = checked.text(data, name, at)
        return None if value in _UNKNOWN else value

    private = data.get("incognito")
    return Content(
        application=checked.text(data, "status", at) or checked.text(data, "app", at)[:1000],
        title=checked.text(data, "title", at),
        url=known("url"),
        private=None if private is None else bool(private),
        path=known("file"),
        project=known("project"),
        branch=known("branch"),
        language=known("language"),
    )
