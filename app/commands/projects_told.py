"""How the commands tell a project: as JSON, and after a change."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.commands.context import Context

if TYPE_CHECKING:
    from app.models.projects import Projects, Total

_EPOCH = date(1970, 1, 1)


def changed(arguments: argparse.Namespace, context: Context, projects: Projects, project_id: int) -> int:
    """Tell the agent, and say what the project is now."""
    from app.commands.link import reload

    reload(context)
    total = next(t for t in projects.totals(archived=True) if t.project.id == project_id)
    if arguments.json:
        context.say_json(as_json(total))
    else:
        context.say(total.project.name + (" (archived)" if total.project.archived else ""))
    return 0


def as_json(total: Total) -> dict[str, Any]:
    """A project as listings give it."""
    project = total.project
    return {
        "name": project.name,
        "id": project.uuid,
        "color": project.color,
        "archived": project.archived,
        "language": project.language,
        "seconds": total.active_ms / 1000,
        "first_day": day_of(total.first_day),
        "last_day": day_of(total.last_day),
    }


def day_of(number: int | None) -> str | None:
    """The date of a day number (days since 1970-01-01)."""
    return None if number is None else (_EPOCH + timedelta(days=number)).isoformat()
