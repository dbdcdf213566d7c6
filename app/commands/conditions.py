"""A rule's conditions between what a person types, what is stored, and words."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import UsageError

# Tests that take a list; a comma then separates values. A schedule keeps its commas.
_LISTS = ("one_of",)


def when_option(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Declare `--when FIELD IS VALUE`, which may come several times."""
    parser.add_argument(
        "--when",
        nargs=3,
        action="append",
        required=required,
        metavar=("FIELD", "IS", "VALUE"),
        help="a condition; all of them must hold (see below)",
    )


HELP = """\
conditions:
  application, title, url, path, project, branch, language
      equals, contains, glob (with * and ?), pattern (RE2), one_of (a,b,c)
  url   also host: the site, or one below it
  time  between: "mon-fri 09:00-17:00"
  Upper and lower case are the same, but in a pattern."""


def typed(given: Sequence[Sequence[str]]) -> tuple[dict[str, Any], ...]:
    """Conditions as stored, checked. Raises `UsageError` or `InvalidPattern` with the reason."""
    from app.tracking.conditions import read_conditions

    conditions = tuple({"field": f, "is": i, "value": _value(i, v)} for f, i, v in given)
    read_conditions(conditions)
    return conditions


def _value(how: str, text: str) -> Any:
    if how in _LISTS:
        return [part.strip() for part in text.split(",") if part.strip()]
    if text.startswith("[") and how in ("contains", "glob", "host"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise UsageError("A list of values is written as JSON, or with commas after one_of.") from None
    return text


def in_words(conditions: Sequence[Mapping[str, Any]]) -> str:
    """`application is one of Code, vim, and title contains review`."""
    return ", and ".join(_one(condition) for condition in conditions)


def _one(condition: Mapping[str, Any]) -> str:
    value: Any = condition.get("value")
    shown = ", ".join(str(v) for v in value) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
    how = str(condition.get("is", "")).replace("equals", "is").replace("one_of", "is one of")
    return f"{condition.get('field')} {how} {shown}"
