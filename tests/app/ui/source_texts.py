"""Every text of the source that a person may see translated, found in the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.declarations import SETTINGS

ROOT = Path(__file__).resolve().parents[3]


@cache
def source_texts() -> set[str]:
    """What `tr` and `mark` are given, the words of the settings, and the sentences of changes."""
    found = {text for file in (ROOT / "app" / "ui").rglob("*.py") for text in _marked(file, ("tr", "mark"))}
    for setting in SETTINGS.values():
        found |= {setting.title, setting.prose, setting.unit, *setting.choices.values()}
    for file in (ROOT / "app" / "changes").rglob("*.py"):
        found |= set(_marked(file, ("Words",)))
        for call in _calls(file, ("counted",)):
            found |= {text for given in call.args[1:] for text in _texts(given)}
    return {text for text in found if text.strip()}


def not_literal() -> list[str]:
    """Calls of `tr` with a text put together on the spot, which no table can hold."""
    return [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in (ROOT / "app" / "ui").rglob("*.py")
        for call in _calls(file, ("tr", "mark"))
        if isinstance(call.args[0], (ast.JoinedStr, ast.BinOp))
    ]


def _marked(file: Path, names: tuple[str, ...]) -> Iterator[str]:
    for call in _calls(file, names):
        yield from _texts(call.args[0])


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def _calls(file: Path, names: tuple[str, ...]) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in names:
            yield node


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
