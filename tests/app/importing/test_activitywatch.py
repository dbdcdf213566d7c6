"""ActivityWatch's exports: what comes of windows, afk, pages and files, in the shapes of both servers."""

from __future__ import annotations

import json

import pytest

from app.models.journal import Journal
from app.models.values import Activity, Span, State
from tests.app.importing.exports import T0, afk, bucket, editor, event, export, web, windows

BASIC = [(0, 60, "Code", "main.py - app - Visual Studio Code"), (60, 60, "firefox", "Docs — Mozilla Firefox")]


@pytest.mark.parametrize("style", ["python", "rust"])
def test_both_servers(desk, style):
    outcome = desk.take(export(windows(BASIC, style=style), afk([(0, 120, "not-afk")], style=style)))
    assert outcome.tracker == "ActivityWatch"
    assert [(f.name, f.host, f.events) for f in outcome.found] == [
        ("aw-watcher-window_desk", "desk", 2), ("aw-watcher-afk_desk", "desk", 1)
    ]  # fmt: skip
    assert desk.short() == [
        (0, 60, "VS Code", "main.py - app - Visual Studio Code"),
        (60, 60, "Firefox", "Docs — Mozilla Firefox"),
    ]
    assert (outcome.spans, outcome.days, outcome.active_seconds) == (2, 1, 120)
    assert desk.rows("SELECT count(*) FROM activity_logs WHERE category_id IS NOT NULL")[0][0] == 2
    desk.sums_hold()


def test_a_bucket_alone_and_bare_events(desk):
    one = windows(BASIC)
    assert desk.take(json.dumps(one).encode(), dry_run=True).spans == 2
    with_ids = json.dumps(windows(BASIC, style="rust")["events"]).encode()
    assert desk.take(with_ids, dry_run=True).spans == 2
    assert desk.take(json.dumps(one["events"]).encode()).spans == 2


def test_away_cuts_windows(desk):
    parts = [(0, 40, "not-afk"), (40, 30, "afk"), (70, 30, "not-afk")]
    outcome = desk.take(export(windows([(0, 120, "Code", "x")]), afk(parts)))
    assert desk.short() == [
        (0, 40, "VS Code", "x"), (40, 30, "idle", None), (70, 30, "VS Code", "x")
    ]  # fmt: skip
    assert [(x.reason, x.seconds) for x in outcome.left] == [
        ("windows without a sign of you at the machine", 20)
    ]
    desk.sums_hold()


def test_pages_belong_to_their_browser(desk):
    pages = [
        (0, 30, "https://example.org/a?token=secret", "Page A", False),
        (30, 30, "https://b.org/", "B", False),
    ]
    desk.settings = desk.settings.with_value("privacy.addresses", "full")
    desk.take(export(windows([(0, 60, "firefox", "old title"), (60, 60, "Code", "x")]), web(pages)))
    assert [span[:5] for span in desk.spans()] == [
        (0, 30, "Firefox", "Page A", "https://example.org/a?token=…"),
        (30, 30, "Firefox", "B", "https://b.org/"),
        (60, 60, "VS Code", "x", None),
    ]


def test_a_browser_that_marks_no_private_windows_is_named_only_where_its_watcher_vouches_for_it(desk):
    pages = [(0, 30, "https://a.org/", "Page A", False)]
    desk.take(export(windows([(0, 60, "Google-chrome", "Bank")]), web(pages, "chrome")))
    assert desk.short() == [(0, 30, "Google Chrome", "Page A"), (30, 30, "Google Chrome", None)]


def test_private_pages_leave_no_trace(desk):
    pages = [(0, 30, "https://secret.org/", "Secret", True)]
    outcome = desk.take(export(windows([(0, 60, "firefox", "Secret"), (60, 9, "Code", "x")]), web(pages)))
    assert [span[:3] for span in desk.spans()] == [(30, 30, "Firefox"), (60, 9, "VS Code")]
    assert [(x.reason, x.seconds) for x in outcome.left] == [("private browsing", 30)]
    desk.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"secret.org" not in desk.paths.database.read_bytes()


def test_files_give_project_branch_and_language(desk):
    files = [(10, 40, "/work/shop", "/work/shop/src/cart.ts", "typescript", "feature/cart")]
    desk.take(export(windows([(0, 60, "Code", "cart.ts")]), editor(files)))
    assert desk.spans() == [
        (0, 10, "VS Code", "cart.ts", None, None, None, None, None),
        (10, 40, "VS Code", "cart.ts", None, "/work/shop/src/cart.ts", "shop", "feature/cart", "TypeScript"),
        (50, 10, "VS Code", "cart.ts", None, None, None, None, None),
    ]
    assert desk.rows("SELECT count(*) FROM project_roots") == [(1,)]


