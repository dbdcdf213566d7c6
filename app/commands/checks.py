"""The checks of `doctor`: those only the agent can make, and those anybody can."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.commands.context import Context
from app.errors import AgentNotRunning, DevPulseError, StorageError

Check = dict[str, str]

OK, LIMITED, MISSING = "ok", "limited", "missing"
_LITTLE_SPACE = 1_000_000_000
_NO_SPACE = 100_000_000


def check(name: str, state: str, detail: str, advice: str = "") -> Check:
    """One finding."""
    return {"name": name, "state": state, "detail": detail, "advice": advice}


def all_checks(context: Context, *, deep: bool = False) -> list[Check]:
    """Every finding, the agent's own among them when it runs."""
    found = [*_agent(context)]
    found += _key(context)
    found += _database(context, deep=deep)
    found += _rules(context)
    found += settings_checks(_settings_problems(context))
    found.append(_space(context))
    found += folder_checks((context.paths.config, context.paths.data, context.paths.logs))
    return found


def _agent(context: Context) -> Iterator[Check]:
    from app.commands.link import ask

    try:
        status = ask(context, "status")
        yield agent_check(status, memory_kb(int(status.get("pid", 0))))
        own: list[Check] = ask(context, "doctor")["checks"]
        # How the key is kept is told below for any case.
        yield from (found for found in own if found["name"] != "key")
    except AgentNotRunning as error:
        yield check("agent", MISSING, error.title, error.advice)
        yield from _sources(context)
        yield from _lost(context)
    except DevPulseError as error:
        yield check("agent", MISSING, error.title, error.advice)


def agent_check(status: dict[str, Any], memory: int | None) -> Check:
    """The agent, from its own status. `memory`: kB, None when unknown."""
    from app.version import __version__

    version = str(status.get("version", ""))
    size = "" if memory is None else f", {memory / 1024:.0f} MB of memory"
    detail = f"running ({status.get('state')}), process {status.get('pid')}{size}"
    if version != __version__:
        return check(
            "agent", LIMITED, f"{detail}; it is version {version}, and this command is {__version__}.",
            "End it with `devpulse quit` and start it again.",
        )  # fmt: skip
    return check("agent", OK, detail)


def memory_kb(pid: int, proc: Path = Path("/proc")) -> int | None:
    """The resident memory of a process in kB; None where that cannot be told."""
    try:
        for line in (proc / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return None


def _lost(context: Context) -> Iterator[Check]:
    """A running agent tells this itself."""
    from app.models.lost import problem

    gone = problem(context.paths)
    if gone is not None:
        yield check("recording", MISSING, f"{gone.title} {gone.detail}", gone.advice)


def _sources(context: Context) -> Iterator[Check]:
    """What the agent would use here, without starting it."""
    from app.tracking.checks import checks
    from app.tracking.platform.select import select_sources

    sources = select_sources(context.environ)
    found = checks(sources, blind=False, problems=(), tray="unknown", key="")
    yield from (one for one in found if one["name"] != "tray")


def _key(context: Context) -> Iterator[Check]:
    from app.models.keyfile import Way
    from app.models.keys import key_state, load_key

    try:
        state = key_state(context.paths)
        if state.way is None:
            yield check("key", OK, "It is made when DevPulse starts.")
        elif state.way is Way.PASSPHRASE:
            yield check("key", OK, state.told)
        else:
            load_key(context.paths)
            weak = state.way is Way.FILE
            yield check(
                "key", LIMITED if weak else OK, state.told,
                "`devpulse data key move passphrase` locks it, or `… keyring` where there is one."
                if weak else "",
            )  # fmt: skip
    except DevPulseError as error:
        yield check("key", MISSING, f"{error.title} {error.detail}".strip(), error.advice)


def _database(context: Context, *, deep: bool) -> Iterator[Check]:
    from app.models.database import reading, require_schema

    path = context.paths.database
    if not path.exists():
        yield check("database", OK, "There is none yet.")
        return
    try:
        with reading(path) as connection:
            require_schema(connection)
        size = path.stat().st_size / 1_000_000
        yield check("database", OK, f"{size:.1f} MB")
        if deep:
            yield deep_check(_problems(context))
    except StorageError as error:
        yield check("database", MISSING, f"{error.title} {error.detail}".strip(), error.advice)
    yield _backup(context)


def _problems(context: Context) -> Sequence[str]:
    from app.commands.data import problems_of

    return problems_of(context)


def deep_check(problems: Sequence[str]) -> Check:
    """What reading everything came to."""
    if problems:
        return check("database content", MISSING, " ".join(problems), "`devpulse data recover` mends it.")
    return check("database content", OK, "All of it was read and is sound.")


def _backup(context: Context) -> Check:
    from app.models.backups import backups

    newest = next(iter(backups(context.paths)), None)
    if newest is None:
        return check(
            "backup", LIMITED, "There is none yet.", "The agent makes one a day; `devpulse data backup` now."
        )
    made = newest.made
    return check("backup", OK, f"The last one is of {made[:4]}-{made[4:6]}-{made[6:8]}.")


def _rules(context: Context) -> Iterator[Check]:
    from app.models.categories import read_categories
    from app.models.database import reading
    from app.models.rules import read_rules
    from app.tracking.classifier import Classifier

    if not context.paths.database.exists():
        return
    try:
        with reading(context.paths.database) as connection:
            rules = read_rules(connection)
            categories = [category.id for category in read_categories(connection)]
    except StorageError:
        return  # told of by the database's check
    problems = Classifier(rules, categories).problems
    if problems:
        yield check("rules", LIMITED, " ".join(problems), "`devpulse rules list` shows them all.")
    else:
        yield check("rules", OK, f"{len(rules)} rules, {len(categories)} categories")


def _settings_problems(context: Context) -> Sequence[str]:
    from app.config import load
    from app.tracking.policy import policy_from

    settings = load(context.paths.settings)
    return (*settings.problems, *policy_from(settings, salt=bytes(16)).problems)


def settings_checks(problems: Sequence[str]) -> list[Check]:
    """The settings' own problems, each in words."""
    if not problems:
        return [check("settings", OK, "All of them are understood.")]
    advice = "`devpulse settings list` shows what is in force."
    return [check("settings", LIMITED, problem, advice) for problem in problems]


def _space(context: Context) -> Check:
    folder = next((p for p in (context.paths.data, *context.paths.data.parents) if p.exists()), Path("/"))
    return space_check(shutil.disk_usage(folder).free)


def space_check(free: int) -> Check:
    """`free`: bytes left on the disk of the data."""
    detail = (
        f"{free / 1_000_000_000:.1f} GB free" if free >= _LITTLE_SPACE else f"{free // 1_000_000} MB free"
    )
    if free < _NO_SPACE:
        return check("disk space", MISSING, detail, "Recording stops when the disk is full: free some space.")
    if free < _LITTLE_SPACE:
        return check("disk space", LIMITED, detail, "Free some space soon.")
    return check("disk space", OK, detail)


def folder_checks(folders: Sequence[Path]) -> list[Check]:
    """Folders that others can read."""
    found: list[Check] = []
    for folder in folders:
        try:
            mode = stat.S_IMODE(folder.stat().st_mode)
        except OSError:
            continue
        if mode & 0o077:
            found.append(check("folders", LIMITED, f"Others can look into {folder}.", f"chmod 700 {folder}"))
    return found or [check("folders", OK, "Only you can look into them.")]
