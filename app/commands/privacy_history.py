"""`privacy exclude --history` and `privacy redact --history`: from here on, and in what was recorded."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.commands.context import Context

if TYPE_CHECKING:
    from app.changes.erasure import Erasure
    from app.changes.exclusion import Excluding


def exclude_everywhere(arguments: argparse.Namespace, context: Context, name: str) -> int:
    """Exclude an application, and erase what was recorded of it, after asking."""
    from app.commands.erase import found_json, show
    from app.commands.fresh import refresh

    refresh(context)
    excluding = _excluding(arguments, context, titles=False)
    seen = excluding.preview_application(name)
    if not arguments.json:
        context.say(f"Recorded of it: {', '.join(seen.applications) or 'nothing'}.")
        show(seen.found, context)
    if not _agreed(arguments, context, f"Never record {name} again, and erase this for good?"):
        return 1
    done = excluding.exclude_application(name, history=True)
    if arguments.json:
        context.say_json({"application": name, "erased": list(seen.applications), **found_json(seen.found)})
    return _told(arguments, context, done, f"{name} is never recorded from now on, and its past is erased.")


def redact_everywhere(arguments: argparse.Namespace, context: Context, rule: dict[str, str]) -> int:
    """Add a title rule, and do to the stored titles what it says, after asking."""
    from app.commands.fresh import refresh

    refresh(context)
    excluding = _excluding(arguments, context, titles=True)
    count = excluding.preview_title_rule(rule)
    if not arguments.json:
        context.say(f"It changes the titles of {count:,} recorded activities.")
    if not _agreed(arguments, context, "Change them for good, and every title from now on?"):
        return 1
    done = excluding.add_title_rule(rule, history=True)
    if arguments.json:
        context.say_json({"rule": rule, "activities": done.spans})
    return _told(arguments, context, done, "The rule holds from now on, and for what was recorded.")


def _excluding(arguments: argparse.Namespace, context: Context, *, titles: bool) -> Excluding:
    from app.changes.exclusion import Excluding
    from app.commands.erase import erasing_of
    from app.commands.storage import cipher_of, require_data

    require_data(context)
    cipher = cipher_of(arguments, context) if titles else None
    return Excluding(context.paths, cipher, erasing_of(arguments, context, titles=titles))


def _agreed(arguments: argparse.Namespace, context: Context, question: str) -> bool:
    if arguments.yes or context.confirmed(question):
        return True
    context.say("Nothing was changed.")
    return False


def _told(arguments: argparse.Namespace, context: Context, done: Erasure, words: str) -> int:
    from app.commands.erase import tell_left

    tell_left(done, context)
    if not arguments.json:
        context.say(words)
    return 0
