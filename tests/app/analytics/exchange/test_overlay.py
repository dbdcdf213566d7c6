"""One machine's line of time: every ms of a window is shown once, or told as left out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.exchange.activitywatch import Bucket
from app.analytics.exchange.lanes import lane
from app.analytics.exchange.observed import AFK, EDITOR, IDLE, WEB, WINDOW, Content, Pool, Skipped
from app.analytics.exchange.overlay import NO_SIGN, Overlay, called

KINDS = {"firefox": "browser", "code": "editor", "xterm": "terminal"}
LENGTHS = st.tuples(st.integers(0, 200_000), st.integers(0, 60_000), st.integers(0, 3))
EVENTS = st.lists(LENGTHS, max_size=12)


def made(pool, kind, events, contents, client="x"):
    bucket = Bucket(id="b", client=client, kind=kind)
    for start, length, which in events:
        bucket.events.add(start, start + length, pool.put(contents[which % len(contents)]))
    return bucket


@given(EVENTS, EVENTS, EVENTS, EVENTS, st.booleans())
def test_nothing_twice_and_nothing_lost(windows, afk, web, editor, has_afk):
    pool, skipped = Pool(), Skipped()
    shown = [Content(name) for name in ("firefox", "code", "xterm", "slack")]
    buckets = [
        made(pool, WINDOW, windows, shown),
        *([made(pool, AFK, afk, [Content("afk"), Content("not-afk")])] if has_afk else []),
        made(
            pool,
            WEB,
            web,
            [Content(url="https://a.org", title="A"), Content(url="https://b.org", private=True)],
        ),
        made(pool, EDITOR, editor, [Content(project="p", path="/p/a")]),
    ]
    if not len(buckets[0].events):
        return
    line = list(Overlay(buckets, pool, skipped, lambda name: KINDS.get(name, "")).stretches())
    assert all(before.end <= after.start for before, after in pairwise(line))
    assert all(stretch.start < stretch.end for stretch in line)
    left = skipped.sums().get(NO_SIGN, (0, 0))[1]
    windows_ms = sum(s.end - s.start for s in lane(buckets[0].events.in_order()))
    assert sum(s.end - s.start for s in line) + left == windows_ms
    if not has_afk:
        assert left == 0
        assert all(stretch.what != IDLE for stretch in line)
    for stretch in line:
        if stretch.what != IDLE:
            content = pool[stretch.what]
            assert content.application != "slack" or (content.url, content.project) == (None, None)
            assert content.application != "firefox" or content.project is None


@pytest.mark.parametrize(
    ("kind", "client", "name", "program"),
    [
        (WEB, "aw-client-web", "aw-watcher-web-firefox", "firefox"),
        (WEB, "aw-client-web", "aw-watcher-web-chrome_desk", "chrom"),
        (WEB, "aw-watcher-web", "aw-watcher-web", ""),
        (EDITOR, "aw-watcher-vscode", "aw-watcher-vscode_desk", "code"),
        (EDITOR, "aw-watcher-vim", "aw-watcher-vim_desk", "vim"),
    ],
)
def test_what_a_watcher_watches(kind, client, name, program):
    assert called(Bucket(id=name, client=client, kind=kind)) == program
