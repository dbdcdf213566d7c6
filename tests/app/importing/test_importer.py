"""Any file at all: taken in whole, refused with a reason, or ended; nothing in between."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import DevPulseError, ImportRefused
from app.importing.outcome import ImportCancelled
from tests.app.importing.exports import afk, dump, editor, export, heartbeat, web, windows

GOOD = export(
    windows([(n * 60, 60, "Code" if n % 2 else "firefox", f"t{n}") for n in range(20)]),
    afk([(0, 600, "not-afk"), (600, 300, "afk"), (900, 300, "not-afk")]),
    web([(0, 60, "https://a.org", "A", False)]),
    editor([(60, 60, "/w/shop", "/w/shop/a.py", "python", "main")]),
)
WAKA = dump({"date": "2026-03-02", "heartbeats": [heartbeat(n * 60, f"/w/{n}.py") for n in range(9)]})

SLOW_FIXTURE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


def empty(desk):
    return [
        desk.rows(f"SELECT count(*) FROM {table}")[0][0]
        for table in ("activity_logs", "imports", "projects", "texts")
    ]


@pytest.mark.parametrize(
    "content",
    [
     b"", b"\x00", b"{}", b"[]", b"null", b"5", b'"x"', b'{"buckets": []}', b'{"buckets": {"a": 1}}',
     b'{"days": {}}', b"[1]", b"[{}]", b'[{"timestamp": "2026-03-02T09:00:00Z"}]', b"\xff\xfe{}",
     b"PK\x03\x04zip", gzip.compress(GOOD), GOOD[:-1], GOOD + b"x", b"[" * 100_000, b'{"a":' * 100_000,
     b"<html></html>",
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused(desk, content):
    with pytest.raises(ImportRefused) as caught:
        desk.take(content)
    assert caught.value.title.endswith(".")
    assert "Nothing was imported" in caught.value.detail
    assert empty(desk) == [0, 0, 0, 0]


def test_an_export_of_empty_buckets_brings_nothing(desk):
    outcome = desk.take(b'{"buckets": {}}')
    assert (outcome.spans, outcome.import_id) == (0, None)


@SLOW_FIXTURE
@given(st.integers(0, len(GOOD) - 2))
def test_cut_short_anywhere(desk, at):
    with pytest.raises(ImportRefused):
        desk.take(GOOD[:at])
    assert empty(desk) == [0, 0, 0, 0]


@SLOW_FIXTURE
@given(
    st.sampled_from([GOOD, WAKA]),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=3)), max_size=4),
)
def test_bytes_changed_anywhere(desk, content, changes):
    changed = bytearray(content)
    for at, new in changes:
        place = at % len(changed)
        changed[place : place + len(new)] = new
    try:
        desk.take(bytes(changed), dry_run=True)
    except DevPulseError as refused:
        assert isinstance(refused, ImportRefused)
    assert empty(desk) == [0, 0, 0, 0]


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just([]) | st.just({})
)


@SLOW_FIXTURE
@given(st.data())
def test_values_of_wrong_types_anywhere(desk, data):
    content = json.loads(data.draw(st.sampled_from([GOOD, WAKA])))
    at = content
    while isinstance(at, dict | list) and at:
        keys = list(at) if isinstance(at, dict) else range(len(at))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(at[key], dict | list) or data.draw(st.integers(0, 9)) == 0:
            at[key] = data.draw(VALUES)
            break
        at = at[key]
    try:
        desk.take(json.dumps(content).encode(), dry_run=True)
    except DevPulseError as refused:
        assert isinstance(refused, ImportRefused)
    assert empty(desk) == [0, 0, 0, 0]


@pytest.mark.parametrize("step", ["reading", "sorting", "storing"])
@pytest.mark.parametrize("stop", [ImportCancelled("Ended."), KeyboardInterrupt()])
def test_ended_at_any_step_and_nothing_is_kept(desk, step, stop):
    def tick(progress):
        if progress.step == step:
            raise stop

    with pytest.raises(type(stop)):
        desk.take(GOOD, tick=tick)
    assert empty(desk) == [0, 0, 0, 0]
    assert desk.take(GOOD).spans


def test_progress_goes_forward(desk):
    desk.take(GOOD)
    assert [p.step for p in desk.steps] == sorted(
        (p.step for p in desk.steps), key=["reading", "sorting", "storing"].index
    )
    assert all(0 <= p.done <= p.total for p in desk.steps)


def test_a_dry_run_tells_what_then_comes(desk):
    dry = desk.take(GOOD, dry_run=True)
    real = desk.take(GOOD)
    assert (dry.spans, dry.days, dry.active_seconds, dry.idle_seconds, dry.projects, dry.left) == (
        real.spans, real.days, real.active_seconds, real.idle_seconds, real.projects, real.left,
    )  # fmt: skip
    desk.sums_hold()


def test_titles_of_half_characters(desk):
    content = export(windows([(0, 60, "Co\ud800de", "half \ud83d of one")]))
    assert desk.take(content).spans == 1
