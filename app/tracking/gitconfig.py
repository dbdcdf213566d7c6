"""Git's configuration format, as far as one file goes: no includes, no values of other files.

The grammar is that of git's own `config.c`; where git would refuse the file, what came before counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = re.compile(r'\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\[^\n])*)")?\]')
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*(=|\n|\Z)")
_BLANK = re.compile(r"(?:\s|[#;][^\n]*)*")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "\\": "\\", '"': '"'}


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting. `value` is None for a bare key, which means true."""

    section: str
    subsection: str | None
    key: str
    value: str | None


def entries(content: bytes) -> Iterator[Entry]:
    """All settings in their order; whatever the bytes are, nothing is raised."""
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\r\n", "\n")
    section, subsection = "", None
    at = 0
    while True:
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        if header := _HEADER.match(text, at):
            section, subsection = _named(header)
            at = header.end()
        elif key := _KEY.match(text, at):
            read = _value(text, key.end()) if key[2] == "=" else ("", key.end())
            if read is None:
                return
            value, at = read
            yield Entry(section, subsection, key[1].lower(), value if key[2] == "=" else None)
        else:
            return


def _named(header: re.Match[str]) -> tuple[str, str | None]:
    if header[2] is not None:
        return header[1].lower(), re.sub(r"\\(.)", r"\1", header[2], flags=re.DOTALL)
    # The old way to write a subsection: [remote.origin], always lower case.
    section, dot, subsection = header[1].lower().partition(".")
    return section, subsection if dot else None


def _value(text: str, at: int) -> tuple[str, int] | None:
    parts: list[str] = []
    quoted = False
    spaces = 0
    while at < len(text) and text[at] != "\n":
        letter = text[at]
        at += 1
        if not quoted and letter in " \t\r\f\v":
            spaces += bool(parts)
            continue
        if not quoted and letter in "#;":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
            break
        parts.extend(" " * spaces)
        spaces = 0
        if letter == '"':
            quoted = not quoted
            parts.append("")
        elif letter == "\\":
            following = text[at : at + 1]
            at += 1
            if following in {"\n", ""}:
                continue
            if following not in _ESCAPED:
                return None
            parts.append(_ESCAPED[following])
        else:
            parts.append(letter)
    return None if quoted else ("".join(parts), at)
