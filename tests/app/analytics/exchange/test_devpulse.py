"""Export and import: lossless, repeatable, all or nothing."""

from __future__ import annotations

import io
import json
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.analytics.exchange.export import Export
from app.analytics.exchange.intake import Intake
from app.analytics.exchange.intake_file import is_export
from app.analytics.exchange.records import FOOTER, HEADER
from app.analytics.exchange.span_table import csv_lines
from app.config import Settings
from app.errors import ImportRefused, KeyUnavailable
from app.models.cipher import Cipher
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.goals import Aim, Goal, Goals, Period, Subject
from app.models.journal import Journal
from app.models.migrate import migrate
from app.models.projects import Projects
from app.models.rules import Rules
from app.models.values import Activity, Place, Recorded, Span, State
from app.paths import Paths

NOW = 1_772_000_000_000


class Machine:
    """A home that can be exported from and imported into."""

    def __init__(self, folder, empty, key=1):
        self.paths = Paths.discover({"DEVPULSE_HOME": str(folder)}).create()
        self.paths.database.write_bytes(empty.database.read_bytes())
        self.cipher = Cipher(bytes([key]) * 32)
        self.journal = Journal.open(self.paths.database, self.cipher)
        self.db = self.journal.store.connection
        self.db.execute("UPDATE devices SET uuid = ?", (f"device-of-{folder.name}",))
        self.settings = Settings()

    def export(self):
        return "".join(Export(self.db, self.cipher, self.settings.given).lines()).encode()

    def take(self, content, **options):
        taken = Intake(self.journal.store, self.settings).take(io.BytesIO(content), **options)
        if not options.get("dry_run"):
            self.settings = taken.settings
        return taken

    def dump(self):
        return [
            self.db.execute(f"SELECT * FROM {table}").fetchall()
            for (table,) in self.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        ]

    def category(self, name, uuid, parent=None, position=0):
        self.db.execute(
            "INSERT INTO categories (uuid, name, parent_id, color, productivity, position) "
            "VALUES (?, ?, (SELECT id FROM categories WHERE uuid = ?), '#112233', 1, ?)",
            (uuid, name, parent, position),
        )

    def rule(self, uuid, category, position, origin="person", enabled=1):
        self.db.execute(
            "INSERT INTO rules (uuid, position, category_id, conditions, enabled, origin) "
            "VALUES (?, ?, (SELECT id FROM categories WHERE uuid = ?), ?, ?, ?)",
            (
                uuid,
                position,
                category,
                '[{"field": "title", "is": "contains", "value": "é"}]',
                enabled,
                origin,
            ),
        )

    def brought(self, uuid, name, finished):
        self.db.execute("BEGIN")
        name_id = self.journal.store.interning.text(name)
        self.db.execute(
            "INSERT INTO imports (uuid, source, started_ms, finished_ms, digest, spans, name_text_id) "
            "VALUES (?, 'wakatime', ?, ?, ?, 3, ?)",
            (uuid, NOW, finished, b"\x00\xff", name_id),
        )
        self.db.execute("COMMIT")

    def rollups_are_right(self):
        """Both rollups equal what the raw spans come to."""
        daily, hourly = {}, {}
        rows = self.db.execute(
            "SELECT device_id, start_ms, end_ms, utc_offset_s, state, switched, ifnull(project_id, 0), "
            "ifnull(category_id, 0), ifnull(application_id, 0) FROM activity_logs"
        ).fetchall()
        for device, start, end, offset, idle, switched, project, category, application in rows:
            at, until = start + offset * 1000, end + offset * 1000
            counted = bool(switched)
            while at < until or counted:
                hour = at // 3_600_000
                stop = max(at, min(until, (hour + 1) * 3_600_000))
                for sums, key in (
                    (daily, (hour // 24, device, project, category, application)),
                    (hourly, (hour, device, category)),
                ):
                    row = sums.setdefault(key, [0, 0, 0])
                    row[1 if idle else 0] += stop - at
                    row[2] += counted
                counted, at = False, stop
        for table, sums in (("rollup_daily", daily), ("rollup_hourly", hourly)):
            found = {tuple(r[:-3]): list(r[-3:]) for r in self.db.execute(f"SELECT * FROM {table}")}
            assert {k: v for k, v in found.items() if any(v)} == {k: v for k, v in sums.items() if any(v)}


@pytest.fixture
def machine(tmp_path, empty_home):
    made = []

    def make(name, key=1):
        made.append(Machine(tmp_path / name, empty_home, key))
        return made[-1]

    yield make
    for one in made:
        one.journal.close()


def span(start=0, seconds=60, **activity):
    what = Activity(activity.pop("application", "Code"), **activity)
    return Span(NOW + start * 1000, NOW + (start + seconds) * 1000, 3600, State.ACTIVE, what, switched=True)


def idle(start, seconds):
    return Span(NOW + start * 1000, NOW + (start + seconds) * 1000, 3600, State.IDLE, None)


@pytest.fixture
def full(machine):
    """A machine with one of everything."""
    one = machine("a")
    one.category("Work", "c1", position=2)
    one.category("Coding", "c2", "c1", position=1)
    one.rule("r1", "c2", 0)
    one.rule("r2", "c1", 7, origin="default", enabled=0)
    projects = Projects(one.journal.store, lambda: NOW)
    first = projects.find_or_create(
        Place("site", "/home/ann/site", "main", "git.example.org/ann/site", "Python"), root_commit="ab" * 20
    )
    projects.add_root(first, "/srv/site")
    second = projects.add("old site", root="/home/ann/old")
    projects.merge(second, first)
    projects.archive(projects.add("gone"))
    goals = Goals(one.journal.store, lambda: NOW)
    goals.add(Goal(Aim.AT_LEAST, Subject.PROJECT, Period.WEEK, 36_000_000, first, weekdays=0b11111))
    goals.add(Goal(Aim.AT_MOST, Subject.CATEGORY, Period.DAY, 0, 2, enabled=False))
    goals.add(Goal(Aim.AT_LEAST, Subject.TOTAL, Period.DAY, 1000))
    one.brought("i1", "export.json", NOW)
    one.brought("i2", None, None)
    one.journal.insert([
        span(0, title="a — “é” 日本", url="example.org", path="/x", project_id=first, branch="main",
             language="Python", category_id=2),
        idle(60, 200),
        Recorded(span(300, 10, application="xterm"), 1, assigned=True, note="my words"),
        span(300, 10, application="xterm"),
        span(300, 0),
        span(300, 0),
        span(400, 5, title="half \ud800 pair"),
        Recorded(span(500, 5, title=""), import_id=1),
    ])  # fmt: skip
    sessions = FocusSessions(one.journal.store)
    sessions.save(StoredSession("completed", NOW, 3600, NOW + 1000, 900, 1500, NOW + 1000, first, 2, "well"))
    sessions.save(StoredSession("stopped", NOW, 3600, NOW + 1000, 1))
    one.settings = one.settings.with_value("tracking.idle_after_s", 60).with_value(
        "privacy.title_rules", [{"pattern": "x", "action": "drop"}]
    )
    return one


def test_the_file_is_json_with_a_record_a_line(full):
    content = full.export()
    parsed = json.loads(content)
    assert (parsed["format"], parsed["version"]) == ("devpulse-export", 1)
    lines = content.decode().splitlines()
    assert lines[0] == HEADER
    assert lines[-1] == FOOTER
    assert [json.loads(line.rstrip(",")) for line in lines[1:-1]] == parsed["records"]
    first = next(r for r in parsed["records"] if r["kind"] == "span")
    assert first["title"] == "a — “é” 日本"
    assert first["project"] in {r["uuid"] for r in parsed["records"] if r["kind"] == "project"}
    assert is_export(io.BytesIO(content))


def test_export_import_export_gives_the_same_bytes(full, machine):
    before = full.export()
    other = machine("b", key=2)
    taken = other.take(before)
    assert (taken.spans.new, taken.focus_sessions, taken.settings_taken) == (8, 2, 2)
    assert other.export() == before
    other.rollups_are_right()


def test_an_empty_home_has_an_export_too(machine):
    a, b = machine("a"), machine("b")
    content = a.export()
    assert json.loads(content)["records"] == []
    b.take(content)
    assert b.export() == content


def test_defaults_of_the_other_home_give_way_in_a_fresh_one(full, machine):
    other = machine("b")
    other.category("Default", "d1")
    other.rule("dr", "d1", 0, origin="default")
    other.take(full.export())
    assert other.export() == full.export()


def test_with_the_categories_and_rules_that_devpulse_brings(tmp_path):
    machines = []
    for name in ("a", "b"):
        paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path / name / "first")})
        migrate(paths)
        machines.append(Machine(tmp_path / name / "home", paths))
    a, b = machines
    assert a.db.execute("SELECT count(*) FROM rules").fetchone()[0] > 50
    a.db.execute("UPDATE devices SET uuid = 'device-of-a'")
    a.journal.append(span(title="x", category_id=1))
    Rules(a.journal.store).add(3, [{"field": "title", "is": "contains", "value": "x"}])
    b.take(a.export())
    assert b.export() == a.export()
    before = b.dump()
    b.take(a.export())
    assert b.dump() == before
    a.journal.close()
    b.journal.close()


