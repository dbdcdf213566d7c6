"""`devpulse projects`: what time is counted for, and where it lies."""

from __future__ import annotations

import argparse

from app.commands.context import Context
from app.commands.named import project_named, projects_of
from app.commands.projects_folders import register_folders
from app.commands.projects_scan import register_scan
from app.commands.projects_told import as_json, changed, day_of
from app.commands.projects_use import register_use
from app.commands.words import Subparsers, command, group, json_option
from app.errors import UsageError


def register(subparsers: Subparsers) -> None:
    """Declare `projects` and what it holds."""
    commands = group(subparsers, "projects", summary="Show, name, merge and find your projects.")
    parser = command(
        commands, "list", summary="List the projects and their time.", run=list_all, data="It only reads.",
        examples=(("projects list", "most time first"), ("projects list --archived", "archived ones too")),
    )  # fmt: skip
    parser.add_argument("--archived", action="store_true", help="also those that were archived")
    json_option(parser)
    register_folders(commands)
    register_scan(commands)
    register_use(commands)
    parser = command(
        commands, "rename", summary="Give a project another name.", run=rename,
        data="Its recorded time shows the new name everywhere.",
        examples=(("projects rename api 'Billing API'", ""),),
    )  # fmt: skip
    parser.add_argument("project", metavar="PROJECT")
    parser.add_argument("name", metavar="NAME", help="its new name")
    json_option(parser)
    parser = command(
        commands, "merge", summary="Make one project part of another, for good.", run=merge,
        data="All time, focus sessions and folders of FROM become INTO's. It cannot be undone.",
        examples=(("projects merge api-old api", "api-old is gone, its time is api's"),),
    )  # fmt: skip
    parser.add_argument("source", metavar="FROM")
    parser.add_argument("target", metavar="INTO")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    json_option(parser)
    for name, summary in (
        ("archive", "Take a project out of the lists; its time stays."),
        ("unarchive", "Put a project back in the lists."),
    ):
        parser = command(
            commands, name, summary=summary, run=archive, data="Recorded time does not change.",
            examples=((f"projects {name} api", ""),),
        )  # fmt: skip
        parser.set_defaults(archived=name == "archive")
        parser.add_argument("project", metavar="PROJECT")
        json_option(parser)


def list_all(arguments: argparse.Namespace, context: Context) -> int:
    """List the projects with their whole time."""
    from app.analytics.layout import table
    from app.commands.fresh import refresh
    from app.commands.storage import open_store
    from app.durations import told

    refresh(context)
    with open_store(context) as store:
        totals = projects_of(store).totals(archived=arguments.archived)
    if arguments.json:
        context.say_json([as_json(total) for total in totals])
        return 0
    if not totals:
        context.say("There are no projects yet; they appear as you work, or with `devpulse projects scan`.")
        return 0
    rows = [
        (
            total.project.name + (" (archived)" if total.project.archived else ""),
            told(total.active_ms / 1000) if total.active_ms else "–",
            day_of(total.last_day) or "never",
            total.project.language or "",
        )
        for total in totals
    ]
    context.say(table(rows, width=context.width, header=("PROJECT", "TIME", "LAST", "LANGUAGE")))
    return 0


def rename(arguments: argparse.Namespace, context: Context) -> int:
    """Rename a project."""
    from app.commands.storage import open_store

    with open_store(context) as store:
        projects = projects_of(store)
        project = project_named(projects, arguments.project)
        taken = projects.named(arguments.name)
        if taken is not None and taken.id != project.id:
            raise UsageError(
                f"There is a project named {taken.name!r} already.",
                advice=f"`devpulse projects merge` makes {project.name!r} part of it.",
            )
        projects.rename(project.id, arguments.name)
        return changed(arguments, context, projects, project.id)


def merge(arguments: argparse.Namespace, context: Context) -> int:
    """Merge two projects, after asking."""
    from app.commands.fresh import refresh
    from app.commands.storage import open_store
    from app.durations import told

    refresh(context)
    with open_store(context) as store:
        projects = projects_of(store)
        source = project_named(projects, arguments.source)
        target = project_named(projects, arguments.target)
        if source.id == target.id:
            raise UsageError("A project cannot be merged with itself.")
        time = {total.project.id: total.active_ms for total in projects.totals(archived=True)}
        length = told(time.get(source.id, 0) / 1000)
        question = f"Make {source.name!r} with its {length} part of {target.name!r}, for good?"
        if not arguments.yes and not context.confirmed(question):
            context.warn("Nothing was changed.")
            return 1
        moved = projects.merge(source.id, target.id)
        context.warn(f"{moved:,} activities moved.")
        return changed(arguments, context, projects, target.id)


def archive(arguments: argparse.Namespace, context: Context) -> int:
    """Archive a project, or put it back."""
    from app.commands.storage import open_store

    with open_store(context) as store:
        projects = projects_of(store)
        project = project_named(projects, arguments.project)
        projects.archive(project.id, archived=arguments.archived)
        return changed(arguments, context, projects, project.id)
