"""The folders that editors note as opened: they tell which folder a bare name in a title means."""
# ruff: noqa: PTH116, PTH118, PTH120, PTH208

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import unquote

from app.tracking.editors import Editor
from app.tracking.smallfiles import read_small

_LONGEST = 1024 * 1024
_MOST_FOLDERS = 200
_DEEPEST = 12
_ENTRY = re.compile(r'<entry key="([^"<>]+)">\s*<value>\s*<RecentProjectMetaInfo([^>]*)>')


class RecentFolders:
    """Reads an editor's own notes, again only after they changed."""

    def __init__(self, home: str, *, config: str | None = None) -> None:
        self._home = home
        # Where applications keep settings: ~/.config, or macOS's own place.
        below = ("Library", "Application Support") if sys.platform == "darwin" else (".config",)
        self._config = config or os.path.join(home, *below)
        self._seen: dict[str, tuple[int, tuple[str, ...]]] = {}

    def of(self, editor: Editor) -> Iterator[str]:
        """Folders that `editor` opened, those that are open now first."""
        if editor.recent == "vscode":
            notes = os.path.join(self._config, editor.folder, "User", "globalStorage", "storage.json")
            yield from self._read(notes, lambda text: tuple(_of_vscode(text)))
        elif editor.recent == "jetbrains":
            for folder in self._jetbrains(editor.folder):
                notes = os.path.join(folder, "options", "recentProjects.xml")
                yield from self._read(notes, lambda text: tuple(_of_jetbrains(text, self._home)))

    def _read(self, path: str, parse: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
        try:
            changed = os.stat(path).st_mtime_ns
        except OSError:
            return ()
        known = self._seen.get(path)
        if known is None or known[0] != changed:
            content = read_small(path, _LONGEST) or b""
            known = self._seen[path] = (changed, parse(content.decode("utf-8", "replace")))
        return known[1]

    def _jetbrains(self, products: str) -> list[str]:
        found: list[str] = []
        for product in products.split("|"):
            vendor, _, name = product.rpartition("/")
            folder = os.path.join(self._config, vendor or "JetBrains")
            try:
                versions = os.listdir(folder)
            except OSError:
                continue
            mine = [v for v in versions if re.fullmatch(rf"{re.escape(name)}[\d.]+", v)]
            found.extend(os.path.join(folder, version) for version in sorted(mine, reverse=True)[:3])
        return found


def _of_vscode(text: str) -> Iterator[str]:
    try:
        content: object = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(content, dict):
        return
    notes = cast("dict[str, Any]", content)
    # In this order: the windows as they are, the folders open now, everything ever opened.
    for key in ("windowsState", "backupWorkspaces", "profileAssociations"):
        for address in _addresses(notes.get(key), _DEEPEST):
            path = unquote(address.removeprefix("file://"))
            yield os.path.dirname(path) if path.endswith(".code-workspace") else path.rstrip("/")


def _addresses(value: object, deepest: int) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith("file:///"):
            yield value
    elif deepest and isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            yield from _addresses(key, 0)
            yield from _addresses(inner, deepest - 1)
    elif deepest and isinstance(value, list):
        for inner in cast("list[object]", value)[:_MOST_FOLDERS]:
            yield from _addresses(inner, deepest - 1)


def _of_jetbrains(text: str, home: str) -> list[str]:
    entries = list(_ENTRY.findall(text))[:_MOST_FOLDERS]
    entries.sort(key=lambda entry: 'opened="true"' not in entry[1])
    return [path.replace("$USER_HOME$", home) for path, _ in entries]
