"""One machine's buckets as one line of time: windows, cut by absence, filled in by browser and editor. Pure.

As ActivityWatch's own views count: only time with a window counts, and, where there is an afk bucket, only
what it calls not-afk. A window's time while the person was away becomes idle time. Where a machine has no
window bucket, its web and editor events stand for windows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.analytics.exchange.activitywatch import AWAY, HERE, Bucket
from app.analytics.exchange.lanes import Cursor, lane
from app.analytics.exchange.observed import (
    AFK,
    EDITOR,
    IDLE,
    WEB,
    WINDOW,
    Content,
    Events,
    Pool,
    Skipped,
    Stretch,
)

BROWSER, TERMINAL = "browser", "terminal"
NO_SIGN = "windows without a sign of you at the machine"

# "browser", "editor", "terminal" or "" for an application's name.
Kind = Callable[[str], str]

# How watchers call what they watch, and how the program calls itself.
_CALLED = {
    "vscode": "code", "jetbrains": "idea", "sublime": "sublime", "vim": "vim", "emacs": "emacs",
    "chrome": "chrom", "edge": "edge",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Beside:
    """A lane beside the windows; `called`: a part of the name of the program it belongs to, or empty."""

    called: str
    cursor: Cursor


class Overlay:
    """The line of one machine. `kind_of` tells browsers, editors and terminals apart."""

    def __init__(self, buckets: Sequence[Bucket], pool: Pool, skipped: Skipped, kind_of: Kind) -> None:
        self._buckets = buckets
        self._pool = pool
        self._skipped = skipped
        self._kind_of = kind_of
        self._merged: dict[tuple[int, int | None, int | None], int] = {}
        self._kinds: dict[str, str] = {}

    def stretches(self) -> Iterator[Stretch]:
        """In the order of time, without overlap; the number `IDLE` where the person was away."""
        windows = self._of(WINDOW)
        webs, editors = self._beside(WEB), self._beside(EDITOR)
        if not windows:
            windows, webs, editors = self._as_windows(), [], []
        afk = Cursor(lane(_together(self._of(AFK)).in_order())) if self._of(AFK) else None
        for window in lane(_together(windows).in_order()):
            for start, end, idle in self._present(window, afk):
                if idle:
                    yield Stretch(start, end, IDLE)
                else:
                    yield from self._filled(Stretch(start, end, window.what), webs, editors)

    def _of(self, kind: str) -> list[Events]:
        return [bucket.events for bucket in self._buckets if bucket.kind == kind and len(bucket.events)]

    def _beside(self, kind: str) -> list[_Beside]:
        return [
            _Beside(called(bucket), Cursor(lane(bucket.events.in_order())))
            for bucket in self._buckets
            if bucket.kind == kind and len(bucket.events)
        ]

    def _as_windows(self) -> list[Events]:
        made: list[Events] = []
        for bucket in self._buckets:
            if bucket.kind not in (WEB, EDITOR):
                continue
            name = called(bucket) or ("browser" if bucket.kind == WEB else "editor")
            events = Events()
            for start, end, what in lane(bucket.events.in_order()):
                events.add(start, end, self._pool.put(replace(self._pool[what], application=name)))
            made.append(events)
        return [events for events in made if len(events)]

    def _present(self, window: Stretch, afk: Cursor | None) -> Iterator[tuple[int, int, bool]]:
        if afk is None:
            yield window.start, window.end, False
            return
        at = window.start
        while at < window.end:
            shown, until = afk.at(at, window.end)
            status = None if shown is None else self._pool[shown].application
            if status in (AWAY, HERE):
                yield at, until, status == AWAY
            else:
                self._skipped.note(NO_SIGN, until - at)
            at = until

    def _filled(
        self, window: Stretch, webs: Sequence[_Beside], editors: Sequence[_Beside]
    ) -> Iterator[Stretch]:
        application = self._pool[window.what].application
        kind = self._kind(application)
        web = _fitting(webs, application) if kind == BROWSER else None
        beside = (web,) if web else () if kind == BROWSER or not kind else tuple(editors)
        if not beside:
            yield window
            return
        at = window.start
        while at < window.end:
            shown, until = _first(beside, at, window.end)
            key = (window.what, shown if web else None, None if web else shown)
            yield Stretch(at, until, self._combined(key))
            at = until

    def _kind(self, application: str) -> str:
        kind = self._kinds.get(application)
        if kind is None:
            kind = self._kinds[application] = self._kind_of(application)
        return kind

    def _combined(self, key: tuple[int, int | None, int | None]) -> int:
        number = self._merged.get(key)
        if number is None:
            window, web, editor = key
            content = self._pool[window]
            if web is not None:
                content = _with_page(content, self._pool[web])
            elif editor is not None:
                content = _with_file(content, self._pool[editor])
            number = self._merged[key] = self._pool.put(content)
        return number


def _with_page(window: Content, page: Content) -> Content:
    return replace(
        window,
        title=page.title or window.title,
        url=page.url,
        private=bool(window.private) or page.private,
    )


def _with_file(window: Content, file: Content) -> Content:
    return replace(window, path=file.path, project=file.project, branch=file.branch, language=file.language)


def _together(parts: Sequence[Events]) -> Events:
    if len(parts) == 1:
        return parts[0]
    events = Events()
    for part in parts:
        events.extend(part)
    return events


def _fitting(webs: Sequence[_Beside], application: str) -> _Beside | None:
    """The lane of this browser; the only one, if it does not say whose it is, serves every browser."""
    name = application.casefold()
    for web in webs:
        if web.called and web.called in name:
            return web
    return webs[0] if len(webs) == 1 and not webs[0].called else None


def _first(beside: Sequence[_Beside], start: int, end: int) -> tuple[int | None, int]:
    """What the first lane that shows anything shows, and until when nothing changes."""
    until = end
    for lane_ in beside:
        shown, stays = lane_.cursor.at(start, end)
        until = min(until, stays)
        if shown is not None:
            return shown, until
    return None, until


def called(bucket: Bucket) -> str:
    """The program a watcher watches: "firefox" of `aw-watcher-web-firefox`, "code" of `aw-watcher-vscode`."""
    client = (bucket.client or bucket.id).split("_", 1)[0].casefold()
    name = client.removeprefix("aw-watcher-").removeprefix("aw-client-").removeprefix("web").strip("-")
    if bucket.kind == WEB and not name:
        # `aw-client-web` is the client of all browsers; the bucket's name tells which.
        name = bucket.id.split("_", 1)[0].casefold().removeprefix("aw-watcher-web").strip("-")
    return _CALLED.get(name, name)
