"""The other changes through the one door, and the list of what can be undone."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from app.changes import workbench
from app.changes.workbench import Words
from app.config import load
from app.errors import (
    AgentNotRunning,
    ChangedSince,
    InvalidPattern,
    InvalidSetting,
    KeyUnavailable,
    UsageError,
)
from app.models.categories import read_categories
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.goals import Aim, Goal, Period, Subject, read_goals
from app.models.projects import Projects
from app.models.rules import read_rules
from tests.app.changes.conftest import T, content, put, span
from tests.app.models.rolled import expected, stored

WHEN = ({"field": "application", "is": "equals", "value": "editor"},)


def back_and_forth(editing, db, before):
    """Undo and redo the last change; both states must be met exactly."""
    after = content(db)
    assert after != before
    editing.undo()
    assert content(db) == before
    editing.redo()
    assert content(db) == after
    assert stored(db) == expected(db)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda e: e.projects.create("new", root="/w", color="#123456")[1], "Project new created"),
        (lambda e: e.projects.rename(1, "Billing"), "Project api renamed to Billing"),
        (lambda e: e.projects.rename(1, "API"), "Project api renamed to API"),
        (lambda e: e.projects.recolor(1, "#123456"), "Colour of project api changed"),
        (lambda e: e.projects.archive(1), "Project api archived"),
        (lambda e: e.projects.add_root(1, "/w"), "Folder added to project api"),
        (lambda e: e.projects.merge(1, 2), "Project api made part of site"),
        (lambda e: e.categories.create("new", parent_id=1, productivity=1)[1], "Category new created"),
        (lambda e: e.categories.delete(1), "Category kind 1 deleted"),
        (lambda e: e.categories.delete(1, move_to=2), "Category kind 1 deleted, its time moved to kind 2"),
        (lambda e: e.categories.move(2, 0), "Category kind 2 moved"),
        (lambda e: e.rules.add(1, WHEN)[1], "Rule for kind 1 added"),
        (lambda e: e.rules.delete(1), "Rule for kind 2 deleted"),
        (lambda e: e.rules.move(1, 1), "Rule for kind 2 moved"),
        (lambda e: e.rules.apply(), "3 activities classified anew"),
        (lambda e: e.goals.add(Goal(Aim.AT_MOST, Subject.TOTAL, Period.DAY, 5))[1], "Goal added"),
        (lambda e: e.goals.delete(1), "Goal deleted"),
        (lambda e: e.sessions.delete("s"), "Focus session deleted"),
    ],
)
def test_each_change_is_told_undone_and_done_again(editing, db, change, sentence):
    put(editing, span(0, 5, project_id=1, category_id=1), span(5, 5, "other", category_id=1), span(10, 5))
    editing._store.connection.execute("INSERT INTO rules VALUES (1, 'r', 0, 2, ?, 1, 'person')", (
        '[{"field": "application", "is": "equals", "value": "editor"}]',))  # fmt: skip
    editing._store.connection.execute("INSERT INTO rules VALUES (2, 'q', 1, 1, '[]', 0, 'person')")
    FocusSessions(editing._store).save(
        StoredSession("completed", T, 0, T + 9, 5, ended_ms=T + 9, uuid="s", project_id=1)
    )
    editing.goals.add(Goal(Aim.AT_LEAST, Subject.PROJECT, Period.DAY, 5, 1))
    before = content(db)
    assert change(editing).sentence == sentence
    back_and_forth(editing, db, before)


def test_a_category_is_renamed_or_changed(editing, db):
    category = read_categories(db)[0]
    assert (
        editing.categories.change(replace(category, name="Kind")).sentence
        == "Category kind 1 renamed to Kind"
    )
    assert (
        editing.categories.change(replace(category, name="Kind", productivity=1)).sentence
        == "Category Kind changed"
    )


def test_rules_are_checked_before(editing, db):
    with pytest.raises(InvalidPattern):
        editing.rules.add(1, [{"field": "title", "is": "pattern", "value": "("}])
    with pytest.raises(UsageError):
        editing.rules.add(9, WHEN)
    rule, _ = editing.rules.add(1, WHEN)
    with pytest.raises(InvalidPattern):
        editing.rules.change(replace(rule, conditions=({"field": "title", "is": "pattern", "value": "("},)))
    editing.rules.change(replace(rule, enabled=False))
    assert [rule.enabled for rule in read_rules(db)] == [False]
    editing.undo()
    assert [rule.enabled for rule in read_rules(db)] == [True]
    for change in (editing.rules.delete, lambda n: editing.rules.move(n, 0)):
        with pytest.raises(UsageError):
            change(99)


def test_applying_rules_can_be_ended_and_what_was_done_undone(editing, db, monkeypatch):
    from app.changes import history

    monkeypatch.setattr(history, "STEP", 2)
    put(editing, *(span(n * 5, 5) for n in range(6)))
    editing.rules.add(1, WHEN)
    before = content(db)
    seen = []

    def progress(done, total):
        seen.append((done, total))
        return len(seen) < 2

    undo = editing.rules.apply(progress=progress)
    assert seen == [(2, 6), (4, 6)]
    assert undo.sentence == "4 activities classified anew"
    editing.undo()
    assert content(db) == before


def test_projects_and_categories_that_are_not_there(editing):
    for change in (
        lambda: editing.projects.rename(9, "x"),
        lambda: editing.projects.archive(9),
        lambda: editing.projects.merge(1, 9),
        lambda: editing.projects.merge(1, 1),
        lambda: editing.projects.rename(1, "site"),
        lambda: editing.projects.create("API"),
        lambda: editing.categories.delete(9),
        lambda: editing.categories.move(9, 0),
        lambda: editing.goals.delete(9),
        lambda: editing.sessions.delete("none"),
    ):
        with pytest.raises(UsageError):
            change()
    assert editing.latest is None


def test_folders_need_the_key(editing):
    editing._store.cipher = None
    with pytest.raises(UsageError):
        editing.projects.add_root(1, "/w")


def test_a_project_that_has_come_into_use_stays(editing, agent, db):
    project, made = editing.projects.create("new")
    agent.append(span(0, 5, project_id=project))
    before = content(db)
    with pytest.raises(ChangedSince, match="come into use"):
        editing.undo(made)
    assert content(db) == before


@pytest.mark.parametrize("use", ["root", "goal"])
def test_what_hangs_on_a_new_project_is_not_taken_along(editing, db, use):
    project, made = editing.projects.create("new")
    if use == "root":
        editing.projects.add_root(project, "/w")
    else:
        editing.goals.add(Goal(Aim.AT_LEAST, Subject.PROJECT, Period.DAY, 5, project))
    with pytest.raises(ChangedSince):
        editing.undo(made)
    editing.undo()
    editing.undo(made)
    assert Projects(editing._store).get(project) is None


def test_goals_are_changed(editing, db):
    goal, _ = editing.goals.add(Goal(Aim.AT_MOST, Subject.TOTAL, Period.DAY, 5))
    editing.goals.change(replace(goal, target_ms=7))
    assert read_goals(db)[0].target_ms == 7
    editing.undo()
    assert read_goals(db) == [goal]


def test_sessions_are_edited(editing, db):
    sessions = FocusSessions(editing._store)
    ended = sessions.save(StoredSession("completed", T, 0, T + 900, 500, ended_ms=T + 900, note="old"))
    editing.sessions.change(replace(ended, started_ms=T - 100, note=None, project_id=1))
    found = sessions.get(ended.uuid)
    assert (found.started_ms, found.note, found.project_id) == (T - 100, None, 1)
    editing.undo()
    assert sessions.get(ended.uuid) == ended
    for wrong in (
        replace(ended, state="running"),
        replace(ended, focused_ms=10_000),
        replace(ended, ended_ms=T - 1),
    ):
        with pytest.raises(UsageError):
            editing.sessions.change(wrong)
    running = sessions.save(StoredSession("running", T + 5000, 0, T + 5000))
    with pytest.raises(UsageError, match="still runs"):
        editing.sessions.delete(running.uuid)
    editing._store.cipher = None
    with pytest.raises(KeyUnavailable):
        editing.sessions.change(ended)


def test_settings_are_undone_too(editing, paths, told):
    undo = editing.settings.set("tracking.idle_after_s", 77)
    assert "changed" in undo.sentence
    assert undo.touched == {"settings": 1}
    assert told == ["reload"]
    editing.settings.reset("tracking.idle_after_s")
    editing.undo()
    assert load(paths.settings).number("tracking.idle_after_s") == 77
    editing.redo()
    editing.undo()
    editing.undo()
    assert load(paths.settings).given == {}
    editing.redo()
    editing.settings.set("tracking.idle_after_s", 99)
    with pytest.raises(ChangedSince):
        editing.undo(undo)
    with pytest.raises(InvalidSetting):
        editing.settings.set("tracking.idle_after_s", -1)
    with pytest.raises(InvalidPattern):
        editing.settings.set("privacy.title_rules", [{"pattern": "(", "action": "drop"}])


def test_a_new_change_ends_what_could_be_done_again(editing):
    editing.projects.rename(1, "a")
    editing.undo()
    assert editing.latest_undone.sentence == "Project api renamed to a"
    editing.projects.rename(1, "b")
    assert editing.latest_undone is None
    with pytest.raises(ChangedSince, match="nothing to redo"):
        editing.redo()
    editing.undo()
    with pytest.raises(ChangedSince, match="nothing to undo"):
        editing.undo()


def test_an_agent_that_does_not_answer_keeps_nothing_from_happening(editing, db):
    def tell(_):
        raise AgentNotRunning("No agent.")

    editing._bench._tell = tell
    editing.projects.rename(1, "a")
    assert Projects(editing._store).get(1).name == "a"


def test_what_is_kept_is_bounded(editing, monkeypatch):
    monkeypatch.setattr(workbench, "MOST_CHANGES", 2)
    undos = [editing.projects.rename(1, name) for name in "abc"]
    editing.undo()
    with pytest.raises(ChangedSince, match="any more"):
        editing.undo(undos[0])
    monkeypatch.setattr(workbench, "MOST_ROWS", 1)
    undos = [editing.projects.rename(1, name) for name in "de"]
    editing.undo(undos[1])
    with pytest.raises(ChangedSince, match="any more"):
        editing.undo(undos[0])


def test_a_change_that_fails_leaves_nothing(editing, db):
    before = content(db)

    def work(store):
        store.connection.execute("UPDATE projects SET name = 'half'")
        raise UsageError("no")

    with pytest.raises(UsageError):
        editing.perform(work)
    assert content(db) == before
    assert editing.latest is None

    def whole(store):
        store.connection.execute("UPDATE projects SET name = 'whole'")
        return Words("All renamed")

    assert editing.perform(whole).touched == {"projects": 2}
    editing.undo()
    assert content(db) == before


def test_threads_take_turns(editing, db):
    ids = put(editing, *(span(n * 5, 5) for n in range(20)))
    failed = []

    def work(n):
        try:
            for _ in range(5):
                editing.spans.reassign(ids[n * 5 : n * 5 + 5], project_id=1)
                editing.spans.reassign(ids[n * 5 : n * 5 + 5], project_id=2)
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert stored(db) == expected(db)
    for _ in range(40):
        editing.undo()
    assert db.execute("SELECT count(project_id) FROM activity_logs").fetchone() == (0,)
