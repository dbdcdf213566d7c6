"""Categories and rules as they are stored, in their order."""

from __future__ import annotations

from dataclasses import dataclass

from app.analytics.moment import Moment
from app.models.categories import Category, read_categories
from app.models.rules import Rule, read_rules


@dataclass(frozen=True, slots=True)
class Rulebook:
    """`rules`: the first that fits decides; the switched-off ones are among them."""

    categories: tuple[Category, ...]
    rules: tuple[Rule, ...]


def rulebook(moment: Moment) -> Rulebook:
    """What there is at this moment."""
    return Rulebook(tuple(read_categories(moment.raw)), tuple(read_rules(moment.raw)))