def test_files_of_an_editor_in_a_terminal_and_not_of_a_browser(desk):
    files = [(0, 60, "shop", "/work/shop/a.py", "python", "unknown")]
    shown = [(0, 30, "Alacritty", "vim"), (30, 30, "firefox", "Docs")]
    desk.take(export(windows(shown), editor(files, client="aw-watcher-vim")))
    assert [(s[2], s[6], s[7]) for s in desk.spans()] == [
        ("Alacritty", "shop", None),
        ("Firefox", None, None),
    ]


def test_a_project_known_by_its_name_or_folder_is_that_project(desk):
    from app.models.projects import Projects

    known = Projects(desk.store).add("Shop", root="/work/shop")
    files = [
        (0, 30, "/work/shop/packages/api", "/x/a.py", "python", None),
        (30, 30, "SHOP", "/x/b.py", "python", None),
    ]
    outcome = desk.take(export(windows([(0, 60, "Code", "x")]), editor(files)))
    assert {row[0] for row in desk.rows("SELECT project_id FROM activity_logs")} == {known}
    assert [(p.name, p.new) for p in outcome.projects] == [("Shop", False)]


def test_overlapping_out_of_order_duplicate_and_without_length(desk):
    shown = [
        (60, 60, "Code", "b"),
        (0, 60, "Code", "a"),
        (0, 60, "Code", "a"),
        (30, 10, "Code", "c"),
        (121, 0, "Code", "d"),
        (122, 3, "Code", "e"),
    ]
    desk.take(export(windows(shown, style="rust")))
    assert desk.short() == [
        (0, 30, "VS Code", "a"), (30, 10, "VS Code", "c"), (40, 20, "VS Code", "a"), (60, 61, "VS Code", "b"),
        (121, 1, "VS Code", "d"), (122, 3, "VS Code", "e"),
    ]  # fmt: skip


def test_machines_are_kept_apart(desk):
    other = bucket(
        "aw-watcher-window_laptop",
        "currentwindow",
        "aw-watcher-window",
        [(0, 60, {"app": "Code", "title": "there"})],
        host="laptop",
    )
    outcome = desk.take(export(windows([(0, 60, "Code", "here")]), other))
    assert [(m.name, m.spans) for m in outcome.machines] == [(None, 1), ("laptop", 1)]
    assert desk.rows("SELECT id, name FROM devices WHERE id > 1")[0][1] == "laptop"
    assert desk.take(export(windows([(0, 60, "Code", "here")]), other)).spans == 0


def test_machines_taken_for_this_one(desk):
    shown = export(windows([(0, 60, "Code", "here")], host="old-name"))
    assert [m.name for m in desk.take(shown, here=None).machines] == [None]
    assert desk.rows("SELECT device_id FROM activity_logs") == [(1,)]


def test_only_pages_or_files(desk):
    desk.settings = desk.settings.with_value("privacy.addresses", "host")
    desk.take(
        export(
            web([(0, 30, "https://a.org/x", "A", False)]),
            editor([(30, 30, "shop", "/s/a.py", "python", "main")]),
        )
    )
    assert [(s[0], s[1], s[2], s[4], s[6]) for s in desk.spans()] == [
        (0, 30, "Firefox", "a.org", None), (30, 30, "VS Code", None, "shop")
    ]  # fmt: skip


def test_the_persons_rules_apply(desk):
    for key, value in (
        ("privacy.excluded_applications", ["slack"]),
        ("privacy.title_rules", [{"pattern": "(?i)salary", "action": "drop"}]),
    ):
        desk.settings = desk.settings.with_value(key, value)
    files = [(20, 10, "/w/salary", "/w/salary/a.py", "python", "main")]
    shown = [
        (0, 10, "Slack", "x"),
        (10, 10, "Code", "Salary.xls"),
        (20, 10, "Code", "a.py"),
        (30, 10, "Code", "fine"),
    ]
    outcome = desk.take(export(windows(shown), editor(files)))
    assert [(s[0], s[3], s[5], s[6]) for s in desk.spans()] == [
        (10, None, None, None), (30, "fine", None, None)
    ]  # fmt: skip
    assert [(x.reason, x.seconds) for x in outcome.left] == [("applications that you exclude", 10)]
    assert desk.rows("SELECT count(*) FROM projects") == [(0,)]


@pytest.mark.parametrize(
    ("detail", "expected"), [("projects", [None, "shop"]), ("applications", [None, None])]
)
def test_what_the_person_records_at_all(desk, detail, expected):
    desk.settings = desk.settings.with_value("privacy.detail", detail)
    files = [(0, 60, "/work/shop", "/work/shop/a.py", "python", "main")]
    desk.take(export(windows([(0, 60, "Code", "a.py")]), editor(files)))
    assert [[s[3], s[6]] for s in desk.spans()] == [expected]


