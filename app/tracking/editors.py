"""What an editor's title shows: file, folder and project, by the habits of each editor (pure)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

# Longer titles are no editor's; our patterns take quadratic time at worst.
_LONGEST_TITLE = 512
_SEPARATOR = re.compile(r" [-—–] ")
_MARKS = " *●•○+\t"
_REMOTE = re.compile(
    r" ?\[(?:SSH|WSL|Dev Container|Container|Codespaces|Tunnel|Attached Container)\b[^\]]*\]"
)
_ADDED = re.compile(
    r" \((?:Workspace|Untitled|Read-only|read only|modified|deleted|Preview|Working Tree|Index)\)$"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One reading of a title: `file` a name or path, `folder` a path, `projects` names, likeliest first."""

    file: str | None = field(default=None, repr=False)
    folder: str | None = field(default=None, repr=False)
    projects: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Editor:
    """One editor's habits. `recent`: how it notes what it opened, in the settings folder `folder`.

    `by_folder`: it is started in the project's folder (windows onto git).
    """

    name: str
    titles: tuple[re.Pattern[str], ...]
    recent: str = ""
    folder: str = ""
    by_folder: bool = False

    def read(self, title: str) -> Iterator[Shown]:
        """All readings of a title, the likeliest first; none where it names something on another machine."""
        title = title.strip()
        if len(title) > _LONGEST_TITLE or _REMOTE.search(title):
            return
        for pattern in self.titles:
            match = pattern.fullmatch(title)
            if match is not None:
                yield from _readings({k: v for k, v in match.groupdict().items() if v})


class Editors:
    """All editors, by window class or program name in small letters."""

    def __init__(self, content: Sequence[dict[str, Any]]) -> None:
        self._content = {name: entry for entry in content for name in entry["classes"]}
        self._made: dict[str, Editor] = {}

    @classmethod
    def parse(cls, text: str) -> Editors:
        """The table in `resources/editors.json`."""
        return cls(json.loads(text))

    def get(self, name: str) -> Editor | None:
        """The editor with this name; its patterns are compiled when it is met first."""
        entry = self._content.get(name)
        if entry is None:
            return None
        editor = self._made.get(entry["name"])
        if editor is None:
            editor = self._made[entry["name"]] = Editor(
                name=entry["name"],
                titles=tuple(re.compile(pattern) for pattern in entry["titles"]),
                recent=entry.get("recent", ""),
                folder=entry.get("folder", ""),
                by_folder=entry.get("by_folder", False),
            )
        return editor


def is_path(text: str) -> bool:
    """Whether a text of a title is a whole path: absolute, or below the home."""
    return text.startswith(("/", "~/")) or text == "~" or bool(re.match(r"[A-Za-z]:[\\/]", text))


def _readings(found: dict[str, str]) -> Iterator[Shown]:
    if "parts" in found:
        yield _of_parts(found["parts"])
        return
    file = _clean(found.get("path") or found.get("file") or "")
    folder = _clean(found.get("dir", ""))
    projects = [_clean(found.get("project", ""))]
    if "in_project" in found:
        project, _, file = _clean(found["in_project"]).partition("/")
        projects.append(project)
    if folder and not is_path(folder):
        projects.append(folder.rpartition("/")[2])
        folder = ""
    yield Shown(file or None, folder or None, tuple(name for name in projects if name))


def _of_parts(text: str) -> Shown:
    """`file - folder - profile`, where each may hold a dash of its own, and all but one may be missing."""
    parts = _SEPARATOR.split(text)
    spans = [m.span() for m in _SEPARATOR.finditer(text)]
    tails = [text[end:] for _, end in spans]
    names = [*tails, *reversed(parts[1:]), text]
    file = text[: spans[0][0]] if spans else text
    return Shown(_clean(file), None, tuple(dict.fromkeys(name for name in map(_clean, names) if name)))


def _clean(text: str) -> str:
    text = text.strip(_MARKS)
    return _ADDED.sub("", text).strip(_MARKS)
