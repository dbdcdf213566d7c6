from __future__ import annotations

import pytest

from app.errors import UsageError
from app.models.journal import Journal
from app.models.projects import PALETTE, Projects, color_for
from app.models.store import Store
from app.models.values import Activity, Place, Span, State
from tests.app.models.rolled import expected, stored

T = 1_700_000_000_000


@pytest.fixture
def projects(store):
    return Projects(store, now_ms=lambda: T)


def place(name="pulse", root="/work/pulse", **rest):
    return Place(name, root, **rest)


def work(store, project_id, start=T, length=60_000):
    return Journal(store).append(
        Span(start, start + length, 0, State.ACTIVE, Activity("editor", project_id=project_id))
    )


def test_a_new_place_becomes_a_project_once(projects):
    first = projects.find_or_create(place(language="Python", remote="host/pulse"))
    assert projects.find_or_create(place()) == first
    (project,) = projects.all()
    assert (project.name, project.language, project.remote) == ("pulse", "Python", "host/pulse")
    assert project.roots == ("/work/pulse",)
    assert project.color == color_for("pulse")
    assert project.created_ms == T


def test_a_moved_folder_is_found_by_its_remote(projects):
    first = projects.find_or_create(place(remote="host/pulse"))
    assert projects.find_or_create(place("renamed", "/elsewhere", remote="host/pulse")) == first
    assert projects.get(first).roots == ("/work/pulse", "/elsewhere")
    assert projects.get(first).name == "pulse"


def test_a_moved_folder_is_found_by_its_first_commit(projects):
    first = projects.find_or_create(place(), root_commit="abc")
    assert projects.find_or_create(place("renamed", "/elsewhere"), root_commit="abc") == first


def test_equal_names_in_different_folders_are_different_projects(projects):
    assert projects.find_or_create(place(root="/a")) != projects.find_or_create(place(root="/b"))


def test_a_project_made_by_hand_takes_the_first_folder_of_its_name(projects):
    made = projects.add("pulse")
    assert projects.find_or_create(place()) == made
    assert projects.find_or_create(place(root="/other")) != made


def test_the_folder_names_of_a_project_are_sealed(projects, store, home):
    projects.find_or_create(place(root="/work/very-secret", remote="host/very-secret"))
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"very-secret" not in home.database.read_bytes()
    assert "very-secret" not in repr(projects.all())


def test_while_the_key_is_locked_a_project_is_found_by_its_name_and_completed_later(home, cipher):
    with Store.open(home.database, None) as locked:
        first = Projects(locked).find_or_create(place(remote="host/pulse"))
        assert Projects(locked).find_or_create(place(root="/elsewhere")) == first
        assert not Projects(locked).knows("/work/pulse")
    with Store.open(home.database, cipher) as opened:
        projects = Projects(opened)
        assert projects.find_or_create(place(remote="host/pulse")) == first
        assert projects.get(first).roots == ("/work/pulse",)
        assert projects.knows("/work/pulse")


def test_the_colour_depends_on_the_name_alone():
    assert color_for("a") == color_for("a")
    assert len({color_for(str(n)) for n in range(200)}) == len(PALETTE)
    assert color_for("half \ud800") in PALETTE


def test_changes(projects):
    number = projects.add("a", root="/a", color="#ABCDEF")
    projects.rename(number, "  b ")
    projects.recolor(number, "#123ABC")
    projects.add_root(number, "/c")
    projects.remove_root(number, "/a")
    project = projects.get(number)
    assert (project.name, project.color, project.roots) == ("b", "#123abc", ("/c",))
    projects.archive(number)
    assert projects.all() == []
    assert projects.all(archived=True)[0].archived
    projects.archive(number, archived=False)
    assert projects.all()


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_name_must_be_one(projects, name):
    with pytest.raises(UsageError):
        projects.add(name)


@pytest.mark.parametrize("color", ["red", "#12345", "#1234567", "#12345g", ""])
def test_a_colour_must_be_one(projects, color):
    number = projects.add("a")
    with pytest.raises(UsageError):
        projects.recolor(number, color)


def test_what_does_not_exist_is_told(projects):
    for act in (
        lambda: projects.rename(99, "a"),
        lambda: projects.merge(99, 1),
        lambda: projects.add_root(99, "/a"),
        lambda: projects.set_identity(99, "abc"),
    ):
        with pytest.raises(UsageError):
            act()
    assert projects.get(99) is None
    assert projects.named("nothing") is None


def test_a_folder_belongs_to_one_project(projects):
    first, second = projects.add("a", root="/a"), projects.add("b")
    with pytest.raises(UsageError):
        projects.add("c", root="/a")
    assert len(projects.all()) == 2
    projects.add_root(second, "/a")
    assert projects.get(first).roots == ()


def test_found_by_name(projects):
    number = projects.add("Pulse")
    assert projects.named("pulse").id == number
    other = projects.add("pulse")
    assert projects.named("pulse").id == other


def test_merging_moves_time_folders_and_later_finds(projects, store):
    source = projects.find_or_create(place("a", "/a", remote="host/a"), root_commit="aaa")
    target = projects.find_or_create(place("b", "/b"))
    third = projects.find_or_create(place("c", "/c"))
    for n, number in enumerate((source, target, source)):
        work(store, number, T + n * 60_000)
    assert projects.merge(source, target) == 2
    assert projects.find_or_create(place("a", "/a")) == target
    assert projects.find_or_create(place("a", "/new", remote="host/a")) == target
    assert projects.find_or_create(place("a", "/newer"), root_commit="aaa") == target
    assert projects.get(source).id == target
    assert stored(store.connection) == expected(store.connection)
    projects.merge(target, third)
    assert projects.get(source).id == third
    assert [project.name for project in projects.all()] == ["c"]
    with pytest.raises(UsageError):
        projects.merge(source, third)
    with pytest.raises(UsageError):
        projects.merge(third, third)


def test_the_same_first_commit_makes_two_projects_one(projects, store):
    first, second = projects.add("a"), projects.add("b")
    work(store, second)
    assert projects.set_identity(first, "abc") == first
    assert projects.set_identity(first, "abc") == first
    assert projects.set_identity(second, "abc") == first
    assert [total.active_ms for total in projects.totals()] == [60_000]
    assert stored(store.connection) == expected(store.connection)


def test_a_second_repository_does_not_take_a_projects_identity(projects):
    number = projects.add("a")
    projects.set_identity(number, "abc")
    projects.set_identity(number, "def")
    assert projects.get(number).root_commit == "abc"


def test_totals_come_from_the_rollup(projects, store):
    little, much, none = projects.add("little"), projects.add("much"), projects.add("none")
    work(store, little)
    work(store, much, length=120_000)
    work(store, much, T + 86_400_000)
    totals = projects.totals()
    assert [(total.project.id, total.active_ms) for total in totals] == [
        (much, 180_000),
        (little, 60_000),
        (none, 0),
    ]
    assert (totals[0].first_day, totals[0].last_day) == (19675, 19676)
    assert totals[2].last_day is None