def test_importing_twice_is_importing_once(full, machine):
    other = machine("b")
    other.journal.append(span(-1000))
    other.take(full.export())
    once = other.dump()
    taken = other.take(full.export())
    assert (taken.spans.new, taken.spans.corrected, taken.projects, taken.rules, taken.categories) == (0,) * 5
    assert taken.spans.known == 8
    assert taken.focus_sessions == 0
    assert other.dump() == once
    other.rollups_are_right()


def test_into_the_home_it_came_from_nothing_changes(full):
    before = full.dump()
    taken = full.take(full.export())
    assert (taken.spans.new, taken.spans.known) == (0, 8)
    assert full.dump() == before


def test_other_machines_stay_other_machines(full, machine):
    other = machine("b")
    other.journal.append(span(0))
    other.take(full.export())
    devices = dict(other.db.execute("SELECT uuid, id FROM devices").fetchall())
    assert devices["device-of-b"] == 1
    assert devices["device-of-a"] != 1
    assert other.db.execute("SELECT count(*) FROM activity_logs WHERE device_id = 1").fetchone() == (1,)


def test_a_dry_run_tells_and_changes_nothing(full, machine):
    other = machine("b")
    before = other.dump()
    taken = other.take(full.export(), dry_run=True)
    assert (taken.spans.new, taken.projects) == (8, 3)
    assert other.dump() == before
    assert other.settings == Settings()


