"""Random histories of every operation, in every kind of zone: the rollups equal the raw sum at any moment."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.models.cipher import Cipher
from app.models.corrections import Keep
from app.models.journal import Journal
from app.models.pulse import Pulse
from app.models.rebuild import agree
from app.models.spans_table import LONGEST_MS
from app.models.values import Activity, Recorded, Span, State
from tests.app.models.rolled import expected, stored

# Around the end of daylight saving time in Europe, 2024-10-27 01:00 UTC.
START = 1_729_990_800_000 - 86_400_000
OFFSETS = st.sampled_from([0, 3600, 7200, -14400, -18000, 50400, -43200, 19800, 20700, -12600, 45900])
STARTS = st.integers(START, START + 3 * 86_400_000)
LENGTHS = st.one_of(
    st.integers(0, 5_000), st.integers(0, 3 * 3_600_000), st.sampled_from([0, LONGEST_MS, 3_600_000])
)
THINGS = st.one_of(st.none(), st.integers(1, 3))


@st.composite
def spans(draw):
    start = draw(STARTS)
    idle = draw(st.booleans()) and draw(st.booleans())
    activity = None
    if not idle and draw(st.integers(0, 9)):
        activity = Activity(
            draw(st.sampled_from(["editor", "browser", "terminal"])),
            title=draw(st.sampled_from([None, "a", "b"])),
            project_id=draw(THINGS),
            category_id=draw(THINGS),
        )
    return Span(
        start,
        start + draw(LENGTHS),
        draw(OFFSETS),
        State.IDLE if idle else State.ACTIVE,
        activity,
        draw(st.booleans()),
    )


class History(RuleBasedStateMachine):
    template: Path

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp())
        database = self.folder / "devpulse.db"
        shutil.copyfile(self.template, database)
        self.journal = Journal.open(database, Cipher(bytes(32)))
        self.pulse = Pulse(self.folder / "pulse")
        self.connection = self.journal.store.connection
        for n in (1, 2, 3):
            self.connection.execute(
                "INSERT INTO projects (id, uuid, name, color, created_ms) VALUES (?, ?, '', '', 0)",
                (n, str(n)),
            )
            self.connection.execute(
                "INSERT INTO categories (id, uuid, name, color, position) VALUES (?, ?, '', '', 0)",
                (n, str(n)),
            )
        self.connection.execute("INSERT INTO devices (id, uuid, name) VALUES (2, 'other', 'other')")

    def ids(self):
        return [row[0] for row in self.connection.execute("SELECT id FROM activity_logs ORDER BY id")]

    def one(self, data):
        ids = self.ids()
        return data.draw(st.sampled_from(ids)) if ids else 1

    @rule(span=spans())
    def append(self, span):
        self.journal.append(span)

    @rule(data=st.data(), length=LENGTHS)
    def set_end(self, data, length):
        span_id = self.one(data)
        self.journal.set_end(span_id, (span_id >> 10) + length)

    @rule(data=st.data(), length=LENGTHS, span=spans())
    def switch(self, data, length, span):
        with self.journal.transaction():
            span_id = self.one(data)
            self.journal.set_end(span_id, (span_id >> 10) + length)
            self.journal.append(span)

    @rule(many=st.lists(spans(), max_size=8), device=st.sampled_from([1, 2]))
    def insert(self, many, device):
        self.journal.insert(Recorded(span, device) for span in many)

    @rule(
        data=st.data(),
        project=st.one_of(THINGS, st.just(Keep.KEEP)),
        category=st.one_of(THINGS, st.just(Keep.KEEP)),
        by_hand=st.booleans(),
    )
    def reassign(self, data, project, category, by_hand):
        ids = self.ids()
        chosen = data.draw(st.lists(st.sampled_from(ids), max_size=5)) if ids else [7]
        self.journal.reassign(chosen, project_id=project, category_id=category, by_hand=by_hand)

    @rule(data=st.data(), at=st.integers(1, LONGEST_MS))
    def split(self, data, at):
        span_id = self.one(data)
        with suppress(ValueError):
            self.journal.split(span_id, (span_id >> 10) + at)

    @rule(low=STARTS, length=LENGTHS)
    def erase(self, low, length):
        self.journal.delete(from_ms=low, to_ms=low + length)

    @rule(application=st.sampled_from(["editor", "browser", "nothing"]), low=STARTS)
    def erase_application(self, application, low):
        self.journal.delete(from_ms=low, application=application)

    @rule(project=st.integers(1, 3), high=STARTS)
    def erase_project(self, project, high):
        self.journal.delete(to_ms=high, project_id=project)

    @rule(source=st.integers(1, 3), into=st.integers(1, 3))
    def merge_projects(self, source, into):
        self.journal.merge_projects(source, into)

    @rule(source=st.integers(1, 3), into=THINGS)
    def merge_categories(self, source, into):
        self.journal.merge_categories(source, into)

    @rule(data=st.data(), length=LENGTHS)
    def recover(self, data, length):
        span_id = self.one(data)
        self.pulse.write(span_id, (span_id >> 10) + length)
        self.journal.recover(self.pulse, now_ms=START + 2 * 86_400_000)

    @rule(data=st.data())
    def discard(self, data):
        self.journal.discard(self.one(data))

    @rule(span=spans(), length=LENGTHS)
    def fail(self, span, length):
        """A transaction that breaks off leaves no trace, not even in the caches."""
        with pytest.raises(ZeroDivisionError), self.journal.transaction():
            span_id = self.journal.append(span)
            self.journal.set_end(span_id, span.start_ms + length)
            raise ZeroDivisionError

    @invariant()
    def the_rollups_equal_the_raw_sum(self):
        if hasattr(self, "connection"):
            assert stored(self.connection) == expected(self.connection)

    @invariant()
    def nothing_refers_to_nothing(self):
        if hasattr(self, "connection"):
            assert self.connection.execute("PRAGMA foreign_key_check").fetchall() == []

    def teardown(self):
        if hasattr(self, "journal"):
            assert agree(self.connection)
            self.journal.close()
            self.pulse.close()
            shutil.rmtree(self.folder)


def test_the_rollups_equal_the_raw_sum_at_any_moment(migrated_home):
    class Copied(History):
        template = migrated_home.database

    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Copied,
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
