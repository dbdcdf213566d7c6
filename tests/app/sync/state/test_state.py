"""Two or three homes, and what a person does in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import KeyUnavailable, UsageError
from app.models import by_hand, corrections, erasure
from app.models.erasure import Selection
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.goals import Aim, Goal, Goals, Period, Subject
from app.models.projects import Projects
from app.models.store import Store
from app.sync.bodies.values import Hlc, Record
from app.sync.merge.strategies import Strategy
from app.sync.state.state import SyncState
from app.sync.state.values import Incoming, Outgoing
from app.sync.wire.envelope import NO_PARENT, Kind
from tests.app.sync.state.world import HOUR_MS, NOW, Ids, settle

T = NOW - 2 * HOUR_MS


@pytest.fixture
def pair(homes):
    return homes("laptop").join(), homes("tower").join()


def test_without_the_key_nothing_is_synced(empty_database):
    with Store.open(empty_database, None) as store, pytest.raises(KeyUnavailable):
        SyncState(store, Ids(b"x" * 16), b"x" * 16, lambda: NOW)


def test_nothing_without_an_account(homes):
    home = homes("laptop")
    assert home.state.position() is None
    with pytest.raises(UsageError):
        home.state.collect()


def test_what_one_records_the_other_has(pair):
    laptop, tower = pair
    project = Projects(laptop.store).add("api")
    laptop.work(T, project_id=project)
    laptop.work(T + 60_000, title="other")
    laptop.push()
    done = tower.pull()
    assert done.spans == 2
    assert tower.spans() == laptop.spans()
    assert [row[0] for row in tower.rows("projects", "name")] == ["api"]
    assert tower.agrees()


def test_a_span_that_grows_is_one_row_there(pair):
    laptop, tower = pair
    made = laptop.work(T)
    laptop.push()
    tower.pull()
    kept = tower.span(T)
    laptop.work(T + 120_000)
    laptop.journal.set_end(made, T + 90_000)
    laptop.push()
    assert tower.pull().spans == 3  # one out, one in, one new
    assert tower.spans() == laptop.spans()
    tower.pull()
    assert tower.span(T) == kept
    assert tower.agrees()


def test_a_page_twice_changes_nothing(pair, service):
    laptop, tower = pair
    laptop.work(T)
    Projects(laptop.store).add("api")
    laptop.push()
    tower.pull()
    before = tower.spans()
    done = tower.state.apply(service.pull(0), service.sequence, service.lineage)
    assert (done.spans, done.records) == (0, 0)
    assert tower.spans() == before
    assert tower.push() == 0


def test_nothing_that_came_is_sent_back(pair):
    laptop, tower = pair
    laptop.work(T)
    Projects(laptop.store).add("api")
    laptop.push()
    tower.pull()
    assert tower.push() == 0


def test_a_lost_answer_is_no_loss(pair, service):
    laptop, tower = pair
    made = laptop.work(T)
    page = laptop.state.collect()
    assert service.push(laptop.device, page) is not None  # and the answer never comes
    laptop.journal.set_end(made, T + 90_000)
    Projects(laptop.store).add("late")
    settle(laptop, tower)
    assert tower.spans() == laptop.spans()
    assert {end for _, _, end, *_ in tower.spans()} == {T + 90_000}


def test_what_was_deleted_after_a_lost_answer_stays_deleted(pair, service):
    laptop, tower = pair
    made = laptop.work(T)
    laptop.work(T + 60_000)
    service.push(laptop.device, laptop.state.collect())
    by_hand.delete(laptop.store, [made])
    settle(laptop, tower)
    assert {start for _, start, *_ in laptop.spans()} == {T + 60_000}
    assert tower.spans() == laptop.spans()


def test_an_older_backup_gets_its_own_activity_back(homes, tmp_path, service):
    laptop, tower = homes("laptop").join(), homes("tower").join()
    laptop.work(T)
    laptop.push()
    backup = laptop.store.connection.execute("VACUUM INTO ?", (str(tmp_path / "old.db"),))
    assert backup is not None
    laptop.work(T + 60_000, title="after the backup")
    laptop.push()
    laptop.close()
    (tmp_path / "old.db").replace(laptop.database)
    for log in ("-wal", "-shm"):
        laptop.database.with_name(laptop.database.name + log).unlink(missing_ok=True)
    laptop.open()
    laptop.work(T + 120_000, title="in the restored one")
    settle(laptop, tower)
    assert {title for *_, title, _, _, _ in laptop.spans()} == {
        "title", "after the backup", "in the restored one"
    }  # fmt: skip
    assert tower.spans() == laptop.spans()
    assert laptop.agrees()


def test_a_first_history_goes_in_pages_and_is_resumed(homes, service):
    laptop = homes("laptop")
    days = 100
    for day in range(days):
        for hour in (9, 15):
            laptop.work(NOW - day * 24 * HOUR_MS - hour * HOUR_MS, title=f"title {day}")
    laptop.join()
    assert laptop.push(most_bytes=2_000) > 5
    names = {row[0] for row in laptop.rows("sync_slots", "container")}
    assert {name.split("/")[0] for name in names} == {"month", "day", "tail"}
    tower = homes("tower").join()
    assert tower.spans() == laptop.spans()
    assert tower.agrees()
    phone = homes("phone")
    phone.state.begin(b"a" * 16)
    phone.pull(most=1)
    assert phone.state.position().ready is False
    phone.state.end_snapshot()
    assert phone.spans() == laptop.spans()
    assert phone.push() == 0


def test_days_and_months_settle_and_tails_are_used_again(pair, service):
    laptop, tower = pair
    for day in range(60):
        laptop.now = tower.now = NOW + day * 24 * HOUR_MS
        for hour in range(3):
            laptop.work(laptop.now - hour * HOUR_MS, title=f"{day} {hour}")
        laptop.push()
    settle(laptop, tower)
    assert tower.spans() == laptop.spans()
    assert sum(len(activity.slots) for activity in service.activity()) == 180
    tails = [one for one in service.objects.values() if one.kind == 2]
    assert len(tails) <= 8
    assert len(service.activity()) < 60


def test_a_correction_of_the_past_reaches_the_other(pair):
    laptop, tower = pair
    old = NOW - 50 * 24 * HOUR_MS
    made = laptop.work(old, title="old")
    laptop.work(old + HOUR_MS)
    laptop.push()
    tower.pull()
    by_hand.annotate(laptop.store, [made], "remember")
    settle(laptop, tower)
    assert ("remember" in {note for *_, note in tower.spans()}) is True
    laptop.now = tower.now = NOW + 24 * HOUR_MS
    settle(laptop, tower)
    assert tower.spans() == laptop.spans()


def test_no_copy_of_what_was_erased_stays(pair, service):
    laptop, tower = pair
    old = NOW - 50 * 24 * HOUR_MS
    laptop.work(old, title="the secret")
    laptop.work(old + HOUR_MS, title="kept")
    laptop.push()
    tower.pull()
    erasure.erase(laptop.store, Selection(old, old + HOUR_MS))
    laptop.push()
    titles = {row.title for activity in service.activity() for slot in activity.slots for row in slot.rows}
    assert titles == {"kept"}
    tower.pull()
    assert tower.spans() == laptop.spans()
    assert tower.agrees()


# Other machines' activity


def test_a_correction_made_elsewhere_is_taken_in_by_its_owner(homes):
    laptop, tower, phone = (homes(name).join() for name in ("laptop", "tower", "phone"))
    made = laptop.work(T)
    laptop.work(T + 60_000)
    laptop.push()
    for home in (tower, phone):
        home.pull()
    project = Projects(tower.store).add("api")
    tower.journal.reassign([tower.span(T)], project_id=project, by_hand=True)
    by_hand.annotate(tower.store, [tower.span(T)], "from the tower")
    corrections.split(tower.store, tower.span(T), T + 20_000)
    by_hand.delete(tower.store, [tower.span(T + 60_000)])
    seen = tower.spans()
    tower.push()
    phone.pull()
    assert phone.spans() == seen, "shown before the owner heard of it"
    laptop.journal.set_end(made, T + 60_000)
    laptop.work(T + 180_000, title="meanwhile")
    laptop.push()
    phone.pull()
    assert len(phone.spans()) == 3
    settle(laptop, tower, phone)
    assert laptop.spans() == tower.spans() == phone.spans()
    assert seen <= laptop.spans()
    assert all(home.agrees() for home in (laptop, tower, phone))
    assert {row[0] for row in laptop.rows("activity_logs", "device_id")} == {1}


def test_an_erasure_reaches_its_owner_and_hides_before_that(homes, service):
    laptop, tower, phone = (homes(name).join() for name in ("laptop", "tower", "phone"))
    laptop.work(T, length=600_000, title="half secret")
    laptop.push()
    for home in (tower, phone):
        home.pull()
    erasure.erase(tower.store, Selection(T + 60_000, T + 120_000))
    seen = tower.spans()
    assert len(seen) == 2
    tower.push()
    phone.pull()
    assert phone.spans() == seen
    done = laptop.pull()
    assert done.erased
    settle(laptop, tower, phone)
    assert laptop.spans() == tower.spans() == phone.spans()
    assert {(start, end) for _, start, end, *_ in laptop.spans()} == {(s, e) for _, s, e, *_ in seen}
    rows = [row for activity in service.activity() for slot in activity.slots for row in slot.rows]
    assert {(row.start_ms, row.end_ms) for row in rows} == {(s, e) for _, s, e, *_ in seen}


def test_an_erasure_of_an_application_reaches_everybody(homes, service):
    laptop, tower = homes("laptop").join(), homes("tower").join()
    laptop.work(T, title="the secret")
    laptop.push()
    tower.pull()
    erasure.erase(tower.store, Selection(applications=("editor",)))
    settle(laptop, tower)
    assert laptop.spans() == tower.spans() == set()
    assert not [row for activity in service.activity() for slot in activity.slots for row in slot.rows]


# Records


def test_fields_of_both_sides_come_together(pair):
    laptop, tower = pair
    uuid = Projects(laptop.store).get(Projects(laptop.store).add("api")).uuid
    settle(laptop, tower)
    Projects(laptop.store).rename(1, "service")
    Projects(tower.store).recolor(1, "#123456")
    settle(laptop, tower)
    for home in pair:
        assert home.rows("projects", "uuid", "name", "color") == [(uuid, "service", "#123456")]
        assert home.state.conflicts() == []


def test_the_same_field_on_both_sides(pair):
    laptop, tower = pair
    Projects(laptop.store).add("api")
    settle(laptop, tower)
    Projects(laptop.store).rename(1, "mine")
    tower.now += 5_000
    Projects(tower.store).rename(1, "yours")
    settle(laptop, tower)
    assert laptop.rows("projects", "name") == tower.rows("projects", "name")
    (told,) = laptop.state.conflicts()
    assert (told.type, told.fields, told.asks, told.choice) == ("project", ("name",), False, None)
    assert {side.values["name"] for side in told.sides} == {"mine", "yours"}
    assert tower.state.conflicts() == [told]


def test_a_person_decides_and_takes_it_back(homes):
    laptop, tower = (
        homes(name, strategies={"project": Strategy.MANUAL}).join() for name in ("laptop", "tower")
    )
    Projects(laptop.store).add("api")
    settle(laptop, tower)
    Projects(laptop.store).rename(1, "mine")
    Projects(tower.store).rename(1, "yours")
    laptop.push()
    assert tower.pull().asks == 1
    settle(laptop, tower)
    (told,) = laptop.state.conflicts()
    assert told.asks
    held = laptop.rows("projects", "name")[0][0]
    assert told.sides[told.holds].values == {"name": held}
    laptop.state.resolve(told.uuid, 1 - told.holds)
    settle(laptop, tower)
    chosen = told.sides[1 - told.holds].values["name"]
    assert [home.rows("projects", "name") for home in (laptop, tower)] == [[(chosen,)]] * 2
    assert [home.state.conflicts()[0].asks for home in (laptop, tower)] == [False, False]
    tower.state.undo(told.uuid)
    settle(laptop, tower)
    assert [home.rows("projects", "name") for home in (laptop, tower)] == [[(held,)]] * 2
    assert [home.state.conflicts()[0].asks for home in (laptop, tower)] == [True, True]


def test_a_person_decides_field_by_field(homes):
    laptop, tower = (
        homes(name, strategies={"project": Strategy.MANUAL}).join() for name in ("laptop", "tower")
    )
    Projects(laptop.store).add("api", color="#000000")
    settle(laptop, tower)
    for home, name, color in ((laptop, "mine", "#111111"), (tower, "yours", "#222222")):
        Projects(home.store).rename(1, name)
        Projects(home.store).recolor(1, color)
    settle(laptop, tower)
    (told,) = laptop.state.conflicts()
    assert told.fields == ("color", "name")
    held = laptop.rows("projects", "name", "color")
    mine = next(n for n, side in enumerate(told.sides) if side.values["name"] == "mine")
    laptop.state.resolve(told.uuid, {"name": mine, "color": 1 - mine})
    settle(laptop, tower)
    assert tower.rows("projects", "name", "color") == [("mine", "#222222")]
    assert tower.state.conflicts()[0].choice == 3
    tower.state.undo(told.uuid)
    settle(laptop, tower)
    assert laptop.rows("projects", "name", "color") == held
    with pytest.raises(UsageError):
        laptop.state.resolve(told.uuid, {"nothing": 1})


def test_what_this_version_does_not_know_is_kept_and_sent_back_unharmed(pair, service):
    laptop, tower = pair
    Projects(tower.store).add("api")
    tower.push()
    (theirs,) = service.records("project")
    at = Hlc(NOW, 5, tower.device)
    newer = replace(
        theirs,
        schema=9,
        hlc=at,
        fields={**theirs.fields, "mood": {"deep": [1]}},
        changed={**theirs.changed, "mood": at},
        extra={"x": 1},
    )
    strange = Record("dream", "d", at, {"a": 1}, {"a": at}, schema=3)
    for record in (newer, strange):
        known = service.objects.get(Ids(tower.device).record(record.type, record.uuid))
        version, parent = (known.version + 1, known.hash) if known else (1, NO_PARENT)
        one = Outgoing(
            Kind.RECORD, Ids(tower.device).record(record.type, record.uuid), record, version, parent, False
        )
        assert service.push(tower.device, [one])
    laptop.pull()
    Projects(laptop.store).rename(1, "service")
    laptop.push()
    (sent,) = service.records("project")
    assert (sent.fields["name"], sent.fields["mood"], sent.schema, sent.extra) == (
        "service", {"deep": [1]}, 9, {"x": 1},
    )  # fmt: skip
    assert service.records("dream") == [strange]


def test_a_record_that_cannot_be_read_is_counted(pair, service):
    laptop, _ = pair
    incoming = Incoming(Kind.RECORD, b"o" * 16, 3, b"h" * 32, b"d" * 16, 7, None)
    laptop.state.apply([incoming], 7, "first")
    assert (Kind.RECORD, b"o" * 16, 3, b"h" * 32) in laptop.state.leaves()
    assert laptop.push() == 0


def test_what_does_not_fit_is_kept_and_shown_nowhere(pair, service):
    laptop, tower = pair
    at = Hlc(NOW, 5, tower.device)
    fields = {"name": "x" * 500, "color": "red", "created_ms": -1}
    bad = Record("project", "p", at, fields, dict.fromkeys(fields, at))
    one = Outgoing(Kind.RECORD, Ids(tower.device).record("project", "p"), bad, 1, NO_PARENT, False)
    service.push(tower.device, [one])
    laptop.pull()
    assert laptop.rows("projects", "name") == []
    assert laptop.push() == 0


def test_both_sides_heads_agree(pair):
    laptop, tower = pair
    laptop.work(T)
    Projects(laptop.store).add("api")
    settle(laptop, tower)
    assert laptop.state.leaves() == tower.state.leaves()
    assert laptop.state.slot_leaves() == tower.state.slot_leaves(laptop.device)
    assert len(laptop.state.slot_leaves()) == 1


def test_a_clock_days_ahead_is_told_and_drags_nobody_along(pair):
    laptop, tower = pair
    laptop.now += 3 * 24 * HOUR_MS
    # The database notes the real time of a change, at most the clock's.
    laptop.settings = {"a": 1}
    laptop.push()
    done = tower.pull()
    assert done.ahead == {laptop.device: 3 * 24 * HOUR_MS}
    tower.settings = {"a": 1}
    tower.push()
    assert (
        max(record.hlc.ms for record in tower.service.records("setting") if tower.device == record.hlc.device)
        == NOW
    )


def test_a_decision_between_collecting_and_the_answer_is_not_lost(homes, service):
    laptop, tower = (
        homes(name, strategies={"project": Strategy.MANUAL}).join() for name in ("laptop", "tower")
    )
    Projects(laptop.store).add("api")
    settle(laptop, tower)
    Projects(laptop.store).rename(1, "mine")
    Projects(tower.store).rename(1, "yours")
    laptop.push()
    tower.pull()
    page = tower.state.collect()
    (told,) = tower.state.conflicts()
    tower.state.resolve(told.uuid, 1 - told.holds)
    tower.state.confirm(service.push(tower.device, page))
    settle(laptop, tower)
    assert laptop.rows("projects", "name") == [(told.sides[1 - told.holds].values["name"],)]


def test_what_two_machines_met_alone_is_one_project(homes):
    laptop, tower = homes("laptop"), homes("tower")
    for home, name in ((laptop, "api"), (tower, "api of the tower")):
        projects = Projects(home.store, lambda: NOW)
        made = projects.add(name)
        projects.set_identity(made, "c0ffee")
        home.work(T, project_id=made)
        home.join()
        home.push()
    settle(laptop, tower)
    for home in (laptop, tower):
        assert len(Projects(home.store).all()) == 1
        assert home.agrees()
    ours, theirs = laptop.spans(), tower.spans()
    assert ours == theirs
    assert len({project for *_, project, _, _ in ours}) == 1


def test_a_merged_project_is_merged_everywhere(pair):
    laptop, tower = pair
    projects = Projects(laptop.store)
    first, second = projects.add("first"), projects.add("second")
    laptop.work(T, project_id=first)
    tower_project = None
    settle(laptop, tower)
    tower_project = Projects(tower.store).named("first")
    assert tower_project is not None
    tower.work(T + HOUR_MS, project_id=tower_project.id)
    settle(laptop, tower)
    projects.merge(first, second)
    settle(laptop, tower)
    assert [project.name for project in Projects(tower.store).all()] == ["second"]
    assert laptop.spans() == tower.spans()
    assert laptop.agrees()
    assert tower.agrees()


def test_two_projects_merged_into_each_other_are_not_lost(pair):
    laptop, tower = pair
    for name in ("one", "two"):
        Projects(laptop.store).add(name)
    settle(laptop, tower)
    ids = {home: {p.name: p.id for p in Projects(home.store).all()} for home in pair}
    Projects(laptop.store).merge(ids[laptop]["one"], ids[laptop]["two"])
    Projects(tower.store).merge(ids[tower]["two"], ids[tower]["one"])
    settle(laptop, tower)
    left = [[project.uuid for project in Projects(home.store).all()] for home in pair]
    assert left[0] == left[1]
    assert len(left[0]) == 1


def test_a_goal_follows_its_project(pair):
    laptop, tower = pair
    project = Projects(laptop.store).add("api")
    Goals(laptop.store).add(Goal(Aim.AT_LEAST, Subject.PROJECT, Period.DAY, 3_600_000, project))
    settle(laptop, tower)
    (goal,) = Goals(tower.store).all()
    assert Projects(tower.store).get(goal.subject_id).name == "api"
    Goals(tower.store).delete(goal.id)
    settle(laptop, tower)
    assert Goals(laptop.store).all() == []


def test_an_edit_here_outlives_an_earlier_deletion_there(pair):
    laptop, tower = pair
    goal = Goals(laptop.store).add(Goal(Aim.AT_LEAST, Subject.TOTAL, Period.DAY, 1_000))
    settle(laptop, tower)
    laptop.now = NOW - 5_000
    Goals(laptop.store).delete(goal.id)
    laptop.push()
    (there,) = Goals(tower.store).all()
    Goals(tower.store).change(Goal(Aim.AT_LEAST, Subject.TOTAL, Period.DAY, 2_000, id=there.id))
    settle(laptop, tower)
    assert [g.target_ms for g in Goals(laptop.store).all()] == [2_000]
    assert [c.fields for c in laptop.state.conflicts()] == [("*",)]


def session(home, start, length=600_000, state="completed"):
    return FocusSessions(home.store).save(
        StoredSession(state, start, 0, start + length, length, ended_ms=start + length)
    )


def test_focus_sessions_that_do_not_meet_are_all_there(pair):
    laptop, tower = pair
    session(laptop, T)
    session(tower, T + 600_000)
    session(tower, T + 900_000, state="running")
    settle(laptop, tower)
    assert laptop.rows("focus_sessions", "started_ms") == [(T,), (T + 600_000,)]
    assert laptop.state.conflicts() == []


def test_of_two_at_once_one_counts_and_the_person_is_asked(pair):
    laptop, tower = pair
    mine, yours = session(laptop, T), session(tower, T + 60_000)
    settle(laptop, tower)
    assert laptop.rows("focus_sessions", "uuid") == tower.rows("focus_sessions", "uuid")
    assert len(laptop.rows("focus_sessions", "uuid")) == 1
    (told,) = laptop.state.conflicts()
    assert told.asks
    laptop.state.resolve(told.uuid, 2)
    settle(laptop, tower)
    assert {row[0] for row in tower.rows("focus_sessions", "uuid")} == {mine.uuid, yours.uuid}
    tower.state.undo(told.uuid)
    tower.state.resolve(told.uuid, 1)
    settle(laptop, tower)
    assert len(laptop.rows("focus_sessions", "uuid")) == 1
    assert laptop.rows("focus_sessions", "uuid") == tower.rows("focus_sessions", "uuid")
    with pytest.raises(UsageError):
        laptop.state.resolve(told.uuid, 7)


def test_each_machine_keeps_its_settings_and_a_new_one_starts_with_the_latest(homes):
    laptop, tower = homes("laptop").join(), homes("tower").join()
    laptop.settings, tower.settings = {"a": 1, "b": [1]}, {"a": 2}
    laptop.push()
    tower.now += 10_000
    tower.pull()
    tower.push()
    laptop.pull()
    assert laptop.push() == 0
    phone = homes("phone").join()
    assert phone.state.settings_to_start_with() == {"a": 2, "b": [1]}
    tower.settings = {}
    tower.push()
    phone.pull()
    assert phone.state.settings_to_start_with() == {"a": 1, "b": [1]}


def test_signing_out_keeps_or_drops_what_others_recorded(homes):
    laptop, tower, phone = (homes(name).join() for name in ("laptop", "tower", "phone"))
    laptop.work(T)
    tower.work(T)
    settle(laptop, tower, phone)
    tower.state.end(keep_others=False)
    assert len(tower.spans()) == 1
    assert tower.agrees()
    assert tower.state.position() is None
    tower.work(T + HOUR_MS)
    assert tower.rows("outbox_slots", "hour") == []
    phone.state.end(keep_others=True)
    assert len(phone.rows("activity_logs", "id")) == 2
    assert phone.agrees()


def test_a_service_restored_from_a_backup_gets_back_what_it_lost(pair, service):
    laptop, tower = pair
    laptop.work(T)
    Projects(laptop.store).add("api")
    settle(laptop, tower)
    old, sequence = dict(service.objects), service.sequence
    laptop.work(T + 60_000)
    laptop.work(T + HOUR_MS)
    Projects(laptop.store).rename(1, "service")
    settle(laptop, tower)
    service.objects, service.sequence, service.lineage = old, sequence, "second"
    for home in pair:
        home.state.restored("second")
        home.pull()
        home.state.end_snapshot()
    settle(laptop, tower)
    phone_spans = {row for activity in service.activity() for slot in activity.slots for row in slot.rows}
    assert len(phone_spans) == 3
    assert {record.fields["name"] for record in service.records("project")} == {"service"}
    assert laptop.spans() == tower.spans()