def test_a_longer_span_and_a_choice_by_hand_are_taken_over(full, machine):
    other = machine("b")
    other.take(full.export())
    one = full.db.execute("SELECT id FROM activity_logs ORDER BY id DESC LIMIT 1").fetchone()[0]
    full.journal.set_end(one, NOW + 600_000)
    full.journal.reassign([one], project_id=1, by_hand=True)
    taken = other.take(full.export())
    assert (taken.spans.new, taken.spans.corrected) == (0, 1)
    assert other.export() == full.export()
    other.rollups_are_right()


def test_a_note_is_taken_over_where_there_is_none(full, machine):
    other = machine("b")
    other.take(full.export())
    other.db.execute("UPDATE activity_logs SET note_id = NULL")
    assert other.take(full.export()).spans.corrected == 1
    assert other.export() == full.export()


def test_what_is_remembered_is_bounded(full, machine, monkeypatch):
    monkeypatch.setattr("app.analytics.exchange.export._REMEMBERED", 1)
    monkeypatch.setattr("app.analytics.exchange.intake_spans._REMEMBERED", 1)
    monkeypatch.setattr("app.analytics.exchange.intake_spans.BATCH", 1)
    other = machine("b")
    other.take(full.export())
    assert other.take(full.export()).spans.known == 8
    assert other.export() == full.export()


def test_a_correction_here_is_not_undone(full, machine):
    other = machine("b")
    other.take(full.export())
    ids = [row[0] for row in other.db.execute("SELECT id FROM activity_logs ORDER BY id")]
    other.journal.reassign(ids[:1], project_id=None, category_id=None, by_hand=True)
    other.journal.split(ids[0], NOW + 20_000)
    before = other.dump()
    taken = other.take(full.export())
    assert (taken.spans.new, taken.spans.corrected) == (0, 0)
    assert other.dump() == before


