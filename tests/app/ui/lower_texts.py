"""What the lower floors may say to a person in a window, found in the source itself.

Those floors write plain English with the values in it; a value becomes a `{place}` here, named after what is
put there.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app import errors
from app.paths import resources
from app.ui.labelled import SEEDED
from app.ui.sentences import says_something

APP = Path(__file__).resolve().parents[3] / "app"
# A terminal reads the words of commands, and of what is made by commands, as they are written; the Emergency
# Kit's are given by the window.
_NEVER_IN_A_WINDOW = (
    "commands",
    "cli.py",
    "ui/explained.py",
    "analytics/explained.py",
    "analytics/reports",
    "sync/crypto/emergency_kit.py",
    "sync/bodies/activity.py",
    "sync/bodies/record.py",
    "sync/bodies/head.py",
    "sync/wire",
)
# Commands that windows run for a person, who reads their errors there.
_RUN_BY_WINDOWS = (
    "commands/account",
    "commands/conflicts.py",
    "commands/membership.py",
    "commands/secrets.py",
    "commands/sync",
)
_KNOWN_ERRORS = {
    name
    for name, one in vars(errors).items()
    if isinstance(one, type) and issubclass(one, errors.DevPulseError)
}
# Calls whose texts are told: of errors of their own, reasons, limits of a platform, findings of `doctor`.
_TELLING = {
    *_KNOWN_ERRORS, "_KeyringFailed", "KeyringRefused", "_refused", "refused", "refuse", "_Wrong", "Limit",
    "note",
}  # fmt: skip
_SENTENCE = re.compile(r"\w .*\.(\s|$)", re.DOTALL)
# Tables and names of such texts.
_TOLD_TABLES = {"_HIDDEN", "COVERED", "COVERED_DAY", "NO_SIGN"}


@cache
def lower_texts() -> set[str]:
    """Every text of an error, a reason or a finding, and whatever else is a sentence below the windows."""
    found: set[str] = set()
    for file in sorted(APP.rglob("*.py")):
        place = file.relative_to(APP).as_posix()
        errors_only = place.startswith(("ui/", *_RUN_BY_WINDOWS))
        if errors_only or not place.startswith(_NEVER_IN_A_WINDOW):
            found |= set(_texts_of(ast.parse(file.read_text(encoding="utf-8")), ui=errors_only))
    return {text for text in found if says_something(text)}


def seeded_names() -> set[str]:
    """The names of the categories that come with DevPulse, as their translation is looked up."""
    seeds = json.loads((resources() / "categories.json").read_text(encoding="utf-8"))
    return {SEEDED + seed["name"] for seed in seeds}


def _texts_of(tree: ast.Module, *, ui: bool) -> Iterator[str]:
    untold = _untold(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _TELLING:
            for given in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from _templates(given)
        elif isinstance(node, ast.Assign) and _name(node.targets[0]) in _TOLD_TABLES:
            values = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
            for value in values:
                yield from _templates(value)
        elif isinstance(node, (ast.Constant, ast.JoinedStr)) and id(node) not in untold and not ui:
            yield from (text for text in _templates(node) if _SENTENCE.search(text))


def _untold(tree: ast.Module) -> set[int]:
    """Texts nobody is told here: docstrings, the log, and settings, whose words have a test of their own."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            found |= {id(value) for value in node.values}
        elif isinstance(node, ast.Call) and _name(node.func) in (
            "debug",
            "info",
            "warning",
            "error",
            "Setting",
        ):
            found |= {id(inner) for inner in ast.walk(node)}
    return found


def _templates(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr():
            yield _template(node)
        case ast.IfExp():
            yield from _templates(node.body)
            yield from _templates(node.orelse)
        case ast.BoolOp():
            for value in node.values:
                yield from _templates(value)
        case ast.Call(func=ast.Attribute(value=inner, attr="strip" | "rstrip")):
            yield from _templates(inner)
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, default]):
            yield from _templates(default)
        case _:
            pass


def _template(node: ast.JoinedStr) -> str:
    text, seen = "", dict[str, int]()
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            name = _place(part.value)
            seen[name] = seen.get(name, 0) + 1
            text += "{" + name + (str(seen[name]) if seen[name] > 1 else "") + "}"
        elif isinstance(part, ast.Constant):
            text += str(part.value)
    return text


def _place(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Subscript(value=inner):
            return _place(inner)
        case ast.Call(func=ast.Attribute(attr="join")):
            return "list"
        case ast.Call(func=function, args=args):
            return _place(args[0] if args else function)
        case _:
            return "value"


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
