"""What an application is called: the name reports show, and every name a rule may know it by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from app.tracking.titles import cleaned

LONGEST_NAME = 200
UNKNOWN = "Unknown"
_ENDINGS = (".exe", ".app", ".bin", ".appimage")


class ApplicationNames:
    """Display names by window class or program name, upper and lower case alike."""

    __slots__ = ("_display",)

    def __init__(self, display: Mapping[str, str] | None = None) -> None:
        self._display = {raw.casefold(): name for raw, name in (display or {}).items()}

    @classmethod
    def parse(cls, text: str) -> ApplicationNames:
        """The names in `resources/applications.json`. Raises ValueError when it is not such a file."""
        content = json.loads(text)
        if not isinstance(content, dict) or not all(
            isinstance(name, str) for name in cast("dict[str, object]", content).values()
        ):
            raise ValueError("a file of application names is one object of texts")
        return cls(cast("dict[str, str]", content))

    @classmethod
    def load(cls, folder: Path) -> ApplicationNames:
        """The names in the folder of resources. Raises OSError, ValueError."""
        return cls.parse((folder / "applications.json").read_text(encoding="utf-8"))

    def display(self, raw: str) -> str:
        """The name that is stored and shown for a window class or program name; never empty."""
        name = _program(cleaned(raw, LONGEST_NAME))
        for key in _keys(name.casefold()):
            if key in self._display:
                return self._display[key]
        return name or UNKNOWN

    def known_as(self, raw: str) -> tuple[str, ...]:
        """Its names, case-folded: as the system tells it, bare, as shown, the last of a reverse domain."""
        name = cleaned(raw, LONGEST_NAME).casefold()
        bare = _program(name)
        return tuple(dict.fromkeys((name, *_keys(bare), self.display(raw).casefold())))

    def traces(self, raw: str) -> tuple[str, ...]:
        """`known_as` and every part of a reverse domain: `com.bitwarden.desktop` is also `bitwarden`."""
        names = self.known_as(raw)
        parts = [part for name in names if _is_reverse_domain(name) for part in name.split(".")]
        return tuple(dict.fromkeys((*names, *parts)))


def _program(name: str) -> str:
    """A program's name without folder and ending."""
    bare = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].strip()
    for ending in _ENDINGS:
        if bare.casefold().endswith(ending) and len(bare) > len(ending):
            return bare[: -len(ending)]
    return bare


def _keys(name: str) -> tuple[str, ...]:
    return (name, name.rsplit(".", 1)[-1]) if _is_reverse_domain(name) else (name,)


def _is_reverse_domain(name: str) -> bool:
    return name.count(".") >= 2 and " " not in name and not name.endswith(".")
