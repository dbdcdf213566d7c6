from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import UsageError
from app.models.categories import Categories
from app.models.journal import Journal
from app.models.rules import Rules
from app.models.values import Activity, Span, State
from tests.app.models.rolled import expected, stored

T = 1_700_000_000_000


@pytest.fixture
def categories(store):
    return Categories(store)


def test_added_in_order_and_changed(categories):
    work = categories.add("Work", color="#FF0000", productivity=1)
    code = categories.add(" Code ", color="#00ff00", parent_id=work.id)
    assert categories.all() == [work, code]
    assert (code.name, code.parent_id, work.color) == ("Code", work.id, "#ff0000")
    changed = categories.change(replace(code, name="Coding", parent_id=None, productivity=-1))
    assert categories.all()[1] == changed


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"color": "blue"}, {"productivity": 2}, {"parent_id": 99}, {"name": "x" * 201}]
)
def test_what_cannot_be_is_refused(categories, wrong):
    category = categories.add("Work", color="#ff0000")
    with pytest.raises(UsageError):
        categories.change(replace(category, **wrong))
    assert categories.all() == [category]


def test_a_category_never_lies_under_itself(categories):
    top = categories.add("a", color="#ff0000")
    low = categories.add("b", color="#ff0000", parent_id=top.id)
    for parent in (top.id, low.id):
        with pytest.raises(UsageError):
            categories.change(replace(top, parent_id=parent))


def test_deleting_moves_time_and_children(categories, store):
    top = categories.add("a", color="#ff0000")
    low = categories.add("b", color="#ff0000", parent_id=top.id)
    lowest = categories.add("c", color="#ff0000", parent_id=low.id)
    Rules(store).add(low.id, [{}])
    journal = Journal(store)
    for n, category in enumerate((low, lowest, low)):
        journal.append(Span(T + n, T + n + 1, 0, State.ACTIVE, Activity("editor", category_id=category.id)))
    assert categories.delete(low.id, move_to=top.id) == 2
    assert [(category.name, category.parent_id) for category in categories.all()] == [
        ("a", None),
        ("c", top.id),
    ]
    assert Rules(store).all() == []
    assert stored(store.connection) == expected(store.connection)
    assert categories.delete(top.id) == 2
    assert stored(store.connection) == expected(store.connection)


def test_what_does_not_exist_is_told(categories):
    category = categories.add("a", color="#ff0000")
    for act in (
        lambda: categories.delete(99),
        lambda: categories.delete(category.id, move_to=99),
        lambda: categories.delete(category.id, move_to=category.id),
        lambda: categories.change(replace(category, id=99)),
    ):
        with pytest.raises(UsageError):
            act()
    assert categories.all() == [category]
