"""Window titles made fit to store: nothing invisible, and nothing that changes while the work does not."""

from __future__ import annotations

import re
import unicodedata

LONGEST_TITLE = 1000

# Printable to Python, yet drawn as nothing; inside a word they would hide it from a title rule.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0]")

_CHANGES = "…"
# Modified marks, unread dots, and the stars and braille of spinners.
_MARKS = "●○•◦⬤◉◎∙·✱✲✳✴✶✷✸✻✼✽✢✣✤✥✦✧⁕※◐◓◑◒◴◷◶◵◜◠◝◞◡◟▶▷►⏸⏵⏺⏹🔴🔊🔇🔈🔉"
_MARK = rf"[{_MARKS}\u2801-\u28ff]"
_LEADING = re.compile(rf"^(?:{_MARK}+|[([]\d{{1,6}}\+?[)\]]|\*(?=\s)|\*(?=[^\s*]+(?:\s|$))(?!\S*\*))\s*")
_TRAILING = re.compile(rf"\s*(?:{_MARK}+|\s\*|\s\[\+\]|\s[([]modified[)\]])$", re.IGNORECASE)
_MODIFIED = re.compile(r"(?<=\S) (?:\[\+\]|\+(?= \())")
_CHANGING = re.compile(
    r"""
    (?<![\w:.])\d{1,4}:\d{2}:\d{2}(?![\w:])             # 1:02:33
    | (?<![\w:.])\d{1,3}:\d{2}\s?/\s?\d{1,3}:\d{2}(?![\w:])  # 1:23 / 4:56
    | (?<=[(\[])\d{1,3}:\d{2}(?=[)\]])                  # (0:12)
    | ^\d{1,3}:\d{2}(?=\s?[-–—|]|$)                     # 12:34 - Timer
    | (?<![\w:.])(?:\d{1,3}\s?h\s?)?\d{1,3}\s?m(?:in)?\s?\d{1,2}\s?s(?!\w)  # 1h 2m 3s
    | (?<=[(\[])\d{1,5}(?:\.\d)?\s?s(?=[)\]])           # (45s)
    | (?<![\w:.])\d{1,6}(?:[.,]\d{1,3})?\s?[kKMG]i?B/s(?!\w)  # 1.2 MB/s
    | (?<![\w:.,])\d{1,3}(?:[.,]\d{1,3})?(?=\s?%(?!\w)) # 42 %
    """,
    re.VERBOSE,
)

_STEPS = ((_CHANGING, _CHANGES), (_LEADING, ""), (_TRAILING, ""), (_MODIFIED, ""))


def cleaned(text: str, longest: int) -> str:
    """`text` on one line, at most `longest` characters, without control, bidi and invisible characters."""
    # One character may become several, so the cut is made before and after.
    line = text[: 4 * longest]
    if not line.isascii():
        line = _INVISIBLE.sub("", unicodedata.normalize("NFC", line))
    if not line.isprintable():
        line = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in line)
    return " ".join(line.split())[:longest].rstrip()


def settled(title: str) -> str:
    """`title` without unread counts, modified marks and spinners; timers and percentages become `…`.

    Two titles of equal work become equal, so that their time becomes one span. Applying it twice
    changes nothing; a title of nothing but such parts becomes empty or `…`.
    """
    before = None
    while title != before:
        before = title
        for changing, to in _STEPS:
            title = changing.sub(to, title)
        title = " ".join(title.split())
    return title
