from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import UsageError
from app.models.categories import Categories
from app.models.rules import Rules


@pytest.fixture
def category(store):
    return Categories(store).add("Work", color="#ff0000").id


@pytest.fixture
def rules(store, category):
    return Rules(store)


def test_new_rules_stand_first_unless_told_otherwise(rules, category):
    a = rules.add(category, [{"field": "a"}])
    b = rules.add(category, [{"field": "b"}])
    c = rules.add(category, [{"field": "c", "text": "Grüße"}], position=None, enabled=False)
    assert [rule.id for rule in rules.all()] == [b.id, a.id, c.id]
    assert c.conditions == ({"field": "c", "text": "Grüße"},)
    assert (c.enabled, c.origin) == (False, "person")


def test_moving(rules, category):
    made = [rules.add(category, [{"n": n}], position=None).id for n in range(4)]
    rules.move(made[3], 1)
    assert [rule.id for rule in rules.all()] == [made[0], made[3], made[1], made[2]]
    rules.move(made[0], 100)
    rules.move(made[2], -5)
    assert [rule.id for rule in rules.all()] == [made[2], made[3], made[1], made[0]]
    assert [rule.position for rule in rules.all()] == [0, 1, 2, 3]


def test_a_changed_default_rule_is_the_persons(rules, category, store):
    rule = rules.add(category, [{}])
    store.connection.execute("UPDATE rules SET origin = 'default'")
    assert rules.change(replace(rule, enabled=False)).origin == "person"
    assert rules.all()[0].origin == "person"
    assert not rules.all()[0].enabled


def test_what_does_not_exist_is_told(rules, category):
    rule = rules.add(category, [{}])
    for act in (
        lambda: rules.add(99, [{}]),
        lambda: rules.move(99, 0),
        lambda: rules.delete(99),
        lambda: rules.change(replace(rule, id=99)),
        lambda: rules.change(replace(rule, category_id=99)),
    ):
        with pytest.raises(UsageError):
            act()
    assert rules.all() == [rule]
    rules.delete(rule.id)
    assert rules.all() == []


@pytest.mark.parametrize("damaged", ["", "nonsense", "{}", "[1]", "[" * 100_000])
def test_a_damaged_rule_is_left_out(rules, category, store, damaged):
    good = rules.add(category, [{}])
    bad = rules.add(category, [{}])
    store.connection.execute("UPDATE rules SET conditions = ? WHERE id = ?", (damaged, bad.id))
    assert [rule.id for rule in rules.all()] == [good.id]