def test_pieces_of_a_span_that_is_whole_here_are_not_counted_again(full, machine):
    other = machine("b")
    other.take(full.export())
    first = full.db.execute("SELECT min(id) FROM activity_logs").fetchone()[0]
    full.journal.split(first, NOW + 20_000)
    taken = other.take(full.export())
    assert (taken.spans.new, taken.spans.overlapping) == (0, 1)
    other.rollups_are_right()


def test_the_same_repository_is_the_same_project(full, machine):
    other = machine("b")
    here = Projects(other.journal.store).find_or_create(Place("my site", "/elsewhere"), root_commit="ab" * 20)
    other.take(full.export())
    spans = other.db.execute("SELECT DISTINCT project_id FROM activity_logs WHERE project_id NOTNULL")
    assert spans.fetchall() == [(here,)]
    assert Projects(other.journal.store).get(here).name == "my site"


def test_what_is_set_here_stays_and_privacy_is_not_loosened(full, machine):
    other = machine("b")
    other.journal.append(span(0))
    other.settings = other.settings.with_value("tracking.idle_after_s", 300)
    taken = other.take(full.export())
    assert taken.settings_taken == 0
    assert other.settings.given == {"tracking.idle_after_s": 300}


def test_own_rules_go_before_the_defaults_here(full, machine):
    other = machine("b")
    other.category("Default", "d1")
    other.rule("mine", "d1", 0)
    other.rule("default", "d1", 1, origin="default")
    other.take(full.export())
    order = [row[0] for row in other.db.execute("SELECT uuid FROM rules ORDER BY position")]
    assert order == ["mine", "r1", "r2", "default"]


def test_without_the_key_an_export_refuses_instead_of_losing_titles(full):
    with pytest.raises(KeyUnavailable):
        list(Export(full.db, None, {}).lines())


def lines_of(machine):
    return machine.export().decode().splitlines()


GOOD = {
    "kind": "span",
    "device": "d",
    "start": 0,
    "end": 5,
    "offset": 0,
    "state": "active",
    "application": "x",
}
DEVICE = {"kind": "device", "uuid": "d", "name": "d"}
PROJECT = {"kind": "project", "uuid": "p", "name": "p", "color": "#000000", "created": 0}
CATEGORY = {"kind": "category", "uuid": "c", "name": "c", "color": "#000000", "position": 0}
GOAL = {
    "kind": "goal", "uuid": "g", "aim": "at_least", "subject": "total", "period": "day", "target": 1,
    "weekdays": 127, "created": 0,
}  # fmt: skip
BROUGHT = {"kind": "import", "uuid": "i", "source": "wakatime", "started": 0, "digest": "00"}
FOCUS = {"kind": "focus", "uuid": "f", "device": "d", "state": "stopped", "started": 0, "offset": 0,
         "focused": 0, "updated": 0}  # fmt: skip


RULE = {"kind": "rule", "uuid": "r", "position": 0, "category": "x", "conditions": [], "origin": "person"}


def file_of(*records):
    lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
    return (HEADER + "\n" + ",\n".join(lines) + "\n" + FOOTER + "\n").encode()


