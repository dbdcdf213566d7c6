"""Random changes, undone and done again in random order, while another process writes: nothing is off."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.changes.editing import Editing
from app.errors import ChangedSince, UsageError
from app.models.by_hand import Missed
from app.models.cipher import Cipher
from app.models.corrections import Keep
from app.models.goals import Aim, Goal, Period, Subject
from app.models.journal import Journal
from app.models.store import Store
from app.models.values import Activity, Span, State
from app.paths import Paths
from tests.app.changes.conftest import MINUTE, T, content, fill
from tests.app.models.rolled import expected, stored

THINGS = st.one_of(st.none(), st.integers(1, 4))
KEPT = st.one_of(THINGS, st.just(Keep.KEEP))
AT = st.integers(0, 40)


class History(RuleBasedStateMachine):
    template: Path
    concurrent = False

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp())
        paths = Paths.discover({"DEVPULSE_HOME": str(self.folder)}).create()
        shutil.copyfile(self.template, paths.database)
        store = Store.open(paths.database, Cipher(bytes(32)))
        fill(store)
        self.editing = Editing(store, paths, lambda _: None, lambda: T + 100_000 * MINUTE)
        self.db = store.connection
        self.agent = Journal.open(paths.database, Cipher(bytes(32)))
        self.open = None
        journal = Journal(store)
        for n in range(8):
            idle = n == 3
            what = None if idle else Activity(f"app{n % 3}", title=f"t{n}", project_id=n % 3 or None)
            start = T + n * 5 * MINUTE
            journal.append(
                Span(start, start + 5 * MINUTE, 3600, State.IDLE if idle else State.ACTIVE, what, bool(n % 2))
            )
        self.before = content(self.db)
        self.undos = []

    def teardown(self):
        if hasattr(self, "editing"):
            self.agent.close()
            self.editing.close()
            shutil.rmtree(self.folder)

    def attempt(self, change, *arguments, **named):
        try:
            made = change(*arguments, **named)
        except UsageError:
            return
        self.undos.append(made[1] if isinstance(made, tuple) else made)

    def ids(self, data, most=4):
        found = [row[0] for row in self.db.execute("SELECT id FROM activity_logs ORDER BY id")]
        if not found:
            return [1]
        first = data.draw(st.integers(0, len(found) - 1))
        return found[first : first + data.draw(st.integers(1, most))]

    @rule(data=st.data(), project=KEPT, category=KEPT)
    def reassign(self, data, project, category):
        self.attempt(self.editing.spans.reassign, self.ids(data), project_id=project, category_id=category)

    @rule(data=st.data(), part=st.integers(0, 299))
    def split(self, data, part):
        span_id = self.ids(data, 1)[0]
        self.attempt(self.editing.spans.split, span_id, (span_id >> 10) + part * 1000)

    @rule(data=st.data())
    def merge(self, data):
        self.attempt(self.editing.spans.merge, self.ids(data))

    @rule(data=st.data(), note=st.sampled_from([None, "a", "b"]))
    def annotate(self, data, note):
        self.attempt(self.editing.spans.annotate, self.ids(data), note)

    @rule(data=st.data())
    def delete(self, data):
        self.attempt(self.editing.spans.delete, self.ids(data))

    @rule(data=st.data(), start=st.integers(-5, 5), end=st.integers(-5, 10))
    def set_bounds(self, data, start, end):
        span_id = self.ids(data, 1)[0]
        at = span_id >> 10
        self.attempt(self.editing.spans.set_bounds, span_id, at + start * MINUTE, at + end * MINUTE)

    @rule(at=AT, minutes=st.integers(1, 30), fill_gaps=st.booleans(), project=THINGS)
    def add(self, at, minutes, fill_gaps, project):
        start = T + at * MINUTE
        missed = Missed(start, start + minutes * MINUTE, 3600, project_id=project, note="was there")
        self.attempt(self.editing.spans.add, missed, fill_gaps=fill_gaps)

    @rule(name=st.sampled_from(["x", "y", "api"]))
    def create_project(self, name):
        self.attempt(self.editing.projects.create, name, root=f"/work/{name}")

    @rule(project=st.integers(1, 4), name=st.sampled_from(["z", "w"]))
    def rename_project(self, project, name):
        self.attempt(self.editing.projects.rename, project, name)

    @rule(project=st.integers(1, 4), archived=st.booleans())
    def archive(self, project, archived):
        self.attempt(self.editing.projects.archive, project, archived=archived)

    @rule(source=st.integers(1, 4), into=st.integers(1, 4))
    def merge_projects(self, source, into):
        self.attempt(self.editing.projects.merge, source, into)

    @rule(name=st.sampled_from(["k", "l"]), parent=THINGS)
    def create_category(self, name, parent):
        self.attempt(self.editing.categories.create, name, parent_id=parent)

    @rule(category=st.integers(1, 4), move_to=THINGS)
    def delete_category(self, category, move_to):
        self.attempt(self.editing.categories.delete, category, move_to=move_to)

    @rule(category=st.integers(1, 4), position=st.integers(0, 3))
    def move_category(self, category, position):
        self.attempt(self.editing.categories.move, category, position)

    @rule(category=st.integers(1, 4), place=st.integers(0, 3))
    def add_rule(self, category, place):
        when = [{"field": "application", "is": "equals", "value": f"app{place}"}]
        self.attempt(self.editing.rules.add, category, when, position=place)

    @rule()
    def apply_rules(self):
        self.attempt(self.editing.rules.apply)

    @rule(rule_id=st.integers(1, 3))
    def delete_rule(self, rule_id):
        self.attempt(self.editing.rules.delete, rule_id)

    @rule(subject=THINGS, kind=st.sampled_from([Subject.PROJECT, Subject.CATEGORY]))
    def add_goal(self, subject, kind):
        self.attempt(self.editing.goals.add, Goal(Aim.AT_LEAST, kind, Period.DAY, 1000, subject))

    @rule(goal_id=st.integers(1, 3))
    def delete_goal(self, goal_id):
        self.attempt(self.editing.goals.delete, goal_id)

    @rule(data=st.data())
    def undo_any(self, data):
        if not self.undos:
            return
        chosen = data.draw(st.sampled_from(self.undos))
        before = content(self.db)
        try:
            again = self.editing.undo(chosen)
        except ChangedSince:
            assert content(self.db) == before
            return
        self.undos[self.undos.index(chosen)] = None
        self.undos.append(again)
        self.undos = [undo for undo in self.undos if undo is not None]

    @rule()
    def undo_and_redo(self):
        if self.editing.latest is None:
            return
        before = content(self.db)
        latest = self.editing.latest
        try:
            again = self.editing.undo()
        except ChangedSince:
            assert content(self.db) == before
            return
        assert content(self.db) != before or not latest.touched
        once_more = self.editing.redo()
        assert content(self.db) == before
        self.undos = [once_more if undo is latest else undo for undo in self.undos]
        assert again.undone

    @rule(minutes=st.integers(1, 6), project=st.one_of(st.none(), st.integers(1, 2)))
    def agent_records(self, minutes, project):
        if not self.concurrent:
            return
        start = T + 200 * MINUTE if self.open is None else self.open[1]
        what = Activity("agent", title="now", project_id=project)
        self.open = [
            self.agent.append(Span(start, start + minutes * MINUTE, 3600, State.ACTIVE, what, True)),
            start + minutes * MINUTE,
        ]

    @rule(minutes=st.integers(1, 6))
    def agent_goes_on(self, minutes):
        if not self.concurrent or self.open is None:
            return
        span_id, end = self.open
        if self.agent.set_end(span_id, end + minutes * MINUTE, end):
            self.open[1] = end + minutes * MINUTE

    @invariant()
    def the_rollups_equal_the_raw_sums(self):
        if hasattr(self, "db"):
            assert stored(self.db) == expected(self.db)
            assert self.db.execute("PRAGMA foreign_key_check").fetchall() == []


class Alone(History):
    """Without the agent everything undone leaves the database as it was."""

    def teardown(self):
        if hasattr(self, "editing"):
            for undo in reversed([undo for undo in self.undos if not undo.undone]):
                self.editing.undo(undo)
            assert content(self.db) == self.before
        super().teardown()


class WithAgent(History):
    """The agent appends and extends in between; what it recorded is all there in the end, and counted."""

    concurrent = True


@pytest.fixture
def template(empty):
    History.template = empty.database


QUICK = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
THOROUGH = settings(QUICK, max_examples=100, stateful_step_count=40)


def check(machine, how):
    case = machine.TestCase("runTest")
    case.settings = how
    case.runTest()


@pytest.mark.parametrize("machine", [Alone, WithAgent])
def test_any_changes_can_be_undone_in_any_order(template, machine):
    check(machine, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Alone, WithAgent])
def test_many_more(template, machine):
    check(machine, THOROUGH)


def test_the_machine_can_fail(template, monkeypatch):
    """A rollup that is not counted off is noticed."""
    from app.models import changelog

    count = changelog.count_many
    monkeypatch.setattr(
        changelog, "count_many", lambda db, ids, sign: count(db, ids, sign) if sign > 0 else None
    )
    # The end of a machine that failed may fail for its own reason.
    with pytest.raises((AssertionError, ChangedSince)):
        check(Alone, QUICK)
