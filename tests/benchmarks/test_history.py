from __future__ import annotations

import pytest

from app.models.cipher import Cipher
from app.models.database import quick_check, reading
from app.models.rebuild import agree
from app.models.store import Store
from tests.app.models.rolled import expected, stored
from tests.benchmarks.history import KEY, main, make_history

_FACTS = "SELECT count(*), min(start_ms), max(end_ms) FROM activity_logs"
_OVERLAPS = """
    SELECT count(*) FROM (SELECT start_ms - lag(end_ms) OVER (ORDER BY id) AS gap FROM activity_logs)
    WHERE gap < 0
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("history") / "history.db"
    return path, make_history(path, years=0.2, per_day=100)


def test_the_rollups_equal_the_raw_sums(made):
    path, facts = made
    with reading(path) as connection:
        assert quick_check(connection) == []
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert stored(connection) == expected(connection)
        found = connection.execute(_FACTS).fetchone()
    assert found == (facts.spans, facts.first_ms, facts.last_ms)
    assert abs(facts.spans - 0.2 * 365.25 * 100) < 300


def test_spans_follow_each_other(made):
    with reading(made[0]) as connection:
        overlaps = connection.execute(_OVERLAPS).fetchone()
    assert overlaps == (0,)


def test_the_titles_can_be_opened(made):
    with Store.open(made[0], Cipher(KEY)) as store:
        assert "module_" in store.text(5)
        assert agree(store.connection)


def test_the_same_seed_makes_the_same_history(made, tmp_path):
    other, different = tmp_path / "other.db", tmp_path / "different.db"
    make_history(other, years=0.2, per_day=100)
    make_history(different, years=0.2, per_day=100, seed=2)

    def rows(path):
        with reading(path) as connection:
            return connection.execute("SELECT * FROM activity_logs ORDER BY id").fetchall()

    assert rows(made[0]) == rows(other) != rows(different)


def test_a_whole_home_for_the_command_line(tmp_path, capsys):
    assert main(["--years", "0.05", "--per-day", "50", "--home", str(tmp_path / "home")]) == 0
    assert "activities" in capsys.readouterr().out
    assert (tmp_path / "home" / "data" / "key.json").exists()
