"""`devpulse goals`: how much time, or how little, something should take a day or a week."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.commands.context import Context
from app.commands.words import Subparsers, command, group, json_option
from app.errors import UsageError

if TYPE_CHECKING:
    from app.models.goals import Goal
    from app.models.store import Store

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def register(subparsers: Subparsers) -> None:
    """Declare `goals` and what it holds."""
    commands = group(subparsers, "goals", summary="Set goals for your time, and see how far they are.")
    parser = command(
        commands, "list", summary="List the goals and how far they are now.", run=list_all,
        data="It only reads.",
    )  # fmt: skip
    json_option(parser)
    parser = command(
        commands, "add", summary="Add a goal.", run=add, data="Nothing recorded changes.",
        examples=(
            ("goals add --at-least 4h --productive --on mon-fri", "four productive hours each weekday"),
            ("goals add --at-least 10h --project api --every week", "ten hours of a project a week"),
            ("goals add --at-most 30m --category Leisure", "no more than half an hour a day"),
        ),
    )  # fmt: skip
    _what(parser, required=True)
    json_option(parser)
    parser = command(
        commands, "change", summary="Change a goal, or switch it off or on.", run=change,
        data="Nothing recorded changes.", examples=(("goals change 1 --at-least 3h", "another target"),),
    )  # fmt: skip
    _number(parser)
    _what(parser, required=False)
    switch = parser.add_mutually_exclusive_group()
    switch.add_argument("--off", dest="enabled", action="store_false", default=None, help="keep it, unused")
    switch.add_argument("--on-again", dest="enabled", action="store_true", default=None, help="use it again")
    json_option(parser)
    parser = command(
        commands, "remove", summary="Remove a goal.", run=remove, data="Nothing recorded changes.",
        examples=(("goals remove 2", "as `devpulse goals list` numbers it"),),
    )  # fmt: skip
    _number(parser)
    json_option(parser)


def _number(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="N", help="as `devpulse goals list` numbers it")


def _what(parser: argparse.ArgumentParser, *, required: bool) -> None:
    target = parser.add_mutually_exclusive_group(required=required)
    target.add_argument("--at-least", metavar="TIME", help="reach this: 4h, 90m, 1h30m")
    target.add_argument("--at-most", metavar="TIME", help="do not pass this")
    subject = parser.add_mutually_exclusive_group()
    subject.add_argument("--project", metavar="NAME", help="time of a project")
    subject.add_argument("--category", metavar="NAME", help="time of a category")
    subject.add_argument("--productive", action="store_true", help="time of all productive categories")
    subject.add_argument("--focus", action="store_true", help="focused time")
    subject.add_argument("--total", action="store_true", help="all active time (the default)")
    parser.add_argument("--every", choices=("day", "week"), help="what the time is for (day)")
    parser.add_argument("--on", metavar="DAYS", help="the days it counts on: mon-fri, sat,sun (all)")


def list_all(arguments: argparse.Namespace, context: Context) -> int:
    """List the goals."""
    from app.commands.fresh import refresh
    from app.commands.storage import open_store

    refresh(context)
    with open_store(context) as store:
        shown = _listed(store, context)
    if arguments.json:
        context.say_json(shown)
        return 0
    if not shown:
        context.say("There are no goals yet. `devpulse goals add` adds one.")
        return 0
    from app.analytics.layout import table
    from app.durations import told

    rows = [
        (
            str(goal["number"]),
            goal["words"],
            "off" if not goal["enabled"] else "" if goal["seconds"] is None else told(goal["seconds"]),
            goal["standing"] or "",
        )
        for goal in shown
    ]
    context.say(table(rows, width=context.width, header=("", "GOAL", "NOW", "")))
    return 0


def add(arguments: argparse.Namespace, context: Context) -> int:
    """Add a goal."""
    from app.commands.storage import open_store
    from app.models.goals import Aim, Goal, Goals, Period, Subject

    with open_store(context) as store:
        plain = Goal(Aim.AT_LEAST, Subject.TOTAL, Period.DAY, 0)
        made = Goals(store).add(_changed(plain, arguments, store))
        return _told(arguments, context, store, made.id)


def change(arguments: argparse.Namespace, context: Context) -> int:
    """Change a goal."""
    from app.commands.storage import open_store
    from app.models.goals import Goals

    with open_store(context) as store:
        goal = _numbered(store, arguments.number)
        after = _changed(goal, arguments, store)
        if arguments.enabled is not None:
            after = replace(after, enabled=arguments.enabled)
        Goals(store).change(after)
        return _told(arguments, context, store, goal.id)


def remove(arguments: argparse.Namespace, context: Context) -> int:
    """Remove a goal."""
    from app.commands.link import reload
    from app.commands.storage import open_store
    from app.models.goals import Goals

    with open_store(context) as store:
        Goals(store).delete(_numbered(store, arguments.number).id)
    reload(context)
    if arguments.json:
        context.say_json({"removed": arguments.number})
    else:
        context.say(f"Goal {arguments.number} is removed.")
    return 0


def _changed(goal: Goal, arguments: argparse.Namespace, store: Store) -> Goal:
    """The goal as the words say; what they leave out stays."""
    from app.commands.lengths import seconds_of
    from app.models.goals import Aim, Period
    from app.tracking.schedule import parse_schedule

    for aim, given in ((Aim.AT_LEAST, arguments.at_least), (Aim.AT_MOST, arguments.at_most)):
        if given is not None:
            target = 0 if given.strip() == "0" else seconds_of(given) * 1000
            goal = replace(goal, kind=aim, target_ms=target)
    if arguments.every is not None:
        goal = replace(goal, period=Period(arguments.every))
    if arguments.on is not None:
        days = parse_schedule(arguments.on).days
        goal = replace(goal, weekdays=sum(1 << day for day in days))
    return _about(goal, arguments, store)


def _about(goal: Goal, arguments: argparse.Namespace, store: Store) -> Goal:
    from app.commands.named import category_named, project_named, projects_of
    from app.models.goals import Subject

    if arguments.project is not None:
        project = project_named(projects_of(store), arguments.project)
        return replace(goal, subject=Subject.PROJECT, subject_id=project.id)
    if arguments.category is not None:
        return replace(goal, subject=Subject.CATEGORY, subject_id=category_named(store, arguments.category))
    for subject in (Subject.PRODUCTIVE, Subject.FOCUS, Subject.TOTAL):
        if getattr(arguments, subject.value):
            return replace(goal, subject=subject, subject_id=None)
    return goal


def _numbered(store: Store, number: int) -> Goal:
    from app.models.goals import Goals

    goals = Goals(store).all()
    if not 1 <= number <= len(goals):
        raise UsageError(f"There is no goal {number}.", advice="`devpulse goals list` shows them all.")
    return goals[number - 1]


def _told(arguments: argparse.Namespace, context: Context, store: Store, goal_id: int) -> int:
    from app.commands.link import reload
    from app.models.goals import Goals

    reload(context)
    number = next(n for n, goal in enumerate(Goals(store).all(), 1) if goal.id == goal_id)
    shown = _listed(store, context)[number - 1]
    if arguments.json:
        context.say_json(shown)
    else:
        context.say(f"Goal {number}: {shown['words']}" + ("" if shown["enabled"] else " (off)"))
    return 0


def _listed(store: Store, context: Context) -> list[dict[str, Any]]:
    from app.analytics.questions import Questions
    from app.models.goals import Goals

    questions = Questions(context.paths.database, None, context.clock)
    try:
        standing = {view.progress.goal.id: view.progress for view in questions.today().goals}
    finally:
        questions.close()
    shown: list[dict[str, Any]] = []
    for number, goal in enumerate(Goals(store).all(), 1):
        progress = standing.get(goal.id)
        shown.append(
            {
                "number": number,
                "words": _words(goal, store),
                "kind": goal.kind.value,
                "subject": goal.subject.value,
                "period": goal.period.value,
                "target_seconds": goal.target_ms / 1000,
                "days": [day for n, day in enumerate(_DAYS) if goal.counts_on(n)],
                "enabled": goal.enabled,
                "seconds": None if progress is None else progress.done_ms / 1000,
                "standing": None if progress is None else progress.standing.value,
                "uuid": goal.uuid,
            }
        )
    return shown


def _words(goal: Goal, store: Store) -> str:
    """`at least 4 h of productive time a day, mon tue wed`."""
    from app.durations import told
    from app.models.goals import EVERY_DAY

    aim = goal.kind.value.replace("_", " ")
    days = (
        ""
        if goal.weekdays == EVERY_DAY
        else ", " + " ".join(day for n, day in enumerate(_DAYS) if goal.counts_on(n))
    )
    return f"{aim} {told(goal.target_ms / 1000)} of {_subject(goal, store)} a {goal.period.value}{days}"


def _subject(goal: Goal, store: Store) -> str:
    from app.commands.named import category_names
    from app.models.goals import Subject
    from app.models.projects import Projects

    if goal.subject is Subject.PROJECT:
        project = Projects(store).get(goal.subject_id or 0)
        return "project ?" if project is None else f"project {project.name}"
    if goal.subject is Subject.CATEGORY:
        return f"category {category_names(store).get(goal.subject_id or 0, '?')}"
    return {"total": "active time", "productive": "productive time", "focus": "focused time"}[
        goal.subject.value
    ]
