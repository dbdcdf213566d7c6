from __future__ import annotations

import pytest

from app.changes.erasure import Erasing
from app.changes.exclusion import EXCLUDED, TITLE_RULES, Excluding
from app.config import load
from app.errors import InvalidPattern, InvalidSetting, KeyUnavailable
from app.models.cipher import Cipher
from app.models.journal import Journal
from app.models.rebuild import agree
from app.models.store import Store
from tests.app.changes.conftest import MINUTE, fill, span
from tests.app.changes.traces import bearing, opened, sealed_pieces

KEY = Cipher(bytes(32))


@pytest.fixture
def full(paths):
    with Store.open(paths.database, KEY) as store:
        fill(store)
        Journal(store).insert(
            [
                span(0, 5, "org.gimp.Gimp", title="a picture"),
                span(5, 5, "Firefox", title="ACME-1234 in the tracker", url="acme.example/ACME-1234"),
                span(10, 5, "Code", title="acme.py", path="/work/ACME-9"),
                span(15, 5, "Code", title="other.py"),
            ]
        )
    return paths


@pytest.fixture
def told():
    return []


@pytest.fixture
def excluding(full, told):
    return Excluding(full, KEY, Erasing(full, KEY, told.append))


def rows(paths):
    with Store.open(paths.database, KEY) as store:
        assert agree(store.connection)
        return [
            (name, store.text(title), store.text(url), store.text(path))
            for name, title, url, path in store.connection.execute(
                "SELECT a.name, title_id, url_id, path_id FROM activity_logs s "
                "JOIN applications a ON a.id = application_id ORDER BY s.id"
            )
        ]


def test_an_application_is_excluded_with_its_past(full, excluding, told):
    pieces = [*sealed_pieces(full, KEY, "a picture"), b"Gimp"]
    seen = excluding.preview_application("gimp*")
    assert seen.applications == ("org.gimp.Gimp",)
    assert (seen.found.spans, seen.found.ms) == (1, 5 * MINUTE)
    excluding.exclude_application("gimp*", history=True)
    assert "gimp*" in load(full.settings).texts(EXCLUDED)
    assert [row[0] for row in rows(full)] == ["Firefox", "Code", "Code"]
    assert bearing(full, pieces) == []
    assert "reload" in told


def test_without_its_past_or_with_none_nothing_is_erased(full, excluding):
    assert excluding.exclude_application("gimp*", history=False).spans == 0
    assert excluding.exclude_application("GIMP*", history=False).spans == 0
    assert excluding.exclude_application("never seen", history=True).spans == 0
    assert len(rows(full)) == 4
    assert [name for name in load(full.settings).texts(EXCLUDED) if "gimp" in name.lower()] == ["gimp*"]
    assert excluding.preview_application("never seen").found.spans == 0


def test_a_home_without_a_database_can_exclude(paths):
    paths.database.unlink()
    Excluding(paths, None).exclude_application("gimp", history=True)
    assert "gimp" in load(paths.settings).texts(EXCLUDED)


def test_titles_are_dropped_from_the_past_and_their_time_stays(full, excluding):
    rule = {"pattern": "ACME-[0-9]+", "action": "drop"}
    pieces = [*sealed_pieces(full, KEY, "ACME"), *sealed_pieces(full, KEY, "acme")]
    assert excluding.preview_title_rule(rule) == 2
    assert excluding.add_title_rule(rule, history=True).spans == 2
    assert rows(full) == [
        ("org.gimp.Gimp", "a picture", None, None),
        ("Firefox", None, None, None),
        ("Code", None, None, None),
        ("Code", "other.py", None, None),
    ]
    assert bearing(full, pieces) == []
    assert load(full.settings).get(TITLE_RULES)[-1] == rule


def test_parts_are_replaced_in_the_past(full, excluding):
    excluding.add_title_rule(
        {"pattern": "ACME-[0-9]+", "action": "replace", "replacement": "[ticket]"}, history=True
    )
    assert rows(full)[1:3] == [
        ("Firefox", "[ticket] in the tracker", "acme.example/[ticket]", None),
        ("Code", "acme.py", None, "/work/[ticket]"),
    ]
    assert not any("ACME" in text for text in opened(full, KEY))


def test_parts_are_hashed_as_they_will_be(full, excluding):
    from app.models.books import Books
    from app.models.values import WindowSample
    from app.tracking.policy import policy_from
    from app.tracking.privacy import PrivacyFilter

    excluding.add_title_rule({"pattern": "ACME-[0-9]+", "action": "hash"}, history=True)
    books = Books.open(full.database, KEY)
    policy = policy_from(load(full.settings), salt=books.salt)
    books.close()
    seen = PrivacyFilter(policy).apply(WindowSample("Firefox", "ACME-1234 in the tracker"))
    assert rows(full)[1][1] == seen.title
    assert "#" in seen.title


def test_a_rule_for_one_application_changes_only_its_past(full, excluding):
    rule = {"pattern": "(?i)acme", "action": "drop", "application": "code"}
    assert excluding.preview_title_rule(rule) == 1
    excluding.add_title_rule(rule, history=True)
    assert [row[1] for row in rows(full)] == ["a picture", "ACME-1234 in the tracker", None, "other.py"]


def test_a_rule_that_is_none_changes_nothing(full, excluding):
    for rule, error in (
        ({"pattern": "(", "action": "drop"}, InvalidPattern),
        ({"pattern": "x", "action": "burn"}, InvalidSetting),
    ):
        with pytest.raises(error):
            excluding.add_title_rule(rule, history=True)
    with pytest.raises(InvalidPattern):
        excluding.preview_title_rule({"pattern": "(", "action": "drop"})
    assert load(full.settings).given == {}


def test_without_the_key_the_past_cannot_be_looked_through(full):
    excluding = Excluding(full, None, Erasing(full, None, lambda _: None))
    with pytest.raises(KeyUnavailable):
        excluding.preview_title_rule({"pattern": "x", "action": "drop"})
    assert excluding.add_title_rule({"pattern": "x", "action": "drop"}, history=False).spans == 0