@pytest.mark.parametrize(
    ("records", "line"),
    [
        (["{"], 2),
        (["[]"], 2),
        (["[" * 100_000], 2),
        ([DEVICE, {"kind": "spam"}], 3),
        ([{**DEVICE, "extra": 1}], 2),
        ([{"kind": "device", "uuid": "d"}], 2),
        ([DEVICE, DEVICE], 3),
        ([GOOD], 2),
        ([DEVICE, {**GOOD, "project": "none"}], 3),
        ([DEVICE, {**GOOD, "category": "none"}], 3),
        ([DEVICE, {**GOOD, "end": -1}], 3),
        ([DEVICE, {**GOOD, "start": 10}], 3),
        ([DEVICE, {**GOOD, "end": 86_400_001}], 3),
        ([DEVICE, {**GOOD, "start": True}], 3),
        ([DEVICE, {**GOOD, "start": 1.5}], 3),
        ([DEVICE, {**GOOD, "start": 10**30, "end": 10**30}], 3),
        ([DEVICE, {**GOOD, "offset": 90_000}], 3),
        ([DEVICE, {**GOOD, "state": "asleep"}], 3),
        ([DEVICE, {**GOOD, "switched": "yes"}], 3),
        ([DEVICE, {**GOOD, "application": "x\ud800"}], 3),
        ([DEVICE, {**GOOD, "application": None}], 3),
        ([DEVICE, {k: v for k, v in GOOD.items() if k != "application"}], 3),
        ([DEVICE, {**GOOD, "state": "idle"}], 3),
        ([DEVICE, {**GOOD, "title": "x" * 100_001}], 3),
        ([DEVICE, {**GOOD, "start": 3}, {**GOOD, "start": 2}], 4),
        ([DEVICE, GOOD, DEVICE], 4),
        ([DEVICE, '{"kind":"span","start":NaN}'], 3),
        ([CATEGORY | {"parent": "c"}], 2),
        ([CATEGORY | {"parent": "x"}], 2),
        ([CATEGORY | {"parent": "e"}, CATEGORY | {"uuid": "e", "name": "e", "parent": "c"}], 2),
        ([CATEGORY | {"color": "red"}], 2),
        ([CATEGORY | {"productivity": 2}], 2),
        ([PROJECT | {"merged_into": "p"}], 2),
        ([PROJECT | {"merged_into": "x"}], 2),
        ([PROJECT | {"merged_into": "q"}, PROJECT | {"uuid": "q", "merged_into": "p"}], 3),
        (
            [
                PROJECT | {"merged_into": "q"},
                PROJECT | {"uuid": "q", "merged_into": "r"},
                PROJECT | {"uuid": "r"},
            ],
            4,
        ),
        ([PROJECT | {"roots": "x"}], 2),
        ([RULE], 2),
        ([{"kind": "settings", "values": {"tracking.idle_after_s": -1}}], 2),
        ([{"kind": "settings", "values": []}], 2),
        ([DEVICE, FOCUS | {"state": "lost"}], 3),
        ([DEVICE, FOCUS, FOCUS], 4),
        ([FOCUS], 2),
        ([GOAL | {"aim": "exactly"}], 2),
        ([GOAL | {"weekdays": 128}], 2),
        ([GOAL | {"subject": "project"}], 2),
        ([GOAL | {"project": "p"}], 2),
        ([GOAL | {"subject": "category", "category": "x"}], 2),
        ([GOAL, GOAL], 3),
        ([BROUGHT | {"digest": "xyz"}], 2),
        ([BROUGHT, BROUGHT], 3),
        ([DEVICE, GOOD | {"import": "i"}], 3),
    ],
)  # fmt: skip
def test_malformed_is_refused_with_its_line_and_nothing_is_taken_in(machine, records, line):
    one = machine("a")
    before = one.dump()
    with pytest.raises(ImportRefused) as refusal:
        one.take(file_of(*records))
    assert refusal.value.title.startswith(f"Line {line} ")
    assert one.dump() == before
    assert not one.db.in_transaction


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "not an export"),
        (b"\x00" * 5000, "not an export"),
        (b"PK\x03\x04", "not an export"),
        (b'{"format":"devpulse-export","version":2,"records":[\n]}\n', "newer DevPulse"),
        (HEADER.encode(), "Line 2"),
        (HEADER.encode() + b"\n", "Line 2"),
        (file_of(DEVICE, GOOD)[:-4], "Line 4"),
        (file_of(DEVICE, GOOD)[:-20], "Line 3"),
        (file_of(DEVICE) + b"more", "Line 4"),
        (file_of(DEVICE).replace(b'"d"', b'"\xff"', 1), "Line 2"),
        ((HEADER + "\n" + json.dumps(DEVICE) + "\n" + json.dumps(GOOD) + "\n" + FOOTER).encode(), "Line 2"),
        (HEADER.encode() + b"\n" + b"x" * 4_000_001, "Line 2"),
    ],
)
def test_files_that_are_not_whole(machine, content, part):
    one = machine("a")
    before = one.dump()
    with pytest.raises(ImportRefused) as refusal:
        one.take(content)
    assert part in refusal.value.title
    assert one.dump() == before


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_is_refused_in_words_or_harmless(full, machine, data):
    """Whatever bytes change, there is no traceback, and it is all or nothing."""
    content = bytearray(full.export())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[at] = data.draw(st.integers(0, 255))
        else:
            del content[at : at + data.draw(st.integers(1, 200))]
    before = full.dump()
    try:
        full.take(bytes(content), dry_run=True)
    except ImportRefused as error:
        assert error.advice
    assert full.dump() == before


