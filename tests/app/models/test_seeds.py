from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.errors import StorageError
from app.models.categories import Categories
from app.models.rules import Rules
from app.models.seeds import seed
from app.paths import resources

CATEGORIES = [
    {"uuid": "c1", "name": "Work", "parent": None, "color": "#112233", "productivity": 1},
    {"uuid": "c2", "name": "Code", "parent": "c1", "color": "#445566"},
]
RULES = [
    {"uuid": "r1", "name": "editors", "category": "c2", "conditions": [{"field": "application"}]},
    {"uuid": "r2", "category": "c1", "conditions": []},
]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "resources"
    made.mkdir()
    write(made, CATEGORIES, RULES)
    return made


def write(folder, categories, rules):
    (folder / "categories.json").write_text(json.dumps(categories))
    (folder / "rules.json").write_text(json.dumps(rules))


def test_put_in_once(store, folder):
    assert seed(store.connection, folder) == 4
    assert seed(store.connection, folder) == 0
    top, code = Categories(store).all()
    assert (code.name, code.parent_id, code.productivity) == ("Code", top.id, 0)
    assert [(rule.uuid, rule.category_id, rule.origin) for rule in Rules(store).all()] == [
        ("r1", code.id, "default"),
        ("r2", top.id, "default"),
    ]


def test_what_a_person_deleted_stays_away(store, folder):
    seed(store.connection, folder)
    Rules(store).delete(Rules(store).all()[0].id)
    Categories(store).delete(Categories(store).all()[0].id)
    write(folder, CATEGORIES, [*RULES, {"uuid": "r3", "category": "c2", "conditions": []}])
    assert seed(store.connection, folder) == 1
    assert [category.uuid for category in Categories(store).all()] == ["c2"]
    assert [rule.uuid for rule in Rules(store).all()] == ["r3"]


def test_a_new_rule_for_a_deleted_category_stays_away_for_good(store, folder):
    seed(store.connection, folder)
    Categories(store).delete(Categories(store).all()[0].id)
    write(folder, CATEGORIES, [*RULES, {"uuid": "r3", "category": "c1", "conditions": []}])
    assert seed(store.connection, folder) == 0
    assert [rule.uuid for rule in Rules(store).all()] == ["r1"]


def test_untouched_rules_follow_their_resource_and_changed_ones_do_not(store, folder):
    seed(store.connection, folder)
    first, _ = Rules(store).all()
    Rules(store).change(replace(first, enabled=False))
    newer = [
        {**RULES[0], "conditions": [{"new": 1}]},
        {**RULES[1], "conditions": [{"new": 2}], "category": "c2"},
    ]
    write(folder, CATEGORIES, newer)
    assert seed(store.connection, folder) == 0
    one, two = Rules(store).all()
    assert one.conditions == ({"field": "application"},)
    assert not one.enabled
    assert two.conditions == ({"new": 2},)
    assert two.category_id == Categories(store).all()[1].id


def test_a_persons_rules_stay_before_new_defaults(store, folder):
    seed(store.connection, folder)
    mine = Rules(store).add(Categories(store).all()[0].id, [{}])
    write(folder, CATEGORIES, [*RULES, {"uuid": "r3", "category": "c2", "conditions": []}])
    seed(store.connection, folder)
    assert [rule.uuid for rule in Rules(store).all()] == [mine.uuid, "r1", "r2", "r3"]


def test_no_resources_are_no_error(store, tmp_path):
    assert seed(store.connection, tmp_path / "none") == 0


@pytest.mark.parametrize("content", ["", "nonsense", "5", "[5]", "[{}]", '[{"uuid": 5}]'])
def test_damaged_resources_are_told_and_change_nothing(store, folder, content):
    (folder / "rules.json").write_text(content)
    with pytest.raises(StorageError, match=r"rules\.json"):
        seed(store.connection, folder)
    assert Categories(store).all() == []
    assert not store.connection.in_transaction


def test_an_entry_that_breaks_off_leaves_nothing(store, folder):
    write(folder, CATEGORIES, [{"uuid": "r1", "category": "c1"}])
    with pytest.raises(KeyError):
        seed(store.connection, folder)
    assert Categories(store).all() == []
    assert not store.connection.in_transaction


def test_our_own_resources_go_in(store):
    assert seed(store.connection, resources()) > 50
    assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    parents = {category.id for category in Categories(store).all()}
    assert all(category.parent_id in {None, *parents} for category in Categories(store).all())