def test_what_is_recorded_here_stays(desk):
    journal = Journal(desk.store)
    journal.append(Span(T0 + 20_000, T0 + 40_000, 0, State.ACTIVE, Activity("xterm")))
    dry = desk.take(export(windows([(0, 60, "Code", "x")])), dry_run=True)
    assert len(desk.spans()) == 1
    outcome = desk.take(export(windows([(0, 60, "Code", "x")])))
    assert [span[:3] for span in desk.spans()] == [(0, 20, "VS Code"), (20, 20, "xterm"), (40, 20, "VS Code")]
    for told in (dry, outcome):
        assert [(x.reason, x.count, x.seconds) for x in told.left] == [
            ("time that is recorded here already", 1, 20)
        ]
        assert (told.spans, told.active_seconds) == (2, 40)
    assert dry.import_id is None
    desk.sums_hold()


def test_twice_and_a_newer_export_of_the_same(desk):
    assert desk.take(export(windows(BASIC))).spans == 2
    again = desk.take(export(windows(BASIC)))
    assert (again.spans, again.import_id, again.earlier) == (0, None, desk.now_ms)
    assert desk.rows("SELECT count(*) FROM imports") == [(1,)]
    longer = [*BASIC[:1], (60, 90, *BASIC[1][2:]), (150, 30, "Code", "new")]
    newer = desk.take(export(windows(longer)))
    assert (newer.spans, newer.active_seconds) == (2, 60)
    assert [span[:2] for span in desk.spans()] == [(0, 60), (60, 60), (120, 30), (150, 30)]


def test_undo_takes_back_this_import_and_no_other(desk):
    Journal(desk.store).append(Span(T0 - 50_000, T0 - 40_000, 0, State.ACTIVE, Activity("xterm")))
    from app.models.imports import Imports

    desk.now_ms += 1
    first = desk.take(export(windows(BASIC), editor([(0, 60, "/w/shop", "/w/shop/a.py", "python", "main")])))
    desk.now_ms += 1
    second = desk.take(export(windows([(500, 60, "Code", "later")], host="laptop")))
    imports = Imports(desk.store)
    assert [i.id for i in imports.all()] == [second.import_id, first.import_id]
    assert imports.undo(first.import_id) == 2
    assert [span[0] for span in desk.spans()] == [-50, 500]
    assert desk.rows("SELECT count(*) FROM projects") == [(0,)]
    assert imports.undo(second.import_id) == 1
    assert desk.rows("SELECT count(*) FROM devices") == [(1,)]
    assert desk.rows("SELECT count(*) FROM texts") == [(0,)]
    desk.sums_hold()


def test_kinds_that_say_nothing_of_work(desk):
    stopwatch = bucket(
        "aw-stopwatch", "general.stopwatch", "aw-webui", [(0, 60, {"label": "tea", "running": False})]
    )
    outcome = desk.take(export(windows(BASIC), stopwatch))
    assert outcome.spans == 2
    assert [(x.reason, x.count) for x in outcome.left] == [
        ("events of kinds that DevPulse does not record", 1)
    ]


def test_a_long_event_and_one_in_the_future(desk):
    outcome = desk.take(export(windows([(0, 100_000, "Code", "x"), (90 * 86_400, 60, "Code", "y")])))
    assert [span[1] for span in desk.spans()] == [86_400, 13_600]
    assert [(x.reason, x.count) for x in outcome.left] == [("events in the future", 1)]


def test_an_event_that_ends_before_it_begins_is_told_as_left_out(desk):
    outcome = desk.take(export(windows([(0, 60, "Code", "x"), (90, -5, "Code", "y")])))
    assert [span[1] for span in desk.spans()] == [60]
    assert [(x.reason, x.count) for x in outcome.left] == [("events that end before they begin", 1)]


def test_switches_are_counted(desk):
    shown = [(0, 10, "Code", "a"), (10, 10, "Code", "b"), (20, 10, "firefox", "c"), (900, 10, "Code", "d")]
    desk.take(export(windows(shown)))
    assert desk.rows("SELECT switched FROM activity_logs ORDER BY id") == [(0,), (0,), (1,), (0,)]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"timestamp": "2026-13-01T00:00:00Z"}, "not a date"),
        ({"timestamp": 5}, "missing, or not a text"),
        ({"timestamp": "0001-01-01T00:00:00+00:00"}, "out of range"),
        ({"duration": "long"}, "not a number"),
        ({"duration": True}, "not a number"),
        ({"duration": 10**400}, "not a number"),
        ({"duration": 1e12}, "out of range"),
        ({"data": [1]}, "not an object"),
        ({"data": {"app": 5, "title": "x"}}, "not a text"),
    ],
)
def test_one_wrong_event_and_nothing_comes_in(desk, broken, reason):
    from app.errors import ImportRefused

    content = windows(BASIC)
    content["events"].append({**event(200, 5, {"app": "Code", "title": "PRIVATE"}), **broken})
    with pytest.raises(ImportRefused, match="Line 1 ") as caught:
        desk.take(export(content))
    assert reason in caught.value.title
    assert "PRIVATE" not in caught.value.told()
    assert desk.spans() == []
    assert desk.rows("SELECT count(*) FROM imports") == [(0,)]
