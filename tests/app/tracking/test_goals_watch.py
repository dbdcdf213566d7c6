import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import StorageError
from app.models.cipher import Cipher
from app.models.goals import Aim, Goal, Goals, Period, Subject
from app.models.migrate import migrate
from app.models.store import Store
from app.paths import Paths
from app.tracking.goals_watch import GoalsWatch, weekday

HOUR = 3_600_000
MONDAY = 20_514  # 2 March 2026


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path / "home")}).create()
    migrate(paths)
    with Store.open(paths.database, Cipher(bytes(32))) as opened:
        opened.connection.execute("DELETE FROM categories")
        opened.connection.execute(
            "INSERT INTO categories (id, uuid, name, color, position, productivity) "
            "VALUES (7, 'c', 'Code', '#000000', 0, 1), (8, 'd', 'Video', '#000000', 1, -1)"
        )
        opened.connection.execute(
            "INSERT INTO projects (id, uuid, name, color, created_ms) VALUES (3, 'p', 'ledger', '#000000', 0)"
        )
        yield opened


def work(store: Store, day: int, hours: float, *, project: int = 3, category: int = 7) -> None:
    store.connection.execute(
        "INSERT INTO rollup_daily (day, device_id, project_id, category_id, application_id, active_ms, "
        "idle_ms, switches) VALUES (?, 1, ?, ?, 0, ?, 0, 0) "
        "ON CONFLICT DO UPDATE SET active_ms = active_ms + excluded.active_ms",
        (day, project, category, round(hours * HOUR)),
    )


def goal(
    store: Store, subject: Subject, hours: float, *, about: int | None = None, aim: Aim = Aim.AT_LEAST,
    period: Period = Period.DAY, weekdays: int = 0b1111111,
) -> Goal:  # fmt: skip
    return Goals(store).add(Goal(aim, subject, period, round(hours * HOUR), about, weekdays))


def test_the_weekday_of_a_day() -> None:
    assert weekday(MONDAY) == 0
    assert weekday(MONDAY + 6) == 6


@pytest.mark.parametrize(
    ("subject", "about", "name"),
    [
        (Subject.TOTAL, None, ""),
        (Subject.PROJECT, 3, "ledger"),
        (Subject.CATEGORY, 7, "Code"),
        (Subject.PRODUCTIVE, None, ""),
    ],
)
def test_a_goal_is_told_once_when_it_is_reached(
    store: Store, subject: Subject, about: int | None, name: str
) -> None:
    made, watch = goal(store, subject, 2, about=about), GoalsWatch()
    assert watch.fresh(store.connection, MONDAY) == []
    work(store, MONDAY, 1.9)
    work(store, MONDAY - 1, 5)
    if subject is not Subject.TOTAL:
        work(store, MONDAY, 3, project=0, category=8)
    assert watch.fresh(store.connection, MONDAY) == []
    work(store, MONDAY, 0.1)
    (found,) = watch.fresh(store.connection, MONDAY)
    assert (found.uuid, found.name, found.at_most, found.week) == (made.uuid, name, False, False)
    assert watch.fresh(store.connection, MONDAY) == []
    work(store, MONDAY + 1, 2)
    assert len(watch.fresh(store.connection, MONDAY + 1)) == 1


def test_a_limit_is_told_when_it_is_passed(store: Store) -> None:
    goal(store, Subject.CATEGORY, 1, about=8, aim=Aim.AT_MOST)
    watch = GoalsWatch()
    watch.fresh(store.connection, MONDAY)
    work(store, MONDAY, 1, category=8)
    assert watch.fresh(store.connection, MONDAY) == []
    work(store, MONDAY, 0.01, category=8)
    assert [found.at_most for found in watch.fresh(store.connection, MONDAY)] == [True]


def test_a_week_counts_from_its_monday(store: Store) -> None:
    goal(store, Subject.TOTAL, 10, period=Period.WEEK)
    watch = GoalsWatch()
    work(store, MONDAY - 1, 9)
    work(store, MONDAY, 6)
    assert watch.fresh(store.connection, MONDAY) == []
    work(store, MONDAY + 2, 4)
    assert [found.week for found in watch.fresh(store.connection, MONDAY + 2)] == [True]
    assert watch.fresh(store.connection, MONDAY + 6) == []


def test_what_was_reached_before_the_start_is_not_told(store: Store) -> None:
    goal(store, Subject.TOTAL, 1)
    work(store, MONDAY, 3)
    watch = GoalsWatch()
    assert watch.fresh(store.connection, MONDAY) == []
    assert watch.fresh(store.connection, MONDAY) == []


def test_other_days_switched_off_goals_and_focus_are_left_out(store: Store) -> None:
    goal(store, Subject.TOTAL, 1, weekdays=0b0000010)
    goal(store, Subject.FOCUS, 1)
    off = goal(store, Subject.TOTAL, 1)
    store.connection.execute("UPDATE goals SET enabled = 0 WHERE id = ?", (off.id,))
    watch = GoalsWatch()
    watch.fresh(store.connection, MONDAY)
    work(store, MONDAY, 3)
    assert watch.fresh(store.connection, MONDAY) == []


def test_what_cannot_be_read_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "damaged").write_bytes(b"no database " * 100)
    with pytest.raises(StorageError):
        GoalsWatch().fresh(sqlite3.connect(tmp_path / "damaged"), MONDAY)


def test_a_week_counts_only_its_weekdays(store: Store) -> None:
    goal(store, Subject.TOTAL, 8, period=Period.WEEK, weekdays=0b0011111)
    watch = GoalsWatch()
    watch.fresh(store.connection, MONDAY)
    work(store, MONDAY, 7)
    work(store, MONDAY + 5, 4)
    assert watch.fresh(store.connection, MONDAY + 5) == []
    work(store, MONDAY + 4, 1)
    assert len(watch.fresh(store.connection, MONDAY + 5)) == 1