texts = st.none() | st.text(max_size=20)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10)
recorded = st.lists(
    st.builds(
        lambda start, length, offset, what, switched, assigned, note, device: Recorded(
            Span(NOW + start, NOW + start + length, offset, State.ACTIVE if what else State.IDLE, what,
                 switched),
            device, assigned=assigned and what is not None, note=note,
        ),
        st.integers(-(10**6), 10**6), st.integers(0, 86_400_000), st.sampled_from([0, 3600, -34_200]),
        st.none() | st.builds(
            Activity, names, texts, texts, texts, st.sampled_from([None, 1, 2]), st.none() | names,
            st.none() | names, st.sampled_from([None, 1, 2]),
        ),
        st.booleans(), st.booleans(), texts, st.sampled_from([1, 2]),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=recorded, extra=recorded)
def test_any_history_survives_the_journey(tmp_path_factory, empty_home, items, extra):
    folder = tmp_path_factory.mktemp("journey")
    a, b = Machine(folder / "a", empty_home, 1), Machine(folder / "b", empty_home, 2)
    a.db.execute("INSERT INTO devices (id, uuid, name) VALUES (2, 'other', 'other')")
    for n in (1, 2):
        a.category(f"c{n}", f"c{n}", position=n)
        a.db.execute(
            "INSERT INTO projects (uuid, name, color, created_ms) VALUES (?, ?, '#000000', 5)",
            (f"p{n}", f"p{n}"),
        )
    a.journal.insert(items)
    content = a.export()
    b.take(content)
    assert b.export() == content
    assert b.take(content).spans.new == 0
    assert b.export() == content
    b.rollups_are_right()
    a.journal.insert(replace(item, device_id=1) for item in extra)
    b.take(a.export())
    once = b.export()
    b.take(a.export())
    assert b.export() == once
    b.rollups_are_right()
    a.journal.close()
    b.journal.close()


def test_more_spans_in_one_moment_than_can_be_told_apart_are_refused(machine):
    one = machine("a")
    with pytest.raises(ImportRefused, match="one moment"):
        one.take(file_of(DEVICE, *({**GOOD, "title": str(n)} for n in range(1100))))
    assert one.db.execute("SELECT count(*) FROM activity_logs").fetchone() == (0,)


def test_csv(full):
    import csv

    rows = list(csv.reader(io.StringIO("".join(csv_lines(full.db, full.cipher)), newline="")))
    assert rows[0][:4] == ["start", "end", "seconds", "state"]
    assert len(rows) == 9
    assert rows[1][0].endswith("+01:00")
    assert rows[1][4:9] == ["Code", "a — “é” 日本", "example.org", "/x", "site"]
    assert rows[2][3] == "idle"


def test_csv_cells_are_no_formulas(machine):
    one = machine("a")
    one.journal.append(span(title='=HYPERLINK("http://evil")'))
    assert "'=HYPERLINK" in list(csv_lines(one.db, one.cipher))[1]


def test_another_writer_waits_and_nothing_is_half_imported(full, machine):
    other = machine("b")
    writer = sqlite3.connect(other.paths.database, isolation_level=None, timeout=0)
    seen = []

    def progress(_):
        with pytest.raises(sqlite3.OperationalError):
            writer.execute("INSERT INTO branches (name) VALUES ('x')")
        seen.append(writer.execute("SELECT count(*) FROM activity_logs").fetchone()[0])

    full.journal.insert(span(1000 + 10 * n, 5) for n in range(2000))
    other.take(full.export(), progress=progress)
    assert seen
    assert set(seen) == {0}
    writer.close()


def test_an_export_left_in_the_middle_ends_in_silence_when_its_connection_is_closed(full):
    reader = sqlite3.connect(full.paths.database)
    lines = Export(reader, full.cipher, {}).lines()
    next(lines)
    reader.close()
    lines.close()
