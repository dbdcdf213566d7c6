"""Which windows are private browsing, as far as a browser says so by its name or title."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

_SEPARATOR = re.compile(r"\s+[-–—|‒―]\s+")
_PRIVATE_FLAGS = frozenset(
    ("incognito", "inprivate", "private", "incognito-mode", "guest", "bwsi", "private-browsing", "tor")
)
_BRACKETS = "()[]（）【】 "


@dataclass(frozen=True, slots=True)
class Browsers:
    """What `resources/browsers.json` tells, case-folded.

    `applications`: browsers. `always`: those that are private whatever they show. `brands`: how a
    browser of the Firefox family ends its titles. `marks`: words for a private window, in brackets or
    beside the brand. `leading`: such words at a title's start. `first_pages`: what a new tab of a private
    window shows before a page is chosen, `new_tabs` of any other. `unmarked`: browsers that mark private
    windows in no other way (Chromium and its kin, measured with 156 on X11).
    """

    applications: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()
    brands: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    leading: tuple[str, ...] = ()
    first_pages: frozenset[str] = frozenset()
    unmarked: frozenset[str] = frozenset()
    new_tabs: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Browsers:
        """The content of `resources/browsers.json`. Raises ValueError when it is not such a file."""
        content = cast("object", json.loads(text))
        if not isinstance(content, dict):
            raise ValueError("a file of browsers is one object")  # noqa: TRY004 - a wrong file, not a wrong call
        fields = cast("dict[str, object]", content)
        folded = {name: _texts(name, fields) for name in cls.__slots__}
        # The longest brand first: "firefox developer edition" is no "firefox" with words after it.
        brands = sorted(folded["brands"], key=len, reverse=True)
        return cls(
            frozenset(folded["applications"]),
            frozenset(folded["always"]),
            tuple(brands),
            frozenset(folded["marks"]),
            tuple(folded["leading"]),
            frozenset(folded["first_pages"]),
            frozenset(folded["unmarked"]),
            frozenset(folded["new_tabs"]),
        )

    @classmethod
    def load(cls, folder: Path) -> Browsers:
        """The browsers in the folder of resources. Raises OSError, ValueError."""
        return cls.parse((folder / "browsers.json").read_text(encoding="utf-8"))

    def is_browser(self, names: Iterable[str]) -> bool:
        """Whether an application with these case-folded names is a web browser."""
        return any(name in self.applications or name in self.always for name in names)

    def is_private(self, names: Sequence[str], title: str) -> bool:
        """Whether a window of the application with these case-folded names shows a private page.

        `title` is cleaned. Words beside a known brand count as private even in an unknown language.
        """
        if any(name in self.always for name in names):
            return True
        return self.is_browser(names) and (self.is_first_page(title) or self._says_so(title.casefold()))

    def is_first_page(self, title: str) -> bool:
        """Whether a browser's title is a new private tab: its window is private to its end."""
        return any(part in self.first_pages for part in _SEPARATOR.split(title.casefold()))

    def is_new_tab(self, title: str) -> bool:
        """Whether a browser's title is an ordinary new tab: its window is not private."""
        parts = _SEPARATOR.split(title.casefold())
        return len(parts) <= 2 and parts[0] in self.new_tabs

    def is_unmarked(self, names: Iterable[str]) -> bool:
        """Whether a title of this browser does not tell if its window is private."""
        return any(name in self.unmarked for name in names)

    def _says_so(self, title: str) -> bool:
        parts = _SEPARATOR.split(title)
        last, before = parts[-1], parts[-2] if len(parts) > 1 else ""
        return (
            last.strip(_BRACKETS) in self.marks
            or any(_in_brackets(part) in self.marks for part in (last, before))
            or title.startswith(self.leading)
            or self._beside_brand(last)
            or (before in self.brands and last not in self.brands)
        )

    def _beside_brand(self, part: str) -> bool:
        for brand in self.brands:
            if part == brand:
                return False
            if part.startswith((brand + " ", brand + "（")) or part.endswith(" " + brand):
                return True
        return False


def started_private(command_line: Sequence[str]) -> bool:
    """Whether a browser was started so that all its windows are private, or a guest's.

    Chromium renames its process, and then all its arguments stand in one, parted by spaces.
    """
    words = " ".join(command_line).split()
    return any(word.lstrip("-") in _PRIVATE_FLAGS for word in words[1:] if word.startswith("-"))


def _in_brackets(part: str) -> str:
    """What stands in brackets at the end of a part of a title; empty when nothing does."""
    found = re.search(r"[(\[（【]\s*([^()\[\]（）【】]+?)\s*[)\]）】]$", part)
    return found.group(1) if found else ""


def _texts(name: str, fields: dict[str, object]) -> list[str]:
    given = fields.get(name)
    if not isinstance(given, list) or not all(isinstance(v, str) and v for v in cast("list[object]", given)):
        raise ValueError(f"{name} is a list of texts")
    return [text.casefold() for text in cast("list[str]", given)]
