"""The pages for operators name every setting there is, and files and commands that are there."""

from __future__ import annotations

import re
from pathlib import Path

from cloud.cli import build_parser
from cloud.reading import Reader
from cloud.settings import PREFIX, from_environment
from tests.cloud.deploy.dockerfile import ROOT

CLOUD = (ROOT / "docs" / "cloud.md").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def settings() -> set[str]:
    """The names that the service asks its environment for, without `…_FILE`."""
    asked: set[str] = set()
    usual = Reader.__init__

    def remembered(self: Reader, *words: object) -> None:
        usual(self, *words)  # type: ignore[arg-type]
        self._known = asked

    Reader.__init__ = remembered  # type: ignore[assignment, method-assign]
    try:
        from_environment({})
    finally:
        Reader.__init__ = usual  # type: ignore[method-assign]
    return {
        name for name in asked if f"{name.removesuffix('_FILE')}_FILE" not in asked or name[-5:] != "_FILE"
    }


def test_the_table_of_settings_is_whole() -> None:
    table = CLOUD.partition("## Settings")[2].partition("\n## ")[0]
    told = {
        name
        for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
        for name in re.findall(r"`([A-Z_]+)`", row)
    }
    assert told == settings()


def test_what_the_operators_page_says_is_there() -> None:
    known = settings()
    for name in re.findall(rf"{PREFIX}([A-Z_]+)", OPERATIONS):
        assert name.removesuffix("_FILE") in known
    for path in re.findall(r"`?((?:cloud/deploy|tests/cloud)/[\w/.-]+)", OPERATIONS):
        assert (ROOT / path.rstrip(".")).exists(), path
    parser = build_parser().format_help()
    for command in re.findall(r"devpulse-cloud (\w+)", OPERATIONS):
        assert command in parser, command


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in ("operations", "scaling"):
        text = (ROOT / "docs" / f"{page}.md").read_text()
        for target in re.findall(r"\]\(([^)#]+)", text):
            assert (Path(ROOT / "docs") / target).exists(), target
