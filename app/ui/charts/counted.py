"""How many activities, in words."""

from __future__ import annotations

from app.ui.words import number, tr


def activities(count: int) -> str:
    """`1 activity`, `1,204 activities`."""
    return tr("1 activity") if count == 1 else tr("{count} activities", count=number(count))
