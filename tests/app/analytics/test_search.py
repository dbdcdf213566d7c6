from __future__ import annotations

import pytest

from app.analytics import search as module
from app.analytics.search import Search
from app.analytics.search_words import parse
from app.errors import KeyUnavailable
from app.models.cipher import Cipher
from app.models.values import Activity, Recorded, Span, State

NOW = 1_772_000_000_000
DAY = 86_400_000
KEY = Cipher(bytes(32))


def span(days_ago, application="editor", note=None, **activity):
    start = NOW - round(days_ago * DAY)
    what = Activity(application, **activity)
    return Recorded(Span(start, start + 60_000, 3600, State.ACTIVE, what), note=note)


@pytest.fixture
def full(records):
    records.journal.insert(
        [
            span(0, title="Review PR 12", url="github.com", project_id=1, category_id=2),
            span(1, "browser", title="Straße im Wald", note="remember the MILK"),
            span(2, title="review of milk", path="/work/milk/pr.py"),
            span(30, title="Review PR 11", project_id=2),
            span(400, title="Review PR 1"),
            Recorded(Span(NOW - 3 * DAY, NOW - 3 * DAY + 5, 0, State.IDLE, None)),
        ]
    )
    return records


@pytest.fixture
def search(full):
    made = Search(full.paths.database, KEY)
    yield made
    made.close()


def found(search, text, **options):
    return [hit for hits in search.run(parse(text), **options) for hit in hits]


@pytest.fixture(params=["first time", "prepared"])
def ready(request, search):
    if request.param == "prepared":
        search.prepare()
    return search


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("review", [0, 2, 30, 400]),
        ("REVIEW pr", [0, 2, 30, 400]),
        ("pr review 11", [30]),
        ("strasse", [1]),
        ("milk", [1, 2]),
        ("wald milk", [1]),
        ("github", [0]),
        ("/work/", [2]),
        ('"review pr"', [0, 30, 400]),
        ("review app:browser", []),
        ("app:BROWS", [1]),
        ('review project:"project 1"', [0]),
        ("category:2", [0]),
        ("nothing of this", []),
        ("review nothing", []),
        ("", [0, 1, 2, 3, 30, 400]),
    ],
)
def test_words_and_filters_find_the_newest_first(ready, text, days):
    assert [round((NOW - hit.start_ms) / DAY) for hit in found(ready, text)] == days
    assert [round((NOW - hit.start_ms) / DAY) for hit in found(ready, text)] == days


def test_days_bound_the_search(search, full):
    from datetime import datetime

    def day(ago):
        return datetime.fromtimestamp((NOW - ago * DAY) / 1000).astimezone().date().isoformat()

    assert len(found(search, f"review after:{day(2)}")) == 2
    assert len(found(search, f"review before:{day(30)}")) == 2
    assert len(found(search, f"review after:{day(2)} before:{day(2)}")) == 1


def test_a_hit_tells_all_about_its_span(search):
    hit = found(search, "review pr 12")[0]
    assert (hit.application, hit.project, hit.category) == ("editor", "project 1", "category 2")
    assert (hit.title, hit.url, hit.path, hit.note) == ("Review PR 12", "github.com", None, None)
    assert (hit.end_ms - hit.start_ms, hit.utc_offset_s) == (60_000, 3600)
    assert "Review" not in repr(hit)


def test_only_so_many_are_told_and_one_may_stop(search):
    assert len(found(search, "review", limit=2)) == 2
    assert found(search, "review", cancelled=lambda: True) == []
    asked = 0

    def soon():
        nonlocal asked
        asked += 1
        return asked > 2

    assert len(found(search, "review", cancelled=soon)) < 4
    assert len(found(search, "review")) == 4


def test_one_that_is_left_behind_does_not_hold_the_next(search):
    rest = search.run(parse("review"))
    next(rest)
    rest.close()
    assert len(found(search, "review")) == 4


def test_what_is_recorded_or_erased_meanwhile_is_seen(search, full):
    assert len(found(search, "review")) == 4
    full.journal.insert([span(0.5, title="another review")])
    assert len(found(search, "review")) == 5
    full.journal.delete(from_ms=NOW - 3 * DAY)
    assert len(found(search, "review")) == 2
    full.journal.insert([span(0.5, title="a third review")])
    assert len(found(search, "review")) == 3


def test_common_words_and_many_texts(full, search, monkeypatch):
    monkeypatch.setattr(module, "_RARE", 1)
    monkeypatch.setattr(module, "MOST_OPEN", 3)
    monkeypatch.setattr(module, "_TEXTS_AT_ONCE", 2)
    for _ in range(2):
        assert [hit.title for hit in found(search, "review pr")] == [
            "Review PR 12", "review of milk", "Review PR 11", "Review PR 1",
        ]  # fmt: skip
    assert len(search._texts) <= 4
    full.journal.insert([span(n / 100, title=f"review {n}") for n in range(1, 6)])
    assert len(found(search, "review")) == 9
    search.prepare(cancelled=lambda: True)
    assert len(found(search, "review")) == 9


def test_without_the_key_only_filters_work(full):
    search = Search(full.paths.database, None)
    hit = found(search, "app:browser")[0]
    assert (hit.application, hit.title) == ("browser", None)
    with pytest.raises(KeyUnavailable):
        found(search, "review")
    search.close()


def test_with_another_key_nothing_is_found_and_nothing_fails(full):
    search = Search(full.paths.database, Cipher(b"x" * 32))
    assert found(search, "review") == []
    search.close()


def test_an_empty_database_has_nothing(records):
    search = Search(records.paths.database, KEY)
    assert found(search, "anything") == []
    search.close()
    search.close()
