"""The programming language of a file, by its name alone (GitHub Linguist's names)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_LONGEST_NAME = 255


class Languages:
    """`extensions` (without their first dot) and whole `file_names`, in small letters, to language names.

    `prose`: languages of documents and settings, which are not what a project is written in.
    """

    def __init__(
        self,
        extensions: Mapping[str, str],
        file_names: Mapping[str, str],
        prose: frozenset[str] = frozenset(),
    ) -> None:
        self._extensions = extensions
        self._file_names = file_names
        self.prose = prose

    @classmethod
    def parse(cls, text: str) -> Languages:
        """The table in `resources/languages.json`."""
        content: dict[str, Any] = json.loads(text)
        return cls(content["extensions"], content["file_names"], frozenset(content["prose"]))

    def of(self, path: str) -> str | None:
        """The language of the file at `path` (or of that name); None for one that is not known."""
        name = path.replace("\\", "/").rsplit("/", 1)[-1].strip().lower()
        if not name or len(name) > _LONGEST_NAME:
            return None
        if name in self._file_names:
            return self._file_names[name]
        stem, dot, extension = name.lstrip(".").partition(".")
        while dot:
            if extension in self._extensions:
                return self._extensions[extension]
            _, dot, extension = extension.partition(".")
        # Dockerfile.dev, Makefile.am
        return self._file_names.get(stem) if "." in name else None
