"""`devpulse projects scan` and `identify`: looking at repositories."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.context import Context
from app.commands.secrets import secrets_option
from app.commands.words import Subparsers, command, json_option
from app.errors import DevPulseError, KeyUnavailable, UsageError

if TYPE_CHECKING:
    from app.models.cipher import Cipher
    from app.models.projects import Project, Projects
    from app.repositories.identity import Repository
    from app.repositories.scanning import Progress
    from app.tracking.languages import Languages

_DEEPEST = 12
_TELL_EVERY = 200


def register_scan(commands: Subparsers) -> None:
    """Declare `projects scan`, and `projects identify`, which is the agent's."""
    parser = command(
        commands, "scan", summary="Search folders for repositories, and make projects of them.", run=scan,
        data="Recorded time does not change. A repository that was moved stays the project it was.",
        examples=(
            ("projects scan ~/code", "this folder"),
            ("projects scan", "those of the setting projects.folders"),
            ("projects scan ~/code --dry-run", "only show them"),
        ),
    )  # fmt: skip
    parser.add_argument("folders", metavar="FOLDER", nargs="*", help="where to search")
    parser.add_argument("--depth", type=int, metavar="N", help="how many folders deep (1 to 12)")
    parser.add_argument("--dry-run", action="store_true", help="show what is found, and change nothing")
    # For the windows: how far the search is, as "folders repositories" lines on standard error.
    parser.add_argument("--progress", action="store_true", help=argparse.SUPPRESS)
    secrets_option(parser, '{"passphrase"}')
    json_option(parser)
    # The agent runs this one for projects it has not met before: it has no line in the help.
    parser = commands.add_parser("identify", description="Look at projects' repositories once more.")
    parser.add_argument("projects", metavar="ID", nargs="+")
    parser.add_argument("--root", metavar="FOLDER", help="only this folder of it")
    parser.set_defaults(run=identify)


def scan(arguments: argparse.Namespace, context: Context) -> int:
    """Search for repositories; each is a project as soon as it is found."""
    from app.commands.link import reload
    from app.commands.storage import cipher_of, open_store
    from app.repositories.scanning import Scan
    from app.tracking.smallfiles import RemoteMounts

    folders, depth = _where(arguments, context)
    progress = _Told(context, lines=arguments.progress)
    search = Scan(
        folders, depth, languages(), on_progress=progress, remote=RemoteMounts(str(Path.home()))
    )  # fmt: skip
    rows: list[dict[str, Any]] = []
    if arguments.dry_run:
        rows = [_row(found, None, new=True) for found in search]
    else:
        with open_store(context, cipher_of(arguments, context)) as store:
            from app.models.projects import Projects

            for found in search:
                rows.append(_stored(Projects(store), found))
    progress.clear()
    if rows and not arguments.dry_run:
        reload(context)
    return _tell(arguments, context, rows, search.progress.unreadable)


class _Told:
    """Shows on a terminal how far a search is."""

    def __init__(self, context: Context, *, lines: bool = False) -> None:
        self._context = context
        self._lines = lines
        self._shown = False

    def __call__(self, progress: Progress) -> None:
        if self._lines and progress.folders % _TELL_EVERY == 0:
            self._context.err.write(f"{progress.folders} {progress.found}\n")
            self._context.err.flush()
        elif self._context.isatty and progress.folders % _TELL_EVERY == 0:
            self._shown = True
            self._context.err.write(f"\r{progress.folders:,} folders, {progress.found:,} repositories …")
            self._context.err.flush()

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            self._context.err.write("\r\x1b[K")


def _where(arguments: argparse.Namespace, context: Context) -> tuple[list[str], int]:
    from app.config import load

    settings = load(context.paths.settings)
    given = arguments.folders or list(settings.texts("projects.folders"))
    if not given:
        raise UsageError(
            "There is no folder to search.",
            advice="Name one: `devpulse projects scan ~/code`, or set projects.folders once and for all.",
        )
    depth = settings.number("projects.scan_depth") if arguments.depth is None else arguments.depth
    if not 1 <= depth <= _DEEPEST:
        raise UsageError(f"--depth takes 1 to {_DEEPEST}.")
    return [existing_folder(folder) for folder in given], depth


def _stored(projects: Projects, found: Repository) -> dict[str, Any]:
    from app.repositories.adoption import adopt

    before = {project.id for project in projects.all(archived=True)}
    project_id = adopt(projects, found, look)
    project = projects.get(project_id)
    return _row(found, project, new=project_id not in before)


def _row(found: Repository, project: Project | None, *, new: bool) -> dict[str, Any]:
    return {
        "name": found.name if project is None else project.name,
        "folder": found.root,
        "branch": found.branch,
        "language": found.language,
        "remote": found.remote,
        "new": new,
    }


def _tell(
    arguments: argparse.Namespace, context: Context, rows: list[dict[str, Any]], unreadable: int
) -> int:
    from app.analytics.layout import table

    if unreadable:
        context.warn(f"{unreadable:,} folder{'' if unreadable == 1 else 's'} could not be read.")
    if arguments.json:
        context.say_json(rows)
        return 0
    if rows:
        shown = [
            (row["name"], row["branch"] or "", row["language"] or "", "new" if row["new"] else "known")
            for row in rows
        ]
        context.say(table(shown, width=context.width, header=("PROJECT", "BRANCH", "LANGUAGE", "")))
    new = sum(row["new"] for row in rows)
    counted = "1 repository" if len(rows) == 1 else f"{len(rows)} repositories"
    context.say(f"{counted} found." if arguments.dry_run else f"{counted} found, {new} new.")
    return 0


def identify(arguments: argparse.Namespace, context: Context) -> int:
    """Look at the repositories of projects the agent has just met: they may be known ones that moved."""
    from app.commands.storage import open_store, require_data
    from app.models.projects import Projects

    require_data(context)
    numbers = [_number(word) for word in arguments.projects]
    cipher = _cipher_without_asking(context)
    with open_store(context, cipher) as store:
        for number in numbers:
            _identify(Projects(store), number, arguments.root, locked=cipher is None)
    return 0


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 16):
        raise UsageError("A project's number is a whole number.")
    return int(word)


def _identify(projects: Projects, number: int, only: str | None, *, locked: bool) -> None:
    from app.repositories.adoption import settle

    project = projects.get(number)
    if project is None:
        raise DevPulseError("There is no such project.")
    identity = project.id
    for root in (only,) if only else project.roots:
        found = look(root)
        if found is not None:
            identity = settle(projects, identity, found, look, locked=locked)


def _cipher_without_asking(context: Context) -> Cipher | None:
    from app.models.keyfile import Way
    from app.models.keys import key_state, load_key

    try:
        if key_state(context.paths).way in (None, Way.PASSPHRASE):
            return None
        return load_key(context.paths).cipher()
    except KeyUnavailable:
        return None


def look(folder: str) -> Repository | None:
    """The repository in a folder; None when it holds none."""
    from app.repositories.identity import identify as looked_at

    return looked_at(folder, languages())


def languages() -> Languages:
    """The table of languages."""
    from app.paths import resources
    from app.tracking.languages import Languages

    return Languages.parse((resources() / "languages.json").read_text(encoding="utf-8"))


def existing_folder(path: str) -> str:
    """The folder a person named, links followed. Raises `UsageError`."""
    try:
        folder = Path(path).expanduser().resolve()
        there = bool(path) and folder.is_dir()
    except (OSError, RuntimeError, ValueError):
        folder, there = Path("/"), False
    if not there or folder == Path("/"):
        raise UsageError(f"{path!r} is not a folder that can be used.", advice="Name an existing folder.")
    return str(folder)
