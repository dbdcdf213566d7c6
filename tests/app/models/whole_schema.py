"""What all steps of the schema say, as SQL. `python -m tests.app.models.whole_schema` writes it down."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from app.models.beginning import WHOLE
from app.models.steps import upgrade

_HEAD = "-- What the steps in versions/ say; written by `python -m tests.app.models.whole_schema`.\n"


def whole() -> str:
    """Every statement that writes, in the order of the steps, so that each table lies where they put it."""
    said: list[str] = []

    def hear(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.lstrip().split()[0] not in ("SELECT", "PRAGMA", "BEGIN"):
            assert not parameters, "a value that is bound is not in the statement's text"
            said.append(statement.lstrip())  # SQLite keeps what is blank behind, too

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        with tempfile.TemporaryDirectory() as folder:
            upgrade(Path(folder) / "devpulse.db")
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    return _HEAD + "".join(f"{statement};\n" for statement in said)


if __name__ == "__main__":
    WHOLE.write_text(whole(), encoding="utf-8")
