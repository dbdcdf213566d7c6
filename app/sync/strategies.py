"""What the person chose should happen where two machines changed the same."""

from __future__ import annotations

from collections.abc import Mapping

from app.config import Settings
from app.sync.merge.strategies import Strategy

# The type of a record, and the setting that says what holds for it.
SETTINGS: Mapping[str, str] = {
    "project": "sync.conflicts_projects",
    "category": "sync.conflicts_categories",
    "rule": "sync.conflicts_rules",
    "goal": "sync.conflicts_goals",
    "focus_session": "sync.conflicts_focus",
}


def strategies_of(settings: Settings) -> dict[str, Strategy]:
    """The strategy of each type."""
    return {type_: Strategy(settings.text(key)) for type_, key in SETTINGS.items()}
