"""`devpulse projects show` and `add`: projects and the folders they lie in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.context import Context
from app.commands.named import project_named, projects_of
from app.commands.projects_scan import existing_folder, look
from app.commands.projects_told import as_json, changed
from app.commands.secrets import secrets_option
from app.commands.words import Subparsers, command, json_option
from app.errors import UsageError

if TYPE_CHECKING:
    from app.models.projects import Projects
    from app.repositories.identity import Repository


def register_folders(commands: Subparsers) -> None:
    """Declare `projects show` and `projects add`."""
    parser = command(
        commands, "show", summary="Show a project with its folders.", run=show, data="It only reads.",
        examples=(("projects show api", ""),),
    )  # fmt: skip
    parser.add_argument("project", metavar="PROJECT")
    secrets_option(parser, '{"passphrase"}')
    json_option(parser)
    parser = command(
        commands, "add", summary="Make a folder a project.", run=add,
        data="What you do in it counts for it from now on; recorded time does not change.",
        examples=(
            ("projects add ~/novel", "a folder without git"),
            ("projects add ~/mono/api --name 'Billing API'", "a part of a repository"),
        ),
    )  # fmt: skip
    parser.add_argument("path", metavar="PATH", help="the folder")
    parser.add_argument("--name", metavar="NAME", help="its name; one that exists gets the folder as well")
    secrets_option(parser, '{"passphrase"}')
    json_option(parser)


def show(arguments: argparse.Namespace, context: Context) -> int:
    """Show one project, its folders, and what is checked out in them."""
    from app.commands.fresh import refresh
    from app.commands.storage import cipher_of, open_store, require_data
    from app.durations import told

    require_data(context)
    refresh(context)
    with open_store(context, cipher_of(arguments, context)) as store:
        projects = projects_of(store)
        project = project_named(projects, arguments.project)
        total = next(t for t in projects.totals(archived=True) if t.project.id == project.id)
    known = as_json(total)
    known["remote"] = project.remote
    known["root_commit"] = project.root_commit
    known["folders"] = [_folder(root) for root in project.roots]
    if arguments.json:
        context.say_json(known)
        return 0
    seen = f"{known['first_day']} to {known['last_day']}" if total.first_day is not None else "not yet"
    lines = [
        project.name + (" (archived)" if project.archived else ""),
        f"  time      {told(total.active_ms / 1000)}, {seen}",
        *([f"  language  {project.language}"] if project.language else []),
        *([f"  remote    {project.remote}"] if project.remote else []),
        *(_folder_line(folder) for folder in known["folders"]),
    ]
    context.say("\n".join(line.encode("utf-8", "replace").decode() for line in lines))
    return 0


def _folder(root: str) -> dict[str, Any]:
    from app.tracking.repository import branch_of, find

    here = find(root, frozenset(), lambda _: False)
    inside = here is not None and root in (here.root, here.folder)
    return {
        "path": root,
        "exists": Path(root).is_dir(),
        "branch": branch_of(here) if here is not None and inside else None,
    }


def _folder_line(folder: dict[str, Any]) -> str:
    branch = f" on {folder['branch']}" if folder["branch"] else ""
    return f"  folder    {folder['path']}{branch}{'' if folder['exists'] else ' (not there any more)'}"


def add(arguments: argparse.Namespace, context: Context) -> int:
    """Make a folder a project, or a further folder of one."""
    from app.commands.storage import cipher_of, open_store

    folder = existing_folder(arguments.path)
    found = look(folder)
    root = folder if found is None else found.root
    with open_store(context, cipher_of(arguments, context)) as store:
        projects = projects_of(store)
        _refuse_known(projects, root)
        project_id = _added(projects, root, found, arguments.name)
        return changed(arguments, context, projects, project_id)


def _added(projects: Projects, root: str, found: Repository | None, name: str | None) -> int:
    from app.repositories.adoption import adopt, settle
    from app.tracking.repository import name_of

    same = projects.named(name) if name else None
    if same is not None:
        projects.add_root(same.id, root)
        return same.id if found is None else settle(projects, same.id, found, look)
    if found is None:
        return projects.add(name or name_of(root), root=root)
    project_id = adopt(projects, found, look)
    if name:
        projects.rename(project_id, name)
    return project_id


def _refuse_known(projects: Projects, root: str) -> None:
    for project in projects.all(archived=True):
        if root in project.roots:
            raise UsageError(
                f"This folder belongs to {project.name!r} already.",
                advice="`devpulse projects rename` gives it another name.",
            )
