"""One field after another by hand, then machines that exchange in any order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from app.sync.bodies.values import Hlc, Record
from app.sync.merge.hlc import later
from app.sync.merge.joining import alive, join, latest, with_fields, without
from app.sync.merge.strategies import Strategy, strategy_for
from app.sync.merge.three_way import WHOLE, merge

ME, YOU = b"m" * 16, b"y" * 16
BASE = Record(
    "project", "p", Hlc(1, 0, ME), {"name": "api", "color": "red"},
    {"name": Hlc(1, 0, ME), "color": Hlc(1, 0, ME)},
)  # fmt: skip


def mine(ms: int, **values: str) -> Record:
    return with_fields(BASE, values, Hlc(ms, 0, ME))


def yours(ms: int, **values: str) -> Record:
    return with_fields(BASE, values, Hlc(ms, 0, YOU))


def merged(ours: Record, theirs: Record, strategy: Strategy, base: Record | None = BASE):
    return merge(base, ours, theirs, strategy, ME, 100)


@pytest.mark.parametrize("strategy", Strategy)
def test_what_only_one_side_changed_is_taken(strategy):
    done = merged(mine(2, name="service"), yours(3, color="blue"), strategy)
    assert done.record.fields == {"name": "service", "color": "blue"}
    assert (done.collided, done.asks) == ((), False)


@pytest.mark.parametrize("strategy", Strategy)
def test_the_same_change_on_both_sides_is_none(strategy):
    assert merged(mine(2, name="x"), yours(3, name="x"), strategy).collided == ()


@pytest.mark.parametrize(
    ("strategy", "mine_at", "yours_at", "name"),
    [
        (Strategy.MERGE, 2, 3, "yours"),
        (Strategy.MERGE, 3, 2, "mine"),
        (Strategy.MANUAL, 2, 3, "yours"),
        (Strategy.LOCAL_WINS, 2, 3, "mine"),
        (Strategy.LOCAL_WINS, 3, 2, "mine"),
        (Strategy.REMOTE_WINS, 2, 3, "yours"),
        (Strategy.REMOTE_WINS, 3, 2, "yours"),
    ],
)
def test_where_both_changed_the_same_the_strategy_decides(strategy, mine_at, yours_at, name):
    ours = mine(mine_at, name="mine", color="mine")
    done = merged(ours, yours(yours_at, name="yours"), strategy)
    assert done.record.fields == {"name": name, "color": "mine"}
    assert done.collided == ("name",)
    assert done.asks is (strategy is Strategy.MANUAL)


def test_what_wins_against_the_clock_is_later_for_everybody():
    theirs = yours(3, name="yours")
    done = merged(mine(2, name="mine"), theirs, Strategy.LOCAL_WINS)
    assert join(theirs, done.record).fields["name"] == "mine"


def test_without_a_base_the_person_is_asked_whatever_the_strategy():
    for strategy in Strategy:
        done = merged(mine(2, name="mine"), yours(3, name="yours"), strategy, base=None)
        assert (done.record.fields["name"], done.collided, done.asks) == ("yours", ("name",), True)
    assert not merged(BASE, yours(3), Strategy.MERGE, base=None).asks


@pytest.mark.parametrize(
    ("strategy", "deleted_at", "there"),
    [
        (Strategy.MERGE, 2, True),
        (Strategy.MERGE, 9, False),
        (Strategy.MANUAL, 2, True),
        (Strategy.LOCAL_WINS, 9, True),
        (Strategy.REMOTE_WINS, 2, False),
    ],
)
def test_what_was_changed_here_and_deleted_there(strategy, deleted_at, there):
    done = merged(mine(5, name="mine"), without(BASE, Hlc(deleted_at, 0, YOU)), strategy)
    assert alive(done.record) is there
    assert done.collided == (WHOLE,)
    if there:
        assert done.record.fields == {"name": "mine", "color": "red"}


@pytest.mark.parametrize(
    ("strategy", "there"),
    [(Strategy.MERGE, True), (Strategy.LOCAL_WINS, False), (Strategy.REMOTE_WINS, True)],
)
def test_what_was_deleted_here_and_changed_there(strategy, there):
    done = merged(without(BASE, Hlc(2, 0, ME)), yours(5, name="yours"), strategy)
    assert alive(done.record) is there
    if there:
        assert done.record.fields == {"name": "yours", "color": "red"}


def test_deleting_what_nobody_else_changed_is_no_collision():
    assert merged(BASE, without(BASE, Hlc(2, 0, YOU)), Strategy.MANUAL).collided == ()
    assert not alive(merged(BASE, without(BASE, Hlc(2, 0, YOU)), Strategy.MANUAL).record)


def test_each_type_has_its_strategy():
    assert strategy_for("setting", {}) is Strategy.LOCAL_WINS
    assert strategy_for("rule", {}) is Strategy.MERGE
    assert strategy_for("rule", {"rule": Strategy.MANUAL}) is Strategy.MANUAL


# Machines around one service, which takes a push only from who has seen what it holds.


@dataclass
class Machine:
    device: bytes
    strategy: Strategy
    clock: int
    ours: Record | None = None
    base: Record | None = None
    seen: int = 0
    lost: set[tuple[str, object]] = field(default_factory=set)

    def edit(self, name: str, now: int) -> None:
        start = self.ours or Record("project", "p", Hlc(0, 0, bytes(16)), {}, {})
        value = f"{name} of {self.device[0]} at {now}"
        at = later(latest(start), now + self.clock, self.device)
        if not alive(start) or not start.fields:
            self.ours = with_fields(start, {"name": value, "color": value}, at)
        else:
            self.ours = with_fields(start, {name: value}, at)

    def delete(self, now: int) -> None:
        if self.ours is not None and alive(self.ours):
            self.ours = without(self.ours, later(latest(self.ours), now + self.clock, self.device))

    def pull(self, service: Service, now: int) -> None:
        if service.version == self.seen or service.state is None:
            return
        self.seen, theirs = service.version, service.state
        if self.ours is None:
            self.ours = theirs
        else:
            before, base = self.ours, self.base
            done = merge(base, self.ours, theirs, self.strategy, self.device, now + self.clock)
            self.ours = done.record
            if done.collided:
                self.lost |= {*before.fields.items(), *theirs.fields.items()}
        self.base = theirs

    def push(self, service: Service) -> None:
        if self.ours is not None and self.ours != self.base and service.version == self.seen:
            service.state, service.version = self.ours, service.version + 1
            self.base, self.seen = self.ours, service.version


@dataclass
class Service:
    state: Record | None = None
    version: int = 0


steps = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["name", "color", "delete", "pull", "push", "sync"])),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(
    steps,
    st.lists(st.sampled_from(Strategy), min_size=3, max_size=3),
    st.lists(st.sampled_from([0, 0, 5, -(10**6), 10**6]), min_size=3, max_size=3),
)
def test_machines_converge_and_no_edit_is_lost(script, strategies, clocks):
    note(f"{script} {[str(strategy) for strategy in strategies]} {clocks}")
    service = Service()
    machines = [
        Machine(bytes([n]) * 16, strategy, clock)
        for n, (strategy, clock) in enumerate(zip(strategies, clocks, strict=True), start=1)
    ]
    made: set[tuple[str, object]] = set()
    overwritten: set[tuple[str, object]] = set()
    for now, (number, step) in enumerate(script, start=2_000_000):
        machine = machines[number]
        before = set(machine.ours.fields.items()) if machine.ours else set()
        if step in ("name", "color"):
            machine.edit(step, now)
        elif step == "delete":
            machine.delete(now)
        if step in ("pull", "sync"):
            machine.pull(service, now)
        if step in ("push", "sync"):
            machine.push(service)
        if step in ("name", "color", "delete") and machine.ours is not None:
            # Whoever changes what they see means to.
            overwritten |= before - set(machine.ours.fields.items())
            made |= set(machine.ours.fields.items()) - before
    for _ in range(3):
        for machine in machines:
            machine.pull(service, 3_000_000)
            machine.push(service)
    assert len({repr(sorted((machine.ours or BASE).changed.items())) for machine in machines}) == 1
    assert all(machine.ours == service.state or machine.ours is None for machine in machines)
    final = set() if service.state is None else set(service.state.fields.items())
    told = {value for machine in machines for value in machine.lost}
    assert made <= final | told | overwritten


def test_a_join_alone_would_not_ask():
    """The base is what tells a collision from news: without an edit here nothing collides."""
    done = merged(BASE, replace(yours(5, name="yours"), schema=2), Strategy.MANUAL)
    assert (done.record.fields["name"], done.asks) == ("yours", False)
